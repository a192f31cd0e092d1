package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// logPage shows what happened, newest first.
type logPage struct {
	w *Window
	l *screen.Log

	object fyne.CanvasObject
	search *entry
	kinds  *choice
	day    *entry
	note   *text
	table  *table
}

func newLog(w *Window) page {
	p := &logPage{w: w, l: screen.NewLog(w.desk)}
	p.search = newEntry(p.l.SetSearch)
	p.search.SetPlaceHolder(lang.L("Words to look for"))
	p.kinds = newChoice(p.l.Kinds(), p.l.SetKind)
	p.kinds.setIndex(0)
	p.day = newEntry(nil)
	p.day.SetPlaceHolder(lang.L("24 Nov 2026"))
	p.day.OnSubmitted = p.l.SetDay
	p.note = newHint("")
	p.table = newTable([]column{{title: lang.L("When"), width: 190}, {title: lang.L("Kind"), width: 160}, {title: lang.L("What happened")}}, tableOptions{
		length: p.l.Len, row: p.row, open: p.open, nearEnd: p.l.More,
		empty: func() (what, next string) { return p.l.Note(), "" },
	})
	p.l.OnChange = p.draw
	right := line(newButton(lang.L("Copy for IT"), func() { p.l.CopyForIT(func(said string) { w.notice(said, nil) }) }), newButton(lang.L("Export..."), p.export))
	top := rowsBy(4,
		line(sized(p.search, 250), sized(p.kinds, 190), newText(lang.L("On the day")), sized(p.day, 130), newButton(lang.L("Go"), func() { p.l.SetDay(p.day.Text) })),
		line(p.note))
	p.object = newFixedPage(lang.L("Log"), right, top, p.table)
	p.draw()
	return p
}

func (p *logPage) content() fyne.CanvasObject { return p.object }
func (p *logPage) shown()                     { p.l.Load() }
func (p *logPage) changed(c screen.Change)    { p.l.Refresh(c) }
func (p *logPage) leave(then func())          { then() }

func (p *logPage) row(i int) []cell {
	line := p.l.Line(i)
	return []cell{{text: line.When}, {text: line.Kind, mark: mark(line.Mark)}, {text: line.Text}}
}

// open shows one line whole, for reading and copying.
func (p *logPage) open(i int) {
	line, full := p.l.Line(i), p.l.Full(i)
	closePanel := func() {}
	buttons := []fyne.CanvasObject{newPrimary(lang.L("Copy"), func() { p.w.desk.Desktop().Copy(full) })}
	if line.Message != 0 {
		buttons = append(buttons, newButton(lang.L("Show the message"), func() {
			p.l.Message(i, func(delivery int64) {
				closePanel()
				newMessagePanel(p.w, delivery)
			}, p.w.tell)
		}))
	}
	body := rows(newMark(mark(line.Mark), line.Kind), newHint(line.When), newText(line.Text), container.NewHBox(buttons...))
	closePanel = p.w.panel(lang.L("What happened"), body, 560, nil)
}

func (p *logPage) export() {
	show := p.w.exportPanel(p.l, export{
		title: lang.L("Export the log"), about: lang.L("Everything that fits the day, kind and words chosen goes into one file, which a spreadsheet can open."),
		offered: p.l.ExportPath(), in: p.l.ExportIn, write: p.l.Export,
		ended: func(words string) { p.w.notice(words, nil) }, closed: func() { p.l.OnChange = p.draw },
	})
	p.l.OnChange = func() { p.draw(); show() }
}

// draw shows what the screen knows now.
func (p *logPage) draw() {
	p.table.refresh()
	p.day.setWrong(p.l.DayWrong() != "")
	note := p.l.Note()
	if wrong := p.l.DayWrong(); wrong != "" {
		note = wrong
	} else if p.l.Len() == 0 {
		note = ""
	}
	p.note.set(note)
	p.object.Refresh()
}
