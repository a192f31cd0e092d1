package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// folderRow stands below the field of the folder: what can be done about it, and what is the matter with it.
type folderRow struct {
	w *Window
	s *screen.Settings
	f *screen.Folder

	object        *fyne.Container
	choose, open  *button
	letIn, makeIt *button
	words, said   *text
	typed         string // what was looked at last
}

// newFolderRow makes what stands below the folder's entry.
func newFolderRow(w *Window, s *screen.Settings, _ *entry) fyne.CanvasObject {
	return makeFolderRow(w, s).object
}

func makeFolderRow(w *Window, s *screen.Settings) *folderRow {
	r := &folderRow{w: w, s: s, f: screen.NewFolder(w.desk, s)}
	r.choose = newButton(lang.L("Choose..."), r.pick)
	r.open = newButton(lang.L("Open folder"), r.f.Open)
	r.makeIt = newButton(lang.L("Make this folder"), r.f.Make)
	r.letIn = newButton(lang.L("Let the service in"), r.f.LetIn)
	r.words, r.said = newHint(""), newHint("")
	r.object = rows(line(r.choose, r.open, r.makeIt, r.letIn), r.words, r.said)
	r.f.OnChange = r.draw
	s.Watch(func() {
		if v := s.Value("folder"); v != r.typed {
			r.typed = v
			r.f.Edited()
		}
	})
	w.desk.Watch(func(c screen.Change) {
		if c.Store || c.Service {
			r.f.Edited() // a share may be back, or the service in trouble about it
		}
	})
	r.typed = s.Value("folder")
	r.f.Edited()
	r.draw()
	return r
}

func (r *folderRow) draw() {
	meant, words := r.f.Words()
	r.words.tone(toneOf(meant))
	r.words.set(words)
	showIf(r.words, words != "")
	said, bad := r.f.Said()
	r.said.tone(toneGood)
	switch {
	case bad:
		r.said.tone(toneBad)
	case r.f.Busy():
		r.said.tone(toneHint)
	}
	r.said.set(said)
	showIf(r.said, said != "")
	ableIf(r.open, r.f.MayOpen())
	showIf(r.makeIt, r.f.MayMake())
	showIf(r.letIn, r.f.MayLetIn())
	r.object.Refresh()
	if s := scrollAround(r.object); s != nil {
		s.Refresh()
	}
}

// pick looks for a folder. The plain field beside it does the same for whoever knows the path.
func (r *folderRow) pick() { r.w.chooseFolder(r.f.Path(), r.f.Choose) }

func toneOf(t screen.FolderTone) tone {
	switch t {
	case screen.FolderDoubt:
		return toneWarn
	case screen.FolderWrong:
		return toneBad
	default:
		return toneHint
	}
}

func ableIf(b *button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}
