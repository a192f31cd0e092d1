package software

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// otherThanShift are the keys held down that make another a command.
const otherThanShift = fyne.KeyModifierControl | fyne.KeyModifierAlt | fyne.KeyModifierSuper

func (w *window) keyDown(k fyne.KeyName, scan int, m fyne.KeyModifier, repeat bool) {
	w.held = m
	c, e := w.canvas, &fyne.KeyEvent{Name: k, Physical: fyne.HardwareKey{ScanCode: scan}}
	if !repeat {
		w.holds(k, true)
		if f := c.Focused(); f == nil {
			tellKey(c.keyDown, e)
		} else if f, ok := f.(desktop.Keyable); ok {
			f.KeyDown(e)
		}
	}
	if k == fyne.KeyTab && m&otherThanShift == 0 && !w.keepsTab() {
		if m&fyne.KeyModifierShift != 0 {
			c.FocusPrevious()
		} else {
			c.FocusNext()
		}
		return
	}
	if w.shortcut(k, m) {
		return
	}
	if f := c.Focused(); f != nil {
		f.TypedKey(e)
	} else {
		tellKey(c.typedKey, e)
	}
}

func (w *window) keyUp(k fyne.KeyName, scan int, m fyne.KeyModifier) {
	w.held = m
	w.holds(k, false)
	c, e := w.canvas, &fyne.KeyEvent{Name: k, Physical: fyne.HardwareKey{ScanCode: scan}}
	if f := c.Focused(); f == nil {
		tellKey(c.keyUp, e)
	} else if f, ok := f.(desktop.Keyable); ok {
		f.KeyUp(e)
	}
}

// holds corrects what the system said was held when a key such as Shift itself went down or up.
func (w *window) holds(k fyne.KeyName, down bool) {
	m, ok := modifiers[k]
	switch {
	case ok && down:
		w.held |= m
	case ok:
		w.held &^= m
	}
}

// modifiers are the keys that are held down beside others.
var modifiers = map[fyne.KeyName]fyne.KeyModifier{
	desktop.KeyShiftLeft: fyne.KeyModifierShift, desktop.KeyShiftRight: fyne.KeyModifierShift,
	desktop.KeyControlLeft: fyne.KeyModifierControl, desktop.KeyControlRight: fyne.KeyModifierControl,
	desktop.KeyAltLeft: fyne.KeyModifierAlt, desktop.KeyAltRight: fyne.KeyModifierAlt,
	desktop.KeySuperLeft: fyne.KeyModifierSuper, desktop.KeySuperRight: fyne.KeyModifierSuper,
}

func tellKey(f func(*fyne.KeyEvent), e *fyne.KeyEvent) {
	if f != nil {
		f(e)
	}
}

func (w *window) typed(r rune) {
	if f := w.canvas.Focused(); f != nil {
		f.TypedRune(r)
	} else if f := w.canvas.typedRune; f != nil {
		f(r)
	}
}

// keepsTab tells whether what has the keyboard wants Tab for itself.
func (w *window) keepsTab() bool {
	t, ok := w.canvas.Focused().(fyne.Tabbable)
	return ok && t.AcceptsTab()
}

// shortcut gives a key and those held with it to whom it is a command, and tells whether it was one.
func (w *window) shortcut(k fyne.KeyName, m fyne.KeyModifier) bool {
	s := w.command(k, m)
	if s == nil {
		return false
	}
	f, ok := w.canvas.Focused().(fyne.Shortcutable)
	if !ok {
		w.canvas.TypedShortcut(s)
		return true
	}
	// What is disabled can be copied from, no more.
	if text, ok := f.(interface {
		fyne.Disableable
		SelectedText() string
	}); ok && text.Disabled() && s.ShortcutName() != (&fyne.ShortcutCopy{}).ShortcutName() {
		return false
	}
	f.TypedShortcut(s)
	return true
}

func (w *window) command(k fyne.KeyName, m fyne.KeyModifier) fyne.Shortcut {
	_, held := modifiers[k]
	switch {
	case m == fyne.KeyModifierControl:
		switch k {
		case fyne.KeyZ:
			return &fyne.ShortcutUndo{}
		case fyne.KeyY:
			return &fyne.ShortcutRedo{}
		case fyne.KeyV:
			return &fyne.ShortcutPaste{Clipboard: w.Clipboard()}
		case fyne.KeyC, fyne.KeyInsert:
			return &fyne.ShortcutCopy{Clipboard: w.Clipboard()}
		case fyne.KeyX:
			return &fyne.ShortcutCut{Clipboard: w.Clipboard()}
		case fyne.KeyA:
			return &fyne.ShortcutSelectAll{}
		default: // a command of the window
		}
	case m == fyne.KeyModifierShift && k == fyne.KeyInsert:
		return &fyne.ShortcutPaste{Clipboard: w.Clipboard()}
	case m == fyne.KeyModifierShift && k == fyne.KeyDelete:
		return &fyne.ShortcutCut{Clipboard: w.Clipboard()}
	}
	if m&otherThanShift == 0 || held {
		return nil
	}
	return &desktop.CustomShortcut{KeyName: k, Modifier: m}
}

// caret is what has the keyboard, in pixels: the system shows near it what it offers while somebody composes a letter.
func (w *window) caret() image.Rectangle { //nolint:unused // the window of Windows asks
	o, ok := w.canvas.Focused().(fyne.CanvasObject)
	if !ok {
		return image.Rectangle{}
	}
	at := placeOf(o, w.canvas.trees())
	left, top := w.pixels(fyne.NewSize(at.X, at.Y))
	width, height := w.pixels(o.Size())
	return image.Rect(left, top, left+width, top+height)
}
