package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// letterChoice asks which letters a person wants.
type letterChoice struct {
	p *lettersPage
	l *screen.Letters

	object     fyne.CanvasObject
	scroll     *container.Scroll
	names      *choice
	audiences  *choice
	audience   *field
	whiches    *choice
	groups     *text
	days       *entry
	daysField  *field
	free       *fyne.Container
	subject    *entry
	text       *entry
	problems   *letterProblems
	make, stop *button
	said       *text
}

func newLetterChoice(p *lettersPage) *letterChoice {
	c := &letterChoice{p: p, l: p.l}
	c.names = newChoice(c.l.Names(), c.l.SetName)
	c.audiences = newChoice(c.l.Audiences(), c.l.SetAudience)
	c.whiches = newChoice(c.l.Whiches(), c.l.SetWhich)
	c.groups = newText("")
	c.days = newEntry(c.l.SetDays)
	c.audience = newField(lang.L("To whom"), "", "", c.audiences)
	c.daysField = newField("", lang.L("days"), "", c.days)
	group := newField(lang.L("Groups"), "", "", line(c.groups, newButton(lang.L("Choose groups..."), func() { newLetterGroups(p) })))
	form := newForm(
		newField(lang.L("Which letter"), "", "", rowsBy(4, c.names, newLink(lang.L("Look at its text"), func() { p.editText(c.l.Key()) }))),
		c.audience, group, newField(lang.L("About which loans"), "", "", c.whiches), c.daysField)
	c.subject, c.text = newEntry(c.l.SetSubject), newLines(c.l.SetText)
	c.text.SetMinRowsVisible(8)
	c.problems = newLetterProblems(c.l.MendText)
	insert := newButton(lang.L("Insert a placeholder..."), func() { newPlaceholders(p.w, c.text) })
	c.free = rowsBy(wideGap, newForm(
		newField(lang.L("Subject"), "", "", c.subject),
		newField(lang.L("Text"), "", lang.L("It is for this once: the text kept as Free letter stays as it is."), rowsBy(gap, c.text, c.problems.object, line(insert)))))
	c.make, c.stop = newPrimary(lang.L("Make the list"), c.l.Make), newButton(lang.L("Stop"), c.l.StopMaking)
	c.days.OnSubmitted = func(string) { c.make.press() }
	c.said = newText("")
	send := newCard("", form, c.free, padded(line(c.make, c.stop, c.said), 4, 0, labelWidth+wideGap, 0))
	lists := newCard(lang.L("Lists"),
		newText(lang.L("Before reminders go out: a list to look through the shelves with, and lists for each group. They are about the groups and loans chosen above.")),
		line(newButton(lang.L("Print lists..."), func() { newLetterPrint(p) })))
	c.scroll = container.NewVScroll(padded(rowsBy(wideGap, send, lists), 2, pagePad, pagePad, pagePad))
	c.object = c.scroll
	return c
}

// draw shows what the screen knows now.
func (c *letterChoice) draw() {
	l := c.l
	c.names.setWords(l.Names())
	c.names.setIndex(l.Name())
	c.audiences.setIndex(l.Audience())
	c.audience.setHint(l.AudienceNote())
	c.whiches.setIndex(l.Which())
	c.groups.set(l.GroupWords())
	label := l.DaysLabel()
	showIf(c.daysField.object, label != "")
	if name, ok := c.daysField.object.(*fyne.Container).Objects[0].(*text); ok {
		name.set(label)
	}
	c.daysField.setError(l.DaysWrong())
	if c.days.Text != l.Days() {
		c.days.SetText(l.Days())
	}
	showIf(c.free, l.Free())
	if l.Free() {
		if c.subject.Text != l.Subject() {
			c.subject.SetText(l.Subject())
		}
		if c.text.Text != l.Text() {
			c.text.SetText(l.Text())
		}
		c.problems.draw(l.TextProblems())
	}
	able(c.make, !l.Making() && l.Loaded() && l.CannotMake() == "")
	showIf(c.stop, l.Making())
	words, weight := "", toneHint
	switch {
	case l.Making():
		words = lang.L("Making the list.")
	case l.Trouble() != nil:
		words, weight = l.Trouble().Error(), toneBad
	}
	c.said.tone(weight).set(words)
	c.scroll.Content.Refresh()
	c.scroll.Refresh()
}

// newLetterGroups asks for which groups letters are.
func newLetterGroups(p *lettersPage) {
	l := p.l
	var t *table
	said, all := newText("").bold(), newButton(lang.L("All groups"), nil)
	draw := func() {
		said.set(l.GroupWords())
		t.refresh()
	}
	tick := func(rows []int) {
		l.TickGroups(rows)
		draw()
	}
	all.tapped = func() {
		l.AllGroups()
		draw()
	}
	t = newTable([]column{{width: 34}, {title: lang.L("Group")}, {title: lang.L("Patrons"), width: 90}}, tableOptions{
		length: l.Groups,
		row: func(i int) []cell {
			g, m := l.Group(i), markUnticked
			if g.Ticked {
				m = markTicked
			}
			return []cell{{mark: m}, {text: g.Name}, {text: g.Patrons}}
		},
		open:    func(i int) { tick([]int{i}) },
		clicked: func(i, _ int) bool { tick([]int{i}); return true },
		key: func(name fyne.KeyName) bool {
			if name != fyne.KeySpace || len(t.selection()) == 0 {
				return false
			}
			tick(t.selection())
			return true
		},
		empty: func() (what, next string) { return lang.L("There are no groups."), "" },
	})
	draw()
	var o *layer
	done := newPrimary(lang.L("Done"), func() { p.w.drop(o) })
	o = &layer{escape: done.press, enter: done.press}
	head := newWord(lang.L("Letters for which groups?"), theme.SizeNameSubHeadingText, theme.ColorNameForeground, true)
	hint := newHint(lang.L("Tick groups by a click or with Space. Without a tick all groups are meant."))
	p.w.lay(o, container.NewBorder(rowsBy(gap, head, hint, said), padded(spread(line(all), done), wideGap, 0, 0, 0), nil, nil, padded(container.New(&highLayout{high: 320}, t), gap, 0, 0, 0)), 520, t)
}
