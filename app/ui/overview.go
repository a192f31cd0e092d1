package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// The names the store has for the states that the numbers lead to.
const (
	stateWaiting = "waiting"
	stateFailed  = "failed"
	stateHeld    = "held"
)

// overview shows how the whole stands: what needs a person first, then the numbers, the service, the pace, the last days.
type overview struct {
	w      *Window
	whole  *screen.Overview
	object fyne.CanvasObject

	needs   *fyne.Container
	needed  []screen.Need // as shown now
	waiting *tile
	sent    *tile
	failed  *tile
	held    *tile
	service *serviceCard
	sending *sendingCard
	chart   *chart
	keys    *fyne.Container
	sum     *text
	sumNext *text
}

func newOverview(w *Window) page {
	o := &overview{w: w, whole: w.whole, needs: rowsBy(wideGap)}
	o.waiting = newTile(lang.L("Waiting"), lang.L("Show them"), func() { w.showQueue(stateWaiting) })
	o.sent = newTile(lang.L("Sent today"), lang.L("Show the log"), func() { w.show("log") })
	o.failed = newTile(lang.L("Failed"), lang.L("Show them"), func() { w.showQueue(stateFailed) })
	o.held = newTile(lang.L("Held"), lang.L("Show them"), func() { w.showQueue(stateHeld) })
	o.service, o.sending = newServiceCard(w), newSendingCard(w)
	o.chart, o.sum, o.sumNext = newChart(), newText(""), newText("").tone(toneHint)
	o.needs.Hide()
	o.keys = line(newKey(theme.ColorNamePrimary, lang.L("sent")), padded(newKey(colorBad, lang.L("failed")), 0, 0, 6, 0))
	head := spread(newWord(lang.L("The last 30 days"), theme.SizeNameSubHeadingText, theme.ColorNameForeground, true), o.keys)
	o.object = newPage(lang.L("Overview"), nil,
		o.needs,
		columns(130, 4, o.waiting.object, o.sent.object, o.failed.object, o.held.object),
		columns(330, 2, o.service.object, o.sending.object),
		newCard("", head, o.chart, o.sum, o.sumNext),
	)
	before := w.whole.OnChange
	w.whole.OnChange = func() {
		if before != nil {
			before()
		}
		o.fill()
	}
	return o
}

func (o *overview) content() fyne.CanvasObject { return o.object }
func (o *overview) changed(screen.Change)      {} // the window refreshes the whole, which tells
func (o *overview) leave(then func())          { then() }

func (o *overview) shown() {
	o.whole.Refresh(screen.Change{Store: true, Service: true, Minute: true})
	o.fill()
}

// fill puts what is known into the cards. While another screen is shown nobody looks.
func (o *overview) fill() {
	if o.w.current != "overview" {
		return
	}
	o.fillNeeds()
	failed, today := o.whole.Failed()
	o.waiting.set(o.whole.Waiting(), o.whole.Empty())
	o.sent.set(o.whole.SentToday(), lang.L("since midnight"))
	o.failed.set(failed, today)
	o.held.set(o.whole.Held(), lang.L("for you to decide"))
	o.service.fill()
	o.sending.fill()
	c := o.whole.Chart()
	o.chart.Hidden = c.Top == 0
	o.keys.Hidden = c.Top == 0
	o.chart.set(c)
	sum := c.Sum
	if c.Most != "" {
		sum += " " + c.Most
	}
	put(o.sum, sum, toneNormal)
	put(o.sumNext, c.Next, toneHint)
	o.object.Refresh()
}

// fillNeeds makes the cards anew only when they say something new: a button that is made anew loses the keyboard.
func (o *overview) fillNeeds() {
	needs := o.whole.Needs()
	if slices.Equal(needs, o.needed) {
		return
	}
	o.needed = needs
	o.needs.Objects = nil
	for _, n := range needs {
		o.needs.Add(o.needCard(n))
	}
	o.needs.Hidden = len(needs) == 0
}

func (o *overview) needCard(n screen.Need) fyne.CanvasObject {
	ground := colorWarnBack
	if n.Mood == screen.MoodBad {
		ground = colorBadBack
	}
	words := rowsBy(2, newText(n.Words).bold())
	if n.Next != "" {
		words.Add(newText(n.Next))
	}
	inside := fyne.CanvasObject(withIcon(newMark(markOf(n.Mood), ""), words))
	if n.Fix != screen.FixNone {
		button := newButton
		if n.Fix == screen.FixSettings {
			button = newPrimary
		}
		inside = spread(inside, button(n.Press, func() { o.mend(n.Fix) }))
	}
	return container.NewStack(newPlate(ground, colorLine, 8), padded(inside, 12, 12, cardPad, cardPad))
}

func (o *overview) mend(f screen.Fix) {
	switch f {
	case screen.FixSettings:
		o.w.show("settings")
	case screen.FixStart:
		o.whole.Start()
	case screen.FixLook:
		o.w.desk.Wake()
	case screen.FixHeld:
		o.w.showQueue(stateHeld)
	case screen.FixNotices:
		o.w.show("notices")
	case screen.FixSignIn:
		o.w.toSignIn(0)
	case screen.FixSheet:
		newITSheet(o.w, "")
	case screen.FixNone:
	}
}

// tile is a number with its caption, and where it leads.
type tile struct {
	object fyne.CanvasObject
	number *word
	below  *text
}

func newTile(title, link string, tapped func()) *tile {
	t := &tile{number: newWord("", sizeNumber, theme.ColorNameForeground, true), below: newHint("")}
	t.object = newCard("", rowsBy(2,
		newWord(title, theme.SizeNameText, colorHint, false), t.number, t.below, flush(newLink(link, tapped))))
	return t
}

func (t *tile) set(number, below string) {
	t.number.set(number)
	t.below.set(below)
}

// put shows words in a tone; no words, no room for them.
func put(t *text, words string, n tone) {
	t.Hidden = words == ""
	t.set(words)
	t.tone(n)
}

// saying is a sentence with the icon of its mood, for what is not always there.
type saying struct {
	quiet  bool // has an icon only when something is wrong
	object *fyne.Container
	mark   *stateMark
	words  *text
}

func newSaying(words *text) *saying {
	s := &saying{mark: newMark(markNone, ""), words: words}
	s.object = withIcon(s.mark, words)
	return s
}

func (s *saying) set(is screen.Standing) {
	n := toneNormal
	switch is.Mood {
	case screen.MoodBad:
		n = toneBad
	case screen.MoodWarn:
		n = toneWarn
	case screen.MoodGood, screen.MoodOff:
		if s.quiet {
			n, is.Mood = toneHint, ""
		}
	case screen.MoodBusy, screen.MoodWaiting:
	}
	s.mark.set(markOf(is.Mood), "")
	s.words.set(is.Words)
	s.words.tone(n)
	s.object.Hidden = is.Words == ""
}
