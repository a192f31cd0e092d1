package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"smtpgateway/data"
)

// Next records the outcome of the last message of a connection and takes the next one, in one transaction and so with
// one fsync: at any crash at most one message per connection is in doubt. Either half may be nil. A claim comes back
// only after it is on the disk, with attempt, lease and budgets; nil: nothing is due that may go now.
//
// A verdict lands only on a delivery that is still sending in this very try, so a late one changes nothing. When Next
// fails nothing of it was recorded, and the same result may be handed in again.
func (s *Store) Next(ctx context.Context, r *data.Result, w *data.Want) (*data.Claim, error) {
	var c *data.Claim
	err := s.update(ctx, func(tx *work) error {
		if r != nil && r.Claim != nil {
			if err := s.record(tx, r); err != nil {
				return err
			}
		}
		if w == nil {
			return nil
		}
		var err error
		c, err = s.take(tx, w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Beyond every time and every number.
const (
	always = int64(math.MaxInt64)
	never  = int64(math.MinInt64)
)

// limits is a data.Want in the units of the tables.
type limits struct {
	now, horizon, sure, tried int64
	server, or                int // bound to one of these
	practice, letters, bound  bool
}

func limitsOf(w *data.Want) limits {
	l := limits{now: millis(w.Now), horizon: millis(w.Horizon), tried: always, server: w.Server, practice: w.Practice, letters: w.Letters, bound: w.Bound}
	// "Send now" does not hurry what may have arrived already: it waits for its own time.
	l.sure = min(l.now, l.horizon)
	if !w.TriedLast.IsZero() {
		l.tried = millis(w.TriedLast)
	}
	if w.Bound {
		l.or = w.Server
	}
	if w.Message != 0 {
		l.horizon, l.sure = always, always
	}
	return l
}

// allowed is the part of a WHERE that every search for something to send shares; args gives its values. The classes up
// to 2 are those of data.Class.Own: the program's own mails, which go in practice mode too; 4 and 6 are notices and letters,
// which may be practised by themselves. A try in the future was
// written by a clock that was ahead: it was not in this check.
const allowed = ` state = 'waiting' AND due_at <= ? AND (uncertain = 0 OR due_at <= ?) AND (tried_at < ? OR tried_at > ?) AND bound IN (?, ?)
	AND (NOT ? OR practice = 1 OR class <= 2) AND (NOT ? OR practice = 1 OR class NOT IN (4, 6)) `

func (l limits) args() []any {
	return []any{l.horizon, l.sure, l.tried, l.now, l.server, l.or, l.practice, l.letters}
}

// take claims one message: the most urgent class that has something, in it the turn of the new or the deferred.
func (s *Store) take(tx *work, w *data.Want) (*data.Claim, error) {
	l := limitsOf(w)
	message := w.Message
	if message == 0 {
		var err error
		if message, err = s.first(tx, w, l); err != nil || message == 0 {
			return nil, err
		}
	}
	deliveries, err := s.mark(tx, w, l, message)
	if err != nil || len(deliveries) == 0 {
		return nil, err
	}
	var row messageRow
	if err := s.row(tx, `SELECT `+messageColumns+` FROM message m WHERE m.id = ?`, message).Scan(row.fields()...); err != nil {
		return nil, err
	}
	m := row.message()
	for i := range deliveries {
		_, err := s.exec(tx, `INSERT INTO attempt (message, delivery, number, server, started_at) VALUES (?1, ?2, `+nextTry+`, ?3, ?4)`,
			message, deliveries[i].ID, w.Server, l.now)
		if err != nil {
			return nil, err
		}
	}
	if err := s.spend(tx, w, len(deliveries)); err != nil {
		return nil, err
	}
	return &data.Claim{
		Message: m, Deliveries: deliveries, Body: s.claimed(tx, m), Server: w.Server, Started: moment(l.now), Counted: w.Counted,
	}, nil
}

// nextTry is the number of the next try of delivery ?2 of message ?1.
const nextTry = `(SELECT coalesce(max(number), 0) + 1 FROM attempt WHERE message = ?1 AND delivery = ?2)`

// mark sets the recipients of a message that may go now to sending.
func (s *Store) mark(tx *work, w *data.Want, l limits, message int64) ([]data.Delivery, error) {
	// Not one UPDATE with RETURNING: SQLite compiles that anew each time, which costs more than all the rest.
	rows, err := s.rows(tx, openOf, append(append([]any{message}, l.args()...), max(1, w.Recipients))...)
	deliveries, err := collect(rows, err, oneDelivery)
	if err != nil {
		return nil, err
	}
	for i := range deliveries {
		d := &deliveries[i]
		if d.FirstTried < 0 {
			d.FirstTried = w.Running.Truncate(time.Millisecond)
		}
		d.State, d.Due, d.Changed = data.Sending, moment(millis(w.Lease)), moment(l.now)
		_, err := s.exec(tx, `UPDATE delivery SET state = 'sending', due_at = ?, first_ms = ?, tried_at = ?, server = ?, changed_at = ?
			WHERE id = ?`, millis(w.Lease), d.FirstTried.Milliseconds(), l.now, w.Server, l.now, d.ID)
		if err != nil {
			return nil, err
		}
	}
	return deliveries, nil
}

// openOf are the recipients of a message that may go. A plain LIMIT ? would be compiled anew with each value.
const openOf = `SELECT ` + deliveryColumns + ` FROM delivery d INDEXED BY delivery_message
	WHERE message = ? AND` + allowed + `ORDER BY id LIMIT ? + 0`

// first finds the message that goes next; 0: none. It steps from class to class by the index and asks each for its
// first new and first deferred delivery, so its cost does not depend on how many wait.
func (s *Store) first(tx *work, w *data.Want, l limits) (int64, error) {
	s.passed.begin(w, l)
	message, err := s.firstBeyond(tx, w, l)
	if message == 0 && err == nil && s.passed.used {
		// What came in or was released meanwhile may stand before the place we had reached.
		s.passed.forget()
		message, err = s.firstBeyond(tx, w, l)
	}
	return message, err
}

func (s *Store) firstBeyond(tx *work, w *data.Want, l limits) (int64, error) {
	turns := [2]int{0, 1}
	if w.Deferred {
		turns = [2]int{1, 0}
	}
	for class := -1; ; {
		err := s.row(tx, nextClass, class).Scan(&class)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		for _, deferred := range turns {
			from := s.passed.at(w.Server, class, deferred)
			args := append([]any{class, deferred, from.due, from.id}, l.args()...)
			var message int64
			var here spot
			err := s.row(tx, firstOf(class, l), args...).Scan(&message, &here.due, &here.id)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err == nil {
				s.passed.reach(w.Server, class, deferred, here)
			}
			return message, err
		}
	}
}

// nextClass is the next class that has anything waiting.
const nextClass = `SELECT class FROM delivery INDEXED BY delivery_due
	WHERE state = 'waiting' AND class > ? ORDER BY class LIMIT 1`

// INDEXED BY makes these statements fail rather than fall back on reading everything, should the schema change.
const (
	firstDue = `SELECT message, due_at, id FROM delivery INDEXED BY delivery_due
		WHERE class = ? AND deferred = ? AND (due_at, id) >= (?, ?) AND` + allowed + `ORDER BY due_at, id LIMIT 1`
	firstPractice = `SELECT message, due_at, id FROM delivery INDEXED BY delivery_practice
		WHERE class = ? AND deferred = ? AND (due_at, id) >= (?, ?) AND` + allowed + `AND practice = 1 ORDER BY due_at, id LIMIT 1`
	firstBound = `SELECT message, due_at, id FROM delivery INDEXED BY delivery_bound
		WHERE class = ? AND deferred = ? AND (due_at, id) >= (?, ?) AND` + allowed + `AND bound <> 0 ORDER BY due_at, id LIMIT 1`
)

func firstOf(class int, l limits) string {
	if l.bound {
		return firstBound
	}
	letter := data.Class(class) == data.ClassNotice || data.Class(class) == data.ClassLetter
	if l.practice && !data.Class(class).Own() || l.letters && letter {
		return firstPractice
	}
	return firstDue
}
