package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

const messageWidth = 780

// messagePanel shows everything known of one message above whatever screen asked for it.
type messagePanel struct {
	w *Window
	m *screen.Message

	body  *fyne.Container
	layer *layer // nil: not read yet
	stop  func() // ends watching
	over  bool   // closed
	said  string // how the last thing done ended
	undo  func() // takes it back; nil: that is not possible
}

// newMessagePanel opens the panel of one delivery as soon as it has been read.
func newMessagePanel(w *Window, delivery int64) *messagePanel {
	p := &messagePanel{w: w, m: screen.NewMessage(w.desk, delivery), body: rowsBy(wideGap)}
	p.m.OnChange = p.draw
	p.m.OnNotice = p.notice
	p.stop = w.desk.Watch(func(c screen.Change) {
		if !p.over {
			p.m.Refresh(c)
		}
	})
	p.m.Refresh(screen.Change{Store: true})
	return p
}

// notice says in the panel what was done; the bar of the window lies below it.
func (p *messagePanel) notice(words string, undo func()) {
	if p.over {
		p.w.notice(words, undo)
		return
	}
	p.said, p.undo = words, undo
	p.draw()
}

func (p *messagePanel) close() {
	p.over = true
	p.stop()
	p.m.OnChange = nil
}

// draw fills the panel anew. A message that cannot be read is a sentence in place of a panel.
func (p *messagePanel) draw() {
	switch {
	case p.over:
		return
	case p.layer == nil && p.m.Problem() != nil:
		p.close()
		p.w.tell(p.m.Problem().Sentence, p.m.Problem().Next)
		return
	case !p.m.Loaded():
		return
	}
	p.body.Objects = p.cards()
	if p.layer == nil {
		p.w.panel(p.m.Row().Subject, p.body, messageWidth, p.close)
		p.layer = p.w.layers[len(p.w.layers)-1]
		return
	}
	p.body.Refresh()
	p.layer.over.Refresh()
}

func (p *messagePanel) cards() []fyne.CanvasObject {
	r := p.m.Row()
	top := rows(spread(newMark(mark(r.Mark), r.State), line(p.extras()...)), p.actions())
	if p.said != "" {
		top.Add(p.saying())
	}
	top.Add(pairs(p.m.Lines()))
	cards := []fyne.CanvasObject{top}
	if e := p.m.Problem(); e != nil {
		cards = append([]fyne.CanvasObject{newText(e.Sentence + " " + e.Next).tone(toneBad)}, cards...)
	}
	if all, more := p.m.Recipients(); len(all) > 1 {
		cards = append(cards, p.recipients(all, more))
	}
	return append(cards, p.history(), p.text())
}

func (p *messagePanel) saying() fyne.CanvasObject {
	said := line(newText(p.said).bold())
	if undo := p.undo; undo != nil {
		said.Add(newLink(lang.L("Undo"), func() {
			p.said, p.undo = "", nil
			undo()
		}))
	}
	return said
}

func (p *messagePanel) extras() []fyne.CanvasObject {
	list := []fyne.CanvasObject{newLink(lang.L("Copy for IT"), p.m.CopyForIT)}
	if p.m.CanOpenFolder() {
		list = append(list, newLink(lang.L("Open folder"), p.m.OpenFolder))
	}
	return list
}

func (p *messagePanel) actions() fyne.CanvasObject {
	byAction, _ := actionButtons(func(a screen.Action) { p.m.Plan(a, p.w.confirm(p.m.Do)) })
	var list []fyne.CanvasObject
	offers, busy := p.m.Actions(), p.m.Doing() != ""
	allow(byAction, offers, busy)
	// Only what can be done is shown: here it is one message, and five grey buttons tell nobody anything.
	for _, o := range offers {
		if o.Possible {
			list = append(list, byAction[o.Action])
		}
	}
	return line(list...)
}

func (p *messagePanel) recipients(all []screen.Recipient, more int) fyne.CanvasObject {
	list := make([]fyne.CanvasObject, 0, len(all)+1)
	for _, r := range all {
		list = append(list, container.New(&pairLayout{left: 200}, newMark(mark(r.Mark), r.State), newText(r.To)))
	}
	if more > 0 {
		list = append(list, newHint(p.w.desk.Say("and {{.N}} more", screen.With("N", more))))
	}
	return section(lang.L("All recipients"), list...)
}

func (p *messagePanel) history() fyne.CanvasObject {
	tries := p.m.Tries()
	if len(tries) == 0 {
		return section(lang.L("History"), newText(lang.L("It has not been tried yet.")).tone(toneHint))
	}
	var list []fyne.CanvasObject
	for i, t := range tries {
		about := p.w.desk.Say("Try {{.N}}", screen.With("N", i+1)) + ", " + t.When + ", " + t.Server
		if t.Took != "" {
			about += ", " + t.Took
		}
		one := rowsBy(2, newText(about).bold(), newText(t.What))
		if t.Reply != "" {
			one.Add(newText(p.w.desk.Say("The server said: {{.Line}}", screen.With("Line", t.Reply))).tone(toneHint))
		}
		if t.Remedy != "" {
			one.Add(newText(t.Remedy).tone(toneHint))
		}
		if t.Note != "" {
			one.Add(newHint(t.Note))
		}
		list = append(list, one)
	}
	return section(lang.L("History"), list...)
}

func (p *messagePanel) text() fyne.CanvasObject {
	var list []fyne.CanvasObject
	if head := p.m.Header(); len(head) > 0 {
		list = append(list, pairs(head))
	}
	words, note := p.m.Text()
	if words != "" {
		list = append(list, container.NewStack(newPlate(theme.ColorNameInputBackground, colorLine, 6), padded(newText(words), 10, 10, 12, 12)))
	}
	if note != "" {
		list = append(list, newHint(note))
	}
	if names := p.m.Attachments(); names != "" {
		list = append(list, pairs([]screen.Line{{Label: lang.L("Attached"), Text: names}}))
	}
	return section(lang.L("Message"), list...)
}

// section is a part of a panel under a word of its own.
func section(title string, body ...fyne.CanvasObject) fyne.CanvasObject {
	return newCard(title, body...)
}

// pairs shows names and what stands behind them, in two columns.
func pairs(lines []screen.Line) fyne.CanvasObject {
	list := make([]fyne.CanvasObject, len(lines))
	for i, l := range lines {
		list[i] = container.New(&pairLayout{left: 110}, newText(l.Label).tone(toneHint), newText(l.Text))
	}
	return rowsBy(4, list...)
}

// pairLayout gives its left object a width and its right one the rest, from the top.
type pairLayout struct{ left float32 }

func (l *pairLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.left+wideGap+min(o[1].MinSize().Width, 100), max(o[0].MinSize().Height, o[1].MinSize().Height))
}

func (l *pairLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(l.left, s.Height))
	o[1].Move(fyne.NewPos(l.left+wideGap, 0))
	o[1].Resize(fyne.NewSize(max(s.Width-l.left-wideGap, 0), s.Height))
}
