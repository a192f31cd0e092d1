package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"smtpgateway/data"
)

// Copy makes a new message with the same bytes for the same recipients ("send a copy") and gives its number. It has
// no file: settling it touches none. CodeNotFound: no such message, or its text is no longer kept.
func (s *Store) Copy(ctx context.Context, message int64) (int64, error) {
	var id int64
	err := s.update(ctx, func(tx *work) error {
		var r messageRow
		if err := s.row(tx, `SELECT `+messageColumns+` FROM message m WHERE m.id = ?`, message).Scan(r.fields()...); err != nil {
			return notFound(err, fmt.Sprintf("Message %d", message))
		}
		rows, err := s.rows(tx, `SELECT recipient FROM (SELECT id, recipient FROM delivery WHERE message = ?1
			UNION ALL SELECT id, recipient FROM history WHERE message = ?1) ORDER BY id`, message)
		to, err := collect(rows, err, func(rows scanner) (to string, err error) {
			err = rows.Scan(&to)
			return to, err
		})
		if err != nil {
			return err
		}
		m := r.message()
		m.Door, m.File, m.Queued = data.DoorCopy, "", time.Time{}
		now := millis(s.now())
		if id, err = s.insertMessage(tx, &m, m.Size, m.SHA256[:], now); err != nil {
			return err
		}
		n, err := changed(s.exec(tx, `INSERT INTO body (message, seq, bytes) SELECT ?, seq, bytes FROM body WHERE message = ?`, id, message))
		if err != nil {
			return err
		}
		if n == 0 {
			return noText(sql.ErrNoRows, message)
		}
		return s.insertDeliveries(tx, id, &m, to, "", now)
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}
