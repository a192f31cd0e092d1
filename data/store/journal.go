package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// Note writes lines into the journal, in order; one without a time happened now.
func (s *Store) Note(ctx context.Context, lines ...data.JournalLine) error {
	if len(lines) == 0 {
		return nil
	}
	return s.update(ctx, func(tx *work) error { return s.note(tx, lines) })
}

// note is Note inside another update, so that what happened and the word of it are stored together or not at all.
func (s *Store) note(tx *work, lines []data.JournalLine) error {
	for _, l := range lines {
		if l.At.IsZero() {
			l.At = s.now()
		}
		if _, err := s.exec(tx, `INSERT INTO journal (at, kind, event, message, text) VALUES (?, ?, ?, ?, ?)`,
			millis(l.At), string(l.Kind), l.Event, l.Message, l.Text); err != nil {
			return err
		}
	}
	return nil
}

const journalColumns = `id, at, kind, event, message, text`

// Journal gives one page, newest first. before: only lines with a smaller number; 0: from the newest. after: only
// lines with a larger number, and of these, when before is 0, the nearest ones, so that someone who follows the
// journal misses none. At most limit lines, 1 .. 1000.
func (s *Store) Journal(ctx context.Context, before, after int64, limit int) ([]data.JournalLine, error) {
	limit = min(max(limit, 1), 1000)
	query := `SELECT ` + journalColumns + ` FROM journal WHERE id > ?1 AND (?2 = 0 OR id < ?2) ORDER BY id DESC LIMIT ?3`
	switch {
	case before > 0:
		query = `SELECT ` + journalColumns + ` FROM journal WHERE id > ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3`
	case after > 0:
		query = `SELECT ` + journalColumns + ` FROM (SELECT ` + journalColumns + ` FROM journal WHERE id > ?1 AND ?2 = 0 ORDER BY id LIMIT ?3) ORDER BY id DESC`
	}
	var lines []data.JournalLine
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		lines, err = journalLines(ctx, tx, query, after, before, limit)
		return err
	})
	return lines, err
}

func journalLines(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]data.JournalLine, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var lines []data.JournalLine
	for rows.Next() {
		var l data.JournalLine
		var at int64
		if err := rows.Scan(&l.ID, &at, &l.Kind, &l.Event, &l.Message, &l.Text); err != nil {
			return nil, err
		}
		l.At = moment(at)
		lines = append(lines, l)
	}
	return lines, rows.Err()
}
