package ui

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/place"
)

const longWord = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"

// state is how the whole may stand when somebody looks at a screen.
type state struct {
	name  string
	bench func(t *testing.T) *screentest.Bench
}

func beat(t *testing.T, b *screentest.Bench, h data.Heartbeat) {
	t.Helper()
	h.Started, h.LastCheck, h.NextCheck = b.Now().Add(-time.Hour), b.Now().Add(-time.Minute), b.Now().Add(2*time.Minute)
	if err := b.Store.Beat(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning, Auto: true})
}

func busy(t *testing.T) *screentest.Bench {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	for i := range 40 {
		b.Message(fmt.Sprintf("Your book is due, reminder %d", i), fmt.Sprintf("reader%d@school.test", i))
	}
	b.School(data.DateOf(b.Now()))
	beat(t, b, data.Heartbeat{})
	return b
}

func states() []state {
	return []state{
		{"empty", func(t *testing.T) *screentest.Bench { t.Helper(); return screentest.New(t) }},
		{"busy", busy},
		{"practice", func(t *testing.T) *screentest.Bench {
			t.Helper()
			b := busy(t)
			b.Save(map[string]string{"practice": "true"})
			return b
		}},
		{"trouble", func(t *testing.T) *screentest.Bench {
			t.Helper()
			b := busy(t)
			beat(t, b, data.Heartbeat{Trouble: "The mail server smtp.school.test does not accept the user name and password.", Remedy: "Enter the password again under Settings, then press Test."})
			return b
		}},
		{"stopped", func(t *testing.T) *screentest.Bench {
			t.Helper()
			b := busy(t)
			b.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped})
			return b
		}},
		{"failed", func(t *testing.T) *screentest.Bench {
			t.Helper()
			b := busy(t)
			b.Service.Set(screen.ServiceStatus{State: screen.ServiceFailed, Auto: true, Reason: "The folder to monitor cannot be read."})
			return b
		}},
		{"damaged", func(t *testing.T) *screentest.Bench {
			t.Helper()
			p := place.At(filepath.Join(t.TempDir(), "data"))
			if err := p.Make(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p.Database(), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
			return screentest.NewAt(t, p)
		}},
		{"newer", func(t *testing.T) *screentest.Bench {
			t.Helper()
			b := screentest.New(t)
			if err := b.Store.Close(); err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open("sqlite", b.Place().Database())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), "PRAGMA user_version = 9999"); err != nil {
				t.Fatal(err)
			}
			return screentest.NewAt(t, b.Place())
		}},
		{"long", func(t *testing.T) *screentest.Bench {
			t.Helper()
			b := screentest.New(t)
			b.Configured()
			b.Save(map[string]string{"server1.host": strings.ToLower(longWord[:60]) + ".school.test", "from.name": longWord, "test_to": strings.ToLower(longWord[:60]) + "@school.test", "practice": "true"})
			b.People(data.Patron{
				Key: longWord, Card: longWord, First: longWord, Last: longWord, Group: longWord[:50], Level: longWord[:50], Email: strings.ToLower(longWord[:60]) + "@" + strings.ToLower(longWord[:50]) + ".test",
				Guardians: []data.Guardian{{Name: longWord, Role: longWord, Email: strings.ToLower(longWord[:50]) + "@home.test", Notices: true}},
			})
			b.Lend(longWord, data.Loan{Barcode: "1", Title: longWord + longWord, Author: longWord, CallNumber: longWord, Due: 1})
			for range 5 {
				b.Message(longWord+" "+longWord, strings.ToLower(longWord[:60])+"@"+strings.ToLower(longWord[:50])+".test")
			}
			beat(t, b, data.Heartbeat{Trouble: "The server said: " + longWord + longWord + " and then a good many other words nobody had asked for, one after the other, without an end in sight.", Remedy: "Ask IT about " + longWord + "."})
			return b
		}},
	}
}

// TestWalk goes to every screen in every state, light and dark, in a usual window and in a small one as a high UI scale
// leaves it.
func TestWalk(t *testing.T) {
	for _, s := range states() {
		for _, v := range []struct {
			theme string
			scale float32
			size  fyne.Size
		}{
			{screen.ThemeLight, 1, fyne.NewSize(1100, 700)},
			{screen.ThemeDark, 1, fyne.NewSize(1100, 700)},
			{screen.ThemeLight, 1.5, fyne.NewSize(900, 560)},
		} {
			name := fmt.Sprintf("%s-%s-%g", s.name, v.theme, v.scale)
			t.Run(name, func(t *testing.T) {
				b := s.bench(t)
				w := open(t, b)
				w.appearance.SetTheme(v.theme)
				w.setLook()
				w.window.Resize(v.size)
				if c, ok := w.window.Canvas().(test.WindowlessCanvas); ok {
					c.SetScale(v.scale)
				}
				b.Look()
				for _, p := range places() {
					w.show(p.name)
					b.Settle()
					arrange(w)
					shot(t, w, "walk-"+p.name+"-"+name)
					inspect(t, w, p.name)
					if v.theme == screen.ThemeLight {
						tabOrder(t, w, p.name)
						rings(t, w, p.name)
					}
				}
			})
		}
	}
}

// TestWalkPanels looks at the panels of the rail's foot as the walk does at the screens.
func TestWalkPanels(t *testing.T) {
	for _, look := range []string{screen.ThemeLight, screen.ThemeDark} {
		b := busy(t)
		w := open(t, b)
		w.appearance.SetTheme(look)
		w.setLook()
		b.Look()
		for name, f := range map[string]func(){
			"about": w.about, "appearance": func() { w.appearance.SetScale(150); w.chooseAppearance() },
			"ask": func() {
				w.ask(question{title: "Delete 3 messages?", text: "They are not sent then.", yes: "Delete", danger: true})
			},
			"tell": func() { w.tell("Saved", "The service uses the new settings since 10:42.") },
		} {
			t.Run(name+"-"+look, func(t *testing.T) {
				f()
				b.Settle()
				arrange(w)
				shot(t, w, "panel-"+name+"-"+look)
				inspect(t, w, name)
				tabOrder(t, w, name)
				rings(t, w, name)
				w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
				if len(w.layers) != 0 {
					t.Error("Escape does not close it")
				}
			})
		}
	}
}

// box is where something is on the canvas.
type box struct{ x, y, right, low float32 }

func boxAt(p fyne.Position, s fyne.Size) box { return box{p.X, p.Y, p.X + s.Width, p.Y + s.Height} }

func (b box) meet(o box) box {
	return box{max(b.x, o.x), max(b.y, o.y), min(b.right, o.right), min(b.low, o.low)}
}

func (b box) empty() bool { return b.right-b.x <= 0.5 || b.low-b.y <= 0.5 }

// seen is a piece of text that is on the screen.
type seen struct {
	words string
	at    box // where its letters are
	clip  box // what of the canvas it may be drawn on
	hold  box // the narrowest of what it stands in
}

// walkBoxes goes through what is visible below o, keeping count of where it is and what cuts it.
func walkBoxes(o fyne.CanvasObject, at fyne.Position, clip, hold box, f func(o fyne.CanvasObject, at fyne.Position, clip, hold box)) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	here := boxAt(at, o.Size())
	f(o, at, clip, hold)
	if e, is := o.(*entry); is { // what is typed may be longer than its field: it scrolls
		if e.frame != nil && e.frame.Visible() {
			f(e.frame, at, clip, hold)
		}
		return
	}
	switch x := o.(type) {
	case *container.Scroll:
		walkBoxes(x.Content, at, clip.meet(here), box{here.x, -1e6, here.right, 1e6}, f)
	case *fyne.Container:
		for _, c := range x.Objects {
			walkBoxes(c, at, clip, hold.meet(box{here.x, -1e6, here.right, 1e6}), f)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(x).Objects() {
			walkBoxes(c, at, clip, hold, f)
		}
	}
}

// inspect fails on text that is wider or higher than its box, is cut, or lies on other text.
func inspect(t *testing.T, w *Window, where string) {
	t.Helper()
	layers := layersOf(w)
	size := w.window.Canvas().Size()
	whole := boxAt(fyne.NewPos(0, 0), size)
	var all []seen
	walkBoxes(layers[len(layers)-1], fyne.NewPos(0, 0), whole, whole, func(o fyne.CanvasObject, at fyne.Position, clip, hold box) {
		x, ok := o.(*canvas.Text)
		if !ok || strings.TrimSpace(x.Text) == "" {
			return
		}
		need := fyne.MeasureText(x.Text, x.TextSize, x.TextStyle)
		if need.Width > x.Size().Width+1 || need.Height > x.Size().Height+1 {
			t.Errorf("%s: %q needs %.0f x %.0f and has %.0f x %.0f", where, x.Text, need.Width, need.Height, x.Size().Width, x.Size().Height)
		}
		b := boxAt(at, need)
		if b.x < hold.x-1 || b.right > hold.right+1 {
			t.Errorf("%s: %q goes from %.0f to %.0f, outside of what it stands in, %.0f to %.0f", where, x.Text, b.x, b.right, hold.x, hold.right)
		}
		if b.meet(clip).empty() {
			return // scrolled out of sight
		}
		all = append(all, seen{words: x.Text, at: b.meet(clip), clip: clip, hold: hold})
	})
	for i, a := range all {
		for _, b := range all[i+1:] {
			m := a.at.meet(b.at)
			if m.right-m.x > 2 && m.low-m.y > 3 {
				t.Errorf("%s: %q and %q lie on one another", where, a.words, b.words)
			}
		}
	}
}

// stop is a place of the keyboard.
type stop struct {
	o    fyne.Focusable
	name string
	at   box
	card *fyne.Container
}

// stops goes once round with Tab.
func stops(w *Window) []stop {
	c := w.window.Canvas()
	c.Unfocus()
	var out []stop
	for range 200 {
		c.FocusNext()
		f := c.Focused()
		if f == nil || len(out) > 0 && out[0].o == f {
			break
		}
		s := stop{o: f}
		s.name = fmt.Sprintf("%T", f)
		switch x := f.(type) {
		case *button:
			s.name = "button " + x.text
		case *check:
			s.name = "check " + x.text
		case *railRow:
			s.name = "rail " + x.words
		}
		out = append(out, s)
	}
	c.Unfocus()
	locate(w, out)
	return out
}

// locate finds out where the stops are, all at once: going there scrolls.
func locate(w *Window, all []stop) {
	layers := layersOf(w)
	whole := boxAt(fyne.NewPos(0, 0), fyne.NewSize(1e6, 1e6))
	in := map[fyne.CanvasObject]*fyne.Container{} // the innermost card
	where := map[fyne.CanvasObject]box{}
	walkBoxes(layers[len(layers)-1], fyne.NewPos(0, 0), whole, whole, func(o fyne.CanvasObject, p fyne.Position, _, _ box) {
		where[o] = boxAt(p, o.Size())
		if x, ok := o.(*fyne.Container); ok && len(x.Objects) > 0 {
			if ground, ok := x.Objects[0].(*plate); ok && ground.radius == 8 {
				walkTree(x, func(o fyne.CanvasObject) { in[o] = x })
			}
		}
	})
	for i := range all {
		o := all[i].o.(fyne.CanvasObject)
		all[i].at, all[i].card = where[o], in[o]
	}
}

// tabOrder fails on a Tab that goes up, or to the left in one line, within one card.
func tabOrder(t *testing.T, w *Window, where string) {
	t.Helper()
	all := stops(w)
	if len(all) == 0 {
		t.Errorf("%s: the keyboard gets nowhere", where)
	}
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		if a.card != b.card || a.card == nil {
			continue
		}
		share := min(a.at.low, b.at.low) - max(a.at.y, b.at.y)
		one := share > min(a.at.low-a.at.y, b.at.low-b.at.y)/2
		if one && b.at.x < a.at.x || !one && b.at.y < a.at.y-4 {
			t.Errorf("%s: Tab goes from %s (%.0f, %.0f) back to %s (%.0f, %.0f)", where, a.name, a.at.x, a.at.y, b.name, b.at.x, b.at.y)
		}
	}
	w.window.Canvas().Unfocus()
}

// rings fails on a control that looks the same with the keyboard on it, or cannot be seen then.
func rings(t *testing.T, w *Window, where string) {
	t.Helper()
	c := w.window.Canvas()
	for _, s := range stops(w) {
		c.Unfocus()
		c.Focus(s.o)
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.o.(fyne.CanvasObject))
		view := boxAt(fyne.NewPos(0, 0), c.Size())
		here := boxAt(at, s.o.(fyne.CanvasObject).Size())
		if here.meet(view).empty() {
			t.Errorf("%s: %s gets the keyboard out of sight, at %v", where, s.name, at)
			continue
		}
		if n := ringsIn(w, view); n != 1 {
			t.Errorf("%s: %d rings are shown when %s has the keyboard", where, n, s.name)
		}
	}
	c.Unfocus()
	if n := ringsIn(w, boxAt(fyne.NewPos(0, 0), c.Size())); n != 0 {
		t.Errorf("%s: %d rings are shown when nothing has the keyboard", where, n)
	}
}

// ringsIn counts the frames of two pixels, in the colour of the ring or of what is wrong, that can be seen.
func ringsIn(w *Window, view box) int {
	n := 0
	layers := layersOf(w)
	walkBoxes(layers[len(layers)-1], fyne.NewPos(0, 0), view, view, func(o fyne.CanvasObject, at fyne.Position, clip, _ box) {
		r, ok := o.(*canvas.Rectangle)
		if ok && r.StrokeWidth >= 2 && (r.StrokeColor == theme.Color(colorRing) || r.StrokeColor == theme.Color(colorBad)) && !boxAt(at, r.Size()).meet(clip).empty() {
			n++
		}
	})
	return n
}
