package mailing_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
)

func TestRun(t *testing.T) {
	ctx := t.Context()
	t.Run("what is due in three days, was due yesterday and three days ago is told, the rest is not", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ada, "soon", 3), l.loan(l.ben, "late", -1), l.loan(l.eve, "paper", -3), l.loan(l.ben, "fine", 9))
		r := l.run(l.Today())
		if r.State != data.RunDone || r.Planned != 2 || r.Queued != 2 || r.Print != 1 {
			t.Fatalf("%+v", r)
		}
		if got := l.waiting(); !strings.Contains(got, "ada@school.org") || !strings.Contains(got, "ben@school.org") || strings.Contains(got, "home.org") {
			t.Fatalf("to %s", got)
		}
		for _, e := range l.Waiting() {
			if e.Letter.Class != data.ClassNotice || e.Letter.Door != data.DoorNotice || e.Letter.NoReturn {
				t.Fatalf("%+v", e.Letter)
			}
			if text := l.text(e.Message); strings.Contains(e.Letter.Subject, "book") || !strings.Contains(text, "The book ") || !strings.Contains(text, "multipart/alternative") {
				t.Fatalf("%s\n%s", e.Letter.Subject, text)
			}
		}
	})
	t.Run("a second run on the same day tells nothing twice", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "late", -1))
		l.run(l.Today())
		if r := l.run(l.Today()); r.Queued != 0 || r.State != data.RunDone || len(l.Waiting()) != 1 {
			t.Fatalf("%+v, %s", r, l.waiting())
		}
	})
	t.Run("days that were missed are made up for, with the latest notice only", func(t *testing.T) {
		l := newLibrary(t, "overdue.catch_up_days", "3")
		l.Lent(l.loan(l.ben, "late", -1))
		l.Set(tuesday.AddDate(0, 0, -1))
		l.run(l.Today()) // nothing yet
		l.Set(tuesday.AddDate(0, 0, 2))
		r := l.run(l.Today())
		if r.Queued != 1 || r.From != l.Today()-2 {
			t.Fatalf("%+v", r)
		}
		if text := l.text(l.Waiting()[0].Message); !strings.Contains(text, "3 days") {
			t.Fatalf("not the words of today:\n%s", text)
		}
	})
	t.Run("what was due before notices were switched on is never told", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "late", -3))
		if err := l.SetNoticesFrom(ctx, l.Today()+1); err != nil {
			t.Fatal(err)
		}
		l.Set(tuesday.AddDate(0, 0, 1))
		if r := l.run(l.Today()); r.Queued != 0 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("each parent gets a mail of their own, and neither reads the other's address", func(t *testing.T) {
		l := newLibrary(t, "overdue.stages", "+1:overdue-first:both", "overdue.disclosure", "titles")
		l.Lent(l.loan(l.ada, "late", -1))
		r := l.run(l.Today())
		if r.Queued != 3 || len(l.Waiting()) != 3 {
			t.Fatalf("%+v %s", r, l.waiting())
		}
		for _, e := range l.Waiting() {
			text := l.text(e.Message)
			if strings.Count(text, "@home.org") > 1 || strings.Contains(text, "Mona") && e.Recipient != "mona@home.org" {
				t.Fatalf("%s", text)
			}
		}
	})
	t.Run("killed between two slices, the next run does what is missing and nothing twice", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.class(350)...)
		m := mailing.New(mailing.Options{Store: &dying{Store: l.Library, left: 2}, Now: l.Now})
		if _, err := m.Run(ctx, l.set, mailing.Order{Day: l.Today()}); !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		if n := len(l.Waiting()); n != 200 {
			t.Fatalf("%d waited when it was killed", n)
		}
		r := l.run(l.Today())
		seen := make(map[string]bool)
		for _, e := range l.Waiting() {
			seen[e.Recipient] = true
		}
		if len(seen) != 350 || len(l.Waiting()) != 350 || r.State != data.RunDone || r.Queued != 350 || r.Planned != 350 {
			t.Fatalf("%d people, %d mails, %+v", len(seen), len(l.Waiting()), r)
		}
		all, err := l.Decisions(ctx, r.ID, 0, 1000)
		if err != nil || len(all) != 350 {
			t.Fatalf("%d decisions, %v", len(all), err)
		}
		for _, d := range all {
			if d.Ruling != data.RulingSend || d.Message == 0 {
				t.Fatalf("%+v", d)
			}
		}
	})
	t.Run("switched off it does nothing and says so", func(t *testing.T) {
		l := newLibrary(t, "overdue.enabled", "false")
		_, err := l.Run(ctx, l.set, mailing.Order{Day: l.Today()})
		if data.CodeOf(err) != data.CodeNotNow {
			t.Fatal(err)
		}
	})
	t.Run("the journal has counts and no names", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.loan(l.ben, "late", -1), l.loan(l.eve, "paper", -1))
		l.run(l.Today())
		lines, err := l.Journal(ctx, 0, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, line := range lines {
			found = found || line.Kind == data.JournalNotices && line.Text == "Notices of 2026-11-24: 1 queued, 1 to print, 1 left out."
			for _, word := range []string{"Ben", "Cole", "ben@", "book"} {
				if strings.Contains(line.Text, word) {
					t.Errorf("%q", line.Text)
				}
			}
		}
		if !found {
			t.Fatalf("%+v", lines)
		}
	})
}

func TestBrakes(t *testing.T) {
	ctx := t.Context()
	yes := func(l *library, r data.Run) data.Run {
		t.Helper()
		done, err := l.Run(ctx, l.set, mailing.Order{Day: l.Today(), Yes: r.ID})
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	t.Run("the first run for real waits for a yes, the next does not", func(t *testing.T) {
		l := newLibrary(t)
		if err := l.Approve(time.Time{}); err != nil {
			t.Fatal(err)
		}
		l.Lent(l.loan(l.ben, "a", -1), l.loan(l.ada, "b", -2))
		r := l.run(l.Today())
		if r.State != data.RunAwaiting || r.Why != "The first run for real: 1 notice waits for your yes." || len(l.Waiting()) != 0 {
			t.Fatalf("%+v", r)
		}
		if r = yes(l, r); r.State != data.RunDone || r.Queued != 1 {
			t.Fatalf("%+v", r)
		}
		l.Set(l.Now().AddDate(0, 0, 1))
		l.Lent(l.loan(l.ben, "a", -2), l.loan(l.ada, "b", -3))
		if r = l.run(l.Today()); r.State != data.RunDone || r.Queued != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("ending practice is no yes to the first run for real", func(t *testing.T) {
		l := newLibrary(t, "practice.letters", "true")
		if err := l.Approve(time.Time{}); err != nil {
			t.Fatal(err)
		}
		err := l.Mailer.Approve(ctx, func(context.Context, map[string]string) error {
			l.set.PracticeLetters = false
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		l.Lent(l.loan(l.ben, "a", -1))
		if r := l.run(l.Today()); r.State != data.RunAwaiting || len(l.Waiting()) != 0 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a yes plans anew: what came back meanwhile is not told", func(t *testing.T) {
		l := newLibrary(t, "overdue.approve", "true")
		l.Lent(l.loan(l.ben, "a", -1), l.loan(l.ada, "b", -1))
		r := l.run(l.Today())
		if r.State != data.RunAwaiting || r.Planned != 2 {
			t.Fatalf("%+v", r)
		}
		l.Lent(l.loan(l.ben, "a", -1))
		if r = yes(l, r); r.Queued != 1 || l.waiting() != "ben@school.org" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
	})
	t.Run("a run that waits is the same one the next day, in the words of that day", func(t *testing.T) {
		l := newLibrary(t, "overdue.approve", "true")
		l.Lent(l.loan(l.ben, "a", -1))
		first := l.run(l.Today())
		l.Set(l.Now().AddDate(0, 0, 1))
		second := l.run(l.Today())
		if second.ID != first.ID || second.Day != first.Day+1 || second.From != first.Day || second.Planned != 1 {
			t.Fatalf("%+v, then %+v", first, second)
		}
		yes(l, second)
		if text := l.text(l.Waiting()[0].Message); !strings.Contains(text, "2 days") {
			t.Fatalf("%s", text)
		}
	})
	t.Run("a no queues nothing, and nothing of it comes later", func(t *testing.T) {
		l := newLibrary(t, "overdue.approve", "true")
		l.Lent(l.loan(l.ben, "a", -1))
		r, err := l.Refuse(ctx, l.set, l.run(l.Today()).ID)
		if err != nil || r.State != data.RunRefused || len(l.Waiting()) != 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		if again := l.run(l.Today()); again.State != data.RunDone || again.Planned != 0 {
			t.Fatalf("%+v", again)
		}
		if _, err := l.Refuse(ctx, l.set, r.ID); data.CodeOf(err) != data.CodeConflict {
			t.Fatal(err)
		}
		all, err := l.Decisions(ctx, r.ID, 0, 10)
		if err != nil || len(all) != 1 || all[0].Ruling != data.RulingRefused {
			t.Fatalf("%+v %v", all, err)
		}
	})
	t.Run("a no to what a broken-off run left counts what was queued before it", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent(l.class(350)...)
		m := mailing.New(mailing.Options{Store: &dying{Store: l.Library, left: 2}, Now: l.Now})
		if _, err := m.Run(ctx, l.set, mailing.Order{Day: l.Today()}); !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		l.Set(tuesday.AddDate(0, 0, 1))
		l.set.Overdue.Approve = true
		r, err := l.Refuse(ctx, l.set, l.run(l.Today()).ID)
		if err != nil || r.Planned != 350 || r.Queued != 200 || !strings.Contains(mailing.Summary(r), ": 150 not sent.") {
			t.Fatalf("%s %+v %v", mailing.Summary(r), r, err)
		}
	})
	t.Run("a yes to a run that is not open is refused", func(t *testing.T) {
		l := newLibrary(t)
		if _, err := l.Run(ctx, l.set, mailing.Order{Day: l.Today(), Yes: 77}); data.CodeOf(err) != data.CodeConflict {
			t.Fatal(err)
		}
	})
	t.Run("far more than usual waits for a yes", func(t *testing.T) {
		l := newLibrary(t)
		l.Lent()
		for day := range 6 {
			l.Set(tuesday.AddDate(0, 0, day))
			l.Lent(l.loan(l.ben, "a"+l.Today().String(), -1))
			if r := l.run(l.Today()); r.State != data.RunDone || r.Queued != 1 {
				t.Fatalf("%+v", r)
			}
		}
		l.Set(tuesday.AddDate(0, 0, 6))
		l.Lent(l.class(40)...)
		if r := l.run(l.Today()); r.State != data.RunAwaiting || !strings.Contains(r.Why, "40") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("more than the server takes in a day waits for a yes", func(t *testing.T) {
		l := newLibrary(t, "server1.recipients_per_day", "5")
		l.Lent(l.class(6)...)
		if r := l.run(l.Today()); r.State != data.RunAwaiting || !strings.Contains(r.Why, "5") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("old loans hold the run, a new list lets it go", func(t *testing.T) {
		l := newLibrary(t, "overdue.fresh_days", "1")
		l.Set(tuesday.AddDate(0, 0, -5))
		late := data.Loan{Patron: l.ben, Key: "a", Title: "A", Due: data.DateOf(tuesday) - 1}
		l.Lent(late)
		l.Set(tuesday)
		r := l.run(l.Today())
		if r.State != data.RunHeld || r.Why != "The list of loans is 5 days old; 1 notice waits." || len(l.Waiting()) != 0 {
			t.Fatalf("%+v", r)
		}
		l.Lent(late)
		if again := l.run(l.Today()); again.ID != r.ID || again.State != data.RunDone || again.Queued != 1 {
			t.Fatalf("%+v", again)
		}
	})
	t.Run("without any list of loans it says so", func(t *testing.T) {
		l := newLibrary(t)
		if r := l.run(l.Today()); r.State != data.RunHeld || r.Why != "No list of loans was taken in yet." {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a person may send in spite of old loans", func(t *testing.T) {
		l := newLibrary(t, "overdue.fresh_days", "1")
		l.Lent(l.loan(l.ben, "a", 4))
		l.Set(tuesday.AddDate(0, 0, 5))
		if r := yes(l, l.run(l.Today())); r.State != data.RunDone || r.Queued != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a yes in the night makes up for what waited", func(t *testing.T) {
		l := newLibrary(t, "overdue.approve", "true")
		l.Lent(l.loan(l.ben, "a", -1))
		r := l.run(l.Today())
		l.Set(l.Now().AddDate(0, 0, 2))
		done, err := l.Run(ctx, l.set, mailing.Order{Day: l.Today(), Yes: r.ID})
		if err != nil || done.Queued != 1 {
			t.Fatalf("%+v %v", done, err)
		}
	})
}
