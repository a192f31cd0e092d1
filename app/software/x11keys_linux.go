package software

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// keyboard11 is what is known of the keys.
type keyboard11 struct {
	setup      *xproto.SetupInfo
	xkb        *xkb // nil: the server has none
	signs      *keymap
	alt, super uint8 // the modifiers these keys are
	held       map[xproto.Keycode]fyne.KeyName
	compose    composing
}

func (k *keyboard11) open(conn *xgb.Conn, setup *xproto.SetupInfo) error {
	k.setup, k.held = setup, map[xproto.Keycode]fyne.KeyName{}
	k.xkb, _ = openXKB(conn) //nolint:errcheck // without it the keys are asked for in the old way
	return k.read(conn)
}

// refresh: the person has another keyboard or layout.
func (k *keyboard11) refresh(conn *xgb.Conn) {
	_ = k.read(conn) //nolint:errcheck // what was known stays
	k.compose.forget()
}

func (k *keyboard11) read(conn *xgb.Conn) error {
	mods, err := xproto.GetModifierMapping(conn).Reply()
	if err != nil {
		return err
	}
	first := k.setup.MinKeycode
	count := int(k.setup.MaxKeycode) - int(first) + 1
	core, err := xproto.GetKeyboardMapping(conn, first, byte(count)).Reply() //nolint:gosec // 248 at most
	if err != nil {
		return err
	}
	signs := make([]keysym, len(core.Keysyms))
	for i, s := range core.Keysyms {
		signs[i] = keysym(s)
	}
	perKey, perModifier := int(core.KeysymsPerKeycode), int(mods.KeycodesPerModifier)
	var numLock uint8
	k.alt, k.super = 0, 0
	for i, code := range mods.Keycodes {
		at := (int(code) - int(first)) * perKey
		if code < first || at+perKey > len(signs) {
			continue
		}
		bit := uint8(1) << (i / perModifier)
		for _, s := range signs[at : at+perKey] {
			switch name := keyNames11[s]; {
			case name == desktop.KeyAltLeft || name == desktop.KeyAltRight && s != signLevel3:
				k.alt |= bit
			case name == desktop.KeySuperLeft || name == desktop.KeySuperRight:
				k.super |= bit
			case s == signNumLock:
				numLock |= bit
			}
		}
	}
	k.alt &^= k.super // where one key is both, it is the less usual one
	if k.xkb != nil {
		if m, err := k.xkb.keymap(); err == nil {
			k.signs = m
			return nil
		}
	}
	k.signs = coreKeymap(first, perKey, signs, numLock)
	return nil
}

// modifiers are the keys held beside another one.
func (k *keyboard11) modifiers(state uint16) (m fyne.KeyModifier) {
	held := uint8(state) //nolint:gosec // the lower byte has them
	if held&xproto.ModMaskShift != 0 {
		m |= fyne.KeyModifierShift
	}
	if held&xproto.ModMaskControl != 0 {
		m |= fyne.KeyModifierControl
	}
	if held&k.alt != 0 {
		m |= fyne.KeyModifierAlt
	}
	if held&k.super != 0 {
		m |= fyne.KeyModifierSuper
	}
	return m
}

func (n *x11) keyDown(code xproto.Keycode, state uint16) {
	k := &n.keys
	_, repeat := k.held[code]
	sign, used := k.signs.sign(code, state)
	m := k.modifiers(state)
	if k.compose.cancelled(sign) {
		return
	}
	name := k.name(code, state, sign)
	k.held[code] = name
	n.handler.keyDown(name, int(code), m, repeat)
	if n.closed || isModifier(sign) {
		return
	}
	commands := xproto.ModMaskControl | k.alt | k.super
	if uint8(state)&commands&^used != 0 { //nolint:gosec // the lower byte has the modifiers
		k.compose.forget()
		return
	}
	for _, r := range k.compose.add(sign) {
		if uint8(state)&xproto.ModMaskLock&^used != 0 { //nolint:gosec // see above
			r = unicode.ToUpper(r)
		}
		n.handler.typed(r)
	}
}

func (n *x11) keyUp(code xproto.Keycode, state uint16) {
	if name, ok := n.keys.held[code]; ok { // one that went down here
		delete(n.keys.held, code)
		n.handler.keyUp(name, int(code), n.keys.modifiers(state))
	}
}

// releaseKeys: the window is told of no key any more, and of those that are down not that they are let go.
func (n *x11) releaseKeys() {
	for code, name := range n.keys.held {
		delete(n.keys.held, code)
		n.handler.keyUp(name, int(code), 0)
	}
	n.keys.compose.forget()
}

const signNumLock, signLevel3, firstModifier, lastModifier, firstISO, lastISO = 0xff7f, 0xfe03, 0xffe1, 0xffee, 0xfe01, 0xfe13

// isModifier: a key that is held beside others writes nothing, and a dead key goes on waiting for its letter.
func isModifier(s keysym) bool {
	return s >= firstModifier && s <= lastModifier || s >= firstISO && s <= lastISO || s == signNumLock || s == 0xff7e
}

var keyNames11 = map[keysym]fyne.KeyName{
	0xff08: fyne.KeyBackspace, 0xff09: fyne.KeyTab, 0xfe20: fyne.KeyTab, 0xff0d: fyne.KeyReturn, 0xff1b: fyne.KeyEscape, 0xffff: fyne.KeyDelete,
	0xff50: fyne.KeyHome, 0xff51: fyne.KeyLeft, 0xff52: fyne.KeyUp, 0xff53: fyne.KeyRight, 0xff54: fyne.KeyDown, 0xff55: fyne.KeyPageUp,
	0xff56: fyne.KeyPageDown, 0xff57: fyne.KeyEnd, 0xff63: fyne.KeyInsert, 0xff61: desktop.KeyPrintScreen, 0xff67: desktop.KeyMenu, 0x20: fyne.KeySpace,
	0xff8d: fyne.KeyEnter, 0xff80: fyne.KeySpace, 0xff89: fyne.KeyTab, 0xff95: fyne.KeyHome, 0xff96: fyne.KeyLeft, 0xff97: fyne.KeyUp, 0xff98: fyne.KeyRight, 0xff99: fyne.KeyDown,
	0xff9a: fyne.KeyPageUp, 0xff9b: fyne.KeyPageDown, 0xff9c: fyne.KeyEnd, 0xff9e: fyne.KeyInsert, 0xff9f: fyne.KeyDelete,
	0xffe1: desktop.KeyShiftLeft, 0xffe2: desktop.KeyShiftRight, 0xffe3: desktop.KeyControlLeft, 0xffe4: desktop.KeyControlRight, 0xffe5: desktop.KeyCapsLock,
	0xffe7: desktop.KeyAltLeft, 0xffe8: desktop.KeyAltRight, 0xffe9: desktop.KeyAltLeft, 0xffea: desktop.KeyAltRight, 0xffeb: desktop.KeySuperLeft, 0xffec: desktop.KeySuperRight,
	signLevel3: desktop.KeyAltRight, // AltGr; as Fyne has it
	0xffbe:     fyne.KeyF1, 0xffbf: fyne.KeyF2, 0xffc0: fyne.KeyF3, 0xffc1: fyne.KeyF4, 0xffc2: fyne.KeyF5, 0xffc3: fyne.KeyF6, 0xffc4: fyne.KeyF7,
	0xffc5: fyne.KeyF8, 0xffc6: fyne.KeyF9, 0xffc7: fyne.KeyF10, 0xffc8: fyne.KeyF11, 0xffc9: fyne.KeyF12,
}

// signs11 are the keys that are named by what they write.
const signs11 = "',-./\\[];=*+`"

// places is what stands on the keys of an American keyboard, by their numbers from the first row's leftmost on: for
// keyboards that write no Latin letters.
var places = map[xproto.Keycode]string{10: "1234567890-=", 24: "QWERTYUIOP[]", 38: "ASDFGHJKL;'`", 51: "\\ZXCVBNM,./"}

// name is Fyne's name of a key: of what stands on it without Shift, in the language in force, or in another where that one
// has no Latin letters. Ctrl and C then copy on a Russian keyboard, too.
func (k *keyboard11) name(code xproto.Keycode, state uint16, sign keysym) fyne.KeyName {
	if numberPad(sign) || sign >= 0xff95 && sign <= 0xff9f { // Num Lock decides
		return named(sign)
	}
	plain := k.signs.level(code, state, 0)
	for _, s := range plain {
		if n := named(s); n != fyne.KeyUnknown {
			return n
		}
		if r := letterOf(s); r != 0 && r < 0x250 { // it writes Latin letters, this one just has no name
			break
		}
	}
	for _, s := range k.signs.level(code, state, 1) { // the digits of a French keyboard
		if r := letterOf(s); r >= '0' && r <= '9' {
			return fyne.KeyName(r)
		}
	}
	if len(plain) > 0 && letterOf(plain[0]) >= 0x250 {
		for first, row := range places {
			if i := int(code) - int(first); i >= 0 && i < len(row) {
				return fyne.KeyName(row[i])
			}
		}
	}
	return fyne.KeyUnknown
}

// named is the name of a sign without regard to where it stands.
func named(s keysym) fyne.KeyName {
	if n, ok := keyNames11[s]; ok {
		return n
	}
	switch r := letterOf(s); {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		return fyne.KeyName(large(s))
	case r >= '0' && r <= '9', r != 0 && r < 0x80 && strings.ContainsRune(signs11, r):
		return fyne.KeyName(r)
	}
	return fyne.KeyUnknown
}
