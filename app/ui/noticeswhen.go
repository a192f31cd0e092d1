package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// whenCard is the settings of automatic notices, behind a sentence that says what they come to.
type whenCard struct {
	p      *noticesPage
	stages *screen.Stages

	object fyne.CanvasObject
	words  *text
	fold   *fold
	fields map[string]*settingField
	list   *stageList
	days   []*check
	wrong  *text // what is wrong with the days
}

func newWhenCard(p *noticesPage) *whenCard {
	c := &whenCard{p: p, stages: screen.NewStages(p.n, p.s), words: newText(""), fields: map[string]*settingField{}, wrong: newHint("").tone(toneBad)}
	c.list = newStageList(p, c.stages)
	days := flow()
	for i, name := range p.n.Weekdays() {
		tick := newCheck(name, func(on bool) { c.stages.SetOpen(i, on) })
		c.days = append(c.days, tick)
		days.Add(tick)
	}
	open := newField(lang.L("Open on"), "", lang.L("The days of the week on which the library is open."), rowsBy(2, days, c.wrong))
	part := func(title string, all ...*field) fyne.CanvasObject {
		return rowsBy(wideGap, newText(title).bold(), newForm(all...))
	}
	about := rowsBy(4,
		newHint(lang.L("The titles: parents read what their child borrows.")),
		newHint(lang.L("How many things, no titles: parents read how many things are due and when, not what they are.")),
		newHint(lang.L("Nothing: guardians get no notices; the patron still does.")))
	disclosure := c.field("overdue.disclosure")
	disclosure.box.Add(about)
	c.fold = newFold(lang.L("Change when and what"), lang.L("Hide these settings"),
		rowsBy(wideGap, newText(lang.L("Which notices")).bold(), c.list.object),
		part(lang.L("Time"), c.field("overdue.at").field, c.field("overdue.catch_up_days").field),
		part(lang.L("School days"), c.field("overdue.calendar").field, open),
		part(lang.L("Guardians"), disclosure.field),
		part(lang.L("Before anything leaves"), c.field("overdue.fresh_days").field, c.field("overdue.approve").field, c.field("overdue.flood").field),
	)
	c.object = rowsBy(wideGap, c.words, c.fold.object)
	return c
}

func (c *whenCard) field(name string) *settingField {
	for _, of := range c.p.s.Fields(screen.GroupNotices) {
		if of.Name == name {
			f := newSettingField(c.p.s, of)
			c.fields[name] = f
			return f
		}
	}
	panic("no setting " + name)
}

func (c *whenCard) draw() {
	c.words.set(c.p.n.WhenWords())
	for _, f := range c.fields {
		f.draw()
	}
	for i, on := range c.stages.OpenOn() {
		c.days[i].SetChecked(on)
	}
	put(c.wrong, c.p.s.Note("overdue.open_days").Text, toneBad)
	c.list.draw()
}

// focus puts the keyboard on a field that is not as it must be.
func (c *whenCard) focus(name string) {
	if c.p.w.current != "notices" {
		return
	}
	at := c.fields[name]
	if at == nil && name != "overdue.stages" && name != "overdue.open_days" {
		return
	}
	c.fold.open(true)
	c.p.object.Refresh()
	switch {
	case at != nil:
		focusOn(at.control)
		intoSight(at.object)
	case name == "overdue.open_days":
		focusOn(c.days[0])
	default:
		c.list.focus()
	}
}

// stageList is one row for each notice.
type stageList struct {
	p *noticesPage
	g *screen.Stages

	object *fyne.Container
	rows   *fyne.Container
	forms  []*stageForm
	wrong  *text
}

type stageForm struct {
	days             *entry
	when, letter, to *choice
	wrong            *text
	remove           *button
	object           fyne.CanvasObject
}

func newStageList(p *noticesPage, g *screen.Stages) *stageList {
	l := &stageList{p: p, g: g, rows: rowsBy(wideGap), wrong: newHint("").tone(toneBad)}
	add := newButton(lang.L("Add a notice"), func() {
		g.Add()
		l.draw()
		if n := len(l.forms); n > 0 {
			focusOn(l.forms[n-1].days)
		}
	})
	l.object = rowsBy(wideGap, l.rows, l.wrong, line(add))
	return l
}

func (l *stageList) form(i int) *stageForm {
	n := l.p.n
	f := &stageForm{wrong: newHint("").tone(toneBad)}
	f.days = newEntry(func(v string) { l.g.Set(i, func(r *screen.StageRow) { r.Days = v }) })
	f.when = newChoice(n.StageWhens(), func(k int) { l.g.Set(i, func(r *screen.StageRow) { r.When = screen.StageWhen(k) }) })
	f.letter = newChoice(n.LetterNames(), func(k int) { l.g.Set(i, func(r *screen.StageRow) { r.Letter = k }) })
	f.to = newChoice(n.AudienceWords(), func(k int) { l.g.Set(i, func(r *screen.StageRow) { r.To = k }) })
	f.remove = newLink(lang.L("Remove"), func() {
		l.g.Remove(i)
		l.draw()
	})
	f.object = rowsBy(4, flow(sized(f.days, 58), sized(f.when, 216), sized(f.letter, 216), sized(f.to, 210), f.remove), f.wrong)
	return f
}

// draw makes rows anew only when there is another number of them: the keyboard is in one.
func (l *stageList) draw() {
	rows := l.g.Rows()
	if len(rows) != len(l.forms) {
		l.forms, l.rows.Objects = nil, nil
		for i := range rows {
			f := l.form(i)
			l.forms = append(l.forms, f)
			l.rows.Add(f.object)
		}
		l.object.Refresh()
		if s := scrollAround(l.object); s != nil {
			s.Refresh()
		}
	}
	wrong := l.p.s.Note("overdue.stages").Text
	for i := range rows {
		r, f := &rows[i], l.forms[i]
		if f.days.Text != r.Days {
			f.days.SetText(r.Days)
		}
		showIf(f.days, r.When != screen.StageOn)
		f.days.setWrong(r.Wrong != "")
		f.when.setIndex(int(r.When))
		f.letter.setWords(l.p.n.LetterNames())
		f.letter.setIndex(r.Letter)
		f.to.setIndex(r.To)
		showIf(f.remove, len(rows) > 1)
		put(f.wrong, r.Wrong, toneBad)
		if r.Wrong != "" {
			wrong = "" // said in its row
		}
	}
	put(l.wrong, wrong, toneBad)
}

func (l *stageList) focus() {
	rows := l.g.Rows()
	for i := range rows {
		if rows[i].Wrong != "" {
			focusOn(l.forms[i].days)
			return
		}
	}
	if len(l.forms) > 0 {
		focusOn(l.forms[0].days)
	}
}
