package software

import (
	"bytes"
	"image"
	"image/draw"
	"os"
	"os/signal"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// The first who listens for signals starts what hears them, which must not be part of a bubble.
var _ = func() bool {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	signal.Stop(c)
	return true
}()

// fake is a system's window that shows nothing and is told what to tell.
type fake struct {
	handler handler
	wakes   chan struct{}
	factor  float32

	title    string
	clip     string
	cursor   desktop.Cursor
	size     image.Point
	least    image.Point
	visible  bool
	raised   int
	closed   bool
	shown    *image.RGBA // what a person sees
	pictures int
	parts    []image.Rectangle // of the last picture
}

func (f *fake) open(o opening, h handler) error {
	f.handler, f.title, f.size = h, o.title, image.Pt(o.width, o.height)
	return nil
}
func (f *fake) show() { f.visible = true; f.handler.exposed(image.Rectangle{Max: f.size}) }

func (f *fake) run() {
	for !f.closed {
		<-f.wakes
		f.handler.work()
	}
}

func (f *fake) wake() {
	select {
	case f.wakes <- struct{}{}:
	default:
	}
}

func (f *fake) close() { f.closed = true; f.wake() }

func (f *fake) present(frame *image.RGBA, parts []image.Rectangle) {
	f.pictures++
	f.parts = append([]image.Rectangle{}, parts...)
	if f.shown == nil || f.shown.Bounds() != frame.Bounds() {
		f.shown = image.NewRGBA(frame.Bounds())
	}
	for _, p := range parts {
		draw.Draw(f.shown, p, frame, p.Min, draw.Src)
	}
}

func (f *fake) scale() float32             { return f.factor }
func (f *fake) setTitle(title string)      { f.title = title }
func (f *fake) setMinSize(w, h int)        { f.least = image.Pt(w, h) }
func (f *fake) resize(w, h int)            { f.size = image.Pt(w, h) }
func (f *fake) center()                    {}
func (f *fake) raise()                     { f.raised++ }
func (f *fake) setCursor(c desktop.Cursor) { f.cursor = c }
func (f *fake) clipboard() string          { return f.clip }
func (f *fake) setClipboard(text string)   { f.clip = text }

// bench is an application with a fake window.
type bench struct {
	*fake
	t      testing.TB
	app    *app
	window *window
}

// begin makes an application; size 0 leaves the window as small as what is in it.
func begin(tb testing.TB, factor float32, content func() fyne.CanvasObject, size fyne.Size) *bench {
	tb.Helper()
	tb.Setenv(ScaleVariable, "")
	tb.Setenv("FYNE_THEME", "light")
	f := &fake{factor: factor, wakes: make(chan struct{}, 1)}
	a, err := newApp(Options{ID: "test", Title: "Test"}, f)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		a.driver.window.gone = true // what the next test makes before its own application asks this one
		runtime.UnlockOSThread()
	})
	a.settings.SetTheme(theme.DefaultTheme())
	b := &bench{fake: f, t: tb, app: a, window: a.driver.window}
	if content != nil {
		b.window.SetContent(content())
	}
	b.window.Resize(size)
	b.window.Show()
	b.settle()
	return b
}

// settle lets everything happen that is under way, also what waits for a moment.
func (b *bench) settle() {
	for range 20 {
		<-time.After(frameTime + time.Millisecond)
		select {
		case <-b.wakes:
			b.handler.work()
		default:
			return
		}
	}
	b.t.Fatal("it does not come to rest")
}

// later lets time pass in which nothing is done by hand.
func (b *bench) later(d time.Duration) {
	<-time.After(d)
	b.settle()
}

func (b *bench) at(o fyne.CanvasObject) (x, y int) {
	b.t.Helper()
	p := b.app.driver.AbsolutePositionForObject(o).AddXY(o.Size().Width/2, o.Size().Height/2)
	return b.px(p)
}

func (b *bench) px(p fyne.Position) (x, y int) {
	s := b.window.canvas.scale
	return int(p.X * s), int(p.Y * s)
}

func (b *bench) click(o fyne.CanvasObject, button desktop.MouseButton) {
	b.t.Helper()
	x, y := b.at(o)
	b.clickAt(x, y, button)
}

func (b *bench) clickAt(x, y int, button desktop.MouseButton) {
	b.handler.moved(x, y, 0)
	b.handler.pressed(button, x, y, 0)
	b.handler.released(button, x, y, 0)
	b.settle()
}

func (b *bench) drag(fromX, fromY, toX, toY int) {
	b.handler.moved(fromX, fromY, 0)
	b.handler.pressed(desktop.MouseButtonPrimary, fromX, fromY, 0)
	for i := range 11 {
		b.handler.moved(fromX+(toX-fromX)*i/10, fromY+(toY-fromY)*i/10, 0)
	}
	b.handler.released(desktop.MouseButtonPrimary, toX, toY, 0)
	b.settle()
}

func (b *bench) key(k fyne.KeyName, m fyne.KeyModifier) {
	b.handler.keyDown(k, 0, m, false)
	b.handler.keyUp(k, 0, m)
	b.settle()
}

func (b *bench) write(text string) {
	for _, r := range text {
		b.handler.typed(r)
	}
	b.settle()
}

// right compares what a person sees with a picture made all anew.
func (b *bench) right(when string) {
	b.t.Helper()
	want := Picture(b.window.canvas)
	if b.shown == nil || b.shown.Bounds() != want.Bounds() {
		b.t.Fatalf("%s: shown is %v, not %v", when, b.shown.Bounds(), want.Bounds())
	}
	if bytes.Equal(want.Pix, b.shown.Pix) {
		return
	}
	off := image.Rectangle{}
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			if want.RGBAAt(x, y) != b.shown.RGBAAt(x, y) {
				off = off.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	b.t.Errorf("%s: what is shown is not what should be, in %v", when, off)
}
