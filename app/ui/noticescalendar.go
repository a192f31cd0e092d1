package ui

import (
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// calendarPanel shows on which days the library is closed.
type calendarPanel struct {
	p *noticesPage

	words             *text
	table             *table
	remove, all       *button
	add               *button
	first, last, name *entry
	fields            [3]*field
	chosen            int // -1: none
}

func newCalendarPanel(p *noticesPage) *calendarPanel {
	c := &calendarPanel{p: p, words: newText(""), chosen: -1}
	n := p.n
	c.table = newTable([]column{{title: lang.L("Closed")}, {title: lang.L("Name")}, {title: lang.L("From the file"), width: 200}}, tableOptions{
		length: n.ClosedDays, row: c.row, selected: c.selected, spare: []int{2},
		empty: func() (what, next string) {
			return lang.L("No closed days yet."), lang.L("Add holidays by hand, or import the calendar of your school.")
		},
	})
	c.remove = newButton(lang.L("Remove"), func() { n.RemoveClosed(n.ClosedSpan(c.chosen)) })
	c.all = newButton(lang.L("Remove all of this file"), func() { n.RemoveSource(n.ClosedSpan(c.chosen).Source) })
	c.first, c.last, c.name = newEntry(nil), newEntry(nil), newEntry(nil)
	c.fields = [3]*field{
		newField(lang.L("First closed day"), "", lang.L("As 23 Dec 2026 or 23.12.2026."), c.first),
		newField(lang.L("Last closed day"), "", lang.L("Empty: only that day."), c.last),
		newField(lang.L("Name"), "", "", c.name),
	}
	for _, e := range []*entry{c.first, c.last, c.name} {
		e.OnSubmitted = func(string) { c.enter() }
	}
	c.add = newPrimary(lang.L("Add"), c.enter)
	body := rows(c.words, fixedHigh(c.table, 240),
		flow(c.remove, c.all, newButton(lang.L("Import a calendar file..."), func() { newCalendarImport(p) })),
		newText(lang.L("Add closed days by hand")).bold(),
		newForm(c.fields[0], c.fields[1], c.fields[2]), line(c.add))
	before := n.OnChange
	n.OnChange = func() { before(); c.draw() }
	c.draw()
	p.w.panel(lang.L("School calendar"), body, noticesPanelWidth, func() { n.OnChange = before })
	return c
}

func (c *calendarPanel) row(i int) []cell {
	n := c.p.n
	s := n.ClosedSpan(i)
	weight := toneNormal
	if n.Over(s) {
		weight = toneHint
	}
	from := s.Source
	if from == "" {
		from = lang.L("by hand")
	}
	return []cell{{text: n.Span(s), tone: weight}, {text: s.Name, tone: weight}, {text: from, tone: toneHint}}
}

// selected keeps it at one.
func (c *calendarPanel) selected(rows []int) {
	if len(rows) > 1 {
		rows = []int{max(c.table.cursor, 0)}
		c.table.choose(rows)
	}
	c.chosen = -1
	if len(rows) == 1 {
		c.chosen = rows[0]
	}
	c.draw()
}

func (c *calendarPanel) draw() {
	n := c.p.n
	if c.chosen >= n.ClosedDays() {
		c.chosen = -1
		c.table.choose(nil)
	}
	c.words.set(n.ClosedWords())
	c.table.refresh()
	free := c.chosen >= 0 && n.Doing() == ""
	able(c.remove, free)
	able(c.all, free && n.ClosedSpan(c.chosen).Source != "")
	able(c.add, n.Doing() == "")
}

// enter adds what is typed, or says what is wrong with it.
func (c *calendarPanel) enter() {
	typed := screen.ClosedTyped{First: c.first.Text, Last: c.last.Text, Name: c.name.Text}
	first, last, name := c.p.n.ClosedWrong(typed)
	for i, wrong := range []string{first, last, name} {
		c.fields[i].setError(wrong)
	}
	if !c.p.n.AddClosed(typed) {
		return
	}
	for _, e := range []*entry{c.first, c.last, c.name} {
		e.SetText("")
	}
	focusOn(c.first)
}
