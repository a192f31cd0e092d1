package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store/storetest"
	"smtpgateway/service/relay/relaytest"
)

func TestStatusOfTheLibrary(t *testing.T) {
	s := relaytest.Start(t, relaytest.Script{})
	doctor := func(d *desk, name string) finding {
		d.t.Helper()
		_, out, _ := d.run("doctor", "--json")
		var all []finding
		if err := json.Unmarshal([]byte(out), &all); err != nil {
			d.t.Fatal(err)
		}
		i := slices.IndexFunc(all, func(f finding) bool { return f.Name == name })
		if i < 0 {
			d.t.Fatalf("doctor does not look at %s: %+v", name, all)
		}
		return all[i]
	}
	t.Run("who has no patrons hears nothing of a library", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		if out := d.ok("status"); strings.Contains(out, "Library ") || strings.Contains(out, "Notices ") {
			t.Fatal(out)
		}
	})
	t.Run("patrons, loans, age of the list, practice and the next run", func(t *testing.T) {
		d := newDesk(t, append(serverSettings(s), "overdue.at=00:00", "overdue.enabled=true")...)
		d.pupils(5)
		var v statusView
		d.json(&v, "status")
		l := v.Library
		if l == nil || l.Patrons != 2 || l.Loans != 2 || l.Overdue != 2 || !l.Practice || !l.Fresh || l.ListAge != "of today" || !l.Notices || l.NextRun.IsZero() || l.Waiting != nil {
			t.Fatalf("%+v", l)
		}
		out := d.ok("status")
		for _, w := range []string{"2 patrons, 2 loans, 2 patrons with something overdue", "Loans list of today", "practice: they go to the test address", "Notices    due since"} {
			if !strings.Contains(out, w) {
				t.Errorf("%q is not in\n%s", w, out)
			}
		}
	})
	t.Run("a run that waits for a yes is told, and how to give it", func(t *testing.T) {
		d := newDesk(t, librarySettings(s, "overdue.enabled=true", "overdue.stages=+1", "overdue.approve=true")...)
		d.withLibrary(func(l *storetest.Library) {
			if err := l.Approve(context.Background(), time.Now()); err != nil {
				t.Fatal(err)
			}
		})
		d.pupils(1)
		d.run("notices", "run")
		var v statusView
		d.json(&v, "status")
		if l := v.Library; l.Waiting == nil || l.Waiting.Mails != 1 || l.LastRun.State != string(data.RunAwaiting) || !l.NextRun.After(time.Now()) {
			t.Fatalf("%+v %+v %+v", l, l.Waiting, l.LastRun)
		}
		if out := d.ok("status"); !strings.Contains(out, "1 notice waits for your yes.") || strings.Contains(out, "Ben") || strings.Contains(out, "Dune") {
			t.Fatal(out)
		}
		if f := doctor(d, "notices"); f.OK || !strings.Contains(f.Text, "1 notice waits") || !strings.Contains(f.Remedy, "approve") {
			t.Fatalf("%+v", f)
		}
		if f := doctor(d, "list of loans"); !f.OK {
			t.Fatalf("%+v", f)
		}
		if f := doctor(d, "letters"); !f.OK || !strings.Contains(f.Text, "for real") {
			t.Fatalf("%+v", f)
		}
	})
	t.Run("doctor finds an old list of loans", func(t *testing.T) {
		d := newDesk(t, librarySettings(s, "overdue.enabled=true")...)
		d.withLibrary(func(l *storetest.Library) {
			ben := l.Patron(data.Patron{Key: "B1", First: "Ben", Last: "Cole", Email: "ben@school.org"})
			l.Set(time.Now().AddDate(0, 0, -9))
			l.Lent(data.Loan{Patron: ben, Key: "b", Title: "Dune", Due: l.Today()})
		})
		if f := doctor(d, "list of loans"); f.OK || !strings.Contains(f.Text, "9 days old") {
			t.Fatalf("%+v", f)
		}
	})
	t.Run("and practice with nowhere to go", func(t *testing.T) {
		d := newDesk(t, serverSettings(s)...)
		d.ok("settings", "set", "test_to=")
		d.pupils(1)
		if f := doctor(d, "letters"); f.OK || !strings.Contains(f.Text, "no test address") {
			t.Fatalf("%+v", f)
		}
	})
}
