package ui

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data/place"
)

// stubborn is a screen with something unsaved.
type stubborn struct {
	emptyPage

	asked int
	then  func()
}

func (s *stubborn) leave(then func()) { s.asked++; s.then = then }

func key(w *Window, name fyne.KeyName) {
	if f := w.window.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
		return
	}
	w.typedKey(&fyne.KeyEvent{Name: name})
}

func TestGoing(t *testing.T) {
	b := screentest.New(t)
	b.Configured()
	w := open(t, b)
	b.Look()
	canvas, ok := w.window.Canvas().(fyne.Shortcutable)
	if !ok {
		t.Fatal("no shortcuts here")
	}
	t.Run("Ctrl and a number goes to each screen", func(t *testing.T) {
		for _, p := range places() {
			canvas.TypedShortcut(&desktop.CustomShortcut{KeyName: p.key, Modifier: fyne.KeyModifierShortcutDefault})
			if w.current != p.name {
				t.Errorf("it went to %s, not to %s", w.current, p.name)
			}
		}
	})
	t.Run("in a low window the rail scrolls, and lies not upon its foot", func(t *testing.T) {
		w.window.Resize(fyne.NewSize(600, 300))
		arrange(w)
		where := fyne.CurrentApp().Driver().AbsolutePositionForObject
		way := scrollAround(w.rail.items[0])
		if way == nil {
			t.Fatal("the rail does not scroll")
		}
		last, foot := w.rail.items[len(places())-1], w.rail.items[len(places())]
		if end := where(way).Y + way.Size().Height; end > where(foot).Y {
			t.Errorf("the rail ends at %v, its foot begins at %v", end, where(foot).Y)
		}
		w.window.Canvas().Focus(last)
		arrange(w)
		if top := where(last).Y; top < where(way).Y || top+last.Size().Height > where(way).Y+way.Size().Height+1 {
			t.Errorf("what has the keyboard is at %v, out of sight", top)
		}
		w.window.Resize(fyne.NewSize(1100, 700))
		arrange(w)
	})
	t.Run("the rail goes by arrow keys and Return", func(t *testing.T) {
		w.window.Canvas().Focus(w.rail.items[0])
		key(w, fyne.KeyDown)
		key(w, fyne.KeyReturn)
		if w.current != places()[1].name {
			t.Errorf("it went to %s", w.current)
		}
	})
	t.Run("a screen with something unsaved is asked first", func(t *testing.T) {
		w.show("overview")
		s := &stubborn{emptyPage: emptyPage{newPage("", nil)}}
		w.pages["overview"] = s
		w.show("log")
		if w.current != "overview" || s.asked != 1 {
			t.Fatalf("it went to %s after asking %d times", w.current, s.asked)
		}
		s.then()
		if w.current != "log" {
			t.Errorf("it stayed at %s", w.current)
		}
	})
	t.Run("closing asks too, and remembers the size", func(t *testing.T) {
		s := &stubborn{emptyPage: emptyPage{newPage("", nil)}}
		w.pages["log"] = s
		w.close()
		if s.asked != 1 {
			t.Fatal("nobody was asked")
		}
		w.window.Resize(fyne.NewSize(1200, 800))
		s.then()
		if p := screen.LoadPreferences(b.PreferencesFile()); p.Width != 1200 || p.Height != 800 {
			t.Errorf("remembered: %+v", p)
		}
	})
}

func TestQuestion(t *testing.T) {
	w := open(t, screentest.New(t))
	before := fyne.Focusable(w.rail.items[2])
	w.window.Canvas().Focus(before)
	said := ""
	ask := func(danger bool) {
		said = ""
		w.ask(question{title: "Sure?", text: "Really.", yes: "Do it", danger: danger, then: func() { said = "yes" }, otherwise: func() { said = "no" }})
	}
	for _, c := range []struct {
		name   string
		danger bool
		key    fyne.KeyName
		want   string
	}{
		{"Return is yes", false, fyne.KeyReturn, "yes"},
		{"Escape is no", false, fyne.KeyEscape, "no"},
		{"Return is no where yes cannot be taken back", true, fyne.KeyReturn, "no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ask(c.danger)
			key(w, c.key)
			if said != c.want || len(w.layers) != 0 {
				t.Errorf("%q, %d dialogs stay", said, len(w.layers))
			}
			if w.window.Canvas().Focused() != before {
				t.Error("the keyboard is not back where it was")
			}
		})
	}
	t.Run("Tab stays inside", func(t *testing.T) {
		ask(false)
		for range 5 {
			w.window.Canvas().FocusNext()
			if _, ok := w.window.Canvas().Focused().(*button); !ok {
				t.Errorf("the keyboard is on %T", w.window.Canvas().Focused())
			}
		}
		key(w, fyne.KeyEscape)
	})
	t.Run("Return in a field of a question is yes", func(t *testing.T) {
		e := newEntry(nil)
		w.ask(question{title: "Name", body: newForm(newField("Name", "", "", e)), then: func() { said = "yes" }})
		w.window.Canvas().Focus(e)
		said = ""
		key(w, fyne.KeyReturn)
		if said != "yes" {
			t.Errorf("%q", said)
		}
	})
	t.Run("a panel tells once that it was closed", func(t *testing.T) {
		closed := 0
		shut := w.panel("Panel", newText("Words."), 400, func() { closed++ })
		key(w, fyne.KeyEscape)
		shut()
		if closed != 1 || len(w.layers) != 0 {
			t.Errorf("told %d times", closed)
		}
	})
}

func TestNotice(t *testing.T) {
	w := open(t, screentest.New(t))
	undone := 0
	w.notice("3 messages are held.", func() { undone++ })
	press(t, w, "Undo")
	if undone != 1 || w.bar.object.Visible() {
		t.Errorf("undone %d times; the bar shows: %v", undone, w.bar.object.Visible())
	}
	w.notice("Saved.", nil)
	if got := words(w); !strings.Contains(got, "Saved.") || strings.Contains(got, "Undo") {
		t.Errorf("shown:\n%s", got)
	}
	press(t, w, "Dismiss")
	if strings.Contains(words(w), "Saved.") {
		t.Error("the bar stays")
	}
}

func TestBanner(t *testing.T) {
	b := screentest.New(t)
	b.Configured()
	b.Message("Due", "ann@school.test")
	w := open(t, b)
	b.Look()
	w.show("log")
	t.Run("a stopped service can be started from every screen", func(t *testing.T) {
		press(t, w, "Start the service")
		b.Settle()
		if !slices.Contains(b.Service.Asked(), "start") {
			t.Errorf("asked: %v", b.Service.Asked())
		}
		b.Look()
		if w.banner.object.Visible() || !strings.Contains(words(w), "Service running") {
			t.Errorf("shown:\n%s", words(w))
		}
	})
	t.Run("a start that fails says why", func(t *testing.T) {
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceStopped})
		b.Look()
		b.Service.Fail = errors.New("dial tcp: secret internals")
		press(t, w, "Start the service")
		b.Settle()
		b.Look()
		if got := words(w); strings.Contains(got, "dial tcp") || !w.banner.object.Visible() {
			t.Errorf("shown:\n%s", got)
		}
		b.Service.Fail = nil
	})
	t.Run("practice mode stands across the top and leads to its setting", func(t *testing.T) {
		b.Save(map[string]string{"practice": "true"})
		b.Look()
		if !strings.Contains(words(w), "everything goes to it@school.test; nothing reaches a patron") {
			t.Errorf("shown:\n%s", words(w))
		}
		press(t, w, "Change this")
		if w.current != "settings" {
			t.Errorf("it led to %s", w.current)
		}
		b.Save(map[string]string{"practice": "false"})
		b.Look()
		if w.strip.object.Visible() {
			t.Error("it stays when practice mode is off")
		}
	})
}

func TestBlocked(t *testing.T) {
	p := place.At(filepath.Join(t.TempDir(), "data"))
	if err := p.Make(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.Database(), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	b := screentest.NewAt(t, p)
	w := open(t, b)
	b.Look()
	for _, at := range places() {
		w.show(at.name)
		if got := words(w); w.current != at.name || !strings.Contains(got, "Files in the mail folder stay where they are.") {
			t.Errorf("%s shows:\n%s", w.current, got)
		}
	}
	if err := os.Remove(p.Database()); err != nil {
		t.Fatal(err)
	}
	press(t, w, "Try again")
	b.Look()
	if w.desk.Blocked() || strings.Contains(words(w), "Try again") {
		t.Errorf("a database that can be opened again is not shown:\n%s", words(w))
	}
}

func TestAbout(t *testing.T) {
	b := screentest.New(t)
	w := open(t, b)
	w.about()
	press(t, w, "Open folder")
	b.Settle()
	if !slices.Contains(b.Desktop.Opened, b.Place().Data) {
		t.Errorf("opened: %v", b.Desktop.Opened)
	}
	tb := find[*table](w)[0]
	tb.types(fyne.KeyHome)
	press(t, w, "Read the licence")
	if !strings.Contains(words(w), "Redistribution") {
		t.Errorf("shown:\n%s", words(w))
	}
	if len(w.layers) != 2 {
		t.Errorf("%d panels are open", len(w.layers))
	}
}

func TestChooseAppearance(t *testing.T) {
	b := screentest.New(t)
	w := open(t, b)
	w.chooseAppearance()
	choices := find[*choice](w)
	for _, c := range []struct {
		i    int
		name string
	}{{2, screen.ThemeDark}, {1, screen.ThemeLight}, {0, screen.ThemeSystem}} {
		choices[0].pick(c.i)
		b.Settle()
		if got, ok := fyne.CurrentApp().Settings().Theme().(look); !ok || got.choice != c.name {
			t.Errorf("the theme is %v, not %s", got, c.name)
		}
		if p := screen.LoadPreferences(b.PreferencesFile()); p.Theme != c.name {
			t.Errorf("kept: %+v", p)
		}
	}
	choices[1].TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	b.Settle()
	if !strings.Contains(words(w), "takes effect when you close this window") {
		t.Errorf("shown:\n%s", words(w))
	}
	test.Tap(choices[1])
	if w.window.Canvas().Overlays().Top() == nil || len(w.window.Canvas().Overlays().List()) != 2 {
		t.Error("a click does not open the list")
	}
}
