package software

import (
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

func (n *win32) size() image.Point {
	var r rect
	getClientRect.call(n.handle, uintptr(unsafe.Pointer(&r)))
	return image.Pt(int(r.right), int(r.bottom))
}

func TestWin32WindowSize(t *testing.T) {
	t.Run("a size is that of the inside", func(t *testing.T) {
		n, d := opened(t)
		if got := n.size(); got != image.Pt(400, 300) {
			t.Errorf("opened %v", got)
		}
		n.resize(500, 350)
		if got := n.size(); got != image.Pt(500, 350) {
			t.Errorf("resized %v", got)
		}
		if told := d.since(); told != "resized 500 350, work" {
			t.Errorf("it is drawn at once: %q", told)
		}
		n.resize(500, 350)
		if told := d.since(); told != "" {
			t.Errorf("the same size again: %q", told)
		}
	})
	t.Run("it is never larger than the display", func(t *testing.T) {
		n, _ := opened(t)
		n.resize(20000, 20000)
		if got, room := n.outer(n.size()), n.room().Size(); got != room {
			t.Errorf("%v of %v", got, room)
		}
		n.center()
		var r rect
		getWindowRect.call(n.handle, uintptr(unsafe.Pointer(&r)))
		if image.Pt(int(r.left), int(r.top)) != n.room().Min {
			t.Errorf("its title is at %d, %d", r.left, r.top)
		}
	})
	t.Run("when it is shown it tells the size it has, as it may be another than was asked for", func(t *testing.T) {
		n, d := opened(t)
		n.resize(20000, 20000)
		d.told = nil
		n.show()
		if want := fmt.Sprintf("resized %d %d", n.size().X, n.size().Y); !slices.Contains(d.told, want) {
			t.Errorf("%q, not %q", d.told, want)
		}
	})
	t.Run("it is in the middle", func(t *testing.T) {
		n, _ := opened(t)
		n.center()
		var r rect
		getWindowRect.call(n.handle, uintptr(unsafe.Pointer(&r)))
		room := n.room()
		if off := int(r.left+r.right) - (room.Min.X + room.Max.X); off < -1 || off > 1 {
			t.Errorf("%v in %v", r, room)
		}
		if off := int(r.top+r.bottom) - (room.Min.Y + room.Max.Y); off < -1 || off > 1 {
			t.Errorf("%v in %v", r, room)
		}
	})
	t.Run("it grows to its least size, and says so to whoever pulls at it", func(t *testing.T) {
		n, d := opened(t)
		n.setMinSize(450, 200)
		if told := d.since(); told != "resized 450 300, work" {
			t.Errorf("%q", told)
		}
		info := &minMaxInfo{}
		n.send(messageMinMax, 0, uintptr(unsafe.Pointer(info)))
		if got, want := image.Pt(int(info.minTrack.x), int(info.minTrack.y)), n.outer(image.Pt(450, 200)); got != want {
			t.Errorf("%v, not %v", got, want)
		}
	})
	t.Run("on a display of other sharpness the factor comes before the size", func(t *testing.T) {
		n, d := opened(t)
		to := &rect{40, 40, 640, 540}
		n.send(messageDPIChanged, 144|144<<16, uintptr(unsafe.Pointer(to)))
		told := d.since()
		if !strings.HasPrefix(told, "rescaled 1.5, resized ") || !strings.HasSuffix(told, ", work") {
			t.Errorf("%q", told)
		}
		if got := n.outer(n.size()); got != image.Pt(600, 500) {
			t.Errorf("%v", got)
		}
	})
	t.Run("minimised it is not seen, and its size is not that of nothing", func(t *testing.T) {
		n, d := opened(t)
		n.show()
		n.pump()
		d.told = nil
		showWindow.call(n.handle, windows.SW_MINIMIZE)
		n.pump()
		if told := d.since(); !strings.Contains(told, "shown false") || strings.Contains(told, "resized") {
			t.Errorf("%q", told)
		}
	})
}
