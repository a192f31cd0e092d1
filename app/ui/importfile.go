package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
)

// importFile asks which file.
type importFile struct {
	p      *importPanel
	object fyne.CanvasObject
	path   *entry
	choose *button
	last   *text
}

func newImportFile(p *importPanel) importStep {
	f := &importFile{p: p, last: newHint("")}
	f.path = newEntry(p.im.Type)
	f.path.SetPlaceHolder(lang.L("Path of the file"))
	f.path.OnSubmitted = func(string) { p.goOn() }
	f.choose = newButton(lang.L("Choose..."), func() { p.w.chooseList(p.im.Folder(), p.im.Choose) })
	choose := padded(f.choose, 0, 0, gap, 0)
	about := newCard("",
		newText(lang.L("Export the list of patrons, or the list of loans, from your library system, and choose the file here. Take in the patrons first: loans belong to somebody.")),
		container.New(layout.NewBorderLayout(nil, nil, nil, choose), f.path, choose),
		newHint(lang.L("CSV files, Excel workbooks (.xlsx), text files with tabs, and zip files or folders of OneRoster and School Data Sync are understood. Nothing is changed before you have seen what would change.")))
	before := newLink(lang.L("Earlier imports, kept answers and the folder for lists..."), func() { newListsPanel(p.w) })
	f.object = importScroll(about, f.last, line(before))
	return f
}

func (f *importFile) content() fyne.CanvasObject { return f.object }
func (f *importFile) first() fyne.Focusable      { return f.path }

func (f *importFile) draw() {
	if typed := f.p.im.Typed(); f.path.Text != typed {
		f.path.SetText(typed)
		f.path.CursorColumn = len([]rune(typed))
	}
	f.last.set(f.p.im.Last())
	idle := f.p.im.Busy() == ""
	able(f.choose, idle)
	f.path.setWrong(f.p.im.Said().Bad)
}
