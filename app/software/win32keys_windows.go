package software

import (
	"strings"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// keyboard is what is known of the keys.
type keyboard struct {
	held  map[int]fyne.KeyName // by where they are on the keyboard
	altGr bool                 // its key is down
	first rune                 // the first half of a letter that takes two messages
}

// The keys of Windows that are looked at by name.
const (
	keyShift       = 0x10
	keyControl     = 0x11
	keyAlt         = 0x12
	keySpace       = 0x20
	keyPrintScreen = 0x2C
	keyLeftWindows = 0x5B
	keyRightWin    = 0x5C
	keyRightAlt    = 0xA5
	keyProcessed   = 0xE5 // an input method has taken it
	scanRightShift = 0x36
	scanLeftShift  = 0x2A
	extended       = 0x100 // of a scan code: the right one of two keys
	toChar         = 2     // MAPVK_VK_TO_CHAR
	toScan         = 0     // MAPVK_VK_TO_VSC
)

var keyNames = map[uintptr]fyne.KeyName{
	0x08: fyne.KeyBackspace, 0x09: fyne.KeyTab, 0x0D: fyne.KeyReturn, 0x1B: fyne.KeyEscape, keySpace: fyne.KeySpace,
	0x21: fyne.KeyPageUp, 0x22: fyne.KeyPageDown, 0x23: fyne.KeyEnd, 0x24: fyne.KeyHome,
	0x25: fyne.KeyLeft, 0x26: fyne.KeyUp, 0x27: fyne.KeyRight, 0x28: fyne.KeyDown, 0x2D: fyne.KeyInsert, 0x2E: fyne.KeyDelete,
	0x14: desktop.KeyCapsLock, keyPrintScreen: desktop.KeyPrintScreen, 0x5D: desktop.KeyMenu,
	keyLeftWindows: desktop.KeySuperLeft, keyRightWin: desktop.KeySuperRight,
	keyShift: desktop.KeyShiftLeft, keyControl: desktop.KeyControlLeft, keyAlt: desktop.KeyAltLeft,
	0x70: fyne.KeyF1, 0x71: fyne.KeyF2, 0x72: fyne.KeyF3, 0x73: fyne.KeyF4, 0x74: fyne.KeyF5, 0x75: fyne.KeyF6,
	0x76: fyne.KeyF7, 0x77: fyne.KeyF8, 0x78: fyne.KeyF9, 0x79: fyne.KeyF10, 0x7A: fyne.KeyF11, 0x7B: fyne.KeyF12,
}

// rightNames are the keys that have a twin on the left, or on the main keyboard.
var rightNames = map[uintptr]fyne.KeyName{
	0x0D: fyne.KeyEnter, keyControl: desktop.KeyControlRight, keyAlt: desktop.KeyAltRight,
}

// signs are the keys that are named by what they write, on a keyboard of whichever language.
const signs = `',-./\[];=*+` + "`"

// keyName is the name of a key. Letters and digits have Windows' own numbers for a name, which follow the keyboard's
// language as far as it writes Latin letters, and its places where it does not.
func keyName(key uintptr, scan int) fyne.KeyName {
	switch {
	case key >= 'A' && key <= 'Z', key >= '0' && key <= '9':
		return fyne.KeyName(rune(key))
	case key >= 0x60 && key <= 0x69: // the digits of the number pad
		return fyne.KeyName(rune(key - 0x60 + '0'))
	case key == keyShift && scan&0xff == scanRightShift:
		return desktop.KeyShiftRight
	}
	if name, ok := rightNames[key]; ok && scan&extended != 0 {
		return name
	}
	if name, ok := keyNames[key]; ok {
		return name
	}
	if sign := mapVirtualKey.call(key, toChar) & 0x7fff; sign != 0 && strings.ContainsRune(signs, rune(sign)) {
		return fyne.KeyName(rune(sign))
	}
	return fyne.KeyUnknown
}

func down(key uintptr) bool { return getKeyState.call(key)&0x8000 != 0 }

// modifiers are the keys held beside another one. AltGr is none: for Windows it is Ctrl and Alt, and "@" on a German
// keyboard would be a shortcut.
func (n *win32) modifiers() fyne.KeyModifier {
	var m fyne.KeyModifier
	for _, k := range []struct {
		key uintptr
		m   fyne.KeyModifier
	}{
		{keyShift, fyne.KeyModifierShift}, {keyControl, fyne.KeyModifierControl}, {keyAlt, fyne.KeyModifierAlt},
		{keyLeftWindows, fyne.KeyModifierSuper}, {keyRightWin, fyne.KeyModifierSuper},
	} {
		if down(k.key) {
			m |= k.m
		}
	}
	if n.keys.altGr = n.keys.altGr && down(keyRightAlt); n.keys.altGr {
		m &^= fyne.KeyModifierControl | fyne.KeyModifierAlt
	}
	return m
}

// keyMessage takes what the keyboard does. Windows gets the keys with Alt as well: Alt and F4 close the window.
func (n *win32) keyMessage(message uint32, w, l uintptr) (answer uintptr, taken bool) {
	switch message {
	case messageKeyDown:
		n.keyDown(w, l)
		return 0, true
	case messageSysKeyDown:
		n.keyDown(w, l)
	case messageKeyUp:
		n.keyUp(w, l)
		return 0, true
	case messageSysKeyUp:
		n.keyUp(w, l)
	case messageChar:
		n.char(w)
		return 0, true
	case messageSysChar: // a letter with Alt would ring the bell, as there is no menu; the blank opens the window's own
		return 0, w != keySpace
	case messageUniChar:
		if w == 0xffff { // UNICODE_NOCHAR asks whether such letters are understood
			return 1, true
		}
		n.letter(rune(w)) //nolint:gosec // a letter
		return 0, true
	case messageSysCommand: // Alt or F10 alone would put the keyboard into a menu that is not there
		return 0, w&0xfff0 == commandKeys && l != keySpace
	}
	return 0, false
}

// scanOf is the key's place on the keyboard. Programs that press keys for a person often leave it out.
func scanOf(key, l uintptr) int {
	scan := int(l >> 16 & (extended | 0xff)) //nolint:gosec // nine bits
	if scan&0xff == 0 {
		scan |= int(mapVirtualKey.call(key, toScan) & 0xff) //nolint:gosec // eight bits
	}
	return scan
}

func (n *win32) keyDown(key, l uintptr) {
	scan := scanOf(key, l)
	if key == keyProcessed || key == keyControl && scan&extended == 0 && n.altGrFollows() {
		return
	}
	if n.keys.held == nil {
		n.keys.held = map[int]fyne.KeyName{}
	}
	name := keyName(key, scan)
	n.keys.held[scan] = name
	n.handler.keyDown(name, scan, n.modifiers(), l>>30&1 != 0)
}

// altGrFollows: before AltGr Windows presses a left Ctrl that nobody pressed, in the same moment.
func (n *win32) altGrFollows() bool {
	var next message
	if peekMessage.call(uintptr(unsafe.Pointer(&next)), n.handle, messageKeyDown, messageSysKeyUp, 0) == 0 { //nolint:gosec // as the system wants it
		return false
	}
	follows := (next.message == messageKeyDown || next.message == messageSysKeyDown) && next.w == keyAlt && next.l>>16&extended != 0 &&
		uintptr(next.time) == getMessageTime.call()&0xffffffff
	n.keys.altGr = n.keys.altGr || follows
	return follows
}

func (n *win32) keyUp(key, l uintptr) {
	scan := scanOf(key, l)
	switch key {
	case keyPrintScreen: // Windows keeps its pressing to itself
		n.handler.keyDown(desktop.KeyPrintScreen, scan, n.modifiers(), false)
		n.handler.keyUp(desktop.KeyPrintScreen, scan, n.modifiers())
	case keyShift: // with both down, the first to be let go is not told
		n.letGo(scanLeftShift)
		n.letGo(scanRightShift)
	default:
		n.letGo(scan)
	}
}

func (n *win32) letGo(scan int) {
	if name, ok := n.keys.held[scan]; ok {
		delete(n.keys.held, scan)
		n.handler.keyUp(name, scan, n.modifiers())
	}
}

// releaseKeys: the window is told of no key any more, and of those that are down not that they are let go.
func (n *win32) releaseKeys() {
	for scan := range n.keys.held {
		n.letGo(scan)
	}
	n.keys.altGr, n.keys.first = false, 0
}
