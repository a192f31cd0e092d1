package software

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2/driver/desktop"
)

func TestWin32Mouse(t *testing.T) {
	type sent struct {
		message uint32
		w, l    uintptr
	}
	for _, c := range []struct {
		promise string
		sent    []sent
		told    string
	}{
		{"a move is told once", []sent{{messageMouseMove, 0, at(20, 30)}, {messageMouseMove, 0, at(20, 30)}}, "moved 20 30"},
		{"it leaves", []sent{{messageMouseMove, 0, at(20, 30)}, {messageMouseLeave, 0, 0}}, "moved 20 30, left"},
		{"and comes back to the same place", []sent{{messageMouseMove, 0, at(20, 30)}, {messageMouseLeave, 0, 0}, {messageMouseMove, 0, at(20, 30)}}, "moved 20 30, left, moved 20 30"},
		{"a press is where the mouse is", []sent{{messageLeftDown, 0, at(20, 30)}, {messageLeftUp, 0, at(20, 30)}}, "moved 20 30, pressed 1 at 20 30, released 1 at 20 30"},
		{"the other buttons", []sent{{messageMouseMove, 0, at(2, 3)}, {messageRightDown, 0, at(2, 3)}, {messageRightUp, 0, at(2, 3)}, {messageMiddleDown, 0, at(2, 3)}, {messageMiddleUp, 0, at(2, 3)}}, "moved 2 3, pressed 2 at 2 3, released 2 at 2 3, pressed 4 at 2 3, released 4 at 2 3"},
		{
			"a drag goes on outside the window, and it leaves after that",
			[]sent{{messageLeftDown, 0, at(20, 30)}, {messageMouseMove, 0, at(-40, 500)}, {messageMouseLeave, 0, 0}, {messageMouseMove, 0, at(-50, 500)}, {messageLeftUp, 0, at(-50, 500)}},
			"moved 20 30, pressed 1 at 20 30, moved -40 500, moved -50 500, released 1 at -50 500, left",
		},
		{"a button that another window took is let go", []sent{{messageLeftDown, 0, at(20, 30)}, {messageCaptureChanged, 0, 0}, {messageLeftUp, 0, at(20, 30)}}, "moved 20 30, pressed 1 at 20 30, released 1 at 20 30"},
		{"one that was pressed elsewhere is not let go here", []sent{{messageMouseMove, 0, at(1, 1)}, {messageLeftUp, 0, at(1, 1)}}, "moved 1 1"},
		{"a notch of the wheel is one, and a fine wheel's is part of one", []sent{{messageWheel, 120 << 16, 0}, {messageWheel, uintptr(0x10000-30) << 16, 0}}, "wheel 0 1, wheel 0 -0.25"},
		{"a wheel to the right", []sent{{messageSidewaysWheel, 120 << 16, 0}}, "wheel -1 0"},
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
}

// pictured is a pointer of our own.
type pictured struct{ of image.Image }

func (p pictured) Image() (image.Image, int, int) { return p.of, 3, 4 }

func TestWin32Cursor(t *testing.T) {
	const outside = 2
	shape := func(n *win32, c desktop.Cursor) uintptr {
		n.setCursor(c)
		n.send(messageSetCursor, n.handle, hitInside)
		return getCursor.call()
	}
	t.Run("each is another one, of the system's own", func(t *testing.T) {
		n, _ := opened(t)
		seen := map[uintptr]desktop.StandardCursor{}
		for c := desktop.DefaultCursor; c <= desktop.VResizeCursor; c++ {
			is := shape(n, c)
			if other, ok := seen[is]; ok || is == 0 || is != loadCursor.call(0, standardCursors[c]) {
				t.Errorf("%d is %x, as %d", c, is, other)
			}
			seen[is] = c
		}
	})
	t.Run("none is none", func(t *testing.T) {
		n, _ := opened(t)
		if is := shape(n, desktop.HiddenCursor); is != 0 {
			t.Errorf("%x", is)
		}
	})
	t.Run("nil is the arrow", func(t *testing.T) {
		n, _ := opened(t)
		if is := shape(n, nil); is != loadCursor.call(0, standardCursors[arrow]) {
			t.Errorf("%x", is)
		}
	})
	t.Run("a picture becomes one", func(t *testing.T) {
		n, _ := opened(t)
		is := shape(n, pictured{filled(16, 16, color.RGBA{R: 255, A: 255})})
		if is == 0 || is == loadCursor.call(0, standardCursors[arrow]) {
			t.Errorf("%x", is)
		}
	})
	t.Run("at the frame it is the system's", func(t *testing.T) {
		n, _ := opened(t)
		shape(n, desktop.TextCursor)
		n.send(messageSetCursor, n.handle, outside)
		if getCursor.call() == loadCursor.call(0, standardCursors[desktop.TextCursor]) {
			t.Error("still the one for text")
		}
	})
}
