package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// TypedKey walks, selects and opens.
func (t *table) TypedKey(ev *fyne.KeyEvent) {
	page := max(int(t.scroll.Size().Height/rowHigh)-1, 1)
	if t.o.key != nil && t.o.key(ev.Name) {
		return
	}
	switch ev.Name {
	case fyne.KeyUp:
		t.walk(t.cursor - 1)
	case fyne.KeyDown:
		t.walk(t.cursor + 1)
	case fyne.KeyPageUp:
		t.walk(t.cursor - page)
	case fyne.KeyPageDown:
		t.walk(t.cursor + page)
	case fyne.KeyHome:
		t.walk(0)
	case fyne.KeyEnd:
		t.walk(t.o.length() - 1)
	case fyne.KeySpace:
		t.pick(t.cursor, true, false)
	case fyne.KeyReturn, fyne.KeyEnter:
		if t.cursor >= 0 && t.o.open != nil {
			t.o.open(t.cursor)
		}
	default:
		passKey(t, ev)
	}
}

func (t *table) walk(to int) { t.pick(max(min(to, t.o.length()-1), 0), false, t.held) }

// KeyDown notes that Shift is held, which a typed key does not say.
func (t *table) KeyDown(ev *fyne.KeyEvent) { t.held = t.held || isShift(ev) }

// KeyUp notes that it is not held any more.
func (t *table) KeyUp(ev *fyne.KeyEvent) { t.held = t.held && !isShift(ev) }

func isShift(ev *fyne.KeyEvent) bool {
	return ev.Name == desktop.KeyShiftLeft || ev.Name == desktop.KeyShiftRight
}

// TypedRune ignores letters.
func (t *table) TypedRune(rune) {}

// TypedShortcut selects all rows by Ctrl+A and hands on the rest.
func (t *table) TypedShortcut(s fyne.Shortcut) {
	if _, all := s.(*fyne.ShortcutSelectAll); all {
		t.selectAll()
		return
	}
	if c, ok := canvasOf(t).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// FocusGained shows the ring.
func (t *table) FocusGained() { t.focused = true; t.Refresh(); intoSight(t) }

// FocusLost hides it.
func (t *table) FocusLost() { t.focused, t.held = false, false; t.Refresh() }
