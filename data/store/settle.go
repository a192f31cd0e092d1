package store

import (
	"context"
	"database/sql"
	"errors"

	"smtpgateway/data"
)

// Unsettled gives messages with deliveries that ended and were not carried home, the oldest first, at most limit of
// them: those with a failure nobody was told of, and those of which nothing is live any more.
func (s *Store) Unsettled(ctx context.Context, limit int) ([]data.Ended, error) {
	var ended []data.Ended
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, unsettled, limit) //nolint:rowserrcheck // collect looks at it
		messages, err := collect(rows, err, oneID)
		if err != nil {
			return err
		}
		for _, m := range messages {
			e, err := endedOf(ctx, tx, m)
			if err != nil {
				return err
			}
			ended = append(ended, e)
		}
		return nil
	})
	return ended, err
}

const unsettled = `SELECT DISTINCT h.message FROM history h INDEXED BY history_unsettled WHERE h.settled = 0
	AND (h.state = 'failed' OR NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message = h.message)) ORDER BY h.message LIMIT ?`

func endedOf(ctx context.Context, tx *sql.Tx, message int64) (data.Ended, error) {
	var e data.Ended
	var m messageRow
	if err := tx.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM message m WHERE m.id = ?`, message).Scan(m.fields()...); err != nil {
		return e, err
	}
	e.Message = m.message()
	var o data.Origin
	var gone int64
	switch err := tx.QueryRowContext(ctx, `SELECT key, name, message, gone_at FROM origin WHERE message = ? AND message <> 0
		ORDER BY gone_at <> 0, seen_at DESC LIMIT 1`, message).Scan(&o.Key, &o.Name, &o.Message, &gone); {
	case err == nil:
		o.Gone = moment(gone)
		e.Origin = &o
	case !errors.Is(err, sql.ErrNoRows):
		return e, err
	}
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM delivery WHERE message = ?`, message).Scan(&e.Open); err != nil {
		return e, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+historyColumns+` FROM history d WHERE d.message = ? ORDER BY d.id`, message) //nolint:rowserrcheck // collect looks at it
	all, err := collect(rows, err, oneDelivery)
	for _, d := range all {
		if !d.Settled {
			e.Ended = append(e.Ended, d)
		}
		switch d.State {
		case data.Failed:
			e.Failed = append(e.Failed, d)
		case data.Sent:
			e.Sent++
		default:
		}
	}
	return e, err
}

// Settle notes in one transaction that deliveries were carried home, queues the mails that tell of them and writes the
// lines into the journal: a crash before it repeats the work, one after it does not. CodeConflict: somebody else
// settled one of them, or sent it again; nothing is written then.
func (s *Store) Settle(ctx context.Context, deliveries []int64, mails []*data.NewMessage, lines []data.JournalLine) error {
	parcels := make([]*parcel, 0, len(mails))
	for _, m := range mails {
		p, err := pack(m)
		if err != nil {
			return err
		}
		parcels = append(parcels, p)
	}
	return s.update(ctx, func(tx *work) error {
		for _, id := range deliveries {
			n, err := changed(s.exec(tx, `UPDATE history SET settled = 1 WHERE id = ? AND settled = 0`, id))
			if err != nil {
				return err
			}
			if n == 0 {
				return &data.Error{
					Code: data.CodeConflict, Sentence: "The message was sent again while its failure was being told.",
					Next: "Nothing to do: it is looked at again at the next check.",
				}
			}
		}
		for _, p := range parcels {
			if _, err := s.accept(tx, p); err != nil {
				return err
			}
		}
		return s.note(tx, lines)
	})
}
