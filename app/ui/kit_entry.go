package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// entry is a field to type in, with our ring and without the toolkit's tick.
type entry struct {
	widget.Entry

	wrong   bool
	focused bool
	entered func()            // the keyboard came; nil: nobody wants to know
	frame   *canvas.Rectangle // the ring, and the line of what is wrong
}

func newEntry(changed func(string)) *entry {
	e := &entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.OnChanged = changed
	e.ExtendBaseWidget(e)
	return e
}

// newLines takes a text of several lines.
func newLines(changed func(string)) *entry {
	e := &entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(3)
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
	if e.entered != nil {
		e.entered()
	}
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
		(ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter) && e.OnSubmitted == nil && !e.MultiLine:
		passKey(e, ev)
	default:
		e.Entry.TypedKey(ev)
	}
}

// AcceptsTab leaves Tab to those who go on by keyboard, in texts of several lines too: nobody could leave them else.
func (e *entry) AcceptsTab() bool { return false }

// TypedShortcut hands on what is not about text, such as going to another screen.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if _, ours := s.(*desktop.CustomShortcut); ours {
		if c, ok := canvasOf(e).(fyne.Shortcutable); ok {
			c.TypedShortcut(s)
		}
	}
	e.Entry.TypedShortcut(s)
}

// MouseDown puts the cursor where the letters are: our renderer moves them away from the edge.
func (e *entry) MouseDown(ev *desktop.MouseEvent) {
	in := *ev
	in.Position.X -= entryInset
	e.Entry.MouseDown(&in)
}

// MinSize makes it as high as a button.
func (e *entry) MinSize() fyne.Size {
	s := e.Entry.MinSize()
	s.Height = max(s.Height, controlHigh)
	return s
}
