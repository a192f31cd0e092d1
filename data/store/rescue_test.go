package store_test

import (
	"testing"
	"time"

	"smtpgateway/data"
)

func TestRescue(t *testing.T) {
	t.Run("a crash between claim and record is uncertain, bound, and told so", func(t *testing.T) {
		q := newQueue(t)
		id, other := q.accept(), q.accept()
		q.claim()
		due := q.now.Add(70 * time.Minute)
		if n := q.die(due); n != 1 {
			t.Fatalf("%d rescued", n)
		}
		d := q.state(id, data.Waiting)
		if d.Uncertain != 1 || d.Bound != 1 || d.Attempts != 1 || !d.Due.Equal(due) || d.Reason == "" {
			t.Fatalf("%+v", d)
		}
		a, _ := q.Attempts(t.Context(), d.ID)
		if len(a) != 1 || a[0].Outcome.Kind != data.KindUncertain || a[0].Ended.IsZero() {
			t.Fatalf("%+v", a)
		}
		if d := q.state(other, data.Waiting); d.Uncertain != 0 {
			t.Fatal("its neighbour is uncertain too")
		}
		if n := q.die(due); n != 0 {
			t.Fatalf("%d rescued again", n)
		}
	})
	t.Run("the second crash holds it for a person", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept()
		q.claim()
		q.die(q.now)
		q.claim()
		q.die(q.now)
		if d := q.state(id, data.Held); d.Uncertain != 2 {
			t.Fatalf("%+v", d)
		}
	})
	t.Run("a message that crashes the program three times is held though a person sent it again; the rest goes on", func(t *testing.T) {
		q := newQueue(t)
		id := q.accept(class(data.ClassNotice))
		rest := q.accept()
		for range 3 {
			q.claim()
			q.die(q.now)
			if d := q.only(id); d.State == data.Waiting {
				if _, err := q.Retry(t.Context(), []int64{d.ID}, "Again."); err != nil {
					t.Fatal(err)
				}
			}
		}
		if d := q.state(id, data.Held); d.Remedy == "" || d.Uncertain != 1 {
			t.Fatalf("%+v", d)
		}
		if c := q.claim(); c.Message.ID != rest {
			t.Fatal("the rest does not go on")
		}
	})
}

func TestReopen(t *testing.T) {
	q := newQueue(t)
	one, two, told := q.accept(), q.accept(), q.accept()
	var ids []int64
	for range 3 {
		c := q.claim()
		ids = append(ids, c.Deliveries[0].ID)
		q.record(c, data.Failed, data.KindPermanent)
	}
	if err := q.Settle(t.Context(), ids[2:], nil, nil); err != nil {
		t.Fatal(err)
	}
	due := q.now.Add(time.Hour)
	n, err := q.Reopen(t.Context(), append(ids, 999), due, "The server refuses everything.", "Ask IT.")
	if n != 2 || err != nil {
		t.Fatal(n, err)
	}
	for _, id := range []int64{one, two} {
		if d := q.state(id, data.Waiting); d.Attempts != 0 || !d.Due.Equal(due) || d.Remedy != "Ask IT." {
			t.Errorf("%+v", d)
		}
	}
	q.state(told, data.Failed)
	if a, _ := q.Attempts(t.Context(), ids[0]); len(a) != 1 || a[0].Charged {
		t.Errorf("the try is charged: %+v", a)
	}
}
