package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"smtpgateway/data"
)

// How long a request is worth answering: one that nobody took, and one whose answerer died over it. A test may
// rightly take as long as a server's last answer, 10 minutes (RFC 5321 4.5.3.2.6), and more than one of them.
const (
	requestFresh   = 10 * time.Minute
	requestLongest = time.Hour
	requestCode    = time.Minute // with a code of a sign-in in it, which is void by then
)

// Ask leaves a request for the service and gives its number. Asked is set when it is zero; everything the service
// answers with is ignored.
func (s *Store) Ask(ctx context.Context, r data.Request) (int64, error) {
	if r.Asked.IsZero() {
		r.Asked = s.now()
	}
	var id int64
	err := s.update(ctx, func(tx *work) error {
		return s.row(tx, `INSERT INTO request (kind, server, asked_at, sealed) VALUES (?, ?, ?, ?) RETURNING id`,
			string(r.Kind), r.Server, millis(r.Asked), r.Sealed).Scan(&id)
	})
	return id, err
}

const requestColumns = `id, kind, server, asked_at, taken_at, done_at, ok, result, steps, details`

// Request reads one request with the steps answered so far; CodeNotFound: there is none of this number.
func (s *Store) Request(ctx context.Context, id int64) (data.Request, error) {
	r, err := scanRequest(s.r.QueryRowContext(ctx, `SELECT `+requestColumns+` FROM request WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return r, noRequest(id)
	}
	return r, mapError(err)
}

// TakeRequest takes the oldest request nobody has begun; nil: there is none. What is sealed in it is given out this once
// and is no longer kept. Those that waited too long for anybody to be still looking are closed unanswered.
func (s *Store) TakeRequest(ctx context.Context) (*data.Request, error) {
	// Asked every two seconds and nearly always in vain: only a request is worth a transaction.
	var one int
	err := s.r.QueryRowContext(ctx, `SELECT 1 FROM request WHERE done_at = 0 LIMIT 1`).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing asked is no error
	}
	if err != nil {
		return nil, mapError(err)
	}
	var taken *data.Request
	err = s.update(ctx, func(tx *work) error {
		now := s.now()
		_, err := s.exec(tx, `UPDATE request SET done_at = ?1, ok = 0, sealed = '',
			result = CASE taken_at WHEN 0 THEN ?2 ELSE ?3 END
			WHERE done_at = 0 AND asked_at < CASE WHEN taken_at <> 0 THEN ?5 WHEN kind = 'signin' THEN ?6 ELSE ?4 END`,
			millis(now), "Nobody answered: the service was not running. Start it and try again.",
			"The service stopped before it had finished. Try again.",
			millis(now.Add(-requestFresh)), millis(now.Add(-requestLongest)), millis(now.Add(-requestCode)))
		if err != nil {
			return err
		}
		var id int64
		var sealed string
		err = s.row(tx, `SELECT id, sealed FROM request WHERE done_at = 0 AND taken_at = 0 ORDER BY id LIMIT 1`).Scan(&id, &sealed)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		r, err := scanRequest(s.row(tx, `UPDATE request SET taken_at = ?, sealed = '' WHERE id = ? RETURNING `+requestColumns, millis(now), id))
		r.Sealed = sealed
		taken = &r
		return err
	})
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// AnswerSteps shows how far a request has come: all steps so far, not only the new ones.
func (s *Store) AnswerSteps(ctx context.Context, id int64, steps []data.Step) error {
	text, err := json.Marshal(steps)
	if err != nil {
		return err
	}
	return s.touchRequest(ctx, id, `UPDATE request SET steps = ? WHERE id = ?`, string(text), id)
}

// TakeBackRequest closes a request that nobody has begun, so that nobody will; false: somebody has.
func (s *Store) TakeBackRequest(ctx context.Context, id int64, result string) (bool, error) {
	back := false
	err := s.update(ctx, func(tx *work) error {
		n, err := changed(s.exec(tx, `UPDATE request SET done_at = ?, ok = 0, result = ?, sealed = '' WHERE id = ? AND taken_at = 0 AND done_at = 0`,
			millis(s.now()), result, id))
		back = n > 0
		return err
	})
	return back, err
}

// FinishRequest closes a request with its result, one sentence, and what a program may want to know besides.
func (s *Store) FinishRequest(ctx context.Context, id int64, ok bool, result string, details json.RawMessage) error {
	return s.touchRequest(ctx, id, `UPDATE request SET done_at = ?, ok = ?, result = ?, details = ?, sealed = '' WHERE id = ?`,
		millis(s.now()), ok, result, string(details), id)
}

func (s *Store) touchRequest(ctx context.Context, id int64, query string, args ...any) error {
	return s.update(ctx, func(tx *work) error {
		res, err := s.exec(tx, query, args...)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, noRequest(id))
		}
		return nil
	})
}

func noRequest(id int64) error {
	return &data.Error{
		Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no request number %d any more.", id), Next: "Ask again.",
	}
}

func scanRequest(row interface{ Scan(...any) error }) (data.Request, error) {
	var r data.Request
	var asked, taken, done int64
	var steps, details string
	if err := row.Scan(&r.ID, &r.Kind, &r.Server, &asked, &taken, &done, &r.OK, &r.Result, &steps, &details); err != nil {
		return data.Request{}, err
	}
	r.Asked, r.Taken, r.Done = moment(asked), moment(taken), moment(done)
	if details != "" {
		r.Details = json.RawMessage(details)
	}
	if err := json.Unmarshal([]byte(steps), &r.Steps); err != nil {
		return data.Request{}, fmt.Errorf("steps of request %d: %w", r.ID, err)
	}
	return r, nil
}
