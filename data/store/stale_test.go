package store_test

import (
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
)

func (l *library) stale() []data.StaleLetter {
	l.t.Helper()
	all, err := l.StaleLetters(l.t.Context(), l.today)
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// changed writes something about people as an import does: with a new revision.
func (l *library) changed(query string, args ...any) {
	l.t.Helper()
	l.exec(query, args...)
	l.exec(`UPDATE library SET revision = revision + 1`)
}

func TestStaleLetters(t *testing.T) {
	due := data.DateOf(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	guardian := func() data.Letter {
		n := notice(1, due, "a", "b")
		n.Role, n.Message.Recipients = data.RoleGuardian, []string{"mother1@home.org"}
		for i := range n.Notices {
			n.Notices[i].Role = data.RoleGuardian
		}
		return n
	}
	for _, c := range []struct {
		promise string
		letter  func() data.Letter // nil: a notice about a and b
		change  string
		cause   data.StaleCause // empty: it fits
		why     string
		gone    []string
	}{
		{promise: "one that fits is left alone", change: `SELECT 1`},
		{
			promise: "a loan that came back", change: `UPDATE loan SET returned_at = 1 WHERE key = 'a'`,
			cause: data.StaleLoan, why: "One of 2 loans is back.", gone: []string{"a"},
		},
		{
			promise: "a loan nobody knows any more", change: `DELETE FROM loan WHERE key = 'b'`,
			cause: data.StaleLoan, why: "One of 2 loans is back.", gone: []string{"b"},
		},
		{
			promise: "all loans back", change: `UPDATE loan SET returned_at = 1`,
			cause: data.StaleLoan, why: "The loans are back.", gone: []string{"a", "b"},
		},
		{
			promise: "a renewed loan", change: `UPDATE loan SET due = due + 14 WHERE key = 'a'`,
			cause: data.StaleLoan, why: "One of 2 loans is due on another day.", gone: []string{"a"},
		},
		{
			promise: "a renewed loan in a letter of a person", letter: func() data.Letter { return letterTo(1, "a") },
			change: `UPDATE loan SET due = due + 14 WHERE key = 'a'`,
			cause:  data.StaleLoan, why: "The loan is due on another day.", gone: []string{"a"},
		},
		{
			promise: "a held loan", change: fmt.Sprintf(`UPDATE loan SET hold_until = %d WHERE key = 'b'`, due+1),
			cause: data.StaleLoan, why: "One of 2 loans is held.", gone: []string{"b"},
		},
		{promise: "a hold that is over is none", change: fmt.Sprintf(`UPDATE loan SET hold_until = %d WHERE key = 'b'`, due)},
		{
			promise: "loans that differ in two ways", change: `UPDATE loan SET returned_at = key = 'a', due = due + 1`,
			cause: data.StaleLoan, why: "The loans are back, held, lent to somebody else or due on another day.", gone: []string{"a", "b"},
		},
		{promise: "a patron who is gone", change: `DELETE FROM patron`, cause: data.StalePatron, why: "The patron was deleted."},
		{
			promise: "a patron who left", change: `UPDATE patron SET left_day = 5`,
			cause: data.StalePatron, why: "The patron is no longer in the list of patrons.",
		},
		{
			promise: "a patron who is held", change: fmt.Sprintf(`UPDATE patron SET hold_until = %d`, due+1),
			cause: data.StalePatron, why: "Letters to this patron rest until 23 November 2026.",
		},
		{
			promise: "a patron whose notices were switched off", change: `UPDATE patron SET auto_overdue = 0`,
			cause: data.StalePatron, why: "Automatic notices were switched off for this patron.",
		},
		{
			promise: "that switch says nothing about letters a person sends", letter: func() data.Letter { return letterTo(1, "a") },
			change: `UPDATE patron SET auto_overdue = 0`,
		},
		{
			promise: "another address of the patron", change: `UPDATE patron SET email = 'new@school.org'`,
			cause: data.StaleAddress, why: "The address is no longer the patron's.",
		},
		{promise: "the same address in capitals fits", change: `UPDATE patron SET email = 'Reader1@School.org'`},
		{
			promise: "the same address in other letters fits", letter: func() data.Letter {
				n := notice(1, due, "a")
				n.Message.Recipients = []string{"reader1@xn--bcherei-n2a.example"}
				return n
			}, change: `UPDATE patron SET email = 'reader1@bücherei.example'`,
		},
		{promise: "a guardian's letter to a guardian fits", letter: guardian, change: `UPDATE patron SET email = ''`},
		{
			promise: "a guardian who gets no letters any more", letter: guardian, change: `UPDATE guardian SET notices = 0`,
			cause: data.StaleAddress, why: "The address is no longer that of a guardian who gets letters.",
		},
		{
			promise: "an address mail does not arrive at", change: `INSERT INTO address VALUES ('reader1@school.org', 'failed', 'Unknown.', 1, 0)`,
			cause: data.StaleAddress, why: "Mail does not arrive at this address.",
		},
		{
			promise: "an address whose owner wants no mail", change: `INSERT INTO address VALUES ('reader1@school.org', 'refused', 'Asked.', 1, 0)`,
			cause: data.StaleAddress, why: "The owner of this address wants no mail.",
		},
		{promise: "the patron's failed address says nothing about the guardian's letter", letter: guardian, change: `INSERT INTO address VALUES ('reader1@school.org', 'failed', 'Unknown.', 1, 0)`},
		{
			promise: "a practice copy goes to nobody's own address", letter: func() data.Letter {
				n := notice(1, due, "a")
				n.Message.Practice, n.Message.Recipients = true, []string{"me@school.org"}
				return n
			}, change: `INSERT INTO address VALUES ('me@school.org', 'failed', 'Unknown.', 1, 0)`,
		},
		{
			promise: "a practice copy about a loan that came back", letter: func() data.Letter {
				n := notice(1, due, "a")
				n.Message.Practice, n.Message.Recipients = true, []string{"me@school.org"}
				return n
			}, change: `UPDATE loan SET returned_at = 1`, cause: data.StaleLoan, why: "The loan is back.", gone: []string{"a"},
		},
		{
			promise: "what a person wrote to one patron is never cancelled by itself", letter: func() data.Letter {
				n := letterTo(1, "a")
				n.Message.Class, n.Message.Door = data.ClassDirect, data.DoorDirect
				return n
			}, change: `UPDATE loan SET returned_at = 1`,
		},
	} {
		t.Run(c.promise, func(t *testing.T) {
			l := newLibrary(t)
			l.exec(`INSERT INTO setting VALUES ('overdue.disclosure', 'titles')`)
			l.patron(1)
			l.loan("a", 1, due)
			l.loan("b", 1, due)
			letter := notice(1, due, "a", "b")
			if c.letter != nil {
				letter = c.letter()
			}
			id := l.post(letter)[0]
			l.changed(c.change)
			all := l.stale()
			if c.cause == "" {
				wantEqual(t, "stale", len(all), 0)
				return
			}
			if len(all) != 1 {
				t.Fatalf("%d letters are stale", len(all))
			}
			s := all[0]
			wantEqual(t, "message", s.Message, id)
			wantEqual(t, "cause", s.Cause, c.cause)
			wantEqual(t, "why", s.Why, c.why)
			wantEqual(t, "gone", fmt.Sprint(s.Gone), fmt.Sprint(c.gone))
			wantEqual(t, "loans", fmt.Sprint(s.Loans), fmt.Sprint(letter.Loans))
			wantEqual(t, "open", fmt.Sprint(s.Open), fmt.Sprint(letter.Message.Recipients))
			wantEqual(t, "rest", fmt.Sprint(s.Patron, s.Run, s.Letter, s.Role, s.Practice), fmt.Sprint(letter.Patron, letter.Run, letter.Letter, letter.Role, letter.Message.Practice))
		})
	}
}

func TestStaleLettersAmongOthers(t *testing.T) {
	start := func(t *testing.T, n int) (*library, []int64) {
		t.Helper()
		l := newLibrary(t)
		letters := make([]data.Letter, n)
		for i := range letters {
			l.patron(i + 1)
			l.loan(fmt.Sprint("k", i+1), i+1, l.today)
			letters[i] = notice(i+1, l.today, fmt.Sprint("k", i+1))
		}
		return l, l.post(letters...)
	}
	t.Run("held ones are found, ended ones and ordinary mail are not", func(t *testing.T) {
		l, ids := start(t, 4)
		l.accept()
		_, err := l.Hold(t.Context(), []int64{l.only(ids[1]).ID}, "Held by you.")
		ok(t, err)
		_, err = l.Cancel(t.Context(), []int64{l.only(ids[2]).ID}, "Cancelled by you.")
		ok(t, err)
		l.record(l.claim(), data.Sent, data.KindSent)
		l.changed(`UPDATE loan SET returned_at = 1`)
		all := l.stale()
		if len(all) != 2 || all[0].Message != ids[1] || all[1].Message != ids[3] {
			t.Errorf("got %v, want messages %d and %d", all, ids[1], ids[3])
		}
	})
	t.Run("one that is being sent is passed over, and looked at when it waits again", func(t *testing.T) {
		l, ids := start(t, 1)
		c := l.claim()
		l.changed(`UPDATE loan SET returned_at = 1`)
		wantEqual(t, "stale while it is sent", len(l.stale()), 0)
		l.record(c, data.Waiting, data.KindTemporary)
		all := l.stale()
		if len(all) != 1 || all[0].Message != ids[0] {
			t.Errorf("got %v", all)
		}
	})
	t.Run("two recipients of one letter are one stale letter", func(t *testing.T) {
		l := newLibrary(t)
		l.patron(1)
		l.loan("a", 1, l.today)
		n := notice(1, l.today, "a")
		n.Message.Recipients = []string{"reader1@school.org", "READER1@school.org"}
		l.post(n)
		l.changed(`UPDATE loan SET returned_at = 1`)
		wantEqual(t, "stale", len(l.stale()), 1)
	})
	t.Run("more than a page is looked through", func(t *testing.T) {
		l := newLibrary(t)
		l.patron(1)
		l.loan("a", 1, l.today)
		l.loan("b", 1, l.today)
		letters := make([]data.Letter, 2101)
		for i := range letters {
			letters[i] = letterTo(1, "a")
		}
		letters[0], letters[1500], letters[2100] = letterTo(1, "b"), letterTo(1, "a", "b"), letterTo(1, "b")
		ids := l.post(letters...)
		l.changed(`UPDATE loan SET returned_at = 1 WHERE key = 'b'`)
		all := l.stale()
		if len(all) != 3 || all[0].Message != ids[0] || all[1].Message != ids[1500] || all[2].Message != ids[2100] {
			t.Errorf("got %d letters: %v", len(all), all)
		}
	})
	t.Run("with nothing new it does not look again, and each of these makes it look", func(t *testing.T) {
		l, ids := start(t, 1)
		fits := func(t *testing.T) {
			t.Helper()
			t.Helper()
			wantEqual(t, "stale", len(l.stale()), 0)
		}
		found := func(t *testing.T, what string) {
			t.Helper()
			t.Helper()
			if len(l.stale()) != 1 {
				t.Errorf("%s: it did not look", what)
			}
			l.exec(`UPDATE loan SET returned_at = 0, hold_until = 0`)
			l.exec(`UPDATE library SET looked = -1`)
			fits(t)
		}
		fits(t)
		back := `UPDATE loan SET returned_at = 1` // behind its back: without a new revision
		l.exec(back)
		fits(t)
		l.exec(`UPDATE library SET revision = revision + 1`)
		found(t, "a new revision")

		l.exec(back)
		l.post(letterTo(1))
		found(t, "another letter")

		_, err := l.Cancel(t.Context(), []int64{l.only(ids[0]).ID}, "Cancelled by you.")
		ok(t, err)
		fits(t)
		l.exec(back)
		fits(t)
		_, err = l.Retry(t.Context(), []int64{l.only(ids[0]).ID}, "Sent again by you.")
		ok(t, err)
		found(t, "one that was sent again")

		l.exec(`UPDATE loan SET hold_until = ?`, int64(l.today)-1)
		fits(t)
		l.exec(back)
		l.pass(24 * time.Hour)
		l.today++
		found(t, "another day")
	})
}
