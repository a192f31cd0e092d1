package software

import (
	"image"
	"testing"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestWin32KeyName(t *testing.T) {
	for _, c := range []struct {
		promise string
		key     uintptr
		scan    int
		name    fyne.KeyName
	}{
		{"a letter", 'Q', 0x10, fyne.KeyQ},
		{"a digit", '7', 0x08, fyne.Key7},
		{"a digit of the number pad", 0x67, 0x47, fyne.Key7},
		{"what the number pad is without Num Lock", 0x24, 0x47, fyne.KeyHome},
		{"the large Return", 0x0D, 0x1C, fyne.KeyReturn},
		{"the small Enter", 0x0D, 0x11C, fyne.KeyEnter},
		{"left Shift", keyShift, 0x2A, desktop.KeyShiftLeft},
		{"right Shift", keyShift, 0x36, desktop.KeyShiftRight},
		{"right Shift, as an input method tells it", keyShift, 0x136, desktop.KeyShiftRight},
		{"left Ctrl", keyControl, 0x1D, desktop.KeyControlLeft},
		{"right Ctrl", keyControl, 0x11D, desktop.KeyControlRight},
		{"AltGr", keyAlt, 0x138, desktop.KeyAltRight},
		{"the Windows key", keyLeftWindows, 0x15B, desktop.KeySuperLeft},
		{"the first function key", 0x70, 0x3B, fyne.KeyF1},
		{"the last function key", 0x7B, 0x58, fyne.KeyF12},
		{"a sign", 0xBC, 0x33, fyne.KeyComma},
		{"a key of the number pad by its sign", 0x6A, 0x37, fyne.KeyAsterisk},
		{"a key without a name", 0xAD, 0x120, fyne.KeyUnknown},
	} {
		t.Run(c.promise, func(t *testing.T) {
			if name := keyName(c.key, c.scan); name != c.name {
				t.Errorf("%q, not %q", name, c.name)
			}
		})
	}
}

func TestWin32Keys(t *testing.T) {
	type sent struct {
		message uint32
		w, l    uintptr
	}
	const again, up = 1 << 30, 3 << 30
	for _, c := range []struct {
		promise string
		sent    []sent
		told    string
	}{
		{"a key is told down and up", []sent{{messageKeyDown, 'A', 0x1E << 16}, {messageKeyUp, 'A', 0x1E<<16 | up}}, "down A, up A"},
		{"one that is held is told again", []sent{{messageKeyDown, 'A', 0x1E << 16}, {messageKeyDown, 'A', 0x1E<<16 | again}}, "down A, down A again"},
		{"one that was pressed elsewhere is not let go here", []sent{{messageKeyUp, 'A', 0x1E<<16 | up}}, ""},
		{"what is held when the window loses the keyboard is let go", []sent{{messageKeyDown, 'A', 0x1E << 16}, {messageKillFocus, 0, 0}}, "down A, up A, focused false"},
		{"Print Screen is told though Windows tells only its end", []sent{{messageKeyUp, keyPrintScreen, 0x137<<16 | up}}, "down PrintScreen, up PrintScreen"},
		{
			"both Shift keys are let go with the last",
			[]sent{{messageKeyDown, keyShift, 0x2A << 16}, {messageKeyDown, keyShift, 0x36 << 16}, {messageKeyUp, keyShift, 0x2A<<16 | up}},
			"down LeftShift, down RightShift, up LeftShift, up RightShift",
		},
		{"what an input method took is not told", []sent{{messageKeyDown, keyProcessed, 0x1E << 16}}, ""},
		{"Alt or F10 alone opens no menu", []sent{{messageSysCommand, commandKeys, 0}}, ""},
		{"Alt and a letter write nothing", []sent{{messageSysChar, 'a', 1 << 29}}, ""},
		{"a letter", []sent{{messageChar, 'ä', 0}}, "typed ä"},
		{"one of two halves", []sent{{messageChar, 0xD83D, 0}, {messageChar, 0xDE00, 0}}, "typed 😀"},
		{"half of one is none", []sent{{messageChar, 0xD83D, 0}, {messageChar, 'a', 0}, {messageChar, 0xDE00, 0}}, "typed a"},
		{"Return, Backspace and Delete write nothing", []sent{{messageChar, '\r', 0}, {messageChar, '\b', 0}, {messageChar, 0x7F, 0}, {messageChar, 1, 0}}, ""},
		{"a letter of a program that knows no halves", []sent{{messageUniChar, 0x1F600, 0}}, "typed 😀"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			n, d := opened(t)
			for _, s := range c.sent {
				n.send(s.message, s.w, s.l)
			}
			if told := d.since(); told != c.told {
				t.Errorf("%q, not %q", told, c.told)
			}
		})
	}
	t.Run("what an input method composed arrives as if typed", func(t *testing.T) {
		n, d := opened(t)
		const imeChar = 0x0286
		n.send(imeChar, 'あ', 1)
		n.pump()
		if told := d.since(); told != "typed あ" {
			t.Errorf("%q", told)
		}
	})
	t.Run("an input method shows its window where the letters go", func(t *testing.T) {
		n, d := opened(t)
		d.spot = image.Rect(120, 80, 121, 100)
		n.send(messageStartComposition, 0, 0)
		context := immGetContext.call(n.handle)
		defer immReleaseContext.call(n.handle, context)
		place := &imePlace{}
		if immGetCompositionWindow.call(context, uintptr(unsafe.Pointer(place))) == 0 || place.current != (point{120, 80}) {
			t.Errorf("%+v", place)
		}
	})
}

// keyInput is an INPUT with a KEYBDINPUT in it.
type keyInput struct {
	kind      uint32
	_         uint32
	key, scan uint16
	flags     uint32
	time      uint32
	_         uint32
	extra     uintptr
	_         [8]byte
}

func TestWin32RealKeys(t *testing.T) {
	const right, letGo = 1, 2
	press := func(inputs ...keyInput) {
		for i := range inputs {
			inputs[i].kind, inputs[i].time = 1, 1000
		}
		if len(inputs) != int(sendInput.call(uintptr(len(inputs)), uintptr(unsafe.Pointer(&inputs[0])), unsafe.Sizeof(inputs[0]))) {
			t.Fatal("no keys can be pressed here")
		}
	}
	shown := func(t *testing.T) (*win32, *diary) {
		t.Helper()
		n, d := opened(t)
		n.show()
		n.until(t, d, "focused true")
		n.pump()
		d.told = nil
		return n, d
	}
	t.Run("AltGr is neither Ctrl nor Alt", func(t *testing.T) {
		n, d := shown(t)
		press(keyInput{key: 0xA2, scan: 0x1D}, keyInput{key: keyRightAlt, scan: 0x38, flags: right}, keyInput{key: 'Q', scan: 0x10}, keyInput{key: 'Q', scan: 0x10, flags: letGo},
			keyInput{key: 0xA2, scan: 0x1D, flags: letGo}, keyInput{key: keyRightAlt, scan: 0x38, flags: right | letGo}, keyInput{key: 'A', scan: 0x1E}, keyInput{key: 'A', scan: 0x1E, flags: letGo})
		n.until(t, d, "up A")
		if told := d.since(); told != "down RightAlt, down Q, up Q, up RightAlt, down A, typed a, up A" {
			t.Errorf("%q", told)
		}
	})
	t.Run("Ctrl and a letter write nothing", func(t *testing.T) {
		n, d := shown(t)
		press(keyInput{key: 0xA2, scan: 0x1D}, keyInput{key: 'V', scan: 0x2F}, keyInput{key: 'V', scan: 0x2F, flags: letGo}, keyInput{key: ' ', scan: 0x39}, keyInput{key: ' ', scan: 0x39, flags: letGo},
			keyInput{key: 0xA2, scan: 0x1D, flags: letGo})
		n.until(t, d, "up LeftControl")
		if told := d.since(); told != "down LeftControl with 2, down V with 2, up V, down Space with 2, up Space, up LeftControl" {
			t.Errorf("%q", told)
		}
	})
}
