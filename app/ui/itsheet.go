package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

const sheetWidth = 780

// sheetPanel shows the request for IT as it will be handed over, to copy or to save.
type sheetPanel struct {
	*fileForm

	w *Window
	t *screen.ITSheet

	body    *fyne.Container
	close   func()
	text    *fyne.Container
	drawn   string
	note    *text
	copy    *button
	toCheck *button
}

// newITSheet opens the request; publicIP is the address under which others see the school, empty: not known.
func newITSheet(w *Window, publicIP string) {
	p := &sheetPanel{w: w, t: screen.NewITSheet(w.desk), text: rowsBy(0), note: newText("")}
	p.fileForm = newFileForm(w, p.t, []string{lang.L("PDF"), lang.L("Text")}, func(i int) { p.t.SetPlain(i == 1) }, func() { p.path.write(p.t.Save, nil) })
	p.write.primary(false)
	p.copy = newPrimary(lang.L("Copy for a message"), p.t.Copy)
	p.toCheck = newButton(lang.L("Show the sender check"), func() {
		p.close()
		w.show("sender")
	})
	if w.current == "sender" {
		p.toCheck.Hide()
	}
	paper := container.NewStack(newPlate(theme.ColorNameInputBackground, colorLine, 6), padded(p.text, 12, 12, cardPad, cardPad))
	p.body = rowsBy(wideGap,
		newText(lang.L("What the library asks of IT, filled in from the settings, the last test and the sender check. It holds no password.")),
		newForm(p.format, p.file), line(p.copy, p.write), rowsBy(gap, p.said, p.done), flow(p.note, p.toCheck), paper)
	p.t.OnChange = p.draw
	p.t.Load(publicIP)
	p.close = w.panel(lang.L("Request for IT"), p.body, sheetWidth, func() { p.t.OnChange = nil })
	focusOn(p.copy)
	p.draw()
}

func (p *sheetPanel) draw() {
	words := p.t.Text()
	if words == "" && p.t.Loading() {
		words = lang.L("It is being filled in.")
	}
	if words != p.drawn {
		p.drawn, p.text.Objects = words, nil
		for one := range strings.SplitSeq(words, "\n") {
			t := newHint(one).tone(toneNormal)
			t.mono = true
			t.Refresh()
			p.text.Add(t)
		}
	}
	able(p.copy, p.t.Text() != "")
	format := 0
	if p.t.Plain() {
		format = 1
	}
	p.fileForm.draw(format, !p.t.Plain())
	say(p.note, p.t.Note())
	p.toCheck.Hidden = p.t.Note() == "" || p.w.current == "sender"
	p.body.Refresh()
	refreshLayers(p.w)
}
