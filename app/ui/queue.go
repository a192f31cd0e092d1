package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// queuePage shows every message, finds one, and does things to many.
type queuePage struct {
	listPage

	q *screen.Queue

	search *entry
	states *choice
	date   *entry
	hint   *word
	news   *button
	bar    *actionBar
}

func newQueue(w *Window) page {
	p := &queuePage{listPage: newListPage(w), q: screen.NewQueue(w.desk)}
	p.search = newEntry(p.q.SetSearch)
	p.search.SetPlaceHolder(lang.L("Address or subject"))
	p.states = newChoice(p.q.Filters(), p.q.SetFilter)
	p.date = newEntry(nil)
	p.date.SetPlaceHolder(lang.L("24 Nov 2026"))
	p.date.OnSubmitted = p.q.GoTo
	p.hint = newWord("", theme.SizeNameCaptionText, colorHint, false)
	p.news = newLink("", p.q.ShowNews)
	// Two things a column where they belong together: an address nobody can read for its dots is worth less than a line.
	p.table = newTable([]column{
		{title: lang.L("State"), width: 196}, {title: lang.L("To")}, {title: lang.L("Subject")}, {title: lang.L("Next try and reason")}, {title: lang.L("Came in"), width: 176},
	}, tableOptions{
		length: p.q.Len, row: p.row, open: p.open, selected: p.q.Choose, nearStart: p.q.Newer, nearEnd: p.q.Older, empty: p.empty, key: p.key, spare: []int{4},
	})
	p.bar = newActionBar(p.act)
	p.bar.stop.tapped = p.q.StopDoing
	p.bar.all.tapped = p.q.ChooseAll
	p.q.Place = p.first
	p.q.OnChange = p.draw
	p.q.OnNotice = w.notice
	// The hint keeps its line while there is none, or the table would jump with every letter typed.
	top := rowsBy(4,
		flow(sized(p.search, 250), sized(p.states, 190), line(newWord(lang.L("From the day"), theme.SizeNameText, theme.ColorNameForeground, false), sized(p.date, 130), newButton(lang.L("Go"), func() { p.q.GoTo(p.date.Text) })), p.news),
		p.hint, p.trouble)
	p.object = newFixedPage(lang.L("Queue"), nil, top, container.NewBorder(nil, padded(p.bar.object, wideGap, 0, 0, 0), nil, nil, p.table))
	p.draw()
	return p
}

func (p *queuePage) shown()                  { p.q.Refresh(screen.Change{Store: true}) }
func (p *queuePage) changed(c screen.Change) { p.q.Refresh(c) }

// showQueue goes to the queue and shows all of one state there; empty: all.
func (w *Window) showQueue(state string) {
	w.show("queue")
	if p, ok := w.pages["queue"].(*queuePage); ok && w.current == "queue" {
		p.q.ShowState(screen.State(state))
	}
}

func (p *queuePage) row(i int) []cell {
	r := p.q.Row(i)
	why := r.Next
	switch {
	case why == "":
		why = r.Reason
	case r.Reason != "":
		why += ": " + r.Reason
	}
	return []cell{
		{text: r.State, mark: mark(r.Mark)}, {text: r.To}, {text: r.Subject}, {text: why, tone: toneHint}, {text: r.Queued + ", " + r.Source, tone: toneHint},
	}
}

// empty is what stands in place of lines. Why none could be read stands above, with the way to try again.
func (p *queuePage) empty() (what, next string) {
	if p.q.Problem() != nil {
		return "", ""
	}
	return p.q.Empty()
}

func (p *queuePage) open(i int) { newMessagePanel(p.w, p.q.Row(i).Delivery) }

func (p *queuePage) key(name fyne.KeyName) bool {
	if name != fyne.KeyDelete {
		return false
	}
	p.act(screen.ActCancel)
	return true
}

func (p *queuePage) act(a screen.Action) { p.q.Plan(a, p.w.confirm(p.q.Do)) }

// confirm asks what a plan says has to be asked, and then does it.
func (w *Window) confirm(do func(screen.Plan)) func(screen.Plan) {
	return func(plan screen.Plan) {
		switch {
		case plan.Count == 0:
			w.tell(plan.Title, plan.Text)
		case !plan.Ask:
			do(plan)
		default:
			w.ask(question{title: plan.Title, text: plan.Text, yes: plan.Yes, no: lang.L("Go back"), danger: plan.Danger, then: func() { do(plan) }})
		}
	}
}

// draw shows what the screen knows now, with the lines a person looks at where they are.
func (p *queuePage) draw() {
	m := p.q.Moved()
	p.drawList(m, p.q.Chosen(), p.q.Trouble())
	if p.search.Text != p.q.Search() {
		p.search.SetText(p.q.Search())
	}
	if p.q.Date() == "" && p.date.Text != "" && m.Jump {
		p.date.SetText("")
	}
	p.states.setWords(p.q.Filters())
	p.states.setIndex(p.q.Filter())
	p.date.setWrong(p.q.DateError() != "")
	hint := p.q.SearchHint()
	if e := p.q.DateError(); e != "" {
		hint = e
	}
	p.hint.set(hint)
	p.news.SetText(p.q.News())
	p.news.Hidden = p.q.News() == ""
	p.bar.show(p.q.Actions(), p.q.ChosenWords(), p.q.AllWords(), p.q.Doing())
	p.object.Refresh()
}

// sized gives a control a width of its own.
func sized(o fyne.CanvasObject, width float32) fyne.CanvasObject {
	return container.New(&widthLayout{width: width}, o)
}
