package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"smtpgateway/data"
)

// Most lines a daily log tells: more is nothing a person reads.
const (
	dayFailed = 200
	dayLines  = 500
)

// Day sums up what ended between two times, the first included, what stands now, and the journal of that time without
// its checks, oldest line first. Sent leaves out the log mails themselves, or a day with nothing to tell would tell of one. It
// holds no subject of any message.
func (s *Store) Day(ctx context.Context, from, to time.Time) (data.Day, error) {
	d := data.Day{From: from, To: to}
	err := s.view(ctx, func(tx *sql.Tx) error {
		if err := dayCounts(ctx, tx, &d); err != nil {
			return err
		}
		var oldest int64
		err := tx.QueryRowContext(ctx, `SELECT queued_at FROM message WHERE id =
			(SELECT message FROM delivery WHERE id = (SELECT min(first) FROM (
				SELECT min(id) AS first FROM delivery WHERE state = 'waiting' UNION ALL
				SELECT min(id) FROM delivery WHERE state = 'sending')))`).Scan(&oldest)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		d.Oldest = moment(oldest)
		if err := dayLibrary(ctx, tx, &d); err != nil {
			return err
		}
		if d.Failed, err = dayFailures(ctx, tx, from, to); err != nil {
			return err
		}
		d.Lines, err = journalLines(ctx, tx, `SELECT `+journalColumns+` FROM journal
			WHERE at >= ? AND at < ? AND kind <> ? ORDER BY at DESC, id DESC LIMIT ?`,
			millis(from), millis(to), string(data.JournalCheck), dayLines)
		slices.Reverse(d.Lines)
		return err
	})
	return d, err
}

func dayCounts(ctx context.Context, tx *sql.Tx, d *data.Day) error {
	return tx.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM history WHERE changed_at >= ?1 AND changed_at < ?2 AND state = 'sent' AND class <> ?3),
		(SELECT count(*) FROM history WHERE changed_at >= ?1 AND changed_at < ?2 AND state = 'failed'),
		(SELECT count(*) FROM history WHERE changed_at >= ?1 AND changed_at < ?2 AND state = 'cancelled'),
		(SELECT count(*) FROM history WHERE changed_at >= ?1 AND changed_at < ?2 AND uncertain > 0)
			+ (SELECT count(*) FROM delivery WHERE uncertain > 0),
		(SELECT count(*) FROM delivery WHERE state = 'held'),
		(SELECT count(*) FROM delivery WHERE state IN ('waiting', 'sending'))`,
		millis(d.From), millis(d.To), int(data.ClassLog)).
		Scan(&d.Sent, &d.FailedAll, &d.Cancelled, &d.Uncertain, &d.Held, &d.Waiting)
}

// dayLibrary counts what the library's side did, and reads what it waits for.
func dayLibrary(ctx context.Context, tx *sql.Tx, d *data.Day) error {
	const sent = `FROM history h WHERE h.changed_at >= ?1 AND h.changed_at < ?2 AND h.state = 'sent'`
	var made int64
	err := tx.QueryRowContext(ctx, `SELECT
		(SELECT count(*) `+sent+` AND h.class = ?3),
		(SELECT count(*) `+sent+` AND h.class = ?4),
		(SELECT count(*) FROM history h CROSS JOIN message m ON m.id = h.message
			WHERE h.changed_at >= ?1 AND h.changed_at < ?2 AND h.state = 'sent' AND h.class IN (?3, ?4) AND m.practice = 1),
		(SELECT coalesce(sum(planned), 0) FROM run WHERE state = 'awaiting'),
		coalesce((SELECT taken_at FROM import WHERE kind = 'loans' AND undone_at = 0 ORDER BY id DESC LIMIT 1), 0)`,
		millis(d.From), millis(d.To), int(data.ClassLetter), int(data.ClassNotice)).Scan(&d.Letters, &d.Notices, &d.Practice, &d.Awaiting, &made)
	if err != nil {
		return err
	}
	d.Loans = moment(made)
	d.Closed, err = closedDays(ctx, tx)
	return err
}

func dayFailures(ctx context.Context, tx *sql.Tx, from, to time.Time) ([]data.FailedDelivery, error) {
	rows, err := tx.QueryContext(ctx, `SELECT recipient, reason FROM history
		WHERE changed_at >= ? AND changed_at < ? AND state = 'failed' ORDER BY changed_at DESC, id DESC LIMIT ?`,
		millis(from), millis(to), dayFailed)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var failed []data.FailedDelivery
	for rows.Next() {
		var f data.FailedDelivery
		if err := rows.Scan(&f.Recipient, &f.Reason); err != nil {
			return nil, err
		}
		failed = append(failed, f)
	}
	return failed, rows.Err()
}

// LogTold is up to when the daily log has told; zero: there was none yet.
func (s *Store) LogTold(ctx context.Context) (time.Time, error) {
	var ms int64
	err := s.r.QueryRowContext(ctx, `SELECT log_at FROM service`).Scan(&ms)
	return moment(ms), mapError(err)
}

// SetLogTold keeps up to when the daily log has told.
func (s *Store) SetLogTold(ctx context.Context, t time.Time) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE service SET log_at = ?`, millis(t))
		return err
	})
}
