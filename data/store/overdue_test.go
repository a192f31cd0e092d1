package store_test

import (
	"testing"
	"time"

	"smtpgateway/data"
)

var trouble = data.Outcome{Kind: data.KindServer, Phase: data.PhaseConnect, Sentence: "The server cannot be reached.", Remedy: "Ask IT."}

func TestStamp(t *testing.T) {
	q := newQueue(t)
	many := q.accept(to(readers(5)...))
	var rest []int64
	for range 4 {
		rest = append(rest, q.accept())
	}
	lost := q.accept(class(data.ClassTest))
	q.record(q.claim(), data.Waiting, data.KindUncertain, func(v *data.Verdict) { v.Due = q.now })
	stamp := func(want ...int64) {
		t.Helper()
		if err := q.Stamp(t.Context(), *q.want(), 2, trouble); err != nil {
			t.Fatal(err)
		}
		for _, id := range want {
			for _, d := range q.deliveries(id) {
				if d.Reason != trouble.Sentence || d.FirstTried != q.running || d.Attempts != 0 || d.State != data.Waiting || d.Due.After(q.now) {
					t.Errorf("%+v", d)
				}
			}
		}
		if n := q.number(`SELECT count(DISTINCT message) FROM delivery WHERE first_ms = ? AND uncertain = 0`, q.running.Milliseconds()); n != int64(len(want)) {
			t.Errorf("%d messages stamped, want %d", n, len(want))
		}
	}
	q.pass(time.Minute)
	t.Run("the next in line get the reason, and their time begins", func(*testing.T) { stamp(many, rest[0]) })
	q.pass(3 * time.Minute)
	t.Run("then those behind them", func(*testing.T) { stamp(rest[1], rest[2]) })
	q.pass(3 * time.Minute)
	stamp(rest[3])
	q.pass(3 * time.Minute)
	t.Run("and nobody twice", func(*testing.T) { stamp() })
	t.Run("what may have arrived keeps its own reason", func(t *testing.T) {
		if d := q.only(lost); d.Reason == trouble.Sentence {
			t.Errorf("%+v", d)
		}
	})
	t.Run("the order of the queue stays", func(t *testing.T) {
		if c := q.claim(func(w *data.Want) { w.Bound = true }); c.Message.ID != lost {
			t.Errorf("%+v", c)
		}
		if c := q.claim(); c.Message.ID != many || len(c.Deliveries) != 5 {
			t.Errorf("%+v", c)
		}
	})
}

func TestOverdue(t *testing.T) {
	q := newQueue(t)
	late, waits := q.accept(), q.accept()
	for _, id := range []int64{late, waits} {
		q.record(q.claim(), data.Waiting, data.KindTemporary)
		if id == waits {
			q.pass(99 * time.Hour)
		}
	}
	young := q.accept()
	if err := q.Stamp(t.Context(), *q.want(), 10, trouble); err != nil {
		t.Fatal(err)
	}
	overdue := func(w *data.Want, want ...int64) {
		t.Helper()
		ids, err := q.Overdue(t.Context(), *w, 1, 100*time.Hour, trouble)
		if err != nil || len(ids) != len(want) {
			t.Fatal(ids, err)
		}
		for i := range want {
			if q.only(want[i]).ID != ids[i] {
				t.Fatalf("%v", ids)
			}
			d := q.state(want[i], data.Failed)
			if d.Settled || d.Reason != trouble.Sentence {
				t.Fatalf("%+v", d)
			}
			a, _ := q.Attempts(t.Context(), d.ID)
			if len(a) != 2 || a[1].Outcome != trouble || a[1].Charged || a[1].Ended.IsZero() {
				t.Fatalf("%+v", a)
			}
		}
	}
	overdue(q.want())
	q.pass(time.Hour)
	overdue(q.want(func(w *data.Want) { w.Server, w.Bound = 2, true }))
	overdue(q.want(), late)
	overdue(q.want(), waits)
	overdue(q.want())
	q.state(young, data.Waiting)
}
