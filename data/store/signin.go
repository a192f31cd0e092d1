package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"smtpgateway/data"
)

// SignIn is the sign-in of a server. False: there is none, or it was forgotten; Rotations is right even so, and SaveSignIn
// wants it raised by one.
func (s *Store) SignIn(ctx context.Context, server int) (data.SignIn, bool, error) {
	in := data.SignIn{Server: server}
	err := s.view(ctx, func(tx *sql.Tx) error {
		var scopes string
		var at, renewed, until int64
		err := tx.QueryRowContext(ctx, `SELECT way, user, sealed, scopes, at, renewed_at, until_at, rotations, bound, trouble, remedy
			FROM signin WHERE server = ?`, server).
			Scan(&in.Way, &in.User, &in.Sealed, &scopes, &at, &renewed, &until, &in.Rotations, &in.Bound, &in.Trouble, &in.Remedy)
		in.Scopes = strings.Fields(scopes)
		in.At, in.Renewed, in.Until = moment(at), moment(renewed), moment(until)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return in, in.Way != data.SignInNone, err
}

// SaveSignIn keeps what became of a sign-in; it is on the disk when this returns. Rotations must be one more than what is
// kept, 1 where nothing is. CodeConflict: somebody signed in anew or forgot the sign-in meanwhile, and a token that was
// renewed at that time must not take the place of theirs; nothing is changed then.
func (s *Store) SaveSignIn(ctx context.Context, in data.SignIn) error {
	return s.update(ctx, func(tx *work) error {
		var kept int64
		if err := s.row(tx, `SELECT coalesce((SELECT rotations FROM signin WHERE server = ?), 0)`, in.Server).Scan(&kept); err != nil {
			return err
		}
		if in.Rotations != kept+1 {
			return &data.Error{Code: data.CodeConflict, Sentence: "The sign-in was changed meanwhile by somebody else.", Next: "Nothing to do: the newer one counts."}
		}
		return s.putSignIn(tx, in)
	})
}

// ReplaceSignIn keeps a sign-in that a person has just made, whatever was there. Rotations is filled in: it goes on
// counting, so that whoever is renewing the old one finds out.
func (s *Store) ReplaceSignIn(ctx context.Context, in data.SignIn) error {
	return s.update(ctx, func(tx *work) error {
		if err := s.row(tx, `SELECT coalesce((SELECT rotations FROM signin WHERE server = ?), 0) + 1`, in.Server).Scan(&in.Rotations); err != nil {
			return err
		}
		return s.putSignIn(tx, in)
	})
}

// DropSignIn forgets the sign-in of a server. CodeNotFound: there is none.
func (s *Store) DropSignIn(ctx context.Context, server int) error {
	return s.update(ctx, func(tx *work) error {
		n, err := changed(s.exec(tx, `UPDATE signin SET way = '', user = '', sealed = '', scopes = '', at = 0, renewed_at = 0, until_at = 0,
			rotations = rotations + 1, bound = '', trouble = '', remedy = '' WHERE server = ? AND way <> ''`, server))
		if err == nil && n == 0 {
			err = &data.Error{Code: data.CodeNotFound, Sentence: "Nobody is signed in for " + data.ServerName(server) + ".", Next: "There is nothing to forget."}
		}
		return err
	})
}

func (s *Store) putSignIn(tx *work, in data.SignIn) error {
	_, err := s.exec(tx, `INSERT OR REPLACE INTO signin
		(server, way, user, sealed, scopes, at, renewed_at, until_at, rotations, bound, trouble, remedy)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		in.Server, string(in.Way), in.User, in.Sealed, strings.Join(in.Scopes, " "), millis(in.At), millis(in.Renewed), millis(in.Until),
		in.Rotations, in.Bound, in.Trouble, in.Remedy)
	return err
}
