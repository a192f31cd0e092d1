package store

import (
	"context"
	"database/sql"
	"errors"

	"smtpgateway/data"
)

// Step is what a person does to deliveries and may take back.
type Step string

// The steps that can be taken back: nothing has left the house through them.
const (
	StepHold    Step = "hold"
	StepRelease Step = "release"
	StepCancel  Step = "cancel"
)

// Taken is what a step changed, as it was before: all TakeBack needs. It lives as long as the offer to take back does.
type Taken struct {
	rows []before
}

// Len is how many deliveries the step changed.
func (t Taken) Len() int { return len(t.rows) }

// Join puts what two steps changed together.
func (t Taken) Join(other Taken) Taken { return Taken{rows: append(t.rows, other.rows...)} }

// before is one delivery as it was, and how the step left it: a row that looks otherwise now belongs to whoever touched
// it since.
type before struct {
	id                              int64
	state                           string
	due, deferred, code, changed    int64
	reason, remedy, enhanced, line  string
	leftState, leftReason           string
	leftChanged, leftDue, leftTried int64
}

// Step holds, releases or cancels deliveries as Hold, Release and Cancel do, and remembers how they were.
func (s *Store) Step(ctx context.Context, step Step, deliveries []int64, reason string) (Taken, error) {
	var all Taken
	for len(deliveries) > 0 {
		some := deliveries[:min(slice, len(deliveries))]
		deliveries = deliveries[len(some):]
		var rows []before
		err := s.update(ctx, func(tx *work) error {
			rows = nil
			now := millis(s.now())
			for _, id := range some {
				b, ok, err := s.step(tx, step, id, now, reason)
				if err != nil {
					return err
				}
				if ok {
					rows = append(rows, b)
				}
			}
			return nil
		})
		if err != nil {
			return all, err
		}
		all.rows = append(all.rows, rows...)
	}
	return all, nil
}

func (s *Store) step(tx *work, step Step, id, now int64, reason string) (before, bool, error) {
	b := before{id: id, leftReason: reason, leftChanged: now}
	err := s.row(tx, `SELECT state, due_at, deferred, reason, remedy, code, enhanced, line, changed_at, tried_at
		FROM delivery WHERE id = ?`, id).Scan(&b.state, &b.due, &b.deferred, &b.reason, &b.remedy, &b.code, &b.enhanced, &b.line, &b.changed, &b.leftTried)
	if errors.Is(err, sql.ErrNoRows) {
		return b, false, nil
	}
	if err != nil {
		return b, false, err
	}
	b.leftDue = b.due
	var ok bool
	switch step {
	case StepHold:
		b.leftState = string(data.Held)
		ok, err = s.hold(tx, id, now, reason, "")
	case StepRelease:
		b.leftState = string(data.Waiting)
		if ok, err = s.letGo(tx, id, now, reason); ok {
			err = s.row(tx, `SELECT due_at FROM delivery WHERE id = ?`, id).Scan(&b.leftDue)
		}
	case StepCancel:
		b.leftState = string(data.Cancelled)
		ok, err = s.finish(tx, id, ending{state: data.Cancelled, at: now, outcome: data.Outcome{Sentence: reason}})
	}
	return b, ok, err
}

// TakeBack undoes a step in one transaction: every delivery that is still as the step left it gets back the state it
// had, with its due time and its reason. back is their number. The others stay as they are and are counted in passed:
// somebody touched them since, dispatch took them, their file was carried home, or their text is no longer kept.
func (s *Store) TakeBack(ctx context.Context, t Taken) (back, passed int64, err error) {
	err = s.update(ctx, func(tx *work) error {
		back, passed = 0, 0
		for i := range t.rows {
			b := &t.rows[i]
			ok, err := false, error(nil)
			if b.leftState == string(data.Cancelled) {
				ok, err = s.uncancel(tx, b)
			} else {
				ok, err = s.putAsBefore(tx, b)
			}
			if err != nil {
				return err
			}
			if ok {
				back++
			} else {
				passed++
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return back, passed, nil
}

// uncancel brings a delivery back out of the history. A cancelled message whose file is still to be renamed is not
// settled; one that never had a file was settled from the beginning.
func (s *Store) uncancel(tx *work, b *before) (bool, error) {
	n, err := changed(s.exec(tx, `INSERT INTO delivery (id, message, class, practice, recipient, state, due_at, deferred,
			attempts, first_ms, tried_at, uncertain, bound, reason, remedy, code, enhanced, line, changed_at)
		SELECT h.id, h.message, h.class, h.practice, h.recipient, ?1, ?2, ?3,
			h.attempts, h.first_ms, h.tried_at, h.uncertain, h.bound, ?4, ?5, ?6, ?7, ?8, ?9
		FROM history h JOIN message m ON m.id = h.message
		WHERE h.id = ?10 AND h.state = 'cancelled' AND h.changed_at = ?11 AND h.reason = ?12
			AND (h.settled = 0 OR m.file = '') AND EXISTS (SELECT 1 FROM body b WHERE b.message = h.message AND b.seq = 0)`,
		b.state, b.due, b.deferred, b.reason, b.remedy, b.code, b.enhanced, b.line, b.changed, b.id, b.leftChanged, b.leftReason))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.exec(tx, `DELETE FROM history WHERE id = ?`, b.id)
	return err == nil, err
}

// putAsBefore turns back a hold or a release. A row that was tried since has another story to tell.
func (s *Store) putAsBefore(tx *work, b *before) (bool, error) {
	n, err := changed(s.exec(tx, `UPDATE delivery SET state = ?, due_at = ?, reason = ?, remedy = ?, changed_at = ?
		WHERE id = ? AND state = ? AND reason = ? AND changed_at = ? AND due_at = ? AND tried_at = ?`,
		b.state, b.due, b.reason, b.remedy, b.changed, b.id, b.leftState, b.leftReason, b.leftChanged, b.leftDue, b.leftTried))
	return n > 0, err
}
