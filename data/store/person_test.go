package store_test

import (
	"context"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func (q *queue) does(want int64, do func(context.Context, []int64, string) (int64, error), ids ...int64) {
	q.t.Helper()
	if n, err := do(q.t.Context(), ids, "A person said so."); n != want || err != nil {
		q.t.Fatalf("%d changed, %v; want %d", n, err, want)
	}
}

func TestPerson(t *testing.T) {
	t.Run("hold, release, hold, cancel and send again are followed to the letter", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		d := q.only(id).ID
		q.does(0, q.Release, d)
		q.does(1, q.Hold, d)
		q.nothing()
		if got := q.state(id, data.Held); got.Reason != "A person said so." {
			t.Fatalf("%+v", got)
		}
		q.does(1, q.Release, d)
		q.does(1, q.Hold, d)
		q.does(1, q.Cancel, d)
		if got := q.state(id, data.Cancelled); !got.Settled {
			t.Fatal("nobody has to be told, yet it is not settled")
		}
		q.does(0, q.Cancel, d)
		q.does(1, q.Retry, d)
		if c := q.claim(); c.Deliveries[0].ID != d {
			t.Fatal("another number")
		}
	})
	t.Run("a cancelled file is left for its folder to be tidied", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept(file("a.eml"))
		q.does(1, q.Cancel, q.only(id).ID)
		if q.state(id, data.Cancelled).Settled {
			t.Fatal("settled")
		}
	})
	t.Run("what failed is sent again with its whole time before it and its tries remembered", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		q.running = 100 * time.Hour
		q.record(q.claim(), data.Failed, data.KindPermanent)
		if err := q.Settle(t.Context(), []int64{q.only(id).ID}, nil, nil); err != nil {
			t.Fatal(err)
		}
		q.does(1, q.Retry, q.only(id).ID)
		d := q.state(id, data.Waiting)
		if d.Attempts != 1 || d.FirstTried >= 0 || d.Uncertain != 0 || d.Due.After(q.now) {
			t.Fatalf("%+v", d)
		}
		q.record(q.claim(), data.Failed, data.KindPermanent)
		if q.state(id, data.Failed).Settled {
			t.Fatal("the second failure would not be told")
		}
		if a, _ := q.Attempts(t.Context(), d.ID); len(a) != 2 {
			t.Fatalf("%d attempts", len(a))
		}
	})
	t.Run("what was sent is never sent again", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		q.record(q.claim(), data.Sent, data.KindSent)
		q.does(0, q.Retry, q.only(id).ID)
		q.does(0, q.Retry)
		q.state(id, data.Sent)
	})
	t.Run("what is no longer kept is passed over", func(t *testing.T) {
		q := newQueue(t)
		gone, kept := q.accept(), q.accept()
		q.record(q.claim(), data.Failed, data.KindPermanent)
		q.record(q.claim(), data.Failed, data.KindPermanent)
		_ = q.Update(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(`DELETE FROM body WHERE message = ?`, gone); return err })
		q.does(1, q.Retry, q.only(gone).ID, q.only(kept).ID)
		q.state(gone, data.Failed)
		q.state(kept, data.Waiting)
	})
	t.Run("all means all, whatever their number", func(t *testing.T) {
		q := newQueue(t)
		const n = 2500
		q.accept(to(readers(n)...))
		all := func(do func(context.Context, []int64, string) (int64, error)) {
			t.Helper()
			if got, err := do(t.Context(), nil, "All."); got != n || err != nil {
				t.Fatal(got, err)
			}
		}
		all(q.Hold)
		all(q.Release)
		all(func(ctx context.Context, _ []int64, why string) (int64, error) {
			return q.HoldAll(ctx, why, "Release it.")
		})
		all(q.Cancel)
	})
	t.Run("sending everything again spares what is held, cancelled or may have arrived", func(t *testing.T) {
		q := newQueue(t)
		held, cancelled := q.accept(hold("Practice.")), q.accept()
		q.does(1, q.Cancel, q.only(cancelled).ID)
		lost := q.accept()
		q.record(q.claim(), data.Waiting, data.KindUncertain)
		failed := q.accept()
		q.record(q.claim(), data.Failed, data.KindPermanent)
		waiting := q.accept()
		q.record(q.claim(), data.Waiting, data.KindTemporary)
		if n, err := q.Retry(t.Context(), nil, "All."); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		q.state(held, data.Held)
		q.state(cancelled, data.Cancelled)
		q.state(failed, data.Waiting)
		if d := q.state(waiting, data.Waiting); d.Due.After(q.now) {
			t.Fatalf("%+v", d)
		}
		if d := q.state(lost, data.Waiting); !d.Due.After(q.now) || d.Bound != 1 {
			t.Fatalf("%+v", d)
		}
		q.does(1, q.Retry, q.only(lost).ID)
		if d := q.state(lost, data.Waiting); d.Due.After(q.now) || d.Bound != 0 || d.Uncertain != 0 {
			t.Fatalf("named by a person: %+v", d)
		}
	})
	t.Run("holding and releasing does not hurry what may have arrived", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		due := q.now.Add(80 * time.Minute)
		q.record(q.claim(), data.Waiting, data.KindUncertain, func(v *data.Verdict) { v.Due = due })
		q.does(1, q.Hold)
		q.does(1, q.Release)
		if d := q.state(id, data.Waiting); !d.Due.Equal(due) || d.Bound != 1 || d.Uncertain != 1 {
			t.Fatalf("%+v", d)
		}
	})
	t.Run("a file taken away holds what waits of its message", func(t *testing.T) {
		q := newQueue(t)
		id, other := q.accept(file("a.eml"), to("a@school.org", "b@school.org")), q.accept()
		q.record(q.claim(func(w *data.Want) { w.Recipients = 1 }), data.Sent, data.KindSent)
		if err := q.HoldFile(t.Context(), id, "The file was removed.", "Send it anyway?"); err != nil {
			t.Fatal(err)
		}
		d := q.deliveries(id)
		if d[0].State != data.Sent || d[1].State != data.Held || d[1].Remedy != "Send it anyway?" {
			t.Fatalf("%+v", d)
		}
		q.state(other, data.Waiting)
	})
}

func TestNextDue(t *testing.T) {
	q := newQueue(t)
	due := func() time.Time {
		t.Helper()
		at, _, err := q.NextDue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	if _, some, _ := q.NextDue(t.Context()); some {
		t.Fatal("something is due in an empty queue")
	}
	q.accept(class(data.ClassBulk))
	q.record(q.claim(), data.Waiting, data.KindTemporary, func(v *data.Verdict) { v.Due = q.now.Add(time.Hour) })
	if !due().Equal(q.now.Add(time.Hour)) {
		t.Fatal(due())
	}
	q.accept()
	if !due().Equal(q.now) {
		t.Fatal(due())
	}
	q.claim()
	if !due().Equal(q.now.Add(time.Hour)) {
		t.Fatal("what is being sent counts")
	}
	n, err := q.Hasten(t.Context(), q.now.Add(90*time.Minute), q.now)
	if n != 0 || err != nil {
		t.Fatal(n, err)
	}
	if n, err = q.Hasten(t.Context(), q.now.Add(30*time.Minute), q.now.Add(time.Minute)); n != 1 || err != nil || !due().Equal(q.now.Add(time.Minute)) {
		t.Fatal(n, err, due())
	}
}
