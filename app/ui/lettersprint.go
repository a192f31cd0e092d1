package ui

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"

	"smtpgateway/app/screen"
)

// letterPrint asks what is to be printed and where the file goes.
type letterPrint struct {
	w *Window
	p *screen.LettersPrint

	body           *fyne.Container
	layer          *layer
	whats, papers  *choice
	formats, which *choice
	whichField     *field
	note, said     *text
	path           *entry
	offered        string // path that was not typed: it follows the choices
	write, stop    *button
	doing, done    *fyne.Container
	doingWords     *text
	meter          *meter
}

func newLetterPrint(page *lettersPage) *letterPrint {
	v := &letterPrint{w: page.w, p: page.l.Print()}
	v.whats = newChoice(v.p.Whats(), v.p.SetWhat)
	v.which = newChoice([]string{lang.L("All that are ticked"), lang.L("Only those without an e-mail address")}, func(i int) { v.p.SetOnlyPaper(i == 1) })
	v.formats = newChoice([]string{lang.L("PDF"), lang.L("HTML, for the browser")}, func(i int) { v.p.SetHTML(i == 1) })
	v.papers = newChoice([]string{lang.L("A4"), lang.L("Letter")}, func(i int) { v.p.SetLetter(i == 1) })
	v.note, v.said = newHint(""), newText("")
	v.path = newEntry(nil)
	v.offer(filepath.Dir(v.p.Path()))
	v.path.OnSubmitted = func(string) { v.write.press() }
	v.whichField = newField(lang.L("Which letters"), "", "", v.which)
	choose := padded(newButton(lang.L("Choose..."), func() {
		page.w.chooseFolder(filepath.Dir(v.path.Text), v.offer)
	}), 0, 0, gap, 0)
	v.write = newPrimary(lang.L("Write the file"), func() { v.start(false, false) })
	v.stop = newButton(lang.L("Stop"), v.p.Stop)
	v.doingWords, v.meter = newText(""), newMeter()
	v.doing = line(v.doingWords, v.meter, v.stop)
	v.done = flow(newButton(lang.L("Open the file"), v.p.ShowFile), newButton(lang.L("Show the folder"), v.p.ShowFolder))
	form := newForm(newField(lang.L("What"), "", "", rowsBy(4, v.whats, v.note)), v.whichField,
		newField(lang.L("Format"), "", "", flow(v.formats, v.papers)),
		newField(lang.L("File"), "", "", container.New(layout.NewBorderLayout(nil, nil, nil, choose), v.path, choose)))
	v.body = rowsBy(wideGap, form, v.doing, v.said, footOf(v.done, line(v.write)))
	v.p.OnChange = v.draw
	page.w.panel(lang.L("Print"), v.body, 700, func() {
		v.p.Stop()
		v.p.OnChange = nil
	})
	v.layer = page.w.layers[len(page.w.layers)-1]
	v.draw()
	return v
}

// offer puts a file name in a folder into the field.
func (v *letterPrint) offer(folder string) {
	v.offered = v.p.PathIn(folder)
	if v.path.Text != v.offered {
		v.path.SetText(v.offered)
	}
}

// start writes the file, after the questions that come up.
func (v *letterPrint) start(replace, poor bool) {
	path := v.path.Text
	v.p.Write(path, replace, poor, screen.Asks{
		Exists: func() {
			v.w.ask(question{
				title: lang.L("Replace the file?"), text: lang.L("There is a file of this name. What is in it is lost then."), yes: lang.L("Replace"), no: lang.L("Go back"), danger: true,
				then: func() { v.start(true, poor) },
			})
		},
		Poor: func(words []string) { v.askPoor(words, replace) },
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
	v.formats.setIndex(0)
	if v.p.HTML() {
		v.formats.setIndex(1)
	}
	v.papers.setIndex(0)
	if v.p.Letter() {
		v.papers.setIndex(1)
	}
	v.note.set(v.p.Note())
	if v.path.Text == v.offered { // what somebody typed stays
		v.offer(filepath.Dir(v.offered))
	}
	words, n, all := v.p.Doing()
	showIf(v.doing, words != "")
	v.doingWords.set(words)
	v.meter.set(n, all)
	said, failed := v.p.Said()
	weight := toneGood
	if failed {
		weight = toneBad
	}
	say(v.said.tone(weight), said)
	showIf(v.done, v.p.Written() != "")
	able(v.write, v.p.Can())
	v.body.Refresh()
	v.layer.over.Refresh()
}
