package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"smtpgateway/data"
)

func TestFolderRow(t *testing.T) {
	t.Run("what is typed is looked at and told below", func(t *testing.T) {
		b, w, p := settingsShown(t)
		path := filepath.Join(t.TempDir(), "post")
		p.s.Set("folder", path)
		b.Settle()
		if !strings.Contains(words(w), "This folder is not there.") {
			t.Fatal(words(w))
		}
		press(t, w, "Make this folder")
		b.Settle()
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			t.Fatal(err)
		}
		if said := words(w); !strings.Contains(said, "The folder was made.") || strings.Contains(said, "Make this folder") {
			t.Fatal(said)
		}
		press(t, w, "Open folder")
		b.Settle()
		if !slices.Equal(b.Desktop.Opened, []string{path}) {
			t.Fatal(b.Desktop.Opened)
		}
	})
	t.Run("the service is let in and the folder saved", func(t *testing.T) {
		b, w, p := settingsShown(t)
		path := t.TempDir()
		p.s.Set("folder", path)
		b.Settle()
		intoSight(p.fields["folder"].object)
		shot(t, w, "folder-let-in")
		press(t, w, "Let the service in")
		b.Settle()
		b.Look()
		if !slices.Contains(b.Service.Asked(), "folder "+path) || stored(t, b, "folder") != path || !strings.Contains(words(w), "The service can reach "+path) {
			t.Fatal(b.Service.Asked(), words(w))
		}
	})
	t.Run("a refusal is told, and nothing is saved", func(t *testing.T) {
		b, w, p := settingsShown(t)
		b.Service.Fail = &data.Error{Code: data.CodeNotNow, Sentence: "Nothing was changed: nobody confirmed."}
		p.s.Set("folder", t.TempDir())
		b.Settle()
		press(t, w, "Let the service in")
		b.Settle()
		if stored(t, b, "folder") != "" || !strings.Contains(words(w), "Nothing was changed: nobody confirmed.") {
			t.Fatal(words(w))
		}
	})
	t.Run("a folder is looked for, from the one that is watched", func(t *testing.T) {
		b, w, p := settingsShown(t)
		path := t.TempDir()
		p.s.Set("folder", path)
		b.Settle()
		if err := os.Mkdir(filepath.Join(path, "inside"), 0o700); err != nil {
			t.Fatal(err)
		}
		press(t, w, "Choose...")
		b.Settle()
		keys(w, fyne.KeyDown)
		shot(t, w, "folder-choose")
		press(t, w, "Use this folder")
		b.Settle()
		if got := p.s.Value("folder"); got != filepath.Join(path, "inside") || len(w.layers) != 0 {
			t.Fatalf("chose %q", got)
		}
	})
}
