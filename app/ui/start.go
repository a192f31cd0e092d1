package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// startCard asks the one question most settings follow from. It stands open while no server was ever given, and is a
// link away later.
type startCard struct {
	object *fyne.Container
	opener *button

	s       *screen.Settings
	address *entry
	wrong   *text
	found   *text
	ask     *text
	choices *fyne.Container
	browser *button
	signIn  func() // takes the sign-in in the browser that the answer names
	offered []string
	filled  *text
	note    *text
	wanted  bool // opened by hand
	drawn   *startDrawn
}

// startDrawn is what the card shows.
type startDrawn struct {
	open                            bool
	wrong, found, ask, filled, note string
	browser                         bool
}

func newStartCard(s *screen.Settings) *startCard {
	c := &startCard{
		s: s, wrong: newHint("").tone(toneBad), found: newHint(""), ask: newText("").bold(), choices: rows(), filled: newText("").tone(toneGood), note: newText(""),
	}
	fill := func() {
		s.StartFrom(c.address.Text)
		c.toBrowser()
	}
	c.address = newEntry(nil)
	c.address.OnSubmitted = func(string) { fill() }
	c.address.SetPlaceHolder("library@...")
	question := spread(c.address, newPrimary(lang.L("Fill in"), fill))
	hint := newHint(lang.L("Server, port, protection and sender follow from it, where the mail service is known. Nothing is sent."))
	c.browser = newPrimary(lang.L("Sign in with the browser"), func() { c.signIn() })
	body := rowsBy(wideGap, rowsBy(4, question, c.wrong, hint), c.filled, c.note, line(c.browser), c.found, c.ask, c.choices)
	c.object = newCard(lang.L("What is the library's e-mail address?"), container.New(&atMostLayout{width: formWidth}, body))
	c.opener = newLink(lang.L("Fill in from the e-mail address"), func() {
		c.wanted = true
		c.draw()
		focusOn(c.address)
		intoSight(c.address)
	})
	c.draw()
	return c
}

// toBrowser puts the keyboard on the sign-in in the browser where that is the next thing to do.
func (c *startCard) toBrowser() {
	at, typing := c.browser, false
	if canvas := canvasOf(c.address); canvas != nil {
		e, is := canvas.Focused().(*entry)
		typing = is && e != c.address
	}
	if !at.Hidden && !typing {
		focusOn(at)
		intoSight(at)
	}
}

// draw shows how far the question was answered.
func (c *startCard) draw() {
	a := c.s.Answer()
	open := c.wanted || c.s.Fresh() || a.Filled != ""
	now := startDrawn{open: open, wrong: a.Wrong, found: a.Found, ask: a.Ask, filled: a.Filled, note: a.Note, browser: a.SignIn != "" && c.s.Value("server1.signin") == ""}
	if c.drawn != nil && *c.drawn == now {
		return
	}
	c.drawn = &now
	c.object.Hidden, c.opener.Hidden = !open, open
	say(c.wrong, a.Wrong)
	c.address.setWrong(a.Wrong != "")
	say(c.found, a.Found)
	say(c.ask, a.Ask)
	if !slices.Equal(c.offered, a.Choices) {
		c.offered = a.Choices
		c.choices.Objects = nil
		for i, words := range a.Choices {
			c.choices.Add(line(newButton(words, func() {
				c.s.StartWith(i)
				c.toBrowser()
			})))
		}
	}
	c.choices.Hidden = len(a.Choices) == 0
	say(c.filled, a.Filled)
	say(c.note, a.Note)
	c.browser.Hidden = !now.browser
	c.object.Refresh()
}

// say shows words, or nothing at all.
func say(t *text, words string) {
	t.set(words)
	t.Hidden = words == ""
}
