package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// signInCard is the sign-in of one server with Google or Microsoft: the way, what it needs, how it stands, and the buttons.
type signInCard struct {
	w *Window
	m *screen.SignIn

	object  *fyne.Container
	fields  map[string]*settingField // of the settings page
	own     []*settingField          // those that stand here
	offers  *fyne.Container
	offered []string
	help    *fyne.Container
	state   *noteLine
	next    *text
	explain *text
	begin   *button
	code    *button
	forget  *button
	buttons *fyne.Container
	end     *noteLine
	endNext *text
	room    pageRoom
	ended   screen.Ending // as it is shown
	panel   *signInPanel  // while somebody signs in; nil: nobody does
}

// newSignInCard makes the sign-in of server 1 or 2; its fields are among those of the settings page.
func newSignInCard(p *settingsPage, number int, g screen.FieldGroup) *signInCard {
	c := &signInCard{w: p.w, m: screen.NewSignIn(p.w.desk, p.s, number), fields: p.fields, offers: flow(), next: newText(""), explain: newHint(""), endNext: newText("")}
	var shown []*field
	for _, f := range p.s.Fields(g) {
		at := newSettingField(p.s, f)
		if at.forget != nil {
			at.forget.SetText(lang.L("Forget the client secret"))
		}
		p.fields[f.Name] = at
		c.own = append(c.own, at)
		shown = append(shown, at.field)
	}
	c.help = line(newButton(lang.L("What IT has to do..."), func() { newSignInGuide(c.w, c.m) }))
	c.state, c.end = newNoteLine(), newNoteLine()
	c.begin = newPrimary("", func() { c.m.Begin(false) })
	c.code = newButton(lang.L("Sign in with a code"), func() { c.m.Begin(true) })
	c.forget = newDanger(lang.L("Forget the sign-in..."), c.askForget)
	c.buttons = flow(c.begin, c.code, c.forget)
	c.object = rowsBy(wideGap, newForm(shown...), c.offers, c.help, rows(c.state.object, c.next), rows(c.buttons, c.explain), rows(c.end.object, c.endNext))
	c.m.OnChange = c.draw
	c.m.OnFocus = func(field string) {
		if p.s.OnFocus != nil {
			p.s.OnFocus(field)
		}
	}
	p.s.Watch(c.draw)
	p.w.desk.Watch(func(screen.Change) { c.draw() })
	c.draw()
	return c
}

// draw brings everything up to date.
func (c *signInCard) draw() {
	needs := append(c.m.Needs(), c.m.Field("signin"))
	for _, f := range c.own {
		showIf(f.object, slices.Contains(needs, f.of.Name))
	}
	chosen := len(needs) > 1
	if password := c.fields[c.m.Field("password")]; password != nil {
		showIf(password.object, !chosen) // whoever signs in has none to type here
	}
	c.drawOffers()
	showIf(c.help, chosen && c.m.Can())
	standing, next := c.m.State()
	c.state.set(markOf(standing.Mood), standing.Words)
	say(c.next, next)
	showIf(c.buttons, chosen || c.m.CanForget())
	showIf(c.begin, chosen && c.m.Can())
	c.begin.SetText(c.m.ButtonText())
	able(c.begin, !c.m.Busy())
	showIf(c.code, c.m.OffersCode() && c.m.Can())
	able(c.code, !c.m.Busy())
	showIf(c.forget, c.m.CanForget())
	say(c.explain, c.m.Explanation())
	c.drawEnd()
	c.object.Refresh()
	c.room.fit(c.object)
	c.drawPanel()
}

// drawOffers makes buttons anew only when others are needed: one that has the keyboard keeps it.
func (c *signInCard) drawOffers() {
	var words []string
	all := c.m.Offers()
	for _, o := range all {
		words = append(words, o.Words)
	}
	showIf(c.offers, len(all) > 0)
	if slices.Equal(words, c.offered) {
		return
	}
	c.offered, c.offers.Objects = words, nil
	button := newButton
	if len(all) == 1 { // it is what this mail server wants
		button = newPrimary
	}
	for _, o := range all {
		c.offers.Add(button(o.Words, func() { c.m.Choose(o.Way) }))
	}
}

// drawEnd says how the last sign-in ended, and brings it into sight when it is new.
func (c *signInCard) drawEnd() {
	e := c.m.End()
	m, weight := markBad, toneBad
	switch {
	case e.OK:
		m, weight = markGood, toneGood
	case e.Next == "": // it was stopped
		m, weight = markOff, toneNormal
	}
	c.end.words.tone(weight)
	c.end.set(m, e.Sentence)
	say(c.endNext, e.Next)
	if e != c.ended {
		if c.ended = e; e.Sentence != "" {
			c.object.Refresh()
			intoSight(c.end.object)
		}
	}
}

// start is "Sign in..." pressed elsewhere: it begins where nothing is missing and nothing unsaved, and leads there otherwise.
func (c *signInCard) start() {
	all := c.m.Offers()
	switch {
	case len(all) == 1:
		c.m.Choose(all[0].Way)
	case len(all) == 0 && c.begin.Visible() && !c.w.dirtySettings():
		intoSight(c.buttons)
		c.m.Begin(false)
	}
	c.toIt()
}

// toIt brings the card into sight, with the keyboard on what comes next unless a field has it already.
func (c *signInCard) toIt() {
	if c.panel != nil || c.m.End().Sentence != "" {
		return
	}
	if e, typing := c.w.window.Canvas().Focused().(*entry); typing {
		intoSight(e)
		return
	}
	intoSight(c.object)
	switch {
	case c.begin.Visible() && c.buttons.Visible():
		focusOn(c.begin)
	case len(c.offers.Objects) > 0 && c.offers.Visible():
		if b, ok := c.offers.Objects[0].(*button); ok {
			focusOn(b)
		}
	default:
		focusOn(c.fields[c.m.Field("signin")].control)
	}
}

func (w *Window) dirtySettings() bool {
	p, ok := w.pages["settings"].(*settingsPage)
	return ok && p.s.Dirty()
}

// toSignIn goes to the sign-in of a server; 0: of the one that needs it.
func (w *Window) toSignIn(number int) {
	w.show("settings")
	p, ok := w.pages["settings"].(*settingsPage)
	if !ok || w.current != "settings" {
		return
	}
	if number == 0 {
		number = 1
		if one, _ := p.signIns[0].m.State(); one.Mood == screen.MoodGood || one.Words == "" {
			if two, _ := p.signIns[1].m.State(); two.Words != "" && two.Mood != screen.MoodGood {
				number = 2
			}
		}
	}
	if number == 2 {
		p.server2.open(true)
	}
	p.signIns[number-1].start()
}

func (c *signInCard) askForget() {
	c.w.ask(question{
		title: lang.L("Forget the sign-in?"), text: lang.L("Everything waits then until somebody signs in again. The right to send stays with Google or Microsoft until you take it back there, too."),
		yes: lang.L("Forget"), danger: true, then: c.m.Forget,
	})
}
