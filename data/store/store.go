// Package store is in charge of the one SQLite file that the service, the command line and the window share: it opens
// and migrates it, keeps every promise about what is committed when, and is the only package that speaks SQL.
//
// Several processes may have the file open at once. Writers take their turn by BEGIN IMMEDIATE and wait at most five
// seconds for each other; readers never wait (WAL). A commit is on the disk when it returns (synchronous=FULL).
// Everything a caller gets back as an error is a *data.Error where a person can do something about it.
package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"time"
)

// Store is one open database. Its methods may be called from any goroutine.
type Store struct {
	writer  *writer       // the one connection that writes
	turn    chan struct{} // full while somebody uses the writer
	r       *sql.DB       // a few connections that cannot write
	now     func() time.Time
	log     *slog.Logger
	path    string
	backups string // folder for copies
	busy    time.Duration
	free    func(path string) (uint64, error) // octets free on the disk of path
	release func()                            // gives the file back to the register of open files
	file    fs.FileInfo                       // of the file that is open: see There
	newest  int64                             // version of the schema this program knows

	// These belong to whoever has the turn.
	passed passed // see passed.go

	roll rollKept // see rollkept.go

	mu    sync.Mutex
	asked map[string]*sql.Stmt // compiled for the readers: see body.go
}

// Path is the database file.
func (s *Store) Path() string { return s.path }

// Close ends all work on the file, after an update that has begun. The last one to close it folds the write-ahead log
// into it.
func (s *Store) Close() error {
	defer s.release()
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	var err error
	if s.writer != nil {
		err = s.writer.close()
		s.writer = nil
	}
	if s.r != nil {
		err = errors.Join(err, s.r.Close())
	}
	return mapError(err)
}

// update runs f in one IMMEDIATE transaction and commits it. A context that ends while another goroutine of this
// process writes ends the waiting; once begun, the transaction runs to its end whatever the context says: it is
// short, and an outcome seen on the wire must not be lost because somebody asked to stop.
func (s *Store) update(ctx context.Context, f func(tx *work) error) error {
	return mapError(s.alone(ctx, func(w *writer) error { return w.transact(f) }))
}

// alone runs f with the writer to itself.
func (s *Store) alone(ctx context.Context, f func(w *writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
		if s.writer == nil {
			return sql.ErrConnDone
		}
		return f(s.writer)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// view runs f on one snapshot of the database. It must be short, one page at most: the write-ahead log cannot be
// folded in beyond the oldest snapshot.
func (s *Store) view(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return mapError(err)
	}
	err = f(tx)
	return mapError(errors.Join(err, ignoreDone(tx.Rollback())))
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) || errors.Is(err, sql.ErrConnDone) {
		return nil
	}
	return err
}

// millis is a time as the tables keep it; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is millis read back, in UTC.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
