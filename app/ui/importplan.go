package ui

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// importPlan shows what an import would change, before it does.
type importPlan struct {
	p      *importPanel
	object fyne.CanvasObject

	counts, notes, doubt *fyne.Container
	why                  *text
	lists                *choice
	export               *button
	more                 *text
	table                *table
	drawn                [2]any
	listed               int
}

func newImportPlan(p *importPanel) importStep {
	s := &importPlan{p: p, counts: flow(), notes: rowsBy(2), why: newText("").bold().tone(toneBad), more: newHint("")}
	im := p.im
	s.doubt = container.NewStack(newPlate(colorBadBack, colorNone, 6), padded(container.New(&footLayout{}, newMark(markBad, ""), s.why), 10, 10, 12, 12))
	s.lists = newChoice(nil, im.SetListed)
	s.export = newButton(lang.L("Export the problems..."), func() {
		p.exporting = p.w.exportPanel(im, export{
			title: lang.L("Export the problems"), about: lang.L("All problems go into one file, which a spreadsheet can open. Mend them in the library system, then export the list again."),
			offered: im.ProblemsPath(), in: im.ProblemsIn, write: im.ExportProblems, closed: func() { p.exporting = nil },
		})
	})
	s.table = newTable([]column{{title: lang.L("Row"), width: 64}, {title: lang.L("Who or what")}, {title: lang.L("What would happen, or is wrong")}}, tableOptions{
		length: im.Len, row: s.row, open: s.open, empty: im.EmptyList,
	})
	top := rowsBy(wideGap, s.counts, s.doubt, s.notes, spread(line(sized(s.lists, 240), s.more), s.export))
	body := container.New(&planLayout{}, top, s.table)
	s.object = container.NewVScroll(padded(body, ringRoom, ringRoom, ringRoom, ringRoom+4))
	return s
}

func (s *importPlan) content() fyne.CanvasObject { return s.object }
func (s *importPlan) first() fyne.Focusable      { return s.lists }

func (s *importPlan) row(i int) []cell {
	r := s.p.im.Row(i)
	return []cell{{text: r.Row, tone: toneHint}, {text: r.Who}, {text: r.What}}
}

// open shows a line whole.
func (s *importPlan) open(i int) {
	r := s.p.im.Row(i)
	title := r.Who
	if r.Row != "" {
		title = s.p.w.desk.Say("Row {{.N}}", screen.With("N", r.Row))
	}
	s.p.w.tell(title, r.Full)
}

func (s *importPlan) draw() {
	im := s.p.im
	counts, notes := im.Counts(), im.PlanWords()
	if now := [2]any{counts, notes}; !reflect.DeepEqual(now, s.drawn) {
		s.drawn = now
		s.counts.Objects, s.notes.Objects = nil, nil
		for _, c := range counts {
			s.counts.Add(countTile(c))
		}
		for _, n := range notes {
			s.notes.Add(newText(n))
		}
	}
	s.notes.Hidden = len(notes) == 0
	s.why.set(im.Doubt())
	s.doubt.Hidden = im.Doubt() == ""
	drawChoice(s.lists, im.Lists(), im.Listed())
	say(s.more, im.MoreProblems())
	showIf(s.export, im.Listed() == int(screen.ImportProblems) && im.Len() > 0)
	if s.listed != im.Listed() {
		s.listed = im.Listed()
		s.table.clear()
		s.table.refresh()
		s.table.top(0)
	}
	s.table.refresh()
}

// countTile is one number with its word.
func countTile(c screen.ImportCount) fyne.CanvasObject {
	number := newWord(c.N, theme.SizeNameHeadingText, theme.ColorNameForeground, true)
	if c.N == "0" {
		number.color = colorHint
	}
	words := fyne.CanvasObject(newWord(c.Words, theme.SizeNameCaptionText, colorHint, false))
	if m := mark(c.Mark); m == markWarn || m == markBad {
		number.color = m.color()
	}
	return container.NewStack(newPlate(colorCard, colorLine, 8), sized(padded(rowsBy(0, number, words), 8, 8, 12, 12), 132))
}

// planLayout gives a table what is left below other things, and no less than a few rows.
type planLayout struct{}

const planTable = 190

func (planLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a := o[0].MinSize()
	return fyne.NewSize(max(a.Width, 320), a.Height+wideGap+planTable)
}

func (planLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(s.Width, o[0].MinSize().Height))
	high := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, high))
	o[1].Move(fyne.NewPos(0, high+wideGap))
	o[1].Resize(fyne.NewSize(s.Width, max(s.Height-high-wideGap, planTable)))
}
