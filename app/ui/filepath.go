package ui

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/layout"
)

// pathRow is where a file goes: its path to type in, and a folder to choose.
type pathRow struct {
	w       *Window
	path    *entry
	object  fyne.CanvasObject
	in      func(folder string) string // the name that is offered, in a folder
	offered string                     // path that was not typed: it follows the choices
}

// newPathRow offers a path. submitted is Return in it.
func newPathRow(w *Window, offered string, in func(folder string) string, submitted func()) *pathRow {
	r := &pathRow{w: w, path: newEntry(nil), in: in, offered: offered}
	r.path.SetText(offered)
	r.path.OnSubmitted = func(string) { submitted() }
	choose := padded(newButton(lang.L("Choose..."), func() { w.chooseFolder(filepath.Dir(r.path.Text), r.offer) }), 0, 0, gap, 0)
	r.object = container.New(layout.NewBorderLayout(nil, nil, nil, choose), r.path, choose)
	return r
}

// offer puts the offered name in a folder into the field.
func (r *pathRow) offer(folder string) {
	r.offered = r.in(folder)
	if r.path.Text != r.offered {
		r.path.SetText(r.offered)
	}
}

// follow offers the name anew, as the choices make it now; what somebody typed stays.
func (r *pathRow) follow() {
	if r.path.Text == r.offered {
		r.offer(filepath.Dir(r.offered))
	}
}

// write writes the file, after the question if there is one of this name. otherwise is called when that one stays; nil:
// nobody has to know.
func (r *pathRow) write(write func(path string, replace bool, exists func()), otherwise func()) {
	path := r.path.Text
	write(path, false, func() { r.w.askReplace(func() { write(path, true, nil) }, otherwise) })
}

// askReplace asks before a file is lost.
func (w *Window) askReplace(then, otherwise func()) {
	w.ask(question{
		title: lang.L("Replace the file?"), text: lang.L("There is a file of this name. What is in it is lost then."), yes: lang.L("Replace"), no: lang.L("Go back"), danger: true,
		then: then, otherwise: otherwise,
	})
}
