package store_test

import (
	"database/sql"
	"math/rand/v2"
	"testing"
	"time"

	"smtpgateway/data"
)

// Whatever happens in whatever order, every delivery is in exactly one table, nothing sent is touched again, and
// nobody but a person ends one without a verdict.
func TestNoDeliveryIsEverLost(t *testing.T) {
	for seed := range uint64(4) {
		q := newQueue(t)
		r := rand.New(rand.NewPCG(seed, 45)) // #nosec G404 -- a test that can be repeated
		w := &world{queue: q, Rand: r, states: map[int64]data.State{}}
		for range 200 {
			w.step()
			q.pass(time.Duration(r.IntN(20)) * time.Minute)
			w.check()
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	}
}

type world struct {
	*queue
	*rand.Rand

	states map[int64]data.State // of every delivery ever accepted, as last seen
	claims []*data.Claim        // not recorded yet
}

func (w *world) step() {
	switch n := w.IntN(20); {
	case n < 5:
		id := w.accept(class(data.Class(w.IntN(8))), to(readers(1+w.IntN(3))...), func(m *data.NewMessage) {
			m.Practice = w.IntN(5) == 0
			if w.IntN(3) == 0 {
				m.File = "a.eml"
			}
		})
		for _, d := range w.deliveries(id) {
			w.states[d.ID] = data.Waiting
		}
	case n < 13:
		var res *data.Result
		if len(w.claims) > 0 && w.IntN(4) > 0 {
			i := w.IntN(len(w.claims))
			res = w.result(w.claims[i])
			if w.IntN(10) > 0 { // else it is handed in twice
				w.claims = append(w.claims[:i], w.claims[i+1:]...)
			}
		}
		c := w.next(res, w.want(func(want *data.Want) {
			want.Server, want.Deferred, want.Practice = 1+w.IntN(2), w.IntN(2) == 0, w.IntN(6) == 0
			want.Bound, want.Counted, want.Recipients = w.IntN(6) == 0, w.IntN(2) == 0, 1+w.IntN(3)
			if w.IntN(5) == 0 {
				want.Horizon, want.TriedLast = w.now.AddDate(100, 0, 0), w.now
			}
		}))
		if c != nil {
			w.claims = append(w.claims, c)
		}
	case n < 14:
		w.die(w.now.Add(time.Hour))
	case n < 15:
		if _, err := w.Overdue(w.t.Context(), *w.want(), 3, 2*time.Hour, trouble); err != nil {
			w.t.Error(err)
		}
	case n < 16:
		if err := w.Stamp(w.t.Context(), *w.want(), 3, trouble); err != nil {
			w.t.Error(err)
		}
	case n < 17:
		for _, e := range w.unsettled() {
			var ids []int64
			for _, d := range e.Ended {
				ids = append(ids, d.ID)
			}
			if w.IntN(2) == 0 {
				_, err := w.Reopen(w.t.Context(), ids, w.now, "Alike.", "")
				if err != nil {
					w.t.Error(err)
				}
			} else if err := w.Settle(w.t.Context(), ids, nil, nil); err != nil {
				w.t.Error(err)
			}
		}
	default:
		w.person()
	}
}

func (w *world) person() {
	var ids []int64
	for id := range w.states {
		if w.IntN(4) == 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 || w.IntN(8) == 0 {
		ids = nil
	}
	var err error
	switch w.IntN(4) {
	case 0:
		_, err = w.Hold(w.t.Context(), ids, "Held.")
	case 1:
		_, err = w.Release(w.t.Context(), ids, "Released.")
	case 2:
		_, err = w.Retry(w.t.Context(), ids, "Again.")
	case 3:
		_, err = w.Cancel(w.t.Context(), ids[:len(ids)/4], "Cancelled.")
	}
	if err != nil {
		w.t.Error(err)
	}
}

func (w *world) result(c *data.Claim) *data.Result {
	kinds := []data.Kind{data.KindSent, data.KindTemporary, data.KindPermanent, data.KindUncertain, data.KindServer, data.KindUntouched}
	r := w.verdict(c, data.Waiting, data.KindSent)
	r.Handed = w.IntN(4) > 0
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		v.Outcome.Kind = kinds[w.IntN(len(kinds))]
		switch v.Outcome.Kind {
		case data.KindSent:
			v.State = data.Sent
		case data.KindPermanent:
			v.State = data.Failed
		default:
		}
	}
	return r
}

func (w *world) check() {
	w.t.Helper()
	now := map[int64]data.State{}
	err := w.View(w.t.Context(), func(tx *sql.Tx) error {
		rows, err := tx.Query(`SELECT id, state, uncertain, bound FROM delivery UNION ALL SELECT id, state, uncertain, bound FROM history`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id int64
			var state data.State
			var uncertain, bound int
			if err := rows.Scan(&id, &state, &uncertain, &bound); err != nil {
				return err
			}
			if old, twice := now[id]; twice {
				w.t.Errorf("delivery %d is %s and %s", id, old, state)
			}
			now[id] = state
			if state == data.Waiting && uncertain > 0 && bound == 0 {
				w.t.Errorf("delivery %d may have arrived but could go anywhere", id)
			}
		}
		return rows.Err()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for id, old := range w.states {
		state, there := now[id]
		if !there {
			w.t.Errorf("delivery %d, once %s, is lost", id, old)
		}
		if old == data.Sent && state != data.Sent {
			w.t.Errorf("delivery %d was sent and is now %s", id, state)
		}
		w.states[id] = state
	}
	if len(now) != len(w.states) {
		w.t.Errorf("%d deliveries, %d accepted", len(now), len(w.states))
	}
	if n := w.number(`SELECT count(*) FROM usage WHERE recipients < 0`) + w.number(`SELECT count(*) FROM service WHERE pace_used < 0`); n != 0 {
		w.t.Error("a budget is below nothing")
	}
	open := w.number(`SELECT count(*) FROM attempt a LEFT JOIN delivery d ON d.id = a.delivery WHERE a.ended_at = 0 AND d.state IS NOT 'sending'`)
	if open != 0 {
		w.t.Errorf("%d attempts never ended", open)
	}
}
