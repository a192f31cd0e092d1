package screen_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// logged gives a log screen over n lines, one a minute, the last on 24 Nov 2026 at noon.
func logged(t *testing.T, n int) (*screentest.Bench, *screen.Log) {
	t.Helper()
	b := screentest.New(t)
	end := time.Date(2026, 11, 24, 12, 0, 0, 0, time.Local)
	lines := make([]data.JournalLine, n)
	for i := range lines {
		lines[i] = data.JournalLine{At: end.Add(time.Duration(i-n+1) * time.Minute), Kind: data.JournalCheck, Text: fmt.Sprintf("Check %d: nothing to do.", i+1)}
	}
	if err := b.Store.Note(t.Context(), lines...); err != nil {
		t.Fatal(err)
	}
	b.Look()
	l := screen.NewLog(b.Desk)
	l.Load()
	b.Settle()
	return b, l
}

func TestLogScreen(t *testing.T) {
	t.Run("the newest comes first, and older ones follow as one goes down", func(t *testing.T) {
		b, l := logged(t, 450)
		if l.Len() != 200 || !strings.HasPrefix(l.Line(0).Text, "Check 450:") || !strings.HasPrefix(l.Line(0).When, "Tue 24 Nov 2026, 12:00") {
			t.Fatalf("%d lines, first %+v", l.Len(), l.Line(0))
		}
		for range 5 {
			l.More()
			b.Settle()
		}
		if l.Len() != 450 || !strings.HasPrefix(l.Line(449).Text, "Check 1:") {
			t.Fatalf("%d lines, last %+v", l.Len(), l.Line(l.Len()-1))
		}
	})
	t.Run("one kind, one day and words narrow it", func(t *testing.T) {
		b, l := logged(t, 3)
		if err := b.Store.Note(t.Context(), data.JournalLine{At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.Local), Kind: data.JournalTrouble, Text: "Nothing answers at mail.school.test port 587."}); err != nil {
			t.Fatal(err)
		}
		kind := 0
		for i, words := range l.Kinds() {
			if words == "Trouble" {
				kind = i
			}
		}
		l.SetKind(kind)
		b.Settle()
		if l.Len() != 1 || l.Line(0).Mark != screen.MarkWarn {
			t.Fatalf("%d lines: %s", l.Len(), l.Note())
		}
		l.SetKind(0)
		l.SetDay("20.11.2026")
		b.Settle()
		if l.Len() != 1 {
			t.Fatalf("%d lines on that day", l.Len())
		}
		l.SetDay("yesterdayish")
		b.Settle()
		if l.DayWrong() == "" {
			t.Error("a day that is none was taken")
		}
		l.SetDay("")
		l.SetSearch("ANSWERS 587")
		b.Settle()
		if l.Len() != 1 {
			t.Fatalf("%d lines with these words", l.Len())
		}
		l.SetSearch("nobody said this")
		b.Settle()
		if l.Len() != 0 || !strings.Contains(l.Note(), "Nothing in the log fits") {
			t.Errorf("%d: %s", l.Len(), l.Note())
		}
	})
	t.Run("a line written meanwhile appears, and those in hand stay", func(t *testing.T) {
		b, l := logged(t, 5)
		b.Look()
		if err := b.Store.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: "The service stopped."}); err != nil {
			t.Fatal(err)
		}
		l.Refresh(screen.Change{Store: true})
		b.Settle()
		if l.Len() != 6 || l.Line(0).Text != "The service stopped." {
			t.Errorf("%d lines, first %+v", l.Len(), l.Line(0))
		}
	})
	t.Run("an empty log says what will be in it", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		l := screen.NewLog(b.Desk)
		l.Load()
		b.Settle()
		if !strings.Contains(l.Note(), "written here") {
			t.Error(l.Note())
		}
	})
}

func TestLogExport(t *testing.T) {
	t.Run("all that fits goes into a file spreadsheets read, and no cell is a formula", func(t *testing.T) {
		b, l := logged(t, 1203)
		if err := b.Store.Note(t.Context(), data.JournalLine{Kind: data.JournalIntake, Text: `=HYPERLINK("file","click") was refused`}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "log.csv")
		l.Export(path, false, nil)
		b.Settle()
		said, failed := l.Exported()
		if failed || !strings.Contains(said, "1204") {
			t.Fatal(said)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
		if err != nil || len(records) != 1205 {
			t.Fatal(len(records), err)
		}
		if cell := records[1][5]; cell[0] != '\'' {
			t.Errorf("a cell begins with %q", cell[:1])
		}
	})
	t.Run("a file that is there is replaced only when a person says so", func(t *testing.T) {
		b, l := logged(t, 2)
		path := filepath.Join(t.TempDir(), "log.csv")
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		asked := false
		l.Export(path, false, func() { asked = true })
		b.Settle()
		if raw, _ := os.ReadFile(path); !asked || string(raw) != "mine" {
			t.Fatalf("asked %t, file %q", asked, raw)
		}
		l.Export(path, true, nil)
		b.Settle()
		if raw, _ := os.ReadFile(path); !strings.Contains(string(raw), "Check 2") {
			t.Errorf("file %q", raw)
		}
	})
	for name, path := range map[string]string{
		"a folder that is not there is a sentence": filepath.Join(t.TempDir(), "none", "log.csv"),
		"half a path is a sentence":                "log.csv",
	} {
		t.Run(name, func(t *testing.T) {
			b, l := logged(t, 1)
			l.Export(path, false, nil)
			b.Settle()
			if said, failed := l.Exported(); !failed || said == "" || strings.Contains(said, "no such file") {
				t.Error(said)
			}
		})
	}
	t.Run("an export that is stopped leaves no file", func(t *testing.T) {
		b, l := logged(t, 3)
		dir := t.TempDir()
		l.Export(filepath.Join(dir, "log.csv"), false, nil)
		l.StopExport()
		b.Settle()
		left, err := os.ReadDir(dir)
		if said, failed := l.Exported(); err != nil || failed || len(left) > 1 || len(left) == 1 && !strings.Contains(said, "3 lines") {
			t.Errorf("left %v after %q", left, said)
		}
	})
}

func TestCopyForIT(t *testing.T) {
	b, l := logged(t, 0)
	b.Configured()
	b.Save(map[string]string{"server1.user": "library@school.test", "server1.password": data.SealedPrefix + "c2VjcmV0"})
	if err := b.Store.Note(t.Context(), data.JournalLine{Kind: data.JournalFailed, Text: "ann.pupil@school.test: this address does not exist."}); err != nil {
		t.Fatal(err)
	}
	b.Look()
	l.CopyForIT(func(string) {})
	b.Settle()
	if len(b.Desktop.Copied) != 1 {
		t.Fatal("nothing was copied")
	}
	text := b.Desktop.Copied[0]
	for what, bad := range map[string]string{"a sealed password": "c2VjcmV0", "a patron": "ann.pupil"} {
		if strings.Contains(text, bad) {
			t.Errorf("it holds %s:\n%s", what, text)
		}
	}
	for _, good := range []string{"127.0.0.1", "library@school.test", "***@school.test", "does not exist", "server1.password"} {
		if !strings.Contains(text, good) {
			t.Errorf("it lacks %q:\n%s", good, text)
		}
	}
}
