package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// letterPrint asks what is to be printed and where the file goes.
type letterPrint struct {
	*fileForm

	w *Window
	p *screen.LettersPrint

	body         *fyne.Container
	layer        *layer
	whats, which *choice
	whichField   *field
	note         *text
	stop         *button
	doing        *fyne.Container
	doingWords   *text
	meter        *meter
}

func newLetterPrint(page *lettersPage) *letterPrint {
	v := &letterPrint{w: page.w, p: page.l.Print()}
	v.fileForm = newFileForm(v.w, v.p, []string{lang.L("PDF"), lang.L("HTML, for the browser")}, func(i int) { v.p.SetHTML(i == 1) }, func() { v.start(false, false) })
	v.whats = newChoice(v.p.Whats(), v.p.SetWhat)
	v.which = newChoice([]string{lang.L("All that are ticked"), lang.L("Only those without an e-mail address")}, func(i int) { v.p.SetOnlyPaper(i == 1) })
	v.note = newHint("")
	v.whichField = newField(lang.L("Which letters"), "", "", v.which)
	v.stop = newButton(lang.L("Stop"), v.p.Stop)
	v.doingWords, v.meter = newText(""), newMeter()
	v.doing = line(v.doingWords, v.meter, v.stop)
	form := newForm(newField(lang.L("What"), "", "", rowsBy(4, v.whats, v.note)), v.whichField, v.format, v.file)
	v.body = rowsBy(wideGap, form, v.doing, v.said, v.foot)
	v.p.OnChange = v.draw
	page.w.panel(lang.L("Print"), v.body, 700, func() {
		v.p.Stop()
		v.p.OnChange = nil
	})
	v.layer = page.w.layers[len(page.w.layers)-1]
	v.draw()
	return v
}

// start writes the file, after the questions that come up.
func (v *letterPrint) start(replace, poor bool) {
	v.p.Write(v.path.path.Text, replace, poor, screen.Asks{
		Exists: func() { v.w.askReplace(func() { v.start(true, poor) }, nil) },
		Poor:   func(words []string) { v.askPoor(words, replace) },
	})
}

// askPoor says what a PDF would lack, and offers what does not.
func (v *letterPrint) askPoor(words []string, replace bool) {
	l := &layer{}
	back := newButton(lang.L("Go back"), func() { v.w.drop(l) })
	anyway := newButton(lang.L("PDF all the same"), func() {
		v.w.drop(l)
		v.start(replace, true)
	})
	html := newPrimary(lang.L("Write HTML"), func() {
		v.w.drop(l)
		v.p.SetHTML(true)
		v.start(replace, false)
	})
	l.escape, l.enter = back.press, html.press
	text := lang.L("The letters of the PDF lack some characters, which would be printed without accents or as question marks. HTML has them all: the browser prints it.")
	v.w.lay(l, v.w.dialog(lang.L("The PDF cannot print everything"), text, newHint(strings.Join(words, "\n")), back, anyway, html), 520, html)
}

func (v *letterPrint) draw() {
	v.whats.setIndex(v.p.What())
	v.which.setIndex(0)
	if v.p.OnlyPaper() {
		v.which.setIndex(1)
	}
	showIf(v.whichField.object, v.p.Letters())
	format := 0
	if v.p.HTML() {
		format = 1
	}
	v.fileForm.draw(format, true)
	v.note.set(v.p.Note())
	words, n, all := v.p.Doing()
	showIf(v.doing, words != "")
	v.doingWords.set(words)
	v.meter.set(n, all)
	v.body.Refresh()
	v.layer.over.Refresh()
}
