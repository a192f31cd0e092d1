// Package ui is in charge of what each screen shows: it puts what app/screen knows into widgets, and what a person does
// to them back into questions for app/screen. It opens nothing and asks nobody else.
package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

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

// places lists the screens in the order of the rail, which Ctrl and a number follows. A screen is ready when its line has
// a constructor.
func places() []railPlace {
	all := []railPlace{
		{name: "overview", icon: "overview", words: func() string { return lang.L("Overview") }, open: newOverview},
		{name: "settings", icon: "settings", words: func() string { return lang.L("Settings") }, open: newSettings},
		{name: "queue", icon: "queue", words: func() string { return lang.L("Queue") }, open: newQueue},
		{name: "patrons", icon: "patrons", words: func() string { return lang.L("Patrons") }, open: newPatrons},
		{name: "letters", icon: "letters", words: func() string { return lang.L("Letters") }, open: newLetters},
		{name: "notices", icon: "notices", words: func() string { return lang.L("Automatic notices") }, open: newNotices},
		{name: "sender", icon: "sender", words: func() string { return lang.L("Sender check") }, open: newSender},
		{name: "log", icon: "log", words: func() string { return lang.L("Log") }, open: newLog},
	}
	for i, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9} {
		if i < len(all) {
			all[i].key = key
		}
	}
	return all
}

// Window is the whole of what is shown: the rail, one screen at a time, and what lies above them.
type Window struct {
	desk   *screen.Desk
	window fyne.Window

	whole      *screen.Overview // how the whole stands, for rail and banner
	appearance *screen.Appearance

	root    *fyne.Container
	holder  *fyne.Container
	rail    *rail
	strip   *strip
	banner  *banner
	blocked *blocked
	bar     *noticeBar
	pages   map[string]page
	current string
	layers  []*layer
}

// New fills a window. Nothing is read before desk.Run runs.
func New(d *screen.Desk, win fyne.Window) *Window {
	_ = Say("")                                                              // loads the words before the first is asked for
	fyne.MeasureText("x", theme.TextSize(), fyne.TextStyle{Monospace: true}) // and the letters of one width, which lie in files
	w := &Window{desk: d, window: win, pages: map[string]page{}, holder: container.NewStack(), bar: newNoticeBar()}
	w.appearance = screen.NewAppearance(d)
	w.setLook()
	w.whole = screen.NewOverview(d)
	w.whole.OnChange = w.frame
	w.rail, w.strip, w.banner, w.blocked = newRail(w), newStrip(w), newBanner(w), newBlocked(w)
	main := container.New(&stackedLayout{middle: 1}, w.banner.object, w.holder, w.bar.object)
	body := container.NewBorder(nil, nil, w.rail.object, nil, main)
	w.root = container.New(&stackedLayout{middle: 1}, w.strip.object, body)
	win.SetPadded(false)
	win.SetContent(w.root)
	p := w.appearance.Preferences()
	win.Resize(fyne.NewSize(p.Width, p.Height))
	win.Canvas().SetOnTypedKey(w.typedKey)
	for _, p := range places() {
		win.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: p.key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) { w.show(p.name) })
	}
	win.SetCloseIntercept(w.close)
	d.Watch(w.changed)
	screen.NewAnnouncer(d).OnNotice = func(words string) { w.notice(words, nil) }
	w.enter(places()[0].name)
	return w
}

// show goes to a screen, after the one that is left had its say.
func (w *Window) show(name string) {
	if name == w.current || len(w.layers) > 0 {
		return
	}
	w.pages[w.current].leave(func() { w.enter(name) })
}

func (w *Window) enter(name string) {
	p := w.page(name)
	w.current = name
	w.window.Canvas().Unfocus()
	w.frame()
	p.shown()
}

func (w *Window) page(name string) page {
	if p := w.pages[name]; p != nil {
		return p
	}
	p := page(emptyPage{newPage("", nil)})
	for _, at := range places() {
		if at.name != name {
			continue
		}
		p = emptyPage{newPage(at.words(), nil)}
		if at.open != nil {
			p = at.open(w)
		}
	}
	w.pages[name] = p
	return p
}

// changed is called after every look that found something new.
func (w *Window) changed(c screen.Change) {
	w.whole.Refresh(c)
	w.frame()
	w.pages[w.current].changed(c)
}

// frame shows anew what stands round the screens, and the screen or what hides all of them.
func (w *Window) frame() {
	w.rail.refresh()
	w.strip.refresh()
	w.banner.refresh()
	content := w.pages[w.current].content()
	if w.desk.Blocked() {
		for _, p := range places() {
			if p.name == w.current {
				w.blocked.refresh(p.words())
			}
		}
		content = w.blocked.object
	}
	if len(w.holder.Objects) != 1 || w.holder.Objects[0] != content {
		w.holder.Objects = []fyne.CanvasObject{content}
	}
	w.root.Refresh()
}

// close closes the window once the screen that is shown agrees.
func (w *Window) close() {
	if len(w.layers) > 0 { // a question is open: it is answered first
		return
	}
	w.pages[w.current].leave(func() {
		size := w.window.Canvas().Size()
		w.appearance.Leave(size.Width, size.Height)
		w.window.Close()
	})
}

// stackedLayout stands things below one another; the one in the middle takes what the others leave.
type stackedLayout struct{ middle int }

func (l *stackedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return (&rowsLayout{}).MinSize(objects)
}

func (l *stackedLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	rest := s.Height
	high := make([]float32, len(objects))
	for i, o := range objects {
		if i == l.middle || !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(s.Width, o.MinSize().Height))
		high[i] = o.MinSize().Height
		rest -= high[i]
	}
	high[l.middle] = max(rest, 0)
	y := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(s.Width, high[i]))
		o.Move(fyne.NewPos(0, y))
		y += high[i]
	}
}

// emptyPage stands where a screen is not there yet.
type emptyPage struct{ object fyne.CanvasObject }

func (p emptyPage) content() fyne.CanvasObject { return p.object }
func (p emptyPage) shown()                     {}
func (p emptyPage) changed(screen.Change)      {}
func (p emptyPage) leave(then func())          { then() }
