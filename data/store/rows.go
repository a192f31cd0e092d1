package store

import (
	"database/sql"
	"errors"
	"time"

	"smtpgateway/data"
)

// What a message, a live delivery and an ended one are read from, in the order messageRow and deliveryRow expect.
const (
	messageColumns = `m.id, m.class, m.door, m.message_id, m.sender, m.no_return, m.from_text, m.to_text, m.subject,
		m.size, m.sha256, m.eight_bit, m.utf8, m.practice, m.queued_at, m.file`
	deliveryColumns = `d.id, d.message, d.recipient, d.state, d.due_at, d.attempts, d.first_ms, d.uncertain, d.bound,
		d.reason, d.remedy, d.code, d.enhanced, d.line, d.changed_at, 0`
	historyColumns = `d.id, d.message, d.recipient, d.state, 0, d.attempts, d.first_ms, d.uncertain, d.bound,
		d.reason, d.remedy, d.code, d.enhanced, d.line, d.changed_at, d.settled`
)

type messageRow struct {
	data.Message
	sha    []byte
	queued int64
}

func (r *messageRow) fields() []any {
	m := &r.Message
	return []any{
		&m.ID, &m.Class, &m.Door, &m.MessageID, &m.Sender, &m.NoReturn, &m.From, &m.To, &m.Subject,
		&m.Size, &r.sha, &m.EightBit, &m.UTF8, &m.Practice, &r.queued, &m.File,
	}
}

func (r *messageRow) message() data.Message {
	copy(r.SHA256[:], r.sha)
	r.Queued = moment(r.queued)
	return r.Message
}

type deliveryRow struct {
	data.Delivery
	due, first, changed int64
}

func (r *deliveryRow) fields() []any {
	d := &r.Delivery
	return []any{
		&d.ID, &d.Message, &d.Recipient, &d.State, &r.due, &d.Attempts, &r.first, &d.Uncertain, &d.Bound,
		&d.Reason, &d.Remedy, &d.Code, &d.Enhanced, &d.Line, &r.changed, &d.Settled,
	}
}

func (r *deliveryRow) delivery() data.Delivery {
	r.Due, r.Changed = moment(r.due), moment(r.changed)
	r.FirstTried = time.Duration(r.first) * time.Millisecond
	return r.Delivery
}

// collect reads all of rows and closes them: the writer has one connection, so nothing else may be asked of it while
// rows are open.
func collect[T any](rows cursor, err error, one func(scanner) (T, error)) ([]T, error) {
	return collectInto(0, rows, err, one)
}

// collectInto is collect with room for so many rows from the beginning.
func collectInto[T any](room int, rows cursor, err error, one func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	if room > 0 {
		all = make([]T, 0, room)
	}
	for rows.Next() {
		v, err := one(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func oneDelivery(rows scanner) (data.Delivery, error) {
	var r deliveryRow
	err := rows.Scan(r.fields()...)
	return r.delivery(), err
}

func oneEntry(rows scanner) (data.Entry, error) {
	var d deliveryRow
	var m messageRow
	err := rows.Scan(append(d.fields(), m.fields()...)...)
	return data.Entry{Delivery: d.delivery(), Letter: m.message()}, err
}

func oneID(rows scanner) (id int64, err error) {
	err = rows.Scan(&id)
	return id, err
}

// notFound turns an empty answer into words.
func notFound(err error, what string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &data.Error{
			Code: data.CodeNotFound, Sentence: what + " is not in the queue or its history.",
			Next: "Look at the list again: it may have been cleared away meanwhile.", Err: err,
		}
	}
	return err
}

// changed is how many rows an Exec touched.
func changed(res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
