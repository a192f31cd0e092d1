package store_test

import (
	"database/sql"
	"slices"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func (q *queue) step(step store.Step, ids ...int64) store.Taken {
	q.t.Helper()
	taken, err := q.Step(q.t.Context(), step, ids, "By a person.")
	if err != nil {
		q.t.Fatal(err)
	}
	return taken
}

func (q *queue) takeBack(t store.Taken, back, passed int64) {
	q.t.Helper()
	gotBack, gotPassed, err := q.TakeBack(q.t.Context(), t)
	if err != nil || gotBack != back || gotPassed != passed {
		q.t.Fatalf("%d brought back and %d passed over, not %d and %d: %v", gotBack, gotPassed, back, passed, err)
	}
}

func (q *queue) entry(id int64) data.Entry {
	q.t.Helper()
	e, err := q.Entry(q.t.Context(), id)
	if err != nil {
		q.t.Fatal(err)
	}
	return e
}

func TestTakeBack(t *testing.T) {
	t.Run("a step changes what Hold, Release and Cancel change, and counts it", func(t *testing.T) {
		q := newQueue(t)
		a, b, c := q.only(q.accept()).ID, q.only(q.accept(hold("Look first."))).ID, q.only(q.accept()).ID
		if n := q.step(store.StepHold, a, b).Len(); n != 1 {
			t.Fatal(n)
		}
		if n := q.step(store.StepRelease, a, b, c).Len(); n != 2 {
			t.Fatal(n)
		}
		if n := q.step(store.StepCancel, a, b, c, 99).Len(); n != 3 {
			t.Fatal(n)
		}
		if e := q.entry(a); e.State != data.Cancelled || e.Reason != "By a person." {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("what was cancelled is again what it was, down to its due time and its reason", func(t *testing.T) {
		q := newQueue(t)
		tried := q.accept()
		q.record(q.claim(), data.Waiting, data.KindTemporary)
		a, b := q.only(tried).ID, q.only(q.accept(hold("Look first."))).ID
		before := []data.Entry{q.entry(a), q.entry(b)}
		q.pass(time.Minute)
		taken := q.step(store.StepCancel, a, b)
		q.pass(time.Minute)
		q.takeBack(taken, 2, 0)
		if after := []data.Entry{q.entry(a), q.entry(b)}; !slices.Equal(before, after) {
			t.Fatalf("before %+v\nafter  %+v", before, after)
		}
		q.takeBack(taken, 0, 2)
		q.pass(time.Hour)
		if c := q.claim(); c.Message.ID != tried {
			t.Fatal("what was brought back is not sent")
		}
	})
	t.Run("a hold and a release are taken back", func(t *testing.T) {
		q := newQueue(t)
		a, b := q.only(q.accept()).ID, q.only(q.accept(hold("Look first."))).ID
		before := []data.Entry{q.entry(a), q.entry(b)}
		q.pass(time.Minute)
		q.takeBack(q.step(store.StepHold, a, b), 1, 0)
		q.takeBack(q.step(store.StepRelease, a, b), 1, 0)
		if after := []data.Entry{q.entry(a), q.entry(b)}; !slices.Equal(before, after) {
			t.Fatalf("before %+v\nafter  %+v", before, after)
		}
	})
	t.Run("a cancellation already carried home stays", func(t *testing.T) {
		q := newQueue(t)
		a, b := q.only(q.accept(file("a.tmp"))).ID, q.only(q.accept(file("b.tmp"))).ID
		taken := q.step(store.StepCancel, a, b)
		if err := q.Settle(t.Context(), []int64{a}, nil, nil); err != nil {
			t.Fatal(err)
		}
		q.takeBack(taken, 1, 1)
		if q.entry(a).State != data.Cancelled || q.entry(b).State != data.Waiting {
			t.Fatal(q.entry(a).State, q.entry(b).State)
		}
	})
	t.Run("what was touched since stays as it is", func(t *testing.T) {
		q := newQueue(t)
		again, sentSince, twice, gone := q.only(q.accept()).ID, q.only(q.accept(hold("Look."))).ID, q.only(q.accept()).ID, q.only(q.accept())
		cancelled := q.step(store.StepCancel, again, twice, gone.ID)
		released := q.step(store.StepRelease, sentSince)
		q.record(q.claim(), data.Sent, data.KindSent)
		q.pass(time.Second)
		if _, err := q.Retry(t.Context(), []int64{again, twice}, "Sent again by a person."); err != nil {
			t.Fatal(err)
		}
		q.step(store.StepCancel, twice)
		if err := q.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `DELETE FROM body WHERE message = ?`, gone.Message)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		q.takeBack(released, 0, 1)
		q.takeBack(cancelled, 0, 3)
		for id, want := range map[int64]data.State{again: data.Waiting, sentSince: data.Sent, twice: data.Cancelled, gone.ID: data.Cancelled} {
			if got := q.entry(id).State; got != want {
				t.Errorf("number %d is %s, not %s", id, got, want)
			}
		}
	})
	t.Run("a hold made due since is not put off again", func(t *testing.T) {
		q := newQueue(t)
		a := q.only(q.accept(hold("Look."))).ID
		taken := q.step(store.StepRelease, a)
		c := q.claim()
		q.next(q.verdict(c, data.Waiting, data.KindTemporary), nil)
		q.takeBack(taken, 0, 1)
		if q.entry(a).State != data.Waiting {
			t.Fatal("a message under way was held")
		}
	})
	t.Run("an error in the middle leaves everything as it was", func(t *testing.T) {
		q := newQueue(t)
		a, b := q.only(q.accept()).ID, q.only(q.accept()).ID
		taken := q.step(store.StepCancel, a, b)
		if err := q.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `CREATE TRIGGER stop BEFORE DELETE ON history WHEN old.id = 2 BEGIN SELECT raise(ABORT, 'no'); END`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if back, passed, err := q.TakeBack(t.Context(), taken); err == nil || back != 0 || passed != 0 {
			t.Fatal(back, passed, err)
		}
		if q.entry(a).State != data.Cancelled || q.entry(b).State != data.Cancelled {
			t.Fatal("half of it was brought back")
		}
		var both int
		if err := q.View(t.Context(), func(tx *sql.Tx) error {
			return tx.QueryRowContext(t.Context(), `SELECT count(*) FROM delivery JOIN history USING (id)`).Scan(&both)
		}); err != nil || both != 0 {
			t.Fatal("in both tables", both, err)
		}
	})
}

func TestStandings(t *testing.T) {
	q := mixed(t)
	t.Run("they come in the order asked for, without what is forgotten", func(t *testing.T) {
		got, err := q.Standings(t.Context(), []int64{3, 99, 1, 5})
		want := []store.Standing{{ID: 3, Message: 3, State: data.Sent}, {ID: 1, Message: 1, State: data.Waiting}, {ID: 5, Message: 5, State: data.Failed}}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%+v %v", got, err)
		}
	})
	t.Run("all of a state come page by page, newest first", func(t *testing.T) {
		var ids []int64
		for before := int64(0); ; {
			page, err := q.StandingIn(t.Context(), data.Failed, before, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range page {
				ids = append(ids, s.ID)
			}
			if len(page) < 3 {
				break
			}
			before = page[2].ID
		}
		if !slices.Equal(ids, []int64{25, 20, 10, 5}) {
			t.Fatal(ids)
		}
	})
}
