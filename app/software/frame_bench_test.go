package software

import (
	"fmt"
	"runtime"
	"testing"

	"fyne.io/fyne/v2"

	"smtpgateway/app/screen/screentest"
	"smtpgateway/app/ui"
	"smtpgateway/data"
)

// desk is the whole window on a fake display, in the middle of a school day.
func desk(b *testing.B, scale float32) (*bench, func(place int)) {
	b.Helper()
	b.Setenv("LANG", "en_US.UTF-8")
	b.Setenv(ScaleVariable, "")
	b.Setenv("FYNE_THEME", "light")
	s := screentest.New(b)
	s.Configured()
	for i := range 40 {
		s.Message(fmt.Sprintf("Your book is due, reminder %d", i), fmt.Sprintf("reader%d@school.test", i))
	}
	s.School(data.DateOf(s.Now()))
	f := &fake{factor: scale, wakes: make(chan struct{}, 1)}
	a, err := newApp(Options{ID: "test", Title: "Test"}, f)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { a.driver.window.gone = true; runtime.UnlockOSThread() })
	a.settings.SetTheme(ui.Theme("light"))
	w := a.driver.window
	w.Resize(fyne.NewSize(1100, 700))
	ui.New(s.Desk, w)
	w.Show()
	look := func(place int) {
		s.Look()
		s.Settle()
		f.handler.keyDown(fyne.KeyName(fmt.Sprint(place)), 0, fyne.KeyModifierControl, false)
		s.Settle()
		w.draw()
		w.draw()
	}
	return &bench{fake: f, t: b, app: a, window: w}, look
}

var screens = map[int]string{1: "overview", 2: "settings", 3: "queue", 4: "patrons", 5: "letters", 8: "log"}

// BenchmarkFrame is the time a picture of 1100 x 700 points takes: all of it from pictures in hand; all of it from
// nothing; looking whether anything changed.
func BenchmarkFrame(b *testing.B) {
	for _, scale := range []float32{1, 2} {
		for place, name := range screens {
			b.Run(fmt.Sprintf("%s/%.0f%%", name, scale*100), func(b *testing.B) {
				t, show := desk(b, scale)
				show(place)
				w := t.window
				b.Run("all", func(b *testing.B) {
					for b.Loop() {
						w.painter.items, w.painter.frame = nil, nil
						w.draw()
					}
				})
				b.Run("from-nothing", func(b *testing.B) {
					for b.Loop() {
						w.painter.forget()
						w.draw()
					}
				})
				b.Run("nothing-new", func(b *testing.B) {
					for b.Loop() {
						w.draw()
					}
				})
			})
		}
	}
}

// BenchmarkKeystroke is the time from a key to its letter, in the first field of a screen.
func BenchmarkKeystroke(b *testing.B) {
	for _, place := range []int{2, 4, 8} {
		b.Run(screens[place], func(b *testing.B) {
			t, show := desk(b, 1)
			show(place)
			w := t.window
			for _, o := range w.canvas.focus.chain() {
				if _, ok := o.(interface{ SelectedText() string }); ok {
					w.canvas.Focus(o)
					break
				}
			}
			w.draw()
			n, was := 0, t.pictures
			for b.Loop() {
				n++
				t.handler.typed(rune('a' + n%26))
				w.draw()
				if n%20 == 0 {
					t.handler.keyDown(fyne.KeyA, 0, fyne.KeyModifierControl, false)
				}
			}
			if t.pictures-was < n {
				b.Fatalf("%d letters, %d pictures", n, t.pictures-was)
			}
		})
	}
}

// BenchmarkWheel is the time a notch of the wheel takes.
func BenchmarkWheel(b *testing.B) {
	for _, place := range []int{2, 3} {
		b.Run(screens[place], func(b *testing.B) {
			t, show := desk(b, 1)
			show(place)
			t.handler.moved(640, 400, 0)
			n := 0
			for b.Loop() {
				n++
				by := float32(-1)
				if n/20%2 == 1 {
					by = 1
				}
				t.handler.wheel(0, by, 0)
				t.window.draw()
			}
		})
	}
}

// BenchmarkHover is the time a move of the mouse takes, with what is marked under it.
func BenchmarkHover(b *testing.B) {
	for _, place := range []int{1, 2, 3} {
		b.Run(screens[place], func(b *testing.B) {
			t, show := desk(b, 1)
			show(place)
			n := 0
			for b.Loop() {
				n++
				t.handler.moved(300+n%700, 100+n*7%500, 0)
				t.window.draw()
			}
		})
	}
}

// BenchmarkGoing is the time from the key that goes to another screen to its picture, and what is kept of pictures then.
func BenchmarkGoing(b *testing.B) {
	t, show := desk(b, 1)
	for place := range 8 {
		show(place + 1)
	}
	n := 0
	for b.Loop() {
		n++
		t.handler.keyDown(fyne.KeyName(fmt.Sprint(n%8+1)), 0, fyne.KeyModifierControl, false)
		t.window.draw()
	}
	b.ReportMetric(float64(t.window.painter.album.bytes)/1e6, "MB-kept")
}
