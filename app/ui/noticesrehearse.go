package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

const noticesPanelWidth = 940

// rehearseCard shows what a day would bring.
type rehearseCard struct {
	p *noticesPage
	r *screen.Rehearsal

	object            fyne.CanvasObject
	day               *entry
	wrong             *text
	words, stale      *text
	notes             *fyne.Container
	start             *button
	mails, paper, out *button
	lists             *fyne.Container
}

func newRehearseCard(p *noticesPage) *rehearseCard {
	c := &rehearseCard{p: p, r: p.n.Rehearsal(), wrong: newHint("").tone(toneBad), words: newText("").bold(), stale: newText("").tone(toneWarn), notes: rowsBy(2)}
	c.day = newEntry(c.r.SetDay)
	c.day.OnSubmitted = func(string) { c.r.Start() }
	c.start = newButton(lang.L("Rehearse"), c.r.Start) // it changes nothing: what does is the thing to press here
	c.mails = newButton("", func() { c.list(screen.ListMails) })
	c.paper = newButton("", func() { c.list(screen.ListPaper) })
	c.out = newButton("", func() { c.list(screen.ListLeft) })
	c.lists = flow(c.mails, c.paper, c.out)
	c.object = newCard(lang.L("Rehearse a day"),
		newText(lang.L("See who would get what on a day. Nothing is sent.")).tone(toneHint),
		flow(newButton(lang.L("Day before"), func() { c.r.Step(-1) }), sized(c.day, 150), newButton(lang.L("Day after"), func() { c.r.Step(1) }), c.start, newLink(lang.L("Today"), c.r.Today)),
		c.wrong, c.words, c.stale, c.notes, c.lists)
	return c
}

// look rehearses today, which is what a run that waits would do, and shows the mails.
func (c *rehearseCard) look() {
	c.r.Today()
	intoSight(c.object)
	focusOn(c.start)
}

func (c *rehearseCard) draw() {
	r, d := c.r, c.p.w.desk
	if typed := r.Typed(); c.day.Text != typed {
		c.day.SetText(typed)
	}
	c.day.setWrong(r.Wrong() != "")
	put(c.wrong, r.Wrong(), toneBad)
	able(c.start, r.Busy() == "" && r.Wrong() == "")
	words, weight := r.Words(), toneNormal
	switch {
	case r.Problem() != nil:
		words, weight = r.Problem().Error(), toneBad
	case r.Busy() != "":
		words, weight = r.Busy(), toneHint
	}
	put(c.words, words, weight)
	put(c.stale, r.Stale(), toneWarn)
	notes := r.Notes()
	if !r.Ready() {
		notes = nil
	}
	c.notes.Objects = nil // nothing in there has the keyboard
	for _, n := range notes {
		c.notes.Add(newText(n).tone(toneHint))
	}
	c.notes.Hidden = len(notes) == 0
	with := func(list screen.RehearsalList) map[string]any {
		return screen.With("N", d.Number(int64(r.Len(list))))
	}
	c.mails.SetText(d.Say("Mails ({{.N}})...", with(screen.ListMails)))
	c.paper.SetText(d.Say("On paper ({{.N}})...", with(screen.ListPaper)))
	c.out.SetText(d.Say("Left out, and why ({{.N}})...", with(screen.ListLeft)))
	able(c.mails, r.Len(screen.ListMails) > 0)
	able(c.paper, r.Len(screen.ListPaper) > 0)
	able(c.out, r.Len(screen.ListLeft) > 0)
	c.lists.Hidden = !r.Ready()
	c.object.Refresh()
}

// list shows one of the lists; a line opens the person, or the mail as it would be.
func (c *rehearseCard) list(list screen.RehearsalList) {
	r, w := c.r, c.p.w
	var t *table
	at := func() int {
		if rows := t.selection(); len(rows) == 1 {
			return rows[0]
		}
		return -1
	}
	openIt := newButton(lang.L("Open the patron"), func() { newPatronPanel(w, r.Line(list, at()).Patron) })
	preview := newPrimary(lang.L("Show the mail"), func() { c.preview(list, at()) })
	columns := []column{{title: lang.L("Name")}, {title: lang.L("Group"), width: 92}, {title: lang.L("To")}, {title: lang.L("Notice")}, {title: lang.L("Things"), width: 92}}
	title, spare := lang.L("Who would get a mail"), []int{4, 1}
	switch list {
	case screen.ListMails:
	case screen.ListPaper:
		title = lang.L("Who would be told on paper")
		preview.SetText(lang.L("Show the letter"))
		spare = []int{1}
		columns = []column{{title: lang.L("Name")}, {title: lang.L("Group"), width: 84}, {title: lang.L("Notice"), width: 230}, {title: lang.L("Why on paper"), width: 330}}
	case screen.ListLeft:
		title = lang.L("Who would get nothing, and why")
		preview.Hide()
		spare = []int{1}
		columns = []column{{title: lang.L("Name"), width: 140}, {title: lang.L("Group"), width: 84}, {title: lang.L("About")}, {title: lang.L("Why"), width: 320}}
	}
	draw := func([]int) {
		able(openIt, at() >= 0)
		able(preview, at() >= 0)
	}
	t = newTable(columns, tableOptions{
		length: func() int { return r.Len(list) }, selected: draw, spare: spare,
		row: func(i int) []cell { return rehearsedCells(list, r.Line(list, i)) },
		open: func(i int) {
			if list == screen.ListLeft {
				newPatronPanel(w, r.Line(list, i).Patron)
				return
			}
			c.preview(list, i)
		},
	})
	t.pick(0, false, false)
	draw(nil)
	head := newText(r.Words())
	w.panel(title, rows(head, fixedHigh(t, 340), footOf(nil, line(openIt, preview))), noticesPanelWidth, nil)
}

func rehearsedCells(list screen.RehearsalList, l screen.RehearsalLine) []cell {
	switch list {
	case screen.ListPaper, screen.ListLeft:
		return []cell{{text: l.Name}, {text: l.Group}, {text: l.What}, {text: l.To, mark: mark(l.Mark)}}
	case screen.ListMails:
	}
	return []cell{{text: l.Name}, {text: l.Group}, {text: l.To}, {text: l.What}, {text: l.Things}}
}

func (c *rehearseCard) preview(list screen.RehearsalList, i int) {
	c.r.Preview(list, i, c.p.w.showPreview, func(words string) { c.p.w.tell(lang.L("The mail cannot be shown"), words) })
}

// showPreview shows a mail as its reader would have it.
func (w *Window) showPreview(p screen.MailView) {
	body := rows()
	row := func(label, words string) {
		if words != "" {
			body.Add(container.New(&pairLayout{left: 90}, newText(label).tone(toneHint), newText(words)))
		}
	}
	row(lang.L("From"), p.From)
	row(lang.L("To"), p.To)
	row(lang.L("Subject"), p.Subject)
	letter := container.NewStack(newPlate(colorRail, colorLine, 6), padded(newText(p.Text), 12, 12, 14, 14))
	body.Add(letter)
	body.Add(newHint(lang.L("The mail also has a form with a table, which most mail programs show.")))
	w.panel(lang.L("The mail as it would be"), body, 640, nil)
}
