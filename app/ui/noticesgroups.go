package ui

import (
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// groupsPanel shows what differs from group to group.
type groupsPanel struct {
	p *noticesPage

	table      *table
	words      *text
	about      *text
	disclosure *choice
	excluded   *check
	enable     *button
	at         string // group that is chosen
	chosen     bool
}

func newGroupsPanel(p *noticesPage) *groupsPanel {
	g := &groupsPanel{p: p, words: newText(""), about: newText("").bold()}
	n := p.n
	g.table = newTable([]column{{title: lang.L("Group")}, {title: lang.L("Patrons"), width: 84}, {title: lang.L("Notices on"), width: 190}, {title: lang.L("Guardians are told"), width: 240}}, tableOptions{
		length: n.Groups, row: g.row, selected: g.selected, spare: []int{1},
		empty: func() (what, next string) {
			return lang.L("No patrons yet."), lang.L("Groups come with the list of patrons.")
		},
	})
	g.disclosure = newChoice(n.Disclosures(), func(i int) { n.SetDisclosure(g.group(), i) })
	g.excluded = newCheck(lang.L("No automatic notices for this group"), func(on bool) { n.SetExcluded(g.group(), on) })
	g.enable = newButton(lang.L("Switch on for the whole group..."), g.askEnable)
	body := rows(g.words, fixedHigh(g.table, 300), g.about,
		newField(lang.L("Guardians are told"), "", lang.L("How much parents read of what their child has at home. The law differs from place to place: ask your school."), g.disclosure).object,
		flow(g.excluded, g.enable))
	before := n.OnChange
	n.OnChange = func() { before(); g.draw() }
	g.draw()
	p.w.panel(lang.L("Groups"), body, noticesPanelWidth, func() { n.OnChange = before })
	return g
}

func (g *groupsPanel) row(i int) []cell {
	n := g.p.n
	r := n.Group(i)
	on := cell{text: n.GroupEnabled(r), mark: markGood}
	if r.Enabled == 0 || r.Excluded {
		on.mark = markOff
	}
	return []cell{{text: n.GroupName(r)}, {text: g.p.w.desk.Number(int64(r.Patrons))}, on, {text: n.Disclosures()[n.Disclosure(r)]}}
}

// group is the one that is chosen, as it is now.
func (g *groupsPanel) group() screen.GroupRow {
	for i := range g.p.n.Groups() {
		if r := g.p.n.Group(i); g.chosen && r.Group == g.at {
			return r
		}
	}
	return screen.GroupRow{}
}

// selected keeps it at one.
func (g *groupsPanel) selected(rows []int) {
	if len(rows) > 1 {
		rows = []int{max(g.table.cursor, 0)}
		g.table.choose(rows)
	}
	g.chosen = len(rows) == 1
	if g.chosen {
		g.at = g.p.n.Group(rows[0]).Group
	}
	g.draw()
}

func (g *groupsPanel) draw() {
	n := g.p.n
	g.words.set(n.GroupWords())
	if g.chosen {
		for i := range n.Groups() {
			if n.Group(i).Group == g.at {
				g.table.choose([]int{i})
			}
		}
	}
	g.table.refresh()
	r := g.group()
	about := lang.L("Choose a group to change what holds for it.")
	if g.chosen {
		about = n.GroupName(r)
	}
	g.about.set(about)
	g.disclosure.setWords(n.Disclosures())
	g.disclosure.setIndex(n.Disclosure(r))
	g.excluded.SetChecked(r.Excluded)
	title, _ := n.EnableWords(r)
	free := g.chosen && n.Doing() == ""
	able(g.enable, free && title != "")
	if free {
		g.disclosure.Enable()
		g.excluded.Enable()
	} else {
		g.disclosure.Disable()
		g.excluded.Disable()
	}
}

func (g *groupsPanel) askEnable() {
	r := g.group()
	title, text := g.p.n.EnableWords(r)
	g.p.w.ask(question{title: title, text: text, yes: lang.L("Switch on"), then: func() { g.p.n.Enable(r) }})
}
