package software

import (
	"image"
	"unicode"
	"unicode/utf16"
	"unsafe"

	"fyne.io/fyne/v2"
)

// char takes half of a UTF-16 pair, or a whole letter.
func (n *win32) char(w uintptr) {
	unit := rune(w & 0xffff)
	first := n.keys.first
	n.keys.first = 0
	switch {
	case unit >= 0xd800 && unit < 0xdc00:
		n.keys.first = unit
	case unit >= 0xdc00 && unit < 0xe000:
		if r := utf16.DecodeRune(first, unit); r != unicode.ReplacementChar {
			n.letter(r)
		}
	default:
		n.letter(unit)
	}
}

// letter hands on what is written. Ctrl and a letter write nothing; Ctrl and Alt together are another name of AltGr.
func (n *win32) letter(r rune) {
	m := n.modifiers()
	if unicode.IsControl(r) || m&fyne.KeyModifierControl != 0 && m&fyne.KeyModifierAlt == 0 {
		return
	}
	n.handler.typed(r)
}

// careted tells where in the window letters go, so that an input method shows beside it what can be chosen.
type careted interface {
	caret() image.Rectangle // empty: nowhere
}

const (
	compositionPoint = 2   // CFS_POINT
	candidateExclude = 128 // CFS_EXCLUDE
)

// placeComposition puts the window of an input method where the letters will stand. What is chosen there arrives letter by
// letter, as if typed.
func (n *win32) placeComposition() {
	c, ok := n.handler.(careted)
	if !ok {
		return
	}
	at := c.caret()
	context := immGetContext.call(n.handle)
	if at.Empty() || context == 0 {
		return
	}
	defer immReleaseContext.call(n.handle, context)
	//nolint:gosec // no display is that large
	place := imePlace{
		style: compositionPoint, current: point{int32(at.Min.X), int32(at.Min.Y)},
		area: rect{int32(at.Min.X), int32(at.Min.Y), int32(at.Max.X), int32(at.Max.Y)},
	}
	immSetCompositionWindow.call(context, uintptr(unsafe.Pointer(&place))) //nolint:gosec // as the system wants it
	choose := imeCandidates{imePlace: place}
	choose.style = candidateExclude
	immSetCandidateWindow.call(context, uintptr(unsafe.Pointer(&choose))) //nolint:gosec // as the system wants it
}
