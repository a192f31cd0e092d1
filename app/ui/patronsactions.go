package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// patronBar is the row of what can be done to those chosen. What cannot be done now cannot be pressed.
type patronBar struct {
	p *patronsPage

	object                      fyne.CanvasObject
	words                       *word
	all                         *button
	open, email, on, off, group *button
}

func newPatronBar(p *patronsPage) *patronBar {
	b := &patronBar{p: p, words: newWord("", theme.SizeNameText, colorHint, false), all: newLink("", p.p.ChooseAll)}
	b.open = newButton(lang.L("Open"), func() { newPatronPanel(p.w, p.p.One()) })
	b.email = newButton(lang.L("E-mail..."), func() { newDirectPanel(p.w, p.p.One()) })
	b.on = newButton(lang.L("Switch notices on"), func() { b.plan(screen.ManyOn, "") })
	b.off = newButton(lang.L("Switch notices off"), func() { b.plan(screen.ManyOff, "") })
	b.group = newButton(lang.L("Change the group..."), b.askGroup)
	b.object = rowsBy(6, line(b.words, b.all), flow(b.open, b.email, b.on, b.off, b.group))
	return b
}

func (b *patronBar) draw() {
	p := b.p.p
	one, many := p.One() != 0 && p.Doing() == "", p.CanDo()
	able(b.open, one)
	able(b.email, one)
	for _, x := range []*button{b.on, b.off, b.group} {
		able(x, many)
	}
	b.all.SetText(p.AllWords())
	b.all.Hidden = p.Doing() != "" || p.AllWords() == ""
	switch {
	case p.Doing() != "":
		b.words.set(p.Doing())
	case p.ChosenWords() != "":
		b.words.set(p.ChosenWords())
	default:
		b.words.set(lang.L("Choose patrons to do something with them."))
	}
}

// plan asks what a change of many means, and then does it.
func (b *patronBar) plan(a screen.ManyAction, group string) {
	p := b.p.p
	p.Plan(a, group, func(m screen.ManyPlan) {
		if m.Count == 0 {
			b.p.w.tell(m.Title, m.Text)
			return
		}
		b.p.w.ask(question{title: m.Title, text: m.Text, yes: m.Yes, no: lang.L("Go back"), then: func() { p.Do(m) }})
	})
}

// mostOffered is how many groups are offered to press; more would fill the window.
const mostOffered = 24

// askGroup asks which group.
func (b *patronBar) askGroup() {
	name := newEntry(nil)
	f := newField(lang.L("Group"), "", lang.L("Empty: no group."), name)
	offered := flow()
	for i, g := range b.p.p.GroupNames() {
		if i == mostOffered {
			break
		}
		offered.Add(newLink(g, func() { name.SetText(g) }))
	}
	name.OnChanged = func(v string) { f.setError(b.p.p.GroupWrong(v)) }
	fine := func() bool { return b.p.p.GroupWrong(name.Text) == "" }
	b.p.w.form(lang.L("Change the group"), rowsBy(wideGap, f.object, offered), lang.L("Next"), name, fine, func() { b.plan(screen.ManyGroup, name.Text) })
}
