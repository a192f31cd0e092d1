package ui

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

const sheetWidth = 780

// sheetPanel shows the request for IT as it will be handed over, to copy or to save.
type sheetPanel struct {
	w *Window
	t *screen.ITSheet

	body       *fyne.Container
	close      func()
	text       *fyne.Container
	drawn      string
	note       *text
	said       *text
	path       *entry
	papers     *choice
	save, copy *button
	folder     *button
	toCheck    *button
}

// newITSheet opens the request; publicIP is the address under which others see the school, empty: not known.
func newITSheet(w *Window, publicIP string) {
	p := &sheetPanel{w: w, t: screen.NewITSheet(w.desk), text: rowsBy(0), note: newText(""), said: newText("")}
	p.copy = newPrimary(lang.L("Copy"), p.t.Copy)
	p.save = newButton(lang.L("Save as PDF"), func() { p.write(false) })
	p.folder = newButton(lang.L("Show the folder"), p.t.ShowFolder)
	p.toCheck = newButton(lang.L("Show the sender check"), func() {
		p.close()
		w.show("sender")
	})
	p.papers = newChoice([]string{lang.L("A4"), lang.L("Letter")}, func(i int) { p.t.SetLetter(i == 1) })
	p.papers.setIndex(0)
	p.path = newEntry(nil)
	p.path.SetText(p.t.Path())
	p.path.OnSubmitted = func(string) { p.save.press() }
	choose := padded(newButton(lang.L("Choose..."), func() {
		w.chooseFolder(filepath.Dir(p.path.Text), func(folder string) { p.path.SetText(p.t.PathIn(folder)) })
	}), 0, 0, gap, 0)
	if w.current == "sender" {
		p.toCheck.Hide()
	}
	paper := container.NewStack(newPlate(theme.ColorNameInputBackground, colorLine, 6), padded(p.text, 12, 12, cardPad, cardPad))
	p.body = rowsBy(wideGap,
		newText(lang.L("What the library asks of IT, filled in from the settings, the last test and the sender check. It holds no password.")),
		line(p.copy), newForm(
			newField(lang.L("File"), "", "", container.New(layout.NewBorderLayout(nil, nil, nil, choose), p.path, choose)),
			newField(lang.L("Paper"), "", "", line(p.papers, p.save))),
		flow(p.said, p.folder), flow(p.note, p.toCheck), paper)
	p.t.OnChange = p.draw
	p.t.Load(publicIP)
	p.close = w.panel(lang.L("Request for IT"), p.body, sheetWidth, func() { p.t.OnChange = nil })
	p.draw()
}

func (p *sheetPanel) write(replace bool) {
	p.t.Save(p.path.Text, replace, func() {
		p.w.ask(question{
			title: lang.L("Replace the file?"), text: lang.L("There is a file of this name. What is in it is lost then."), yes: lang.L("Replace"), no: lang.L("Go back"), danger: true,
			then: func() { p.write(true) },
		})
	})
}

func (p *sheetPanel) draw() {
	words := p.t.Text()
	if words == "" {
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
	able(p.save, p.t.Can())
	said, failed := p.t.Said()
	weight := toneGood
	if failed {
		weight = toneBad
	}
	say(p.said.tone(weight), said)
	showIf(p.folder, p.t.Written() != "")
	say(p.note, p.t.Note())
	p.toCheck.Hidden = p.t.Note() == "" || p.w.current == "sender"
	p.body.Refresh()
	refreshLayers(p.w)
}
