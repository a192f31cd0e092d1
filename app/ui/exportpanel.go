package ui

import "fyne.io/fyne/v2/lang"

// exporter is what knows how an export goes. One that can be stopped has StopExport as well.
type exporter interface {
	Exporting() bool
	Exported() (said string, failed bool)
}

// export is a file somebody wants to have.
type export struct {
	title, about string
	offered      string // path
	in           func(folder string) string
	write        func(path string, replace bool, exists func())
	ended        func(words string) // it is there; nil: a card says so
	closed       func()             // the panel is gone
}

// exportPanel asks where a file is to be written, and writes it. What it gives is to be called when something changed.
func (w *Window) exportPanel(e exporter, o export) (show func()) {
	said := newText("")
	closePanel, began := func() {}, false // began: what is said of an export is of this one
	end := func() {}
	if one, can := e.(interface{ StopExport() }); can {
		end = one.StopExport
	}
	stop := newButton(lang.L("Stop"), end)
	_, canStop := e.(interface{ StopExport() })
	var path *pathRow
	begin := func() {
		began = true
		path.write(o.write, show)
	}
	path = newPathRow(w, o.offered, o.in, begin)
	save := newPrimary(lang.L("Export"), begin)
	show = func() {
		if !began {
			return
		}
		words, failed := e.Exported()
		able(save, !e.Exporting())
		showIf(stop, canStop && e.Exporting())
		switch {
		case e.Exporting():
			said.set(lang.L("Writing the file."))
			said.tone(toneHint)
		case failed:
			said.set(words)
			said.tone(toneBad)
		case words != "":
			closePanel()
			if o.ended != nil {
				o.ended(words)
			} else {
				w.tell(lang.L("The file is written"), words)
			}
		default:
			said.set("")
		}
	}
	stop.Hide()
	body := rows(newText(o.about), path.object, said, footOf(nil, line(stop, save)))
	closePanel = w.panel(o.title, body, 600, func() {
		end()
		o.closed()
	})
	return show
}
