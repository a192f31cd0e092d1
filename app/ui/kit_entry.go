package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// entry is a field to type in, with our ring and without the toolkit's tick.
type entry struct {
	widget.Entry

	wrong   bool
	focused bool
	frame   *canvas.Rectangle
}

func newEntry(changed func(string)) *entry {
	e := &entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.OnChanged = changed
	e.ExtendBaseWidget(e)
	return e
}

// newPassword shows dots, and no eye to press: the one button without a word in the toolkit's.
func newPassword(changed func(string)) *entry {
	e := &entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.Password = true
	e.ActionItem = newPlate(colorNone, colorNone, 0)
	e.OnChanged = changed
	e.ExtendBaseWidget(e)
	return e
}

// setWrong makes the frame red: what is in it cannot be saved.
func (e *entry) setWrong(wrong bool) {
	if e.wrong == wrong {
		return
	}
	e.wrong = wrong
	e.Refresh()
}

// FocusGained shows the ring.
func (e *entry) FocusGained() {
	e.focused = true
	e.Entry.FocusGained()
	e.Refresh()
	intoSight(e)
}

// FocusLost hides it.
func (e *entry) FocusLost() {
	e.focused = false
	e.Entry.FocusLost()
	e.Refresh()
}

// TypedKey hands on what an entry has no use for.
func (e *entry) TypedKey(ev *fyne.KeyEvent) {
	switch {
	case ev.Name == fyne.KeyEscape,
		(ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter) && e.OnSubmitted == nil:
		passKey(e, ev)
	default:
		e.Entry.TypedKey(ev)
	}
}

// TypedShortcut hands on what is not about text, such as going to another screen.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if _, ours := s.(*desktop.CustomShortcut); ours {
		if c, ok := canvasOf(e).(fyne.Shortcutable); ok {
			c.TypedShortcut(s)
		}
	}
	e.Entry.TypedShortcut(s)
}

// MinSize makes it as high as a button.
func (e *entry) MinSize() fyne.Size {
	s := e.Entry.MinSize()
	s.Height = max(s.Height, controlHigh)
	return s
}

func (e *entry) CreateRenderer() fyne.WidgetRenderer {
	e.frame = canvas.NewRectangle(theme.Color(colorNone))
	r := &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), e: e}
	r.paint()
	return r
}

type entryRenderer struct {
	fyne.WidgetRenderer

	e *entry
}

func (r *entryRenderer) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{}, r.WidgetRenderer.Objects()...), r.e.frame)
}

func (r *entryRenderer) Layout(s fyne.Size) {
	r.WidgetRenderer.Layout(s)
	r.e.frame.Resize(s)
}

func (r *entryRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.paint()
	r.e.frame.Refresh()
}

func (r *entryRenderer) paint() {
	f := r.e.frame
	f.CornerRadius = theme.InputRadiusSize()
	f.StrokeWidth = 2
	switch {
	case r.e.wrong:
		f.StrokeColor = theme.Color(colorBad)
		if !r.e.focused {
			f.StrokeWidth = 1
		}
	case r.e.focused:
		f.StrokeColor = theme.Color(colorRing)
	default:
		f.StrokeWidth = 0
	}
	f.Hidden = f.StrokeWidth == 0
}
