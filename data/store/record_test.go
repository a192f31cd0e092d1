package store_test

import (
	"context"
	"testing"
	"time"

	"smtpgateway/data"
)

func contextCancelled(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}

func TestUncertain(t *testing.T) {
	lose := func(q *queue) {
		q.record(q.claim(), data.Waiting, data.KindUncertain, func(v *data.Verdict) { v.Due, v.Bound = q.now.Add(time.Hour), 1 })
	}
	t.Run("what may have arrived waits and is bound to its server", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		lose(q)
		d := q.state(id, data.Waiting)
		if d.Uncertain != 1 || d.Bound != 1 || d.Attempts != 1 {
			t.Fatalf("%+v", d)
		}
		q.pass(time.Hour)
		q.nothing(func(w *data.Want) { w.Server = 2 })
		q.nothing(func(w *data.Want) { w.Server, w.Bound = 2, true })
		c := q.claim(func(w *data.Want) { w.Bound = true })
		q.record(c, data.Waiting, data.KindTemporary)
		if d := q.state(id, data.Waiting); d.Bound != 1 || d.Uncertain != 1 {
			t.Fatalf("a later answer set it free: %+v", d)
		}
	})
	t.Run("only what is bound goes when only that is wanted", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		lose(q)
		q.accept()
		q.pass(time.Hour)
		bound := func(w *data.Want) { w.Bound = true }
		if c := q.claim(bound); c.Message.ID != id {
			t.Fatalf("%+v", c)
		}
		q.nothing(bound)
	})
	t.Run("the second time it is held, whatever was decided", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		lose(q)
		q.pass(time.Hour)
		lose(q)
		d := q.state(id, data.Held)
		if d.Uncertain != 2 || d.Reason == "" || d.Remedy == "" {
			t.Fatalf("%+v", d)
		}
		q.pass(100 * time.Hour)
		q.nothing()
	})
}

func TestLateVerdict(t *testing.T) {
	t.Run("a verdict cannot overwrite what a person cancelled after a rescue", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		c := q.claim()
		q.die(q.now.Add(time.Hour))
		if n, err := q.Cancel(t.Context(), []int64{c.Deliveries[0].ID}, "Not needed."); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		for _, state := range []data.State{data.Sent, data.Failed, data.Waiting, data.Held} {
			q.record(c, state, data.KindSent)
			q.state(id, data.Cancelled)
		}
	})
	t.Run("a verdict of an earlier try does not end a later one", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		old := q.claim()
		q.die(q.now.Add(time.Hour))
		q.pass(time.Hour)
		c := q.claim()
		q.record(old, data.Failed, data.KindPermanent)
		q.state(id, data.Sending)
		q.record(c, data.Sent, data.KindSent)
		q.record(c, data.Failed, data.KindPermanent)
		q.state(id, data.Sent)
	})
	t.Run("a person cannot take away what is being sent", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		d := q.claim().Deliveries[0].ID
		for _, do := range []func(context.Context, []int64, string) (int64, error){q.Hold, q.Release, q.Cancel, q.Retry} {
			if n, err := do(t.Context(), []int64{d}, "No."); n != 0 || err != nil {
				t.Fatal(n, err)
			}
		}
		q.state(id, data.Sending)
	})
}

func TestBudgets(t *testing.T) {
	t.Run("a claim spends, and only what the server never got comes back", func(t *testing.T) {
		q := newQueue(t)
		if err := q.StartInterval(t.Context(), q.now); err != nil {
			t.Fatal(err)
		}
		q.accept(to(readers(4)...))
		c := q.claim(counted)
		if q.used(1) != 4 || q.pace() != 1 || q.used(2) != 0 {
			t.Fatalf("used %d, pace %d", q.used(1), q.pace())
		}
		r := q.verdict(c, data.Sent, data.KindSent)
		r.Verdicts[1].State, r.Verdicts[1].Outcome.Kind = data.Failed, data.KindPermanent
		r.Verdicts[2].State, r.Verdicts[2].Outcome.Kind = data.Waiting, data.KindUncertain
		r.Verdicts[3].State, r.Verdicts[3].Outcome.Kind = data.Waiting, data.KindTemporary
		q.pass(2 * time.Minute)
		q.next(r, nil)
		if q.used(1) != 2 || q.pace() != 1 {
			t.Fatalf("used %d, pace %d", q.used(1), q.pace())
		}
		q.next(r, nil)
		if q.used(1) != 2 {
			t.Fatal("the same result paid back twice")
		}
	})
	t.Run("a message that was not handed over costs nothing", func(t *testing.T) {
		q := newQueue(t)
		q.accept()
		r := q.verdict(q.claim(counted), data.Waiting, data.KindServer)
		r.Handed = false
		q.next(r, nil)
		if q.used(1) != 0 || q.pace() != 0 {
			t.Fatalf("used %d, pace %d", q.used(1), q.pace())
		}
	})
	t.Run("an interval that began meanwhile owes nothing to the last", func(t *testing.T) {
		q := newQueue(t)
		q.accept()
		q.accept()
		c := q.claim(counted)
		q.pass(3 * time.Minute)
		if err := q.StartInterval(t.Context(), q.now); err != nil {
			t.Fatal(err)
		}
		q.claim(counted)
		r := q.verdict(c, data.Waiting, data.KindServer)
		r.Handed = false
		q.next(r, nil)
		if q.pace() != 1 {
			t.Fatalf("pace %d", q.pace())
		}
	})
	t.Run("a fresh budget leaves the interval's alone", func(t *testing.T) {
		q := newQueue(t)
		q.accept()
		c := q.claim()
		r := q.verdict(c, data.Waiting, data.KindServer)
		r.Handed = false
		q.next(r, nil)
		if q.pace() != 0 {
			t.Fatalf("pace %d", q.pace())
		}
	})
	t.Run("a crash gives back nothing", func(t *testing.T) {
		q := newQueue(t)
		q.accept(to(readers(3)...))
		q.claim(counted)
		q.die(q.now)
		if q.used(1) != 3 || q.pace() != 1 {
			t.Fatalf("used %d, pace %d", q.used(1), q.pace())
		}
	})
	t.Run("what was handed over longer ago than the window does not count", func(t *testing.T) {
		q := newQueue(t)
		q.accept()
		q.record(q.claim(), data.Sent, data.KindSent)
		q.pass(24*time.Hour + time.Minute)
		if q.used(1) != 0 {
			t.Fatalf("used %d", q.used(1))
		}
	})
}
