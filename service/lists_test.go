package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store/storetest"
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
	t.Run("status tells of the last one, as text and as JSON", func(t *testing.T) {
		var v statusView
		d.json(&v, "status")
		if i := v.Library.Imports; i == nil || i.Folder != folder || i.Last == nil || i.Last.New != 1 || len(i.Held) != 0 || i.Left != 0 {
			t.Fatalf("%+v", i)
		}
		if out := d.ok("status"); !strings.Contains(out, "last taken in by itself: loans.csv, today") || !strings.Contains(out, "Lists      "+folder) {
			t.Fatal(out)
		}
		if f := d.doctorOn("folder for lists"); !f.OK {
			t.Fatalf("%+v", f)
		}
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
		var v statusView
		d.json(&v, "status")
		if h := v.Library.Imports.Held; len(h) != 1 || h[0].Name != "loans.csv" || !strings.Contains(h[0].Sentence, "The list is empty") {
			t.Fatalf("%+v", h)
		}
		if out := d.ok("status"); !strings.Contains(out, "loans.csv is held: The list is empty") {
			t.Fatal(out)
		}
		if f := d.doctorOn("folder for lists"); f.OK || !strings.Contains(f.Text, "1 list waits for you: loans.csv: The list is empty") || f.Remedy == "" {
			t.Fatalf("%+v", f)
		}
	})
	t.Run("the next good one ends the alarm", func(t *testing.T) {
		put("loans.csv", books)
		d.until("over", func() bool {
			var v statusView
			d.json(&v, "status")
			return v.Trouble == "" && len(v.Library.Imports.Held) == 0 && !strings.Contains(d.ok("loans", "list"), "Momo")
		})
	})
}

// doctorOn is what doctor says of one thing; without a name, it does not look at it.
func (d *desk) doctorOn(name string) finding {
	d.t.Helper()
	_, out, _ := d.run("doctor", "--json")
	var all []finding
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		d.t.Fatal(err)
	}
	for _, f := range all {
		if f.Name == name {
			return f
		}
	}
	return finding{}
}

func TestFolderForLists(t *testing.T) {
	t.Run("folder use --imports makes it the folder for lists, and no other", func(t *testing.T) {
		d := newDesk(t, "overdue.fresh_days=1")
		folder := t.TempDir()
		d.ok("folder", "use", "--imports", folder)
		var v statusView
		d.json(&v, "status")
		if v.Library.Imports.Folder != folder || v.Folder != d.folder() {
			t.Fatalf("%+v", v)
		}
		d.ok("settings", "set", "imports.folder=")
		if f := d.doctorOn("folder for lists"); f.Name != "" {
			t.Fatalf("%+v", f)
		}
	})
	t.Run("it is neither the folder for mail nor one of ours", func(t *testing.T) {
		d := newDesk(t, "overdue.fresh_days=1")
		mail := t.TempDir()
		d.ok("folder", "use", mail)
		for _, path := range []string{mail, d.data} {
			if code, _, errs := d.run("folder", "use", "--imports", path); code != exitConfig {
				t.Errorf("%s: exit %d, %s", path, code, errs)
			}
		}
		lists := t.TempDir()
		d.ok("folder", "use", "--imports", lists)
		if code, _, errs := d.run("folder", "use", lists); code != exitConfig || !strings.Contains(errs, "a folder of its own") {
			t.Errorf("exit %d, %s", code, errs)
		}
	})
	t.Run("doctor finds a folder that is not there, and a list of loans that none renews", func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "lists")
		d := newDesk(t, "overdue.fresh_days=1", "imports.folder="+folder)
		if f := d.doctorOn("folder for lists"); f.OK || !strings.Contains(f.Text, "is not there") || !strings.Contains(f.Remedy, "--imports") {
			t.Fatalf("%+v", f)
		}
		if out := d.ok("status"); !strings.Contains(out, "it is not there") {
			t.Fatal(out)
		}
		d.ok("patrons", "import", list(t, "p.csv", pupils))
		old := list(t, "l.csv", books)
		at := time.Now().AddDate(0, 0, -9)
		if err := os.Chtimes(old, at, at); err != nil {
			t.Fatal(err)
		}
		d.ok("loans", "import", old)
		if f := d.doctorOn("list of loans"); f.OK || !strings.Contains(f.Text, "none came into the folder") || !strings.Contains(f.Remedy, "library system") {
			t.Fatalf("%+v", f)
		}
	})
	t.Run("where lists can be read and not renamed, doctor says so and nothing is an alarm", func(t *testing.T) {
		folder := t.TempDir()
		d := newDesk(t, "imports.folder="+folder)
		path := filepath.Join(folder, "loans.csv")
		if err := os.WriteFile(path, []byte(books), 0o600); err != nil {
			t.Fatal(err)
		}
		root, err := os.Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = root.Close() }()
		id, err := place.IdentifyIn(root, "loans.csv")
		if err != nil {
			t.Fatal(err)
		}
		d.withLibrary(func(l *storetest.Library) { // as the service leaves it
			base, err := l.RosterRevision(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			set := &data.ChangeSet{Base: base, Batch: &data.Batch{Kind: data.RosterLoans, File: "loans.csv", Complete: true, Taken: l.Now(), Origin: "hash " + id.Seen()}}
			if _, err := l.Import(t.Context(), set, nil); err != nil {
				t.Fatal(err)
			}
		})
		if f := d.doctorOn("folder for lists"); f.OK || !strings.Contains(f.Text, "not renamed") || !strings.Contains(f.Remedy, "folder use --imports") {
			t.Fatalf("%+v", f)
		}
		var v statusView
		if d.json(&v, "status"); v.Library.Imports.Left != 1 || v.Trouble == v.Library.Imports.Problem && v.Trouble != "" {
			t.Fatalf("%+v", v)
		}
	})
}
