// Package ui is in charge of what each screen shows: it puts what app/screen knows into widgets, and what a person does
// to them back into questions for app/screen. It opens nothing and asks nobody else.
package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// page is one screen as the window sees it.
type page interface {
	content() fyne.CanvasObject // built once, kept
	shown()                     // the person came here
	changed(c screen.Change)    // the desk saw something new while this page is shown
	leave(then func())          // runs then at once, or after asking about unsaved changes
}

// place is a row of the rail: name, icon, words, and who makes the page when it is first shown.
type railPlace struct {
	name, icon string
	words      func() string
	key        fyne.KeyName
	open       func(w *Window) page
}

// places lists the screens in the order of the rail. A screen is ready when its line has a constructor.
func places() []railPlace {
	return []railPlace{
		{name: "overview", icon: "overview", words: func() string { return lang.L("Overview") }, key: fyne.Key1, open: nil},
		{name: "settings", icon: "settings", words: func() string { return lang.L("Settings") }, key: fyne.Key2, open: nil},
		{name: "queue", icon: "queue", words: func() string { return lang.L("Queue") }, key: fyne.Key3, open: nil},
		{name: "log", icon: "log", words: func() string { return lang.L("Log") }, key: fyne.Key4, open: nil},
	}
}

// Window is the whole of what is shown: the rail, one screen at a time, and what lies above them.
type Window struct {
	desk   *screen.Desk
	window fyne.Window

	root    *fyne.Container
	holder  *fyne.Container
	rail    *rail
	bar     *noticeBar
	pages   map[string]page
	current string
	layers  []*layer
}

// New fills a window. Nothing is read before desk.Run runs.
func New(d *screen.Desk, win fyne.Window) *Window {
	w := &Window{desk: d, window: win, pages: map[string]page{}, holder: container.NewStack(), bar: newNoticeBar()}
	w.rail = newRail(w)
	main := container.NewBorder(nil, w.bar.object, nil, nil, w.holder)
	w.root = container.NewBorder(nil, nil, w.rail.object, nil, main)
	win.SetPadded(false)
	win.SetContent(w.root)
	win.Canvas().SetOnTypedKey(w.typedKey)
	for _, p := range places() {
		win.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: p.key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) { w.show(p.name) })
	}
	w.window.SetCloseIntercept(w.close)
	d.Watch(w.changed)
	w.show("overview")
	return w
}

// show goes to a screen, after the one that is left had its say.
func (w *Window) show(name string) {
	if name == w.current || len(w.layers) > 0 {
		return
	}
	if p := w.pages[w.current]; p != nil {
		p.leave(func() { w.enter(name) })
		return
	}
	w.enter(name)
}

func (w *Window) enter(name string) {
	p := w.page(name)
	w.current = name
	w.holder.Objects = []fyne.CanvasObject{p.content()}
	w.holder.Refresh()
	w.rail.refresh()
	p.shown()
}

func (w *Window) page(name string) page {
	if p := w.pages[name]; p != nil {
		return p
	}
	p := page(emptyPage{newPage(name, nil)})
	for _, at := range places() {
		if at.name == name {
			p = emptyPage{newPage(at.words(), nil)}
			if at.open != nil {
				p = at.open(w)
			}
		}
	}
	w.pages[name] = p
	return p
}

// changed is called after every look that found something new.
func (w *Window) changed(c screen.Change) {
	w.rail.refresh()
	if p := w.pages[w.current]; p != nil {
		p.changed(c)
	}
}

func (w *Window) close() {
	if p := w.pages[w.current]; p != nil {
		p.leave(w.window.Close)
		return
	}
	w.window.Close()
}

// emptyPage stands where a screen is not there yet.
type emptyPage struct{ object fyne.CanvasObject }

func (p emptyPage) content() fyne.CanvasObject { return p.object }
func (p emptyPage) shown()                     {}
func (p emptyPage) changed(screen.Change)      {}
func (p emptyPage) leave(then func())          { then() }
