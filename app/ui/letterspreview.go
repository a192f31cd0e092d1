package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

const letterWidth = 780

// letterPreview shows one letter of the list above it, and the ones before and after.
type letterPreview struct {
	page *lettersPage
	p    *screen.LetterPreview

	body       *fyne.Container
	layer      *layer
	which      *word
	who        *text
	prev, next *button
	tick       *check
	send       *button
	said       *text
	note       *text
	lines      *fyne.Container
	sheet      *letterSheet
	plain      *check
	words      *text
	paper      *fyne.Container
	problem    *text
}

func newLetterPreview(page *lettersPage, row int) *letterPreview {
	v := &letterPreview{page: page, p: page.l.Preview(row)}
	v.which, v.who = newWord("", theme.SizeNameText, colorHint, false), newText("").bold()
	v.prev, v.next = newButton(lang.L("Previous"), func() { v.p.Step(-1) }), newButton(lang.L("Next"), func() { v.p.Step(1) })
	v.tick = newCheck(lang.L("Send or print this letter"), func(bool) { v.p.Toggle() })
	v.send = newButton("", v.p.Send)
	v.said, v.note, v.problem = newText(""), newText("").tone(toneHint), newText("").tone(toneBad)
	v.lines, v.words = rowsBy(0), newText("")
	v.sheet, v.plain = newLetterSheet(), newCheck(lang.L("As plain text"), func(bool) { v.draw() })
	v.paper = container.NewStack(newPlate(theme.ColorNameInputBackground, colorLine, 6), padded(v.words, 12, 12, cardPad, cardPad))
	open := newButton(lang.L("Open the patron"), func() { newPatronPanel(page.w, v.p.Row().Patron) })
	v.body = rowsBy(wideGap, line(v.prev, v.next, v.which, padded(v.tick, 0, 0, gap, 0)), v.who, flow(v.send, open, v.plain), v.said, v.problem, v.note, v.lines, v.sheet.object, v.paper)
	v.p.OnChange = v.draw
	v.p.Load()
	return v
}

// draw shows the letter; the panel opens when the first has been written.
func (v *letterPreview) draw() {
	if !v.p.Read() {
		return
	}
	r := v.p.Row()
	v.which.set(v.p.Title())
	who := r.Name
	if r.Group != "" {
		who += ", " + r.Group
	}
	v.who.set(who)
	able(v.prev, v.p.CanStep(-1))
	able(v.next, v.p.CanStep(1))
	showIf(v.tick, r.Tick != screen.TickNone)
	v.tick.SetChecked(r.Tick == screen.TickOn)
	e := v.p.Problem()
	showIf(v.problem, e != nil)
	if e != nil {
		v.problem.set(e.Error())
	}
	say(v.note, v.p.Note())
	v.lines.Objects = []fyne.CanvasObject{pairs(v.p.Lines())}
	v.words.set(v.p.Text())
	v.sheet.draw("", v.p.Blocks())
	there := e == nil && v.p.Text() != ""
	showIf(v.paper, there && v.plain.Checked)
	showIf(v.sheet.object, there && !v.plain.Checked)
	showIf(v.plain, there)
	v.send.SetText(v.p.SendWords())
	showIf(v.send, v.p.SendWords() != "")
	able(v.send, !v.p.Sending())
	said := v.p.Said()
	weight := toneGood
	if said.Bad {
		weight = toneBad
	}
	say(v.said.tone(weight), said.Words)
	if v.layer == nil {
		v.page.w.panel(lang.L("The letter"), v.body, letterWidth, func() {
			v.p.OnChange = nil
			v.page.list.table.pick(v.p.At(), false, false)
		})
		v.layer = v.page.w.layers[len(v.page.w.layers)-1]
		return
	}
	v.body.Refresh()
	v.layer.over.Refresh()
}
