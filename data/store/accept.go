package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	"smtpgateway/data"
)

const (
	bodyRow    = 256 << 10 // octets in a row of body, so that memory stays small whatever the message
	bodyMemory = 1 << 20   // a body up to here is held in memory as a whole, which is quicker
	bodyAlong  = 64 << 10  // and up to here it comes with the claim
)

// Accept stores a message with its recipients and gives its number. When it returns without an error everything is on
// the disk and the door may say yes; with an error nothing is there. A message read from a dropped file that was
// taken before is not taken again: its old number comes back. CodeBadMessage: no recipient, or no header.
func (s *Store) Accept(ctx context.Context, n *data.NewMessage) (int64, error) {
	p, err := pack(n)
	if err != nil {
		return 0, err
	}
	var id int64
	err = s.update(ctx, func(tx *work) error {
		id, err = s.accept(tx, p)
		return err
	})
	return id, err
}

// parcel is a new message whose bytes are at hand as far as they are small, so that a slow reader does not keep the
// writer from everybody else.
type parcel struct {
	*data.NewMessage
	body io.Reader
	size int64 // 0: known when the body has been read
	sum  [sha256.Size]byte
}

func pack(n *data.NewMessage) (*parcel, error) {
	if len(n.Recipients) == 0 || len(n.Header) == 0 {
		return nil, &data.Error{
			Code: data.CodeBadMessage, Sentence: "The message has no recipient or no header.",
			Next: "Send it again from the program it came from.",
		}
	}
	p := &parcel{NewMessage: n, body: n.Body}
	var small []byte
	if n.Body != nil {
		var err error
		if small, err = io.ReadAll(io.LimitReader(n.Body, bodyMemory+1)); err != nil {
			return nil, unread(err)
		}
		p.body = bytes.NewReader(small)
		if len(small) > bodyMemory {
			p.body = io.MultiReader(p.body, n.Body)
			return p, nil
		}
	}
	h := sha256.New()
	h.Write(n.Header)
	h.Write(small)
	p.size = int64(len(n.Header) + len(small))
	h.Sum(p.sum[:0])
	return p, nil
}

func unread(err error) error {
	if _, ours := errors.AsType[*data.Error](err); ours {
		return err
	}
	return &data.Error{
		Code: data.CodeNoAccess, Sentence: "The message could not be read to its end.",
		Next: "Check the disk or share it lies on; it is tried again.", Err: err,
	}
}

const insertMessage = `INSERT INTO message (class, door, message_id, sender, no_return, from_text, to_text, subject, size,
	sha256, eight_bit, utf8, practice, queued_at, file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// accept is Accept inside a transaction.
func (s *Store) accept(tx *work, p *parcel) (int64, error) {
	if o := p.Origin; o != nil && o.Key != "" {
		var known int64
		switch err := s.row(tx, `SELECT message FROM origin WHERE key = ?`, o.Key).Scan(&known); {
		case err == nil && known != 0:
			return known, nil
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return 0, err
		}
	}
	now := millis(s.now())
	id, err := s.insertMessage(tx, &p.Message, p.size, p.sum[:], now)
	if err != nil {
		return 0, err
	}
	if err := s.insertBody(tx, id, p); err != nil {
		return 0, err
	}
	if err := s.insertDeliveries(tx, id, &p.Message, p.Recipients, p.Hold, now); err != nil {
		return 0, err
	}
	if err := s.insertBad(tx, id, p, now); err != nil {
		return 0, err
	}
	if o := p.Origin; o != nil && o.Key != "" {
		err := s.saveOrigin(tx, data.Origin{Key: o.Key, Name: o.Name, Message: id})
		if err != nil {
			return 0, err
		}
	}
	return id, nil
}

func (s *Store) insertMessage(tx *work, m *data.Message, size int64, sum []byte, now int64) (int64, error) {
	res, err := s.exec(tx, insertMessage, int(m.Class), string(m.Door), m.MessageID, m.Sender, m.NoReturn, m.From, m.To,
		m.Subject, size, sum, m.EightBit, m.UTF8, m.Practice, now, m.File)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// insertBody writes header and body in rows, and length and sum when they were not known before.
func (s *Store) insertBody(tx *work, id int64, p *parcel) error {
	const insert = `INSERT INTO body (message, seq, bytes) VALUES (?, ?, ?)`
	if _, err := s.exec(tx, insert, id, 0, p.Header); err != nil || p.body == nil {
		return err
	}
	h := sha256.New()
	h.Write(p.Header)
	size := int64(len(p.Header))
	row := int64(bodyRow)
	if p.size != 0 {
		row = min(row, p.size-size+1)
	}
	buf := make([]byte, row)
	for seq := 1; ; seq++ {
		n, err := io.ReadFull(p.body, buf)
		if n > 0 {
			if p.size == 0 {
				h.Write(buf[:n])
			}
			size += int64(n)
			if _, err := s.exec(tx, insert, id, seq, buf[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return unread(err)
		}
	}
	if p.size != 0 {
		return nil
	}
	_, err := s.exec(tx, `UPDATE message SET size = ?, sha256 = ? WHERE id = ?`, size, h.Sum(nil), id)
	return err
}

// insertDeliveries writes one delivery for each recipient, and what the search finds the message by.
func (s *Store) insertDeliveries(tx *work, id int64, m *data.Message, recipients []string, hold string, now int64) error {
	state := data.Waiting
	if hold != "" {
		state = data.Held
	}
	for _, to := range recipients {
		_, err := s.exec(tx, `INSERT INTO delivery (message, class, practice, recipient, state, due_at, reason, changed_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, int(m.Class), m.Practice, to, string(state), now, hold, now)
		if err != nil {
			return fmt.Errorf("recipient: %w", err)
		}
	}
	tx.findable(wording{message: id, subject: m.Subject, addresses: addresses(m, recipients)})
	return nil
}

// insertBad writes a failed delivery for each recipient that is no address, to be told like any other.
func (s *Store) insertBad(tx *work, id int64, p *parcel, now int64) error {
	for _, bad := range p.BadRecipients {
		res, err := s.exec(tx, `INSERT INTO delivery (message, class, practice, recipient, state, due_at, changed_at)
			VALUES (?, ?, ?, ?, 'held', ?, ?)`, id, int(p.Class), p.Practice, bad, now, now)
		if err != nil {
			return err
		}
		delivery, err := res.LastInsertId()
		if err != nil {
			return err
		}
		_, err = s.finish(tx, delivery, ending{state: data.Failed, at: now, outcome: data.Outcome{
			Kind: data.KindPermanent, Phase: data.PhaseLocal, Enhanced: "5.1.3", Blame: data.BlameRecipient,
			Sentence: fmt.Sprintf("%q is not an e-mail address.", bad), Remedy: "Look for a typing mistake in the patron's address.",
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// addresses is every address of a message, for the search.
func addresses(m *data.Message, recipients []string) string {
	return m.From + "\n" + m.To + "\n" + m.Sender + "\n" + strings.Join(recipients, "\n")
}
