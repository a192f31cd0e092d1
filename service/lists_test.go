package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/service/relay/relaytest"
)

// TestListsService lives with a service whose library system exports into the folder for lists.
func TestListsService(t *testing.T) {
	s := relaytest.Start(t, relaytest.Script{})
	folder := t.TempDir()
	d := newDesk(t, librarySettings(s, "imports.folder="+folder)...)
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-time.Hour)
	d.ok("patrons", "import", list(t, "p.csv", pupils))
	first := list(t, "l.csv", books)
	if err := os.Chtimes(first, old, old); err != nil {
		t.Fatal(err)
	}
	d.ok("loans", "import", first, "--save-mapping", "nightly")
	d.start().up()
	d.until("it watches the folder", func() bool {
		var v statusView
		d.json(&v, "status")
		return !v.LastCheck.IsZero()
	})
	t.Run("a list that is put there is taken in by itself", func(t *testing.T) {
		put("loans.csv", books+"1,Momo,003,2026-12-30\n")
		d.until("taken in", func() bool { return strings.Contains(d.ok("loans", "list"), "Momo") })
	})
	t.Run("one in doubt is held with an alarm, and nothing is changed", func(t *testing.T) {
		put("loans.csv", "StKey,Title,Barcode,Due Date\n")
		d.until("said", func() bool {
			var v statusView
			d.json(&v, "status")
			return strings.Contains(v.Trouble, "The list is empty")
		})
		if out := d.ok("loans", "list"); !strings.Contains(out, "Momo") {
			t.Fatal(out)
		}
	})
	t.Run("the next good one ends the alarm", func(t *testing.T) {
		put("loans.csv", books)
		d.until("over", func() bool {
			var v statusView
			d.json(&v, "status")
			return v.Trouble == "" && !strings.Contains(d.ok("loans", "list"), "Momo")
		})
	})
}
