package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"smtpgateway/data"
)

// restampSlice bounds one transaction of Restamp: messages looked at, and octets summed anew.
const (
	restampSlice  = 200
	restampOctets = 16 << 20
)

// Restamp rewrites the header of what waits or is held, because From changed: mail under the old one would be refused
// for ever. edit gives the new header block; sender is the new envelope sender, but the null sender stays one. Passed
// over: the program's own mails, what is being sent, what may have arrived already (its second copy must look like the
// first), and whatever edit refuses; the first such refusal comes back after the rest is done. It gives the number of
// messages changed.
func (s *Store) Restamp(ctx context.Context, sender string, edit func(header []byte) ([]byte, error)) (int, error) {
	n, last := 0, int64(0)
	var refused error
	for more := true; more; {
		var done int
		err := s.update(ctx, func(tx *work) error {
			done = 0
			rows, err := s.rows(tx, `SELECT `+messageColumns+` FROM message m WHERE m.id > ? AND m.id IN
				(SELECT message FROM delivery WHERE message > ? ORDER BY message LIMIT ?)
				AND m.door <> 'program' AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message = m.id
					AND (d.state = 'sending' OR d.uncertain > 0)) ORDER BY m.id`, last, last, restampSlice)
			messages, err := collect(rows, err, func(rows scanner) (data.Message, error) {
				var r messageRow
				err := rows.Scan(r.fields()...)
				return r.message(), err
			})
			if err != nil {
				return err
			}
			// The last message this slice looks at, among those passed over too.
			var top sql.NullInt64
			err = s.row(tx, `SELECT max(message) FROM (SELECT message FROM delivery WHERE message > ? ORDER BY message LIMIT ?)`,
				last, restampSlice).Scan(&top)
			if err != nil {
				return err
			}
			more = top.Valid
			var octets int64
			for i := range messages {
				m := &messages[i]
				if octets += m.Size; octets > restampOctets && i > 0 {
					top.Int64 = messages[i-1].ID
					break
				}
				ok, err := s.restamp(tx, m, sender, edit)
				if e, ok := errors.AsType[*editError](err); ok {
					if refused == nil {
						refused = fmt.Errorf("message %d: %w", m.ID, e.error)
					}
					continue
				}
				if err != nil {
					return err
				}
				if ok {
					done++
				}
			}
			last = top.Int64
			return nil
		})
		if err != nil {
			return n, err
		}
		n += done
	}
	return n, refused
}

// Stamped is the From that everything waiting bears, as SetStamped was told: with a million waiting, nobody looks
// through them to find that nothing changed.
func (s *Store) Stamped(ctx context.Context) (string, error) {
	var from string
	err := s.r.QueryRowContext(ctx, `SELECT stamped FROM service`).Scan(&from)
	return from, mapError(err)
}

// SetStamped is called when Restamp has gone through to its end.
func (s *Store) SetStamped(ctx context.Context, from string) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE service SET stamped = ?`, from)
		return err
	})
}

type editError struct{ error }

func (s *Store) restamp(tx *work, m *data.Message, sender string, edit func([]byte) ([]byte, error)) (bool, error) {
	var old []byte
	err := s.row(tx, `SELECT bytes FROM body WHERE message = ? AND seq = 0`, m.ID).Scan(&old)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	header, err := edit(bytes.Clone(old))
	if err != nil {
		return false, &editError{err}
	}
	if m.Sender == "" {
		sender = ""
	}
	if bytes.Equal(header, old) && sender == m.Sender {
		return false, nil
	}
	h := sha256.New()
	h.Write(header)
	size := int64(len(header))
	for seq := 1; ; seq++ {
		var b []byte
		err := s.row(tx, `SELECT bytes FROM body WHERE message = ? AND seq = ?`, m.ID, seq).Scan(&b)
		if errors.Is(err, sql.ErrNoRows) {
			break
		}
		if err != nil {
			return false, err
		}
		h.Write(b)
		size += int64(len(b))
	}
	if _, err := s.exec(tx, `UPDATE body SET bytes = ? WHERE message = ? AND seq = 0`, header, m.ID); err != nil {
		return false, err
	}
	_, err = s.exec(tx, `UPDATE message SET sender = ?, size = ?, sha256 = ? WHERE id = ?`, sender, size, h.Sum(nil), m.ID)
	return err == nil, err
}
