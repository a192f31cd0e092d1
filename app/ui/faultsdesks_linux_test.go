package ui

import (
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/place"
)

// desks gives two windows on one database, both showing the settings.
func desks(t *testing.T) (one, two *screentest.Bench, mine, theirs *Window) {
	t.Helper()
	one, mine = filled(t, place.At(filepath.Join(t.TempDir(), "data")))
	two = screentest.NewAt(t, one.Place())
	win := test.NewWindow(nil)
	theirs = New(two.Desk, win)
	win.Resize(fyne.NewSize(1100, 700))
	for _, x := range []struct {
		b *screentest.Bench
		w *Window
	}{{one, mine}, {two, theirs}} {
		x.b.Look()
		x.w.show("settings")
		x.b.Settle()
	}
	return one, two, mine, theirs
}

func saved(t *testing.T, b *screentest.Bench, name string) string {
	t.Helper()
	values, _, err := b.Store.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return values[name]
}

func shows(t *testing.T, w *Window, want ...string) {
	t.Helper()
	for _, one := range want {
		if !strings.Contains(words(w), one) {
			t.Errorf("%q is not shown in\n%s", one, words(w))
		}
	}
}

func TestTwoWindowsSave(t *testing.T) {
	// both saves first theirs and then mine, in which the port is another.
	both := func(t *testing.T) (one, two *screentest.Bench, mine, theirs *Window) {
		t.Helper()
		one, two, mine, theirs = desks(t)
		typeIn(t, mine, "Port", "587")
		typeIn(t, theirs, "Port", "25")
		typeIn(t, theirs, "From address", "desk@school.test")
		press(t, theirs, "Save")
		two.Settle()
		shows(t, theirs, "Saved.")
		press(t, mine, "Save")
		one.Settle()
		shows(t, mine, "Not saved: somebody else changed the settings meanwhile.", "Port: was 2525, now 25 (yours is different)", "From address: was library@school.test, now desk@school.test")
		shot(t, mine, "two-windows")
		inspect(t, mine, "settings")
		if saved(t, one, "server1.port") != "25" {
			t.Error("theirs was lost before anybody chose")
		}
		return one, two, mine, theirs
	}
	t.Run("68 the second is told what changed, and Keep mine saves over only what both changed", func(t *testing.T) {
		one, two, mine, theirs := both(t)
		press(t, mine, "Keep mine")
		one.Settle()
		shows(t, mine, "Saved.")
		if port, from := saved(t, one, "server1.port"), saved(t, one, "from.address"); port == "25" || from != "desk@school.test" {
			t.Errorf("the port is %q, From %q", port, from)
		}
		two.Look()
		if strings.Contains(words(theirs), "Unsaved changes") || strings.Contains(words(theirs), "Somebody else") {
			t.Error("the first window is bothered although nothing was typed there")
		}
	})
	t.Run("68 Take theirs drops what was typed here, and nothing is left to save", func(t *testing.T) {
		one, _, mine, _ := both(t)
		press(t, mine, "Take theirs")
		one.Settle()
		shows(t, mine, "Everything is saved.", "desk@school.test")
		if saved(t, one, "server1.port") != "25" || strings.Contains(words(mine), "587\n587") {
			t.Errorf("the port is %q", saved(t, one, "server1.port"))
		}
	})
	t.Run("68 both press Save at the very same time: one of them is told, and nothing is lost", func(t *testing.T) {
		one, two, mine, theirs := desks(t)
		typeIn(t, mine, "Port", "587")
		typeIn(t, theirs, "From address", "desk@school.test")
		press(t, mine, "Save")
		press(t, theirs, "Save")
		one.Settle()
		two.Settle()
		told := 0
		for _, w := range []*Window{mine, theirs} {
			if strings.Contains(words(w), "Not saved: somebody else") {
				told++
				press(t, w, "Keep mine")
			}
		}
		one.Settle()
		two.Settle()
		if told != 1 || saved(t, one, "server1.port") == "2525" || saved(t, one, "from.address") != "desk@school.test" {
			t.Errorf("%d were told; %q, %q", told, saved(t, one, "server1.port"), saved(t, one, "from.address"))
		}
	})
	t.Run("a password the other one set is told of and never shown", func(t *testing.T) {
		const secret = "open sesame"
		one, two, mine, theirs := desks(t)
		typeIn(t, mine, "Port", "587")
		typeIn(t, theirs, "User name", "library")
		typeIn(t, theirs, "Password", secret)
		press(t, theirs, "Save")
		two.Settle()
		sealed := saved(t, one, "server1.password")
		if !strings.HasPrefix(sealed, data.SealedPrefix) {
			t.Fatalf("saved as %q", sealed)
		}
		one.Look()
		shows(t, mine, "Somebody else has just saved these settings:", "Password: was not set, now set")
		press(t, mine, "Save")
		one.Settle()
		press(t, mine, "Save")
		one.Settle()
		two.Look()
		typeIn(t, theirs, "Password", secret+"2")
		press(t, theirs, "Save")
		two.Settle()
		shows(t, theirs, "Saved.")
		typeIn(t, mine, "Port", "25")
		one.Look()
		shows(t, mine, "Password: changed")
		for _, w := range []*Window{mine, theirs} {
			for _, bad := range []string{secret, sealed, data.SealedPrefix} {
				if strings.Contains(words(w), bad) {
					t.Errorf("%q is shown in\n%s", bad, words(w))
				}
			}
		}
	})
}
