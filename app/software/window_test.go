package software

import (
	"errors"
	"image"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

func TestWindow(t *testing.T) {
	t.Run("it opens as large as asked, in the pixels of the display", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1.5, func() fyne.CanvasObject { return widget.NewLabel("x") }, fyne.NewSize(400, 300))
			if b.size != image.Pt(600, 450) || !b.visible || b.window.canvas.Size() != fyne.NewSize(400, 300) {
				t.Errorf("%v, %v", b.size, b.window.canvas.Size())
			}
			b.right("at first")
		})
	})
	t.Run("it cannot be made smaller than what is in it, and grows with that", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			words := widget.NewLabel("short")
			b := begin(t, 1, func() fyne.CanvasObject { return words }, fyne.NewSize(10, 10))
			was := b.least
			if b.size != was || was.X < 30 {
				t.Errorf("%v, at least %v", b.size, was)
			}
			words.SetText(strings.Repeat("long ", 30))
			b.settle()
			if b.least.X <= was.X || b.size != b.least {
				t.Errorf("%v, at least %v", b.size, b.least)
			}
		})
	})
	t.Run("its content has the room it has", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := widget.NewLabel("x")
			b := begin(t, 2, func() fyne.CanvasObject { return l }, fyne.NewSize(200, 100))
			b.handler.resized(801, 603)
			b.settle()
			if got := b.window.canvas.Size(); got != fyne.NewSize(400.5, 301.5) || l.Size().Width < 390 {
				t.Errorf("%v, %v", got, l.Size())
			}
			b.right("after resizing")
		})
	})
	t.Run("a longer text moves what is beside it, without anybody asking", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			left, right := widget.NewLabel("a"), widget.NewLabel("b")
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewHBox(left, right) }, fyne.NewSize(400, 100))
			was := right.Position().X
			left.SetText("a longer text")
			b.settle()
			if right.Position().X <= was {
				t.Error("the texts lie upon each other")
			}
			b.right("after the text grew")
		})
	})
	t.Run("another scale of the display makes all of it sharp again", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			i := canvas.NewImageFromResource(theme.HomeIcon())
			i.SetMinSize(fyne.NewSize(40, 40))
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewHBox(i, widget.NewLabel("x")) }, fyne.NewSize(200, 100))
			b.handler.resized(400, 200)
			b.handler.rescaled(2)
			b.settle()
			if b.window.canvas.Scale() != 2 || b.window.canvas.Size() != fyne.NewSize(200, 100) || i.Image.Bounds().Dx() < 80 {
				t.Errorf("%v, %v, %v", b.window.canvas.Scale(), b.window.canvas.Size(), i.Image.Bounds())
			}
			b.right("at 200 %")
		})
	})
	t.Run("what somebody chose about the size counts beside the display's", func(t *testing.T) {
		for _, way := range []struct {
			text string
			want float32
		}{{"", 1}, {"1.5", 1.5}, {"nonsense", 1}, {"-1", 1}, {"0", 1}, {"100", 8}, {"NaN", 1}} {
			t.Setenv(ScaleVariable, way.text)
			if got := chosenScale(); got != way.want {
				t.Errorf("%q: %v", way.text, got)
			}
		}
	})
	t.Run("closing asks who wants to be asked, and tells", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1, func() fyne.CanvasObject { return widget.NewLabel("x") }, fyne.NewSize(200, 100))
			asked, told := 0, 0
			b.window.SetCloseIntercept(func() { asked++ })
			b.window.SetOnClosed(func() { told++ })
			b.handler.closeAsked()
			if asked != 1 || told != 0 || b.closed {
				t.Fatalf("asked %d, told %d, closed %t", asked, told, b.closed)
			}
			b.window.SetCloseIntercept(nil)
			b.handler.closeAsked()
			b.window.Close()
			if told != 1 || !b.closed {
				t.Errorf("told %d times, closed %t", told, b.closed)
			}
		})
	})
	t.Run("life is told: started, in front, behind, stopped", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1, func() fyne.CanvasObject { return widget.NewEntry() }, fyne.NewSize(200, 100))
			var told []string
			l := b.app.Lifecycle()
			l.SetOnStarted(func() { told = append(told, "started") })
			l.SetOnEnteredForeground(func() { told = append(told, "front") })
			l.SetOnExitedForeground(func() { told = append(told, "back") })
			l.SetOnStopped(func() { told = append(told, "stopped") })
			go func() {
				fyne.DoAndWait(func() { b.handler.focused(true) })
				fyne.DoAndWait(func() { b.handler.focused(false) })
				b.app.Quit()
			}()
			b.app.Run()
			if got := strings.Join(told, " "); got != "started front back stopped" {
				t.Error(got)
			}
		})
	})
	t.Run("there is one window, and everything in it has its canvas", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := widget.NewLabel("x")
			b := begin(t, 1, func() fyne.CanvasObject { return l }, fyne.NewSize(200, 100))
			if b.app.NewWindow("Other") != fyne.Window(b.window) || b.title != "Other" || b.window.Title() != "Other" {
				t.Errorf("%q", b.title)
			}
			if b.app.driver.CanvasForObject(l) != fyne.Canvas(b.window.canvas) || len(b.app.driver.AllWindows()) != 1 {
				t.Error("another canvas")
			}
			b.window.RequestFocus()
			if b.raised != 1 {
				t.Error("it was not brought to the front")
			}
		})
	})
	t.Run("an address is opened by whoever knows the desktop", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1, nil, fyne.NewSize(200, 100))
			got := ""
			b.app.options.Open = func(a string) error { got = a; return errors.New("no") }
			u, err := url.Parse("https://example.org/x?y=z")
			if err != nil {
				t.Fatal(err)
			}
			if err := b.app.OpenURL(u); err == nil || got != u.String() {
				t.Errorf("%q, %v", got, err)
			}
		})
	})
	t.Run("without a display it says so", func(t *testing.T) {
		if a, err := newApp(Options{}, refusing{}); a != nil || err == nil || !strings.Contains(err.Error(), "no display") {
			t.Errorf("%v, %v", a, err)
		}
	})
}

type refusing struct{ native }

func (refusing) open(opening, handler) error { return errors.New("no display") }
func (refusing) wake()                       {}

func TestSettings(t *testing.T) {
	t.Run("another theme changes all that is shown, at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			i := widget.NewIcon(theme.HomeIcon())
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(widget.NewLabel("x"), i, widget.NewEntry()) }, fyne.NewSize(200, 200))
			told := 0
			b.app.Settings().AddListener(func(fyne.Settings) { told++ })
			before := *b.shown
			before.Pix = append([]byte{}, before.Pix...)
			b.app.settings.setVariant(theme.VariantDark)
			b.settle()
			if told != 1 || b.shown.RGBAAt(1, 1) == before.RGBAAt(1, 1) {
				t.Errorf("told %d times, %v", told, b.shown.RGBAAt(1, 1))
			}
			b.right("in the dark")
			b.app.settings.setVariant(theme.VariantLight)
			b.settle()
			for n := range before.Pix {
				if before.Pix[n] != b.shown.Pix[n] {
					t.Fatal("light again is not what it was")
				}
			}
		})
	})
	t.Run("light or dark can be asked for", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			t.Setenv("FYNE_THEME", "dark")
			if s := newSettings(nil); s.ThemeVariant() != theme.VariantDark {
				t.Error("light")
			}
		})
	})
}

func TestQueue(t *testing.T) {
	t.Run("functions of other goroutines run in their order, in the window's", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1, nil, fyne.NewSize(200, 100))
			var got []int
			done := make(chan struct{})
			go func() {
				for i := range 5000 {
					fyne.Do(func() { got = append(got, i) })
				}
				fyne.DoAndWait(func() { got = append(got, -1) })
				close(done)
				b.app.Quit()
			}()
			b.app.Run()
			<-done
			if len(got) != 5001 || got[0] != 0 || got[4999] != 4999 || got[5000] != -1 {
				t.Errorf("%d", len(got))
			}
		})
	})
	t.Run("on the window's own goroutine waiting means at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			begin(t, 1, nil, fyne.NewSize(200, 100))
			ran := false
			fyne.DoAndWait(func() { ran = true })
			if !ran {
				t.Error("not run")
			}
		})
	})
	t.Run("nobody waits for ever when the window is gone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1, nil, fyne.NewSize(200, 100))
			go b.app.Quit()
			b.app.Run()
			ran := false
			back := make(chan struct{})
			go func() {
				fyne.DoAndWait(func() { ran = true })
				fyne.Do(func() { t.Error("run without a window") })
				close(back)
			}()
			<-back
			if !ran {
				t.Error("not run")
			}
		})
	})
}

func TestDrawing(t *testing.T) {
	t.Run("only what changed is shown anew, and nothing when nothing did", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			small, large := widget.NewLabel("a"), widget.NewLabel("beside")
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewBorder(nil, nil, small, nil, large) }, fyne.NewSize(600, 400))
			was := b.pictures
			b.window.canvas.Refresh(large)
			b.settle()
			if b.pictures != was {
				t.Error("the same picture was shown again")
			}
			small.SetText("b")
			b.settle()
			if b.pictures != was+1 || len(b.parts) == 0 || slices.ContainsFunc(b.parts, func(p image.Rectangle) bool { return p.Dx() > 60 || p.Dy() > 30 }) {
				t.Errorf("%d pictures, parts %v", b.pictures-was, b.parts)
			}
			b.right("after one word changed")
		})
	})
	t.Run("at rest nothing is waited for", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := widget.NewEntry()
			b := begin(t, 1, func() fyne.CanvasObject { return container.NewVBox(e, widget.NewProgressBarInfinite()) }, fyne.NewSize(300, 200))
			b.click(e, desktop.MouseButtonPrimary)
			b.later(time.Second)
			was := b.pictures
			for range 60 {
				<-time.After(time.Second)
				select {
				case <-b.wakes:
					t.Fatal("something woke the window")
				default:
				}
			}
			if b.pictures != was {
				t.Error("something was drawn")
			}
		})
	})
	t.Run("nothing is drawn while it is minimised, and all of it afterwards", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := widget.NewLabel("a")
			b := begin(t, 1, func() fyne.CanvasObject { return l }, fyne.NewSize(300, 200))
			b.handler.shown(false)
			was := b.pictures
			l.SetText("b")
			b.settle()
			if b.pictures != was {
				t.Error("drawn while nobody could see it")
			}
			b.handler.shown(true)
			b.settle()
			if b.pictures != was+1 {
				t.Error("not drawn afterwards")
			}
			b.right("afterwards")
		})
	})
	t.Run("a flood of changes is at most thirty pictures a second", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := widget.NewLabel("a")
			b := begin(t, 1, func() fyne.CanvasObject { return l }, fyne.NewSize(300, 200))
			was := b.pictures
			for i := range 1000 {
				l.SetText(strings.Repeat("x", i%20))
				<-time.After(time.Millisecond)
				select {
				case <-b.wakes:
					b.handler.work()
				default:
				}
			}
			if n := b.pictures - was; n < 20 || n > 31 {
				t.Errorf("%d pictures in a second", n)
			}
			b.settle()
			b.right("in the end")
		})
	})
	t.Run("a part that was covered is shown again, without drawing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := begin(t, 1, func() fyne.CanvasObject { return widget.NewLabel("a") }, fyne.NewSize(300, 200))
			b.handler.exposed(image.Rect(10, 10, 1000, 20))
			if len(b.parts) != 1 || b.parts[0] != image.Rect(10, 10, 300, 20) {
				t.Errorf("%v", b.parts)
			}
		})
	})
	t.Run("boxes with round corners are cut off where their room ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			box := canvas.NewRectangle(theme.Color(theme.ColorNamePrimary))
			box.CornerRadius, box.StrokeWidth, box.StrokeColor = 6, 2, theme.Color(theme.ColorNameError)
			tall := container.NewGridWrap(fyne.NewSize(100, 300), box)
			s := container.NewVScroll(tall)
			b := begin(t, 1, func() fyne.CanvasObject { return s }, fyne.NewSize(200, 100))
			b.window.SetPadded(false)
			b.settle()
			s.ScrollToOffset(fyne.NewPos(0, 150))
			b.settle()
			for y := range 12 {
				if c := b.shown.RGBAAt(50, y); c.R > c.B { // the line round the box, which is above
					t.Errorf("in row %d there is %v", y, c)
				}
			}
		})
	})
}
