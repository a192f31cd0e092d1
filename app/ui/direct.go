package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

const directWidth = 720

// directPanel is one e-mail to one patron: to whom, what it says, and the ways to send it.
type directPanel struct {
	w *Window
	m *screen.Direct

	closePanel func() // nil: not read yet
	stop       func()
	over       bool

	to      *choice
	note    *stateMark
	words   *text
	noting  *fyne.Container
	subject *entry
	body    *entry
	form    *fyne.Container
	ways    *fyne.Container
	rows    []wayRow
	said    *text
	show    *button
	object  *fyne.Container
}

// newDirectPanel opens it for one patron.
func newDirectPanel(w *Window, patron int64) *directPanel {
	p := &directPanel{w: w, m: screen.NewDirect(w.desk, patron)}
	p.to = newChoice(nil, p.m.Choose)
	p.note, p.words = newMark(markNone, ""), newText("")
	p.noting = container.New(&footLayout{}, p.note, p.words)
	p.subject, p.body = newEntry(p.m.SetSubject), newLines(p.m.SetText)
	p.body.SetMinRowsVisible(9)
	p.ways, p.said = rowsBy(6), newText("")
	p.show = newLink(lang.L("Show the mail"), func() { w.desk.FirstDelivery(p.m.Sent(), func(id int64) { newMessagePanel(w, id) }, w.tell) })
	p.form = rowsBy(wideGap, newForm(
		newField(lang.L("To"), "", "", p.to),
		newField(lang.L("Subject"), "", "", p.subject),
		newField(lang.L("Text"), "", "", p.body)))
	p.object = rowsBy(wideGap, p.noting, p.form, line(p.said, p.show), p.ways)
	p.m.OnChange = p.draw
	p.stop = w.desk.Watch(func(c screen.Change) {
		if !p.over {
			p.m.Refresh(c)
		}
	})
	p.m.Refresh(screen.Change{Store: true})
	return p
}

func (p *directPanel) end() {
	p.over = true
	p.stop()
	p.m.OnChange = nil
}

// draw shows what the screen knows now. A patron who cannot be read is a sentence in place of a panel.
func (p *directPanel) draw() {
	switch {
	case p.over:
		return
	case p.closePanel == nil && p.m.Problem() != nil:
		p.end()
		p.w.tell(p.m.Problem().Sentence, p.m.Problem().Next)
		return
	case !p.m.Loaded():
		return
	}
	all := p.m.To()
	words := make([]string, len(all))
	for i, to := range all {
		words[i] = to.Words
		if to.Trouble != "" {
			words[i] += " (" + to.Trouble + ")"
		}
	}
	p.to.setWords(words)
	p.to.setIndex(p.m.Chosen())
	note := p.m.Note()
	p.note.set(markOf(note.Mood), "")
	p.words.set(note.Words)
	p.noting.Hidden = note.Words == ""
	p.form.Hidden = len(all) == 0
	if p.subject.Text != p.m.Subject() {
		p.subject.SetText(p.m.Subject())
	}
	if p.body.Text != p.m.Text() {
		p.body.SetText(p.m.Text())
	}
	p.drawWays(len(all) > 0)
	said := p.m.Said()
	switch said.Mood {
	case screen.MoodBad:
		p.said.tone(toneBad)
	case screen.MoodWarn:
		p.said.tone(toneWarn)
	default:
		p.said.tone(toneGood)
	}
	say(p.said, said.Words)
	p.show.Hidden = p.m.Sent() == 0
	if p.closePanel == nil {
		p.closePanel = p.w.panel(p.m.Title(), p.object, directWidth, p.end)
		return
	}
	p.object.Refresh()
	p.w.layers[len(p.w.layers)-1].over.Refresh()
}

// wayRow is one way to send it, with what it does, or why it cannot be taken, beside it.
type wayRow struct {
	press *button
	why   *text
}

func (p *directPanel) drawWays(some bool) {
	ways := p.m.Ways()
	p.ways.Hidden = !some
	if len(p.rows) != len(ways) {
		p.rows, p.ways.Objects = nil, nil
		for i, way := range ways {
			r := wayRow{newButton(way.Words, func() { p.m.Do(way.Key) }), newHint("")}
			if i == 0 {
				r.press.kind = buttonPrimary
			}
			p.rows = append(p.rows, r)
			p.ways.Add(container.New(&wayLayout{}, r.press, r.why))
		}
	}
	for i, r := range p.rows {
		r.press.SetText(ways[i].Words)
		able(r.press, ways[i].Can && !p.m.Busy())
		r.why.set(ways[i].Why)
	}
}

// wayLayout stands a button of one width beside words, their middles in one line.
type wayLayout struct{}

const wayWidth = 230

func (wayLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(wayWidth+wideGap+100, max(o[0].MinSize().Height, o[1].MinSize().Height))
}

func (wayLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(wayWidth, controlHigh))
	o[0].Move(fyne.NewPos(0, max((s.Height-controlHigh)/2, 0)))
	width := max(s.Width-wayWidth-wideGap, 0)
	o[1].Resize(fyne.NewSize(width, o[1].MinSize().Height))
	high := o[1].MinSize().Height
	o[1].Resize(fyne.NewSize(width, high))
	o[1].Move(fyne.NewPos(wayWidth+wideGap, max((s.Height-high)/2, 0)))
}
