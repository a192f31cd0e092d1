package software

import (
	"slices"
	"strings"
	"testing"
)

func TestX11Keys(t *testing.T) {
	xDisplay(t)
	x(t, "setxkbmap", "de")
	windowManager(t)
	w := openX11(t, opening{title: "keys", class: "keys"})
	w.until("focused true")

	// type presses keys by where they are on the keyboard.
	press := func(keys ...string) string {
		t.Helper()
		x(t, append([]string{"xdotool", "key"}, keys...)...)
		return w.typedUntil()
	}
	t.Run("letters, large ones and umlauts", func(t *testing.T) {
		x(t, "xdotool", "type", "Grüße, Öl! z")
		if got := w.typedUntil(); got != "Grüße, Öl! z" {
			t.Errorf("typed: %q", got)
		}
	})
	t.Run("the third level, with AltGr", func(t *testing.T) {
		for keys, want := range map[string]string{"ISO_Level3_Shift+24": "@", "ISO_Level3_Shift+26": "€"} {
			if got := press(keys); got != want {
				t.Errorf("%s types %q, not %q", keys, got, want)
			}
		}
		x(t, "xdotool", "key", "ISO_Level3_Shift+24")
		if told := w.until("up Q"); !slices.Contains(told, "down Q 0 false") {
			t.Errorf("AltGr is taken for Alt: %q", told)
		}
	})
	t.Run("Caps Lock makes letters large and Shift small again", func(t *testing.T) {
		if got := press("Caps_Lock", "38", "47", "10", "shift+38", "Caps_Lock", "38"); got != "AÖ1aa" {
			t.Errorf("typed: %q", got)
		}
	})
	t.Run("Num Lock decides what the number pad does", func(t *testing.T) {
		x(t, "xdotool", "key", "79")
		w.until("down Home")
		if got := press("Num_Lock", "79", "91", "86", "Num_Lock"); got != "7,+" {
			t.Errorf("typed: %q", got)
		}
	})
	t.Run("dead keys", func(t *testing.T) {
		for _, c := range []struct {
			keys []string
			want string
		}{
			{[]string{"21", "26"}, "é"},              // dead acute, e
			{[]string{"shift+21", "38"}, "à"},        // dead grave, a
			{[]string{"49", "32"}, "ô"},              // dead circumflex, o
			{[]string{"21", "shift+26"}, "É"},        // Shift comes between
			{[]string{"21", "space"}, "'"},           // alone
			{[]string{"21", "21"}, "´"},              // twice
			{[]string{"21", "53"}, "´x"},             // no such letter
			{[]string{"21", "BackSpace", "26"}, "e"}, // taken back
		} {
			if got := press(c.keys...); got != c.want {
				t.Errorf("%v types %q, not %q", c.keys, got, c.want)
			}
		}
	})
	t.Run("a letter with Ctrl or Alt is a command and writes nothing", func(t *testing.T) {
		x(t, "xdotool", "key", "ctrl+29", "alt+38")
		told := w.until("up A")
		if !slices.Contains(told, "down Z 2 false") || !slices.Contains(told, "down A 4 false") || strings.Contains(strings.Join(told, " "), "typed") {
			t.Errorf("told: %q", told) // the key that is Y in America is Z here
		}
	})
	t.Run("the names of keys", func(t *testing.T) {
		for key, want := range map[string]string{
			"Return": "Return", "KP_Enter": "KP_Enter", "Tab": "Tab", "shift+Tab": "Tab", "Escape": "Escape", "Delete": "Delete", "Prior": "Prior", "F11": "F11",
			"Left": "Left", "space": "Space", "BackSpace": "BackSpace", "Control_R": "RightControl", "Shift_L": "LeftShift", "Alt_L": "LeftAlt", "61": "-", "10": "1",
			"Menu": "Menu", "35": "+",
		} {
			x(t, "xdotool", "key", key)
			w.until("down " + want + " ")
			w.until("up " + want + " ")
		}
	})
	t.Run("a key held down is told as such, and not as let go in between", func(t *testing.T) {
		x(t, "xdotool", "keydown", "38")
		told := append(w.until("down A 0 false"), w.until("down A 0 true")...)
		told = append(told, w.until("down A 0 true")...)
		x(t, "xdotool", "keyup", "38")
		w.until("up A 0")
		if slices.Contains(told, "up A 0") {
			t.Errorf("told: %q", told)
		}
	})
	t.Run("another layout, chosen while the window is open", func(t *testing.T) {
		x(t, "setxkbmap", "-layout", "us,ru")
		if got := press("29", "52"); got != "yz" {
			t.Errorf("typed: %q", got)
		}
		if got := press("Cyrillic_ef", "Cyrillic_EF", "Cyrillic_shorti"); got != "фФй" {
			t.Errorf("typed: %q", got)
		}
		x(t, "xdotool", "key", "ctrl+Cyrillic_es") // copy, by where the C is
		w.until("down C 2 false")
		x(t, "setxkbmap", "-layout", "fr")
		if got := press("10", "shift+10", "11", "24"); got != "&1éa" {
			t.Errorf("typed: %q", got)
		}
		x(t, "xdotool", "key", "ctrl+10") // by the digit on it
		w.until("down 1 2 false")
		x(t, "setxkbmap", "-layout", "pl")
		if got := press("ISO_Level3_Shift+38", "ISO_Level3_Shift+46", "ISO_Level3_Shift+shift+53"); got != "ąłŹ" {
			t.Errorf("typed: %q", got)
		}
		x(t, "setxkbmap", "-layout", "gr")
		if got := press("38", "47", "38"); got != "αά" {
			t.Errorf("typed: %q", got)
		}
		x(t, "setxkbmap", "-layout", "us", "-option", "compose:menu")
		if got := press("135", "39", "39", "135", "48", "38", "135", "38", "shift+48"); got != "ßáä" {
			t.Errorf("typed: %q", got)
		}
	})
}
