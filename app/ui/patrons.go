package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// patronsPage shows the people of the library, finds one, and changes many at once.
type patronsPage struct {
	listPage

	p *screen.Patrons

	search  *entry
	filters *choice
	groups  *choice
	counts  *word
	bar     *patronBar
	nobody  *fyne.Container   // stands in place of all else while there are no people at all
	list    []*fyne.Container // all else
}

func newPatrons(w *Window) page {
	p := &patronsPage{listPage: newListPage(w), p: screen.NewPatrons(w.desk)}
	p.search = newEntry(p.p.SetSearch)
	p.search.SetPlaceHolder(lang.L("Name, group, card, e-mail"))
	p.filters = newChoice(p.p.Filters(), p.p.SetFilter)
	p.groups = newChoice(p.p.Groups(), p.p.SetGroup)
	p.counts = newWord("", theme.SizeNameCaptionText, colorHint, false)
	p.table = newTable([]column{
		{title: lang.L("Name")}, {title: lang.L("Group"), width: 92}, {title: lang.L("Year"), width: 64}, {title: lang.L("E-mail")}, {title: lang.L("Loans"), width: 124}, {title: lang.L("Automatic notices"), width: 130},
	}, tableOptions{
		length: p.p.Len, row: p.row, open: p.open, selected: p.p.Choose, nearStart: p.p.Back, nearEnd: p.p.Further, empty: p.empty, spare: []int{2, 5},
	})
	p.bar = newPatronBar(p)
	p.p.Place = p.first
	p.p.OnChange = p.draw
	p.p.OnNotice = w.notice
	take := func() { importLists(w) }
	right := line(newButton(lang.L("Lists..."), func() { newListsPanel(w) }), newButton(lang.L("Import..."), take), newButton(lang.L("New patron"), func() { newPatronPanel(w, 0) }))
	looking := rowsBy(4, flow(sized(p.search, 206), sized(p.filters, 194), sized(p.groups, 150)), p.counts)
	p.nobody = container.New(&rowsLayout{}, newCard(lang.L("No patrons yet."),
		newText(lang.L("Patrons are the people who borrow: pupils, teachers. Letters and notices are written to them and their guardians. Import the list your library system exports.")),
		line(newPrimary(lang.L("Import..."), take), newLink(lang.L("or write one in by hand"), func() { newPatronPanel(w, 0) }))))
	p.nobody.Hide()
	below := container.NewBorder(nil, padded(p.bar.object, wideGap, 0, 0, 0), nil, nil, p.table)
	p.list = []*fyne.Container{right, looking, below}
	p.object = newFixedPage(lang.L("Patrons"), right, rowsBy(4, looking, p.trouble), container.NewStack(p.nobody, below))
	p.draw()
	return p
}

func (p *patronsPage) shown()                  { p.p.Refresh(screen.Change{Store: true}) }
func (p *patronsPage) changed(c screen.Change) { p.p.Refresh(c) }

func (p *patronsPage) row(i int) []cell {
	r := p.p.Row(i)
	name, weight := cell{text: r.Name}, toneNormal
	if r.Note != "" {
		name.text += " (" + r.Note + ")"
		weight = toneHint
	}
	name.tone = weight
	loans := cell{text: r.Loans, tone: weight}
	if r.Late {
		loans.tone = toneBad
	}
	notices := cell{text: r.Notices, mark: markOff, tone: toneHint}
	if r.On {
		notices.mark, notices.tone = markGood, weight
	}
	return []cell{name, {text: r.Group, tone: weight}, {text: r.Level, tone: weight}, {text: r.Address, mark: mark(r.Mark), tone: weight}, loans, notices}
}

// empty is what stands in place of lines. Why none could be read stands above, with the way to try again.
func (p *patronsPage) empty() (what, next string) {
	if p.p.Problem() != nil {
		return "", ""
	}
	return p.p.Empty()
}

func (p *patronsPage) open(i int) { newPatronPanel(p.w, p.p.Row(i).ID) }

// draw shows what the screen knows now, with the lines a person looks at where they are.
func (p *patronsPage) draw() {
	p.drawList(p.p.Moved(), p.p.Chosen(), p.p.Trouble())
	if p.search.Text != p.p.Search() {
		p.search.SetText(p.p.Search())
	}
	p.filters.setWords(p.p.Filters())
	p.filters.setIndex(p.p.Filter())
	if words := p.p.Groups(); !slices.Equal(words, p.groups.words) {
		p.groups.setWords(words)
	}
	p.groups.setIndex(p.p.Group())
	p.counts.set(p.p.Counts())
	p.nobody.Hidden = !p.p.Nobody()
	for _, o := range p.list {
		o.Hidden = p.p.Nobody()
	}
	p.bar.draw()
	p.object.Refresh()
}
