package software

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"golang.org/x/sys/windows"
)

// What only tests ask of Windows.
var (
	endMenu                 = routine{user32.NewProc("EndMenu")}
	getCursor               = routine{user32.NewProc("GetCursor")}
	getPixel                = routine{gdi32.NewProc("GetPixel")}
	getWindowText           = routine{user32.NewProc("GetWindowTextW")}
	immGetCompositionWindow = routine{imm32.NewProc("ImmGetCompositionWindow")}
	sendInput               = routine{user32.NewProc("SendInput")}
)

// diary is a handler that writes down what it is told, and does what is to be done then.
type diary struct {
	told []string
	on   map[string]func()
	spot image.Rectangle
}

func (d *diary) writef(format string, a ...any) {
	line := fmt.Sprintf(format, a...)
	d.told = append(d.told, line)
	if do := d.on[line]; do != nil {
		do()
	}
}

// held are the modifiers, if there are any.
func held(m fyne.KeyModifier) string {
	if m == 0 {
		return ""
	}
	return fmt.Sprintf(" with %d", m)
}

func (d *diary) work()                        { d.writef("work") }
func (d *diary) resized(w, h int)             { d.writef("resized %d %d", w, h) }
func (d *diary) rescaled(factor float32)      { d.writef("rescaled %v", factor) }
func (d *diary) exposed(part image.Rectangle) { d.writef("exposed %v", part) }
func (d *diary) shown(seen bool)              { d.writef("shown %v", seen) }
func (d *diary) focused(has bool)             { d.writef("focused %v", has) }
func (d *diary) closeAsked()                  { d.writef("close") }
func (d *diary) left()                        { d.writef("left") }
func (d *diary) typed(r rune)                 { d.writef("typed %c", r) }
func (d *diary) caret() image.Rectangle       { return d.spot }

func (d *diary) moved(x, y int, m fyne.KeyModifier)              { d.writef("moved %d %d%s", x, y, held(m)) }
func (d *diary) wheel(dx, dy float32, m fyne.KeyModifier)        { d.writef("wheel %v %v%s", dx, dy, held(m)) }
func (d *diary) keyUp(k fyne.KeyName, _ int, _ fyne.KeyModifier) { d.writef("up %s", k) }

func (d *diary) pressed(b desktop.MouseButton, x, y int, m fyne.KeyModifier) {
	d.writef("pressed %d at %d %d%s", b, x, y, held(m))
}

func (d *diary) released(b desktop.MouseButton, x, y int, m fyne.KeyModifier) {
	d.writef("released %d at %d %d%s", b, x, y, held(m))
}

func (d *diary) keyDown(k fyne.KeyName, _ int, m fyne.KeyModifier, repeat bool) {
	d.writef("down %s%s%s", k, held(m), map[bool]string{true: " again"}[repeat])
}

// since is what was told after the last call.
func (d *diary) since() string {
	told := strings.Join(d.told, ", ")
	d.told = nil
	return told
}

// opened is a window of 400 by 300 pixels inside, on a thread of its own until the test ends: a subtest has another thread,
// and opens its own. It is not seen.
func opened(t *testing.T) (*win32, *diary) {
	t.Helper()
	runtime.LockOSThread()
	n, d := &win32{}, &diary{on: map[string]func(){}}
	t.Cleanup(func() {
		n.close()
		runtime.UnlockOSThread()
	})
	o := opening{title: "A test", icon: image.NewNRGBA(image.Rect(0, 0, 64, 64)), width: 400, height: 300, class: "smtpgateway.test"}
	if err := n.open(o, d); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("no window can be opened here: %v", err)
	}
	n.pump()
	d.told = nil
	return n, d
}

// send gives the window a message as Windows does.
func (n *win32) send(message uint32, w, l uintptr) uintptr {
	return sendMessage.call(n.handle, uintptr(message), w, l)
}

// pump hands out what is waiting.
func (n *win32) pump() {
	var m message
	for peekMessage.call(uintptr(unsafe.Pointer(&m)), 0, 0, 0, 1) != 0 {
		translateMessage.call(uintptr(unsafe.Pointer(&m)))
		dispatchMessage.call(uintptr(unsafe.Pointer(&m)))
	}
}

// until hands out messages until a line was told; a minute without it is the end of the test.
func (n *win32) until(t *testing.T, d *diary, line string) {
	t.Helper()
	window := n.handle
	late := time.AfterFunc(time.Minute, func() { postMessage.call(window, messageWake+1, 0, 0) })
	defer late.Stop()
	var m message
	for !slices.Contains(d.told, line) {
		if int32(getMessage.call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)) <= 0 || m.message == messageWake+1 {
			t.Fatalf("never told %q, but %q", line, d.told)
		}
		translateMessage.call(uintptr(unsafe.Pointer(&m)))
		dispatchMessage.call(uintptr(unsafe.Pointer(&m)))
	}
}

// at packs a place as a message has it.
func at(x, y int) uintptr { return uintptr(uint16(x)) | uintptr(uint16(y))<<16 }

// filled is a picture of one colour.
func filled(w, h int, c color.RGBA) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(p.Pix); i += 4 {
		copy(p.Pix[i:], []byte{c.R, c.G, c.B, c.A})
	}
	return p
}

func TestWin32Window(t *testing.T) {
	t.Run("wake is told once however often it was called, from wherever", func(t *testing.T) {
		n, d := opened(t)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 20000 {
				n.wake()
			}
		}()
		<-done
		n.pump()
		if told := d.since(); told != "work" {
			t.Errorf("%q", told)
		}
		n.wake()
		n.pump()
		if told := d.since(); told != "work" {
			t.Errorf("after the first: %q", told)
		}
	})
	t.Run("work is done while Windows runs a loop of its own", func(t *testing.T) {
		n, d := opened(t)
		n.show()
		n.pump()
		d.on["work"] = func() { endMenu.call() }
		go n.wake()
		n.send(messageSysCommand, commandKeys, keySpace) // the window's own menu; comes back when it is closed
		if told := d.since(); !strings.Contains(told, "work") {
			t.Errorf("%q", told)
		}
	})
	t.Run("the loop ends when the window is closed, and nothing is told after that", func(t *testing.T) {
		n, d := opened(t)
		n.show()
		n.pump()
		d.told = nil
		d.on["work"] = n.close
		n.wake()
		n.run()
		n.wake()
		n.present(filled(400, 300, color.RGBA{A: 255}), []image.Rectangle{image.Rect(0, 0, 400, 300)})
		n.raise()
		n.pump()
		if told := d.since(); !strings.HasSuffix(told, "work") {
			t.Errorf("%q", told)
		}
	})
	t.Run("closing is asked for, not done", func(t *testing.T) {
		n, d := opened(t)
		n.send(messageClose, 0, 0)
		n.send(messageSysKeyDown, 0x73, 1<<29|0x3E<<16) // Alt and F4
		n.pump()
		if told := d.since(); told != "close, down F4, close" || n.handle == 0 {
			t.Errorf("%q", told)
		}
	})
	t.Run("the end of a session is not held up", func(t *testing.T) {
		n, d := opened(t)
		if n.send(messageQueryEndSession, 0, 0) != 1 {
			t.Error("held up")
		}
		n.send(messageEndSession, 0, 0)
		if told := d.since(); told != "" {
			t.Errorf("another program held it up: %q", told)
		}
		n.send(messageEndSession, 1, 0)
		if told := d.since(); told != "close, work" {
			t.Errorf("%q", told)
		}
	})
	t.Run("it has its title and its icons, and comes to the front", func(t *testing.T) {
		n, d := opened(t)
		n.setTitle("Überfällig 😀")
		var title [100]uint16
		getWindowText.call(n.handle, uintptr(unsafe.Pointer(&title[0])), 100)
		if got := windows.UTF16ToString(title[:]); got != "Überfällig 😀" {
			t.Errorf("the title is %q", got)
		}
		const getIcon = 0x007F
		if big, small := n.send(getIcon, iconBig, 0), n.send(getIcon, iconSmall, 0); big == 0 || small == 0 || big == small {
			t.Errorf("icons %x, %x", big, small)
		}
		n.show()
		n.raise()
		if uintptr(windows.GetForegroundWindow()) != n.handle {
			t.Errorf("it is not in front: %q", d.told)
		}
	})
}
