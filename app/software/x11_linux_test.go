package software

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// patience is how long a test waits for something that must happen.
const patience = 20 * time.Second

// xDisplay starts a display without OpenGL that no other program uses, points DISPLAY there, and gives what ends it. Without what that needs
// t is skipped, or fails where the environment says CI=true.
func xDisplay(t *testing.T, extra ...string) (end func()) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a display")
	}
	needX(t, "Xvfb", "xdotool", "xclip", "setxkbmap", "xprop", "openbox")
	number, c := serveX(t, append([]string{"Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-noreset", "-extension", "GLX"}, extra...)...)
	t.Setenv("DISPLAY", ":"+number)
	t.Setenv("XAUTHORITY", "/dev/null")
	t.Setenv("LC_ALL", "C.UTF-8") // what the tools write is in that
	return func() { _ = c.Process.Kill() }
}

func needX(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("the window has to be driven here, but %v", err)
			}
			t.Skipf("%v; ./installer/test installs it", err)
		}
	}
}

// serveX runs a program until the test ends and gives the line it writes to its third descriptor when it is ready.
func serveX(t testing.TB, command ...string) (string, *exec.Cmd) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := exec.Command(command[0], command[1:]...)
	c.ExtraFiles = []*os.File{w}
	beginX(t, c)
	w.Close()
	line, err := io.ReadAll(io.LimitReader(r, 1))
	for err == nil && line[len(line)-1] != '\n' {
		var b [1]byte
		if _, err = r.Read(b[:]); err == nil {
			line = append(line, b[0])
		}
	}
	if err != nil {
		t.Fatalf("%s says nothing: %v", command[0], err)
	}
	return strings.TrimSpace(string(line)), c
}

// beginX runs a program until the test ends.
func beginX(t testing.TB, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
}

// x runs a program of the display to its end and gives what it said.
func x(t *testing.T, command ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// windowManager starts one.
func windowManager(t *testing.T) {
	t.Helper()
	c := exec.Command("openbox")
	c.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir(), "XDG_CACHE_HOME="+t.TempDir())
	beginX(t, c)
	// It says that it is there before it is: what it is asked for meanwhile is lost.
	untilX(t, "a window manager that does as it is told", func() bool {
		_ = exec.CommandContext(t.Context(), "xdotool", "set_desktop", "1").Run()
		out, err := exec.CommandContext(t.Context(), "xdotool", "get_desktop").Output()
		return err == nil && strings.TrimSpace(string(out)) == "1"
	})
	x(t, "xdotool", "set_desktop", "0")
	untilX(t, "the first desktop", func() bool { return x(t, "xdotool", "get_desktop") == "0" })
}

// untilX waits for another program, which gives no sign when it is ready, to be so.
func untilX(t *testing.T, what string, ready func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !ready() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// watched is a window with nothing in it but a picture, and what it was told.
type watched struct {
	t      *testing.T
	n      *x11
	told   chan string
	ended  chan struct{}
	colour color.RGBA

	mu   sync.Mutex
	todo []func()
	size image.Point
}

// openX11 opens a window, shows it, and runs its loop until the test ends.
func openX11(t *testing.T, o opening) *watched {
	t.Helper()
	w := &watched{t: t, n: newNative().(*x11), told: make(chan string, 100_000), ended: make(chan struct{}), colour: color.RGBA{R: 200, G: 100, B: 50, A: 255}}
	if o.width == 0 {
		o.width, o.height = 400, 300
	}
	w.size = image.Pt(o.width, o.height)
	opened := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer close(w.ended)
		err := w.n.open(o, w)
		if err == nil {
			w.n.show()
		}
		opened <- err
		if err == nil {
			w.n.run()
		}
	}()
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.later(w.n.close)
		select {
		case <-w.ended:
		case <-time.After(patience):
			t.Error("the loop does not end")
		}
	})
	w.until("exposed")
	return w
}

// later has something done in the loop; do waits for that.
func (w *watched) later(f func()) {
	w.mu.Lock()
	w.todo = append(w.todo, f)
	w.mu.Unlock()
	w.n.wake()
}

func (w *watched) do(f func()) {
	w.t.Helper()
	done := make(chan struct{})
	w.later(func() { defer close(done); f() })
	select {
	case <-done:
	case <-time.After(patience):
		w.t.Fatal("the loop does not come round")
	}
}

// until waits for something to be told, and gives what was told before.
func (w *watched) until(want string) (before []string) {
	w.t.Helper()
	late := time.After(patience)
	for {
		select {
		case got := <-w.told:
			if strings.HasPrefix(got, want) {
				return append(before, got)
			}
			before = append(before, got)
		case <-late:
			w.t.Fatalf("waited in vain for %q; told was: %q", want, before)
		}
	}
}

// all waits for several things to be told, in whichever order.
func (w *watched) all(wants ...string) {
	w.t.Helper()
	late := time.After(patience)
	for len(wants) > 0 {
		select {
		case got := <-w.told:
			wants = slices.DeleteFunc(wants, func(want string) bool { return strings.HasPrefix(got, want) })
		case <-late:
			w.t.Fatalf("waited in vain for %q", wants)
		}
	}
}

// typedUntil gives the letters that were told until the key End went up again.
func (w *watched) typedUntil() string {
	w.t.Helper()
	x(w.t, "xdotool", "key", "End")
	var typed strings.Builder
	for _, told := range w.until("up End") {
		if letter, ok := strings.CutPrefix(told, "typed "); ok {
			typed.WriteString(letter)
		}
	}
	return typed.String()
}

func (w *watched) sayf(format string, args ...any) { w.told <- fmt.Sprintf(format, args...) }

func (w *watched) work() {
	w.mu.Lock()
	todo := w.todo
	w.todo = nil
	w.mu.Unlock()
	for _, f := range todo {
		f()
	}
}

func (w *watched) resized(width, height int) {
	w.size = image.Pt(width, height)
	w.sayf("resized %d %d", width, height)
}

func (w *watched) exposed(part image.Rectangle) {
	frame := image.NewRGBA(image.Rectangle{Max: w.size})
	draw.Draw(frame, frame.Rect, image.NewUniform(w.colour), image.Point{}, draw.Src)
	w.n.present(frame, []image.Rectangle{part})
	w.sayf("exposed %v", part)
}

func (w *watched) rescaled(f float32) { w.sayf("rescaled %g", f) }
func (w *watched) shown(s bool)       { w.sayf("shown %t", s) }
func (w *watched) focused(f bool)     { w.sayf("focused %t", f) }
func (w *watched) closeAsked()        { w.sayf("close") }
func (w *watched) left()              { w.sayf("left") }
func (w *watched) typed(r rune)       { w.sayf("typed %c", r) }

func (w *watched) moved(x, y int, m fyne.KeyModifier) { w.sayf("moved %d %d %d", x, y, m) }
func (w *watched) pressed(b desktop.MouseButton, x, y int, m fyne.KeyModifier) {
	w.sayf("pressed %d %d %d %d", b, x, y, m)
}
func (w *watched) released(b desktop.MouseButton, x, y int, m fyne.KeyModifier) {
	w.sayf("released %d %d %d %d", b, x, y, m)
}
func (w *watched) wheel(dx, dy float32, m fyne.KeyModifier) { w.sayf("wheel %g %g %d", dx, dy, m) }
func (w *watched) keyDown(k fyne.KeyName, _ int, m fyne.KeyModifier, repeat bool) {
	w.sayf("down %s %d %t", k, m, repeat)
}
func (w *watched) keyUp(k fyne.KeyName, _ int, m fyne.KeyModifier) { w.sayf("up %s %d", k, m) }
