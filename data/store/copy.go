package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"smtpgateway/data"
)

// Copy makes a new message with the same text for the same recipients ("send a copy") and gives its number. edit gives its
// header, made of the old one, and its Message-ID; sender is its envelope sender, but the null sender stays one. It has no
// file: settling it touches none. CodeNotFound: no such message, or its text is no longer kept.
func (s *Store) Copy(ctx context.Context, message int64, sender string, edit func(header []byte) (_ []byte, messageID string, err error)) (int64, error) {
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
		m.ID = id
		_, err = s.restamp(tx, &m, sender, func(header []byte) ([]byte, error) {
			edited, messageID, err := edit(header)
			m.MessageID = messageID
			return edited, err
		})
		if e, refused := errors.AsType[*editError](err); refused {
			return e.error
		}
		if err != nil {
			return err
		}
		if _, err := s.exec(tx, `UPDATE message SET message_id = ? WHERE id = ?`, m.MessageID, id); err != nil {
			return err
		}
		return s.insertDeliveries(tx, id, &m, to, "", now)
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}
