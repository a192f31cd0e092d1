package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// fileMaker is what writes a file for people: in one of some formats, for one of two papers.
type fileMaker interface {
	Path() string
	PathIn(folder string) string
	Letter() bool // paper: Letter in place of A4
	SetLetter(on bool)
	Can() bool
	Said() (words string, failed bool) // how it ended
	Written() string                   // the file; empty: none
	ShowFile()
	ShowFolder()
}

// fileForm asks for format, paper and path of a file, and says what became of it.
type fileForm struct {
	m fileMaker

	path            *pathRow
	formats, papers *choice
	format, file    *field
	said            *text
	foot            fyne.CanvasObject // what opens the file, and what writes it
	done            *fyne.Container
	write           *button
}

// newFileForm asks for one of formats; chosen takes it, begin writes.
func newFileForm(w *Window, m fileMaker, formats []string, chosen func(i int), begin func()) *fileForm {
	f := &fileForm{m: m, said: newText("")}
	f.formats = newChoice(formats, chosen)
	f.papers = newChoice([]string{lang.L("A4"), lang.L("Letter")}, func(i int) { m.SetLetter(i == 1) })
	f.write = newPrimary(lang.L("Write the file"), begin)
	f.path = newPathRow(w, m.Path(), m.PathIn, f.write.press)
	f.done = flow(newButton(lang.L("Open the file"), m.ShowFile), newButton(lang.L("Show the folder"), m.ShowFolder))
	f.foot = footOf(f.done, line(f.write))
	f.format = newField(lang.L("Format"), "", "", flow(f.formats, f.papers))
	f.file = newField(lang.L("File"), "", "", f.path.object)
	return f
}

// draw shows the choices in force; paper is whether one belongs to the format.
func (f *fileForm) draw(format int, paper bool) {
	f.formats.setIndex(format)
	f.papers.setIndex(0)
	if f.m.Letter() {
		f.papers.setIndex(1)
	}
	showIf(f.papers, paper)
	f.path.follow()
	said, failed := f.m.Said()
	weight := toneGood
	if failed {
		weight = toneBad
	}
	say(f.said.tone(weight), said)
	showIf(f.done, f.m.Written() != "")
	able(f.write, f.m.Can())
}
