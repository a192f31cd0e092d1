package main

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/data/store/storetest"
	"smtpgateway/service/relay/relaytest"
)

// inStore does something with the store of the desk.
func (d *desk) inStore(work func(s *store.Store) error) {
	d.t.Helper()
	d.withLibrary(func(l *storetest.Library) {
		if err := work(l.Store); err != nil {
			d.t.Fatal(err)
		}
	})
}

func TestStagesAndTheirLetters(t *testing.T) {
	s := relaytest.Start(t, relaytest.Script{})
	const bus = "Key: bus\nLanguage: en\nName: Bus\nSubject: About the bus\n\n[Items]\n"
	t.Run("a stage without its letter is refused, with the letters there are and the one that was meant", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		code, _, errs := d.run("settings", "set", "overdue.stages=+1:overdue-fisrt")
		if code != exitConfig || !strings.Contains(errs, `There is no letter "overdue-fisrt" for +1.`) || !strings.Contains(errs, "overdue-final") || !strings.Contains(errs, "Did you mean +1?") {
			t.Fatal(code, errs)
		}
		if got := d.ok("settings", "get", "overdue.stages"); got != "-3,+1,+3\n" {
			t.Fatal(got)
		}
		if code, _, errs := d.pipe(`{"overdue.stages": "+1:nope"}`, "settings", "import", "-"); code != exitConfig || !strings.Contains(errs, "nope") {
			t.Fatal(code, errs)
		}
	})
	t.Run("a letter of the school's own can be a stage, and is not removed from under it", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		if code, out, errs := d.pipe(bus, "letters", "templates", "set", "-"); code != exitOK {
			t.Fatal(code, out, errs)
		}
		d.ok("settings", "set", "overdue.stages=+1:bus,+3")
		code, _, errs := d.run("letters", "templates", "reset", "bus")
		if code == exitOK || !strings.Contains(errs, "(+1)") || !strings.Contains(errs, "overdue.stages") {
			t.Fatal(code, errs)
		}
		d.ok("settings", "set", "overdue.stages=+3")
		d.ok("letters", "templates", "reset", "bus")
	})
	t.Run("one that is gone all the same keeps nobody from saving something else, and is told", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		if code, out, errs := d.pipe(bus, "letters", "templates", "set", "-"); code != exitOK {
			t.Fatal(code, out, errs)
		}
		d.ok("settings", "set", "overdue.stages=+1:bus,+3")
		d.inStore(func(s *store.Store) error { return s.DropTemplate(t.Context(), "bus", "en") })
		if out := d.ok("settings", "set", "from.name=Library"); !strings.Contains(out, `There is no letter "bus"`) {
			t.Fatal(out)
		}
		if out := d.ok("settings", "check"); !strings.Contains(out, `There is no letter "bus"`) {
			t.Fatal(out)
		}
		if code, _, errs := d.run("settings", "set", "overdue.enabled=true"); code != exitConfig || !strings.Contains(errs, "bus") {
			t.Fatal(code, errs)
		}
	})
	t.Run("letters that a reader has are not queued again, unless a person says so", func(t *testing.T) {
		d := newDesk(t, librarySettings(s)...)
		d.pupils(5)
		d.ok("letters", "queue", "--yes")
		if out := d.ok("letters", "queue", "--yes"); !strings.Contains(out, "No letter was queued") || !strings.Contains(out, "--again") {
			t.Fatal(out)
		}
		if out := d.ok("letters", "queue", "--yes", "--again"); !strings.Contains(out, "1 letter waits") {
			t.Fatal(out)
		}
	})
}

func TestNextRunInStatus(t *testing.T) {
	s := relaytest.Start(t, relaytest.Script{})
	t.Run("a run by hand before its time is the run of that day", func(t *testing.T) {
		d := newDesk(t, append(serverSettings(s), "overdue.enabled=true", "overdue.stages=+1", "overdue.at=06:30", "practice.letters=false")...)
		early := time.Date(2026, 11, 24, 5, 0, 0, 0, time.Local)
		today := data.DateOf(early)
		d.inStore(func(s *store.Store) error {
			if err := s.SetNoticesFrom(t.Context(), today-9); err != nil {
				return err
			}
			for _, day := range []data.Date{today - 1, today} {
				if _, err := s.BeginRun(t.Context(), data.Run{Day: day, From: day, State: data.RunDone, Began: early, Ended: early}); err != nil {
					return err
				}
			}
			set, _, _, err := readSettings(t.Context(), s)
			if err != nil {
				return err
			}
			v, err := libraryStatus(t.Context(), s, &set, early)
			if err == nil && v.NextRun.Format(time.DateTime) != "2026-11-25 06:30:00" {
				t.Errorf("the next run is said to be at %s", v.NextRun)
			}
			return err
		})
	})
}
