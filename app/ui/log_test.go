package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

func openLog(t *testing.T) (*screentest.Bench, *Window, *logPage) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	id := b.Message("Overdue", "ann@school.test")
	at := time.Date(2026, 11, 24, 10, 42, 3, 0, time.Local)
	if err := b.Store.Note(t.Context(),
		data.JournalLine{At: at, Kind: data.JournalService, Text: "The service started."},
		data.JournalLine{At: at.Add(time.Minute), Kind: data.JournalCheck, Text: "Check: 3 sent, 1 waiting."},
		data.JournalLine{At: at.Add(2 * time.Minute), Kind: data.JournalFailed, Message: id, Text: "ann@school.test: This address does not exist."},
		data.JournalLine{At: at.AddDate(0, 0, 1), Kind: data.JournalTrouble, Text: "Nothing answers at mail.school.test port 587. The school firewall may block it, and this sentence is so long that it cannot stand on one line."},
	); err != nil {
		t.Fatal(err)
	}
	b.Look()
	w := open(t, b)
	b.Settle()
	w.show("log")
	b.Settle()
	p, ok := w.pages["log"].(*logPage)
	if !ok {
		t.Fatal("there is no log")
	}
	return b, w, p
}

func TestLogPage(t *testing.T) {
	t.Run("it shows when, what kind and what happened", func(t *testing.T) {
		_, w, _ := openLog(t)
		for _, want := range []string{"Wed 25 Nov 2026, 10:42:03", "Trouble", "Check: 3 sent, 1 waiting."} {
			if !strings.Contains(words(w), want) {
				t.Errorf("%q is not shown:\n%s", want, words(w))
			}
		}
		shot(t, w, "log")
	})
	t.Run("kind, words and day narrow it", func(t *testing.T) {
		b, _, p := openLog(t)
		p.kinds.pick(2)
		b.Settle()
		if p.l.Len() != 1 {
			t.Errorf("%d lines of one kind", p.l.Len())
		}
		p.kinds.pick(0)
		test.Type(p.search, "started")
		b.Settle()
		if p.l.Len() != 1 {
			t.Errorf("%d lines with a word", p.l.Len())
		}
		p.search.SetText("")
		p.day.SetText("25.11.2026")
		press(t, p.w, "Go")
		b.Settle()
		if p.l.Len() != 1 {
			t.Errorf("%d lines of a day", p.l.Len())
		}
		p.day.SetText("soon")
		press(t, p.w, "Go")
		if !strings.Contains(words(p.w), "Write the day as") {
			t.Error("a day that is none is not told")
		}
	})
	t.Run("a line opens whole, is copied, and leads to its message", func(t *testing.T) {
		b, w, p := openLog(t)
		p.open(1)
		shot(t, w, "log-line")
		press(t, w, "Copy")
		if len(b.Desktop.Copied) != 1 || !strings.Contains(b.Desktop.Copied[0], "does not exist") {
			t.Errorf("copied %v", b.Desktop.Copied)
		}
		press(t, w, "Show the message")
		b.Settle()
		if !strings.Contains(words(w), "Overdue") {
			t.Errorf("the message is not shown:\n%s", words(w))
		}
	})
	t.Run("the export asks before it replaces, and says where the file is", func(t *testing.T) {
		b, w, _ := openLog(t)
		path := filepath.Join(t.TempDir(), "log.csv")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		press(t, w, "Export...")
		field := find[*entry](w)[0]
		field.SetText(path)
		shot(t, w, "log-export")
		press(t, w, "Export")
		b.Settle()
		press(t, w, "Replace")
		b.Settle()
		if raw, _ := os.ReadFile(path); !strings.Contains(string(raw), "The service started.") {
			t.Errorf("the file holds %q", raw)
		}
		if !strings.Contains(words(w), path) || len(w.layers) != 0 {
			t.Errorf("what is shown: %s", words(w))
		}
	})
	t.Run("the folder of the export is looked for", func(t *testing.T) {
		b, w, p := openLog(t)
		path := t.TempDir()
		press(t, w, "Export...")
		find[*entry](w)[0].SetText(filepath.Join(path, "log.csv"))
		press(t, w, "Choose...")
		b.Settle()
		shot(t, w, "log-export-choose")
		press(t, w, "Use this folder")
		b.Settle()
		if got := find[*entry](w)[0].Text; got != p.l.ExportIn(path) || len(w.layers) != 1 {
			t.Fatalf("it goes to %q", got)
		}
		press(t, w, "Export")
		b.Settle()
		if raw, _ := os.ReadFile(p.l.ExportIn(path)); !strings.Contains(string(raw), "The service started.") {
			t.Errorf("the file holds %q", raw)
		}
	})
	t.Run("a path that cannot be is told where it was typed", func(t *testing.T) {
		b, w, _ := openLog(t)
		press(t, w, "Export...")
		find[*entry](w)[0].SetText("log.csv")
		press(t, w, "Export")
		b.Settle()
		if !strings.Contains(words(w), "Write the whole path") {
			t.Error(words(w))
		}
		w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if len(w.layers) != 0 {
			t.Error("Escape does not close it")
		}
	})
	t.Run("what IT needs is copied", func(t *testing.T) {
		b, w, _ := openLog(t)
		press(t, w, "Copy for IT")
		b.Settle()
		if len(b.Desktop.Copied) != 1 || !strings.Contains(words(w), "Copied.") {
			t.Errorf("copied %d times: %s", len(b.Desktop.Copied), words(w))
		}
	})
}
