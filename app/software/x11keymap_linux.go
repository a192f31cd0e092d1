package software

import (
	"errors"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// keysym is the server's number of what stands on a key: a letter, or what the key does.
type keysym uint32

// keymap knows what stands on each key.
type keymap struct {
	keys map[xproto.Keycode]key11
}

// key11 is one key: for each group (a language, say) the levels reached with Shift, AltGr and so on.
type key11 struct {
	groups     []group
	outOfRange byte // what a group that the key does not have means, and which it then is
}

type group struct {
	kind  *keyType
	signs []keysym
}

// keyType says which keys held lead to which level.
type keyType struct {
	looks  uint8 // the modifiers that count
	levels map[uint8]int
	keeps  map[uint8]uint8 // of those that count, the ones that then mean something to the program all the same
}

var errKeymap = errors.New("the display describes its keyboard in a way that is not understood")

// wire reads an answer of the server; what lies behind its end is zero, and noted.
type wire struct {
	b     []byte
	short bool
}

func (w *wire) take(n int) []byte {
	if len(w.b) < n {
		w.b, w.short = nil, true
		return make([]byte, n)
	}
	t := w.b[:n]
	w.b = w.b[n:]
	return t
}

// parseKeymap reads the answer to GetMap: section 20 of the extension's protocol, "KB_KEYTYPE" and "KB_KEYSYMMAP".
func parseKeymap(answer []byte) (*keymap, error) {
	w := &wire{b: answer}
	head := w.take(40)
	types := make([]*keyType, 0, head[15])
	for range head[15] {
		t := w.take(8)
		entries, preserved := int(t[5]), t[6] != 0
		k := &keyType{looks: t[0], levels: map[uint8]int{}, keeps: map[uint8]uint8{}}
		var masks []uint8
		for range entries {
			e := w.take(8)
			masks = append(masks, e[1])
			if e[0] != 0 {
				k.levels[e[1]] = int(e[2])
			}
		}
		if preserved {
			for i := range entries {
				k.keeps[masks[i]] = w.take(4)[0]
			}
		}
		types = append(types, k)
	}
	m := &keymap{keys: map[xproto.Keycode]key11{}}
	for i := range int(head[20]) {
		s := w.take(8)
		width, count := int(s[5]), int(xgb.Get16(s[6:]))
		k := key11{outOfRange: s[4] & 0xf0}
		for g := range int(s[4] & 0xf) {
			if g >= 4 || width == 0 || (g+1)*width > count || int(s[g]) >= len(types) {
				return nil, errKeymap
			}
			k.groups = append(k.groups, group{kind: types[s[g]]})
		}
		signs := make([]keysym, count)
		for j := range signs {
			signs[j] = keysym(xgb.Get32(w.take(4)))
		}
		for g := range k.groups {
			k.groups[g].signs = signs[g*width : (g+1)*width]
		}
		m.keys[xproto.Keycode(int(head[17])+i)] = k //nolint:gosec // 255 keys
	}
	if w.short {
		return nil, errKeymap
	}
	return m, nil
}

// coreKeymap is what a server without the extension tells: two groups of two levels, as section 5 of the X protocol has
// them. With lists, Caps Lock makes the letters large, and Num Lock the digits of the number pad.
func coreKeymap(first xproto.Keycode, perKey int, signs []keysym, numLock uint8) *keymap {
	letters := &keyType{looks: xproto.ModMaskShift | xproto.ModMaskLock, levels: map[uint8]int{xproto.ModMaskShift: 1, xproto.ModMaskLock: 1}}
	others := &keyType{looks: xproto.ModMaskShift, levels: map[uint8]int{xproto.ModMaskShift: 1}}
	numbers := &keyType{looks: xproto.ModMaskShift | numLock, levels: map[uint8]int{xproto.ModMaskShift: 1, numLock: 1}}
	m := &keymap{keys: map[xproto.Keycode]key11{}}
	for i := 0; perKey > 0 && (i+1)*perKey <= len(signs); i++ {
		var k key11
		var row [4]keysym
		copy(row[:], signs[i*perKey:(i+1)*perKey])
		for _, pair := range [][]keysym{row[:2], row[2:]} {
			if pair[0] == 0 {
				break
			}
			if pair[1] == 0 {
				pair[1] = pair[0]
			}
			kind := others
			switch {
			case numberPad(pair[1]):
				kind = numbers
			case pair[0] != pair[1] && large(pair[0]) == letterOf(pair[1]):
				kind = letters
			}
			k.groups = append(k.groups, group{kind: kind, signs: pair})
		}
		m.keys[first+xproto.Keycode(i)] = k //nolint:gosec // 255 keys
	}
	return m
}

// group picks the group in force.
func (k key11) group(state uint16) (group, bool) {
	n := len(k.groups)
	if n == 0 {
		return group{}, false
	}
	g := int(state >> 13 & 3)
	if g >= n {
		const clamp, redirect = 0x40, 0x80
		switch k.outOfRange & 0xc0 {
		case clamp:
			g = n - 1
		case redirect:
			if g = int(k.outOfRange >> 4 & 3); g >= n {
				g = 0
			}
		default:
			g %= n
		}
	}
	return k.groups[g], true
}

// sign is what a key means with the modifiers and the group of an event's state, and which modifiers are used up by that.
func (m *keymap) sign(code xproto.Keycode, state uint16) (sign keysym, used uint8) {
	g, ok := m.keys[code].group(state)
	if !ok {
		return 0, 0
	}
	held := uint8(state) & g.kind.looks //nolint:gosec // the lower byte has the modifiers
	level := g.kind.levels[held]
	used = g.kind.looks &^ g.kind.keeps[held]
	if level >= len(g.signs) {
		level = 0
	}
	return g.signs[level], used
}

// first gives what stands on a key on a level of its group in force, and in its other groups.
func (m *keymap) level(code xproto.Keycode, state uint16, level int) (signs []keysym) {
	k := m.keys[code]
	now, ok := k.group(state)
	if !ok {
		return nil
	}
	for _, g := range append([]group{now}, k.groups...) {
		if level < len(g.signs) {
			signs = append(signs, g.signs[level])
		}
	}
	return signs
}
