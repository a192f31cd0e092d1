package software

import (
	"bufio"
	"encoding/hex"
	"os"
	"regexp"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb/xproto"
)

// TestX11Letters holds the letters against the X Window System's own list.
func TestX11Letters(t *testing.T) {
	const list = "/usr/include/X11/keysymdef.h"
	f, err := os.Open(list)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("%v; ./installer/test installs it", err)
	}
	defer f.Close()
	// Languages that are written with an input method, or whose keyboards name their letters by Unicode.
	elsewhere := regexp.MustCompile(`^(kana_|prolongedsound|voicedsound|semivoicedsound|Hangul_|Korean_|Braille_|Armenian_|Georgian_|Sinh_|Arabic_|Farsi_|Thai_)`)
	line := regexp.MustCompile(`^#define XK_(\w+) +0x([0-9a-f]+) +/\* U\+([0-9A-F]+) `) // those in brackets are for old programs
	checked := 0
	var missing []string
	for s := bufio.NewScanner(f); s.Scan(); {
		m := line.FindStringSubmatch(s.Text())
		if m == nil || elsewhere.MatchString(m[1]) {
			continue
		}
		sign, _ := strconv.ParseUint(m[2], 16, 32)
		want, _ := strconv.ParseUint(m[3], 16, 32)
		switch got := letterOf(keysym(sign)); {
		case got == rune(want):
			checked++
		case got == 0:
			missing = append(missing, m[1])
		default:
			t.Errorf("%s is %c, not %c", m[1], got, rune(want))
		}
	}
	t.Logf("%d letters as the list has them; not written: %v", checked, missing)
	if checked < 850 { // what is left are pieces of large brackets and of lines
		t.Errorf("only %d letters are written", checked)
	}
	for sign, want := range map[keysym]rune{0x01000105: 'ą', 0x0101f4da: '📚', 0xff0d: 0, 0xffe1: 0, 0xffb7: '7', 0xffab: '+', 0x20ac: '€', 0xfe51: 0, 0x01ffffff: 0} {
		if got := letterOf(sign); got != want {
			t.Errorf("%x is %q, not %q", sign, got, want)
		}
	}
}

func TestX11Compose(t *testing.T) {
	const acute, circumflex, diaeresis, caron, cedilla, ring, stroke, ogonek, compose = 0xfe51, 0xfe52, 0xfe57, 0xfe5a, 0xfe5b, 0xfe58, 0xfe63, 0xfe5c, signCompose
	for want, keys := range map[string][]keysym{
		"é": {acute, 'e'}, "Ô": {circumflex, 'O'}, "ü": {diaeresis, 'u'}, "š": {caron, 's'}, "ç": {cedilla, 'c'}, "Å": {ring, 'A'}, "ł": {stroke, 'l'}, "ę": {ogonek, 'e'},
		"'x": {acute, ' ', 'x'}, "´^": {acute, circumflex, ' '}, "^1": {circumflex, '1'}, "ñ": {compose, '~', 'n'}, "ß": {compose, 's', 's'}, "€": {compose, 'e', '='},
		"": {compose, 'q', 'q'}, "ö": {compose, 'o', '"'}, "a": {compose, 'q', 'q', 'a'}, "b": {acute, 0xff0d, 'b'},
	} {
		var c composing
		got := ""
		for _, k := range keys {
			got += string(c.add(k))
		}
		if got != want {
			t.Errorf("%v writes %q, not %q", keys, got, want)
		}
	}
}

func TestX11Keymap(t *testing.T) {
	t.Run("a server without the keyboard extension", func(t *testing.T) {
		m := coreKeymap(8, 4, []keysym{'a', 'A', 0x6c6, 0x6e6, '1', '!', 0, 0, 0xffaf, 0xffaf, 0, 0, 0xff95, 0xffb7, 0, 0, 0xff0d, 0, 0, 0}, xproto.ModMask2)
		const shift, lock, num, second = xproto.ModMaskShift, xproto.ModMaskLock, xproto.ModMask2, 1 << 13
		for _, c := range []struct {
			code  xproto.Keycode
			state uint16
			want  keysym
		}{
			{8, 0, 'a'}, {8, shift, 'A'}, {8, lock, 'A'}, {8, lock | shift, 'a'}, {8, second, 0x6c6}, {8, second | shift, 0x6e6}, {9, shift, '!'}, {9, lock, '1'},
			{9, second, '1'}, {11, 0, 0xff95}, {11, num, 0xffb7}, {11, num | shift, 0xff95}, {12, shift, 0xff0d}, {99, 0, 0},
		} {
			if got, _ := m.sign(c.code, c.state); got != c.want {
				t.Errorf("key %d, state %x: %x, not %x", c.code, c.state, got, c.want)
			}
		}
	})
	t.Run("what is broken is no keyboard, and no harm", func(t *testing.T) {
		whole, err := hex.DecodeString("0100000000000000" + "00000808" + "0300" + "000101" + "08" + "0100" + "01" + "00000000000000000000000000000000000000" + // 40 bytes of head
			"0101000002010000" + "0101010100000000" + // one type with one way to its second level
			"0000000001020200" + "61000000" + "41000000")
		if err != nil {
			t.Fatal(err)
		}
		m, err := parseKeymap(whole)
		if err != nil {
			t.Fatal(err)
		}
		if got, used := m.sign(8, xproto.ModMaskShift); got != 'A' || used != xproto.ModMaskShift {
			t.Errorf("%x, %x", got, used)
		}
		for i := range whole {
			if _, err := parseKeymap(whole[:i]); err == nil {
				t.Errorf("the first %d bytes are taken for a keyboard", i)
			}
			for _, bad := range []byte{0, 1, 7, 0x7f, 0xff} {
				broken := append([]byte(nil), whole...)
				broken[i] = bad
				if m, err := parseKeymap(broken); err == nil {
					for state := uint16(0); state < 1<<15; state += 77 {
						m.sign(8, state)
					}
				}
			}
		}
	})
	t.Run("names", func(t *testing.T) {
		for sign, want := range map[keysym]fyne.KeyName{'z': fyne.KeyZ, 'Q': fyne.KeyQ, '7': fyne.Key7, 0xffb7: fyne.Key7, 0xffad: fyne.KeyMinus, 0xff8d: fyne.KeyEnter, 0xe4: fyne.KeyUnknown, '`': fyne.KeyBackTick} {
			if got := named(sign); got != want {
				t.Errorf("%x is %q, not %q", sign, got, want)
			}
		}
	})
}
