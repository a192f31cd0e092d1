package store_test

import (
	"testing"

	"smtpgateway/data"
)

func TestReplaceLetter(t *testing.T) {
	key := func(loan string, due data.Date) data.NoticeKey {
		return data.NoticeKey{Loan: loan, Due: due, Stage: "+1", Role: data.RolePatron}
	}
	start := func(t *testing.T) (*library, int64) {
		t.Helper()
		l := newLibrary(t)
		l.patron(1)
		for _, k := range []string{"a", "b", "c"} {
			l.loan(k, 1, 20)
		}
		return l, l.post(notice(1, 20, "a", "b", "c"))[0]
	}
	t.Run("one about what remains takes its place, and what it tells moves to it", func(t *testing.T) {
		l, old := start(t)
		l.changed(`UPDATE loan SET returned_at = 1 WHERE key = 'a'`)
		with := notice(1, 20, "b")
		ok(t, l.ReplaceLetter(t.Context(), old, &with, "One of 3 loans is back."))
		wantEqual(t, "reason", l.state(old, data.Cancelled).Reason, "One of 3 loans is back.")
		c := l.claim()
		ledger := l.ledger()
		wantEqual(t, "b is told by", ledger[key("b", 20)], c.Message.ID)
		wantEqual(t, "c is still out, and told by", ledger[key("c", 20)], old)
		if _, told := ledger[key("a", 20)]; told {
			t.Error("what came back counts as told")
		}
		wantEqual(t, "rows", len(ledger), 2)
	})
	t.Run("nothing instead: a renewed loan can be told of anew, a held one cannot", func(t *testing.T) {
		l, old := start(t)
		l.changed(`UPDATE loan SET due = 34 WHERE key = 'a'`)
		l.changed(`UPDATE loan SET hold_until = 30000 WHERE key = 'b'`)
		l.changed(`DELETE FROM loan WHERE key = 'c'`)
		ok(t, l.ReplaceLetter(t.Context(), old, nil, "Gone."))
		l.state(old, data.Cancelled)
		wantEqual(t, "told", l.ledger()[key("b", 20)], old)
		wantEqual(t, "rows", len(l.ledger()), 1)
		l.nothing()
	})
	t.Run("a held letter is cancelled too, and a part that was sent stays sent", func(t *testing.T) {
		l := newLibrary(t)
		l.patron(1)
		n := letterTo(1)
		n.Message.Recipients = []string{"x@school.org", "y@school.org"}
		id := l.post(n)[0]
		all := l.deliveries(id)
		l.record(l.claim(func(w *data.Want) { w.Recipients = 1 }), data.Sent, data.KindSent)
		_, err := l.Hold(t.Context(), []int64{all[1].ID}, "Held by you.")
		ok(t, err)
		ok(t, l.ReplaceLetter(t.Context(), id, nil, "Gone."))
		all = l.deliveries(id)
		if len(all) != 2 || all[0].State != data.Sent || all[1].State != data.Cancelled {
			t.Errorf("got %v", all)
		}
	})
	t.Run("while it is being sent, and when it has ended, nothing is changed", func(t *testing.T) {
		l, old := start(t)
		c := l.claim()
		with := notice(1, 20, "a")
		wantCode(t, l.ReplaceLetter(t.Context(), old, &with, "Gone."), data.CodeConflict)
		l.state(old, data.Sending)
		l.record(c, data.Sent, data.KindSent)
		wantCode(t, l.ReplaceLetter(t.Context(), old, &with, "Gone."), data.CodeConflict)
		l.state(old, data.Sent)
		wantEqual(t, "told by", l.ledger()[key("a", 20)], old)
		wantEqual(t, "messages", l.number(`SELECT count(*) FROM message`), 1)
	})
	t.Run("a part that is being sent keeps the rest from being cancelled", func(t *testing.T) {
		l := newLibrary(t)
		n := letterTo(1)
		n.Message.Recipients = []string{"x@school.org", "y@school.org"}
		id := l.post(n)[0]
		l.claim(func(w *data.Want) { w.Recipients = 1 })
		wantCode(t, l.ReplaceLetter(t.Context(), id, nil, "Gone."), data.CodeConflict)
		for _, d := range l.deliveries(id) {
			if d.State == data.Cancelled {
				t.Error("half of it was cancelled")
			}
		}
	})
	t.Run("what another message told meanwhile is not told again", func(t *testing.T) {
		l, old := start(t)
		other := l.post(notice(1, 34, "a"))[0]
		l.changed(`UPDATE loan SET due = 34 WHERE key = 'a'`)
		with := notice(1, 34, "a")
		ok(t, l.ReplaceLetter(t.Context(), old, &with, "Renewed."))
		l.state(old, data.Cancelled)
		wantEqual(t, "told by", l.ledger()[key("a", 34)], other)
		wantEqual(t, "messages", l.number(`SELECT count(*) FROM message`), 2)
	})
	t.Run("a letter that cannot be queued leaves the old one as it was", func(t *testing.T) {
		l, old := start(t)
		with := notice(1, 20, "b")
		with.Message.Recipients = nil
		wantCode(t, l.ReplaceLetter(t.Context(), old, &with, "Gone."), data.CodeBadMessage)
		l.state(old, data.Waiting)
		wantEqual(t, "rows", len(l.ledger()), 3)
	})
	t.Run("the new letter is looked at as the old one was", func(t *testing.T) {
		l, old := start(t)
		l.changed(`UPDATE loan SET returned_at = 1 WHERE key = 'a'`)
		with := notice(1, 20, "b")
		ok(t, l.ReplaceLetter(t.Context(), old, &with, "Gone."))
		wantEqual(t, "stale", len(l.stale()), 0)
		l.changed(`UPDATE loan SET returned_at = 1 WHERE key = 'b'`)
		wantEqual(t, "stale", len(l.stale()), 1)
	})
}
