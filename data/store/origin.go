package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"smtpgateway/data"
)

const originColumns = `key, name, message, gone_at`

// Origin finds a dropped file that was seen before; false: it never was, or more than 30 days ago.
func (s *Store) Origin(ctx context.Context, key string) (data.Origin, bool, error) {
	return oneOrigin(s.r.QueryRowContext(ctx, `SELECT `+originColumns+` FROM origin WHERE key = ?`, key))
}

// OriginOf finds the file a message was read from, one that is still there before one that is gone; false: it came
// through no file.
func (s *Store) OriginOf(ctx context.Context, message int64) (data.Origin, bool, error) {
	return oneOrigin(s.r.QueryRowContext(ctx, `SELECT `+originColumns+` FROM origin
		WHERE message = ? AND message <> 0 ORDER BY gone_at <> 0, seen_at DESC LIMIT 1`, message))
}

// OriginsHere are the files not yet seen to be gone.
func (s *Store) OriginsHere(ctx context.Context) ([]data.Origin, error) {
	var here []data.Origin
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+originColumns+` FROM origin WHERE gone_at = 0`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			o, err := scanOrigin(rows)
			if err != nil {
				return err
			}
			here = append(here, o)
		}
		return rows.Err()
	})
	return here, err
}

// SaveOrigin keeps a file by its key: a new one, one under another name, one that came back. A message once read from
// it stays known whatever o says, or it would be read, and sent, a second time.
func (s *Store) SaveOrigin(ctx context.Context, o data.Origin) error {
	return s.update(ctx, func(tx *work) error { return s.saveOrigin(tx, o) })
}

// saveOrigin is SaveOrigin inside another update.
func (s *Store) saveOrigin(tx *work, o data.Origin) error {
	_, err := s.exec(tx, `INSERT INTO origin (key, name, message, seen_at, gone_at) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (key) DO UPDATE SET name = excluded.name, gone_at = excluded.gone_at,
			message = CASE excluded.message WHEN 0 THEN message ELSE excluded.message END`,
		o.Key, o.Name, o.Message, millis(s.now()), millis(o.Gone))
	return err
}

// OriginGone notes that a file is not in the folder any more; it is forgotten 30 days later. The zero time: it is
// there after all.
func (s *Store) OriginGone(ctx context.Context, key string, at time.Time) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE origin SET gone_at = ? WHERE key = ?`, millis(at), key)
		return err
	})
}

func oneOrigin(row *sql.Row) (data.Origin, bool, error) {
	o, err := scanOrigin(row)
	if errors.Is(err, sql.ErrNoRows) {
		return data.Origin{}, false, nil
	}
	return o, err == nil, mapError(err)
}

func scanOrigin(row interface{ Scan(...any) error }) (data.Origin, error) {
	var o data.Origin
	var gone int64
	err := row.Scan(&o.Key, &o.Name, &o.Message, &gone)
	o.Gone = moment(gone)
	return o, err
}
