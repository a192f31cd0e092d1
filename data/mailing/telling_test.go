package mailing_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
)

func TestRecheckOfWhatGuardiansAreTold(t *testing.T) {
	start := func(t *testing.T) *library {
		t.Helper()
		l := newLibrary(t, "overdue.stages", "+1:overdue-first:guardian", "overdue.disclosure", "titles")
		l.Lent(l.loan(l.ada, "a", -1))
		l.run(l.Today())
		if l.waiting() != "mona@home.org max@home.org" {
			t.Fatal(l.waiting())
		}
		return l
	}
	rule := func(l *library, r data.GroupRule) {
		l.t.Helper()
		if err := l.SaveGroupRule(l.t.Context(), r); err != nil {
			l.t.Fatal(err)
		}
	}
	t.Run("told a number only by now, waiting letters are written anew without titles", func(t *testing.T) {
		l := start(t)
		rule(l, data.GroupRule{Group: "7b", Disclosure: data.DiscloseCount})
		if r := l.recheck(); r.Rewritten != 2 || r.Cancelled != 0 {
			t.Fatalf("%+v", r)
		}
		if l.waiting() != "mona@home.org max@home.org" {
			t.Fatal(l.waiting())
		}
		for _, e := range l.Waiting() {
			if text := l.text(e.Message); strings.Contains(text, "The book a") {
				t.Fatal(text)
			}
		}
		if r := l.recheck(); r.Rewritten+r.Cancelled != 0 {
			t.Fatalf("written again: %+v", r)
		}
		if r := l.run(l.Today()); r.Queued != 0 {
			t.Fatalf("told again: %+v", r)
		}
	})
	t.Run("told nothing by now, they go, and so once the setting says so", func(t *testing.T) {
		l := start(t)
		rule(l, data.GroupRule{Group: "7B", Disclosure: data.DiscloseNothing})
		if r := l.recheck(); r.Cancelled != 2 || l.waiting() != "" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
		l = start(t)
		l.set.Overdue.Disclosure = data.DiscloseNothing
		if _, err := l.SaveSettings(t.Context(), map[string]string{"overdue.disclosure": "nothing"}, -1); err != nil {
			t.Fatal(err)
		}
		if r := l.recheck(); r.Cancelled != 2 || l.waiting() != "" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
	})
	t.Run("a group that gets no notices any more gets none of those that wait", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "a", -1))
		l.run(l.Today())
		rule(l, data.GroupRule{Group: "7B", Excluded: true})
		if r := l.recheck(); r.Cancelled != 1 || l.waiting() != "" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
	})
	t.Run("what was put into the words of another day is still known to say titles", func(t *testing.T) {
		l := start(t)
		rule(l, data.GroupRule{Group: "7B", Disclosure: data.DiscloseCount})
		l.recheck()
		rule(l, data.GroupRule{Group: "7B"})
		l.Set(tuesday.AddDate(0, 0, 1))
		if r := l.recheck(); r.Reworded != 2 || !strings.Contains(l.text(l.Waiting()[0].Message), "The book a") {
			t.Fatalf("%+v", r)
		}
		rule(l, data.GroupRule{Group: "7B", Disclosure: data.DiscloseCount})
		if r := l.recheck(); r.Rewritten != 2 || strings.Contains(l.text(l.Waiting()[0].Message), "The book a") {
			t.Fatalf("%+v", r)
		}
	})
}
