package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"smtpgateway/data"
)

// Message gives one message. CodeNotFound: there is none of this number.
func (s *Store) Message(ctx context.Context, id int64) (data.Message, error) {
	var m messageRow
	err := s.view(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM message m WHERE m.id = ?`, id).Scan(m.fields()...)
	})
	return m.message(), notFound(err, fmt.Sprintf("Message %d", id))
}

// Header gives the header block of a message as it goes out, with the blank line that ends it. CodeNotFound: its text
// was deleted when the time to keep it was over.
func (s *Store) Header(ctx context.Context, message int64) ([]byte, error) {
	b, err := s.bodyRow(ctx, message, 0)
	return b, noText(err, message)
}

// Body gives the octets of a message after checking length and SHA-256 over all of them. Up to 1 MiB is kept in
// memory; of more than that only one row at a time is, each read by itself, so that a slow server keeps no snapshot
// open. CodeDamaged: they are not what was stored. CodeNotFound: the text was deleted.
func (s *Store) Body(ctx context.Context, m data.Message) (data.Body, error) {
	if m.Size <= bodyMemory {
		st, err := s.reading(ctx, wholeBody) //nolint:sqlclosecheck // kept: see reading
		if err != nil {
			return nil, err
		}
		rows, err := st.QueryContext(ctx, m.ID) //nolint:rowserrcheck // kept looks at it
		return s.kept(m, rows, err)
	}
	h := sha256.New()
	var size int64
	for seq := 0; size <= m.Size; seq++ {
		b, err := s.bodyRow(ctx, m.ID, seq)
		if seq > 0 && errors.Is(err, sql.ErrNoRows) {
			break
		}
		if err != nil {
			return nil, noText(err, m.ID)
		}
		h.Write(b)
		size += int64(len(b))
	}
	if size != m.Size || !bytes.Equal(h.Sum(nil), m.SHA256[:]) {
		return nil, damaged(m.ID)
	}
	return &body{store: s, message: m.ID, size: m.Size}, nil
}

// claimed gives the octets of a message that is being claimed, if they are so few that reading them along costs less
// than a transaction of their own later. Whatever is wrong with them is for Body to say: nil.
func (s *Store) claimed(tx *work, m data.Message) data.Body {
	if m.Size > bodyAlong {
		return nil
	}
	rows, err := s.rows(tx, wholeBody, m.ID)
	b, err := s.kept(m, rows, err)
	if err != nil {
		return nil
	}
	return b
}

const wholeBody = `SELECT bytes FROM body WHERE message = ? ORDER BY seq`

// kept reads a small message from its rows and checks it. Rows beyond its size are left where they are: they show in
// the length.
func (s *Store) kept(m data.Message, rows cursor, err error) (data.Body, error) {
	if err != nil {
		return nil, mapError(err)
	}
	defer func() { _ = rows.Close() }()
	kept, some := make([]byte, 0, m.Size), false
	for rows.Next() && int64(len(kept)) <= m.Size {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, mapError(err)
		}
		kept, some = append(kept, b...), true
	}
	switch err := rows.Err(); {
	case err != nil:
		return nil, mapError(err)
	case !some:
		return nil, noText(sql.ErrNoRows, m.ID)
	case int64(len(kept)) != m.Size || sha256.Sum256(kept) != m.SHA256:
		return nil, damaged(m.ID)
	}
	return &body{store: s, message: m.ID, size: m.Size, kept: kept}, nil
}

func (s *Store) bodyRow(ctx context.Context, message int64, seq int) ([]byte, error) {
	st, err := s.reading(ctx, `SELECT bytes FROM body WHERE message = ? AND seq = ?`) //nolint:sqlclosecheck // kept: see reading
	if err != nil {
		return nil, err
	}
	var b []byte
	err = st.QueryRowContext(ctx, message, seq).Scan(&b)
	return b, mapError(err)
}

// reading is a statement for the readers, compiled once; it is closed with them.
func (s *Store) reading(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	st := s.asked[query]
	s.mu.Unlock()
	if st != nil {
		return st, nil
	}
	st, err := s.r.PrepareContext(ctx, query)
	if err != nil {
		return nil, mapError(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.asked[query]; old != nil {
		return old, st.Close() //nolint:sqlclosecheck // the other one is kept
	}
	if s.asked == nil {
		s.asked = map[string]*sql.Stmt{}
	}
	s.asked[query] = st
	return st, nil
}

func damaged(message int64) error {
	return &data.Error{
		Code: data.CodeDamaged, Sentence: fmt.Sprintf("The stored text of message %d is damaged; it was not sent.", message),
		Next: "Send it again from the program it came from, and have the disk checked.",
	}
}

func noText(err error, message int64) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &data.Error{
			Code: data.CodeNotFound, Sentence: fmt.Sprintf("The text of message %d is no longer kept.", message),
			Next: "Write it anew.", Err: err,
		}
	}
	return err
}

type body struct {
	store   *Store
	message int64
	size    int64
	kept    []byte // nil: read row by row
}

func (b *body) Size() int64 { return b.size }

func (b *body) Open() (io.ReadCloser, error) {
	if b.kept != nil {
		return io.NopCloser(bytes.NewReader(b.kept)), nil
	}
	return &bodyReader{body: b}, nil
}

// bodyReader reads one row after the other. What it gives was checked before; should the rows change under it, it ends
// with an error rather than with a shorter message.
type bodyReader struct {
	body   *body
	seq    int
	given  int64
	row    []byte
	closed bool
}

func (r *bodyReader) Read(p []byte) (int, error) {
	for len(r.row) == 0 {
		switch {
		case r.closed:
			return 0, io.ErrClosedPipe
		case r.given == r.body.size:
			return 0, io.EOF
		}
		b, err := r.body.store.bodyRow(background, r.body.message, r.seq)
		if errors.Is(err, sql.ErrNoRows) || (err == nil && r.given+int64(len(b)) > r.body.size) {
			err = damaged(r.body.message)
		}
		if err != nil {
			return 0, err
		}
		r.row, r.seq, r.given = b, r.seq+1, r.given+int64(len(b))
	}
	n := copy(p, r.row)
	r.row = r.row[n:]
	return n, nil
}

func (r *bodyReader) Close() error {
	r.row, r.closed = nil, true
	return nil
}
