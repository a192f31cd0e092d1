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
	"log/slog"
	"sync"
	"time"
)

// Store is one open database. Its methods may be called from any goroutine.
type Store struct {
	w       *sql.DB // the one writer connection, BEGIN IMMEDIATE
	r       *sql.DB // a few connections that cannot write
	now     func() time.Time
	log     *slog.Logger
	path    string
	backups string // folder for copies
	busy    time.Duration
	free    func(path string) (uint64, error) // octets free on the disk of path
	release func()                            // gives the file back to the register of open files

	passed passed // belongs to whoever holds the writer: see passed.go

	mu     sync.Mutex
	ready  map[string]*sql.Stmt // statements compiled on the writer, by their text
	asked  map[string]*sql.Stmt // compiled for the readers: see body.go
	wanted map[string]struct{}  // seen inside a transaction, compiled when it is over
}

// Path is the database file.
func (s *Store) Path() string { return s.path }

// Close ends all work on the file. The last one to close it folds the write-ahead log into it.
func (s *Store) Close() error {
	defer s.release()
	var err error
	for _, db := range []*sql.DB{s.r, s.w} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	return mapError(err)
}

// update runs f in one IMMEDIATE transaction and commits it. A context that ends while another goroutine of this
// process writes ends the waiting; once begun, the transaction runs to its end whatever the context says: it is
// short, and an outcome seen on the wire must not be lost because somebody asked to stop.
func (s *Store) update(ctx context.Context, f func(tx *sql.Tx) error) error {
	if err := s.commit(ctx, f); err != nil {
		return mapError(err)
	}
	s.compile(ctx)
	return nil
}

func (s *Store) commit(ctx context.Context, f func(tx *sql.Tx) error) error {
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
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
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// exec runs a statement of an update that is written the same each time: its compiled form is kept. It takes no
// context, because a transaction that has begun runs to its end: see update.
//
//nolint:contextcheck,nolintlint // see above
func (s *Store) exec(tx *sql.Tx, query string, args ...any) (sql.Result, error) {
	if st := s.statement(query); st != nil {
		return tx.StmtContext(background, st).ExecContext(background, args...) //nolint:sqlclosecheck // the transaction closes it
	}
	return tx.ExecContext(background, query, args...)
}

// row is exec for a statement that gives one row.
//
//nolint:contextcheck,nolintlint // see exec
func (s *Store) row(tx *sql.Tx, query string, args ...any) *sql.Row {
	if st := s.statement(query); st != nil {
		return tx.StmtContext(background, st).QueryRowContext(background, args...) //nolint:sqlclosecheck // the transaction closes it
	}
	return tx.QueryRowContext(background, query, args...)
}

// rows is exec for a statement that gives rows; the caller closes them and looks at their Err.
//
//nolint:contextcheck,nolintlint // see exec
func (s *Store) rows(tx *sql.Tx, query string, args ...any) (*sql.Rows, error) {
	if st := s.statement(query); st != nil {
		return tx.StmtContext(background, st).QueryContext(background, args...) //nolint:sqlclosecheck // the transaction closes it
	}
	return tx.QueryContext(background, query, args...)
}

// background is for statements inside a transaction that has begun: see update.
var background = context.Background()

// mostStatements bounds the compiled statements, should somebody pass texts that differ each time.
const mostStatements = 200

func (s *Store) statement(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.ready[query]
	if st == nil && len(s.ready)+len(s.wanted) < mostStatements {
		s.wanted[query] = struct{}{}
	}
	return st
}

// compile prepares what the last transaction would have liked to find: inside it, its connection, the only one, was
// taken.
func (s *Store) compile(ctx context.Context) {
	s.mu.Lock()
	wanted := s.wanted
	if len(wanted) == 0 { // not even looked at outside the lock: it is still the one that others write to
		s.mu.Unlock()
		return
	}
	s.wanted = map[string]struct{}{}
	s.mu.Unlock()
	for query := range wanted {
		st, err := s.w.PrepareContext(ctx, query)
		if err != nil {
			continue // it ran, so it is well formed; next time, then
		}
		s.mu.Lock()
		if old := s.ready[query]; old != nil {
			_ = st.Close() //nolint:sqlclosecheck // another goroutine was quicker
		} else {
			s.ready[query] = st
		}
		s.mu.Unlock()
	}
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
