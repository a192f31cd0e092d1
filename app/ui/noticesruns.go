package ui

import (
	"path/filepath"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// runsCard lists the last runs.
type runsCard struct {
	p *noticesPage

	object fyne.CanvasObject
	list   *fyne.Container
	drawn  []screen.RunRow
	ready  bool
}

func newRunsCard(p *noticesPage) *runsCard {
	c := &runsCard{p: p, list: rowsBy(6)}
	c.object = newCard(lang.L("Runs so far"), c.list)
	return c
}

// draw makes the lines anew only when they say something new: a link that is made anew loses the keyboard.
func (c *runsCard) draw() {
	rows := c.p.n.Runs()
	if c.ready && reflect.DeepEqual(rows, c.drawn) {
		return
	}
	c.drawn, c.ready, c.list.Objects = rows, true, nil
	for _, r := range rows {
		about := spread(withIcon(newMark(mark(r.Mark), ""), newText(r.Words)), newLink(lang.L("Show"), func() { newRunPanel(c.p, r.ID) }))
		c.list.Add(container.New(&pairLayout{left: 130}, padded(newText(r.Day).tone(toneHint), 2, 0, 0, 0), about))
	}
	if len(rows) == 0 {
		c.list.Add(newText(lang.L("There was no run yet.")).tone(toneHint))
	}
	c.object.Refresh()
}

// newRunPanel shows what one run decided, and prints its letters on paper.
func newRunPanel(p *noticesPage, id int64) {
	v, w := p.n.OpenRun(id), p.w
	pile := newButton(lang.L("Print those on paper..."), func() { newPilePanel(p, v) })
	pile.Hidden = !v.HasPile()
	t := newTable([]column{{title: lang.L("Name"), width: 160}, {title: lang.L("Group"), width: 84}, {title: lang.L("About")}, {title: lang.L("What was decided"), width: 360}}, tableOptions{
		length: v.Len, nearEnd: v.More, spare: []int{1},
		row: func(i int) []cell {
			l := v.Line(i)
			return []cell{{text: l.Name}, {text: l.Group}, {text: l.About}, {text: l.What, mark: mark(l.Mark)}}
		},
		open: func(i int) {
			if id := v.Line(i).Patron; id != 0 {
				newPatronPanel(w, id)
			}
		},
		empty: func() (what, next string) { return v.Note(), "" },
	})
	v.OnChange = t.refresh
	v.Load()
	w.panel(v.Title(), rows(newText(v.Words()), fixedHigh(t, 340), flow(pile)), noticesPanelWidth, func() { v.OnChange = nil })
}

// newPilePanel asks where the letters on paper are to be written.
func newPilePanel(p *noticesPage, v *screen.RunView) {
	w, how := p.w, screen.Piling{}
	said := newText("")
	var path *pathRow
	var save, folder *button
	kind := newChoice([]string{lang.L("PDF"), lang.L("Page for the web browser (HTML)")}, func(i int) {
		how.Web = i == 1
		path.offer(filepath.Dir(path.path.Text))
	})
	kind.setIndex(0)
	slip := newCheck(lang.L("Small slips, folded with the name outside"), func(on bool) { how.Slip = on })
	written := ""
	show := func() {
		words, failed := v.Piled()
		able(save, !v.Piling())
		switch {
		case v.Piling():
			said.set(lang.L("Writing the file."))
			said.tone(toneHint)
		case failed:
			said.set(words)
			said.tone(toneBad)
		case words != "":
			said.set(words)
			said.tone(toneGood)
			written = path.path.Text
		}
		folder.Hidden = written == ""
		refreshLayers(w)
	}
	write := func() {
		path.write(func(at string, replace bool, exists func()) { v.Pile(at, how, replace, exists) }, show)
	}
	path = newPathRow(w, v.PilePath(how), func(to string) string { return v.PileIn(to, how) }, write)
	save = newPrimary(lang.L("Write the file"), write)
	folder = newButton(lang.L("Show the folder"), func() { v.ShowFolder(written) })
	before := v.OnChange
	v.OnChange = show
	folder.Hide()
	body := rowsBy(wideGap,
		newText(lang.L("One letter for each patron whom no mail can reach, with what is still out today.")),
		newField(lang.L("As"), "", "", kind).object,
		newField(lang.L("Size"), "", "", slip).object,
		newField(lang.L("File"), "", "", path.object).object,
		said, footOf(line(folder), line(save)))
	w.panel(lang.L("Print those on paper"), body, 640, func() { v.OnChange = before })
}
