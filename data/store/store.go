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
	w       *sql.DB       // the pool of the one connection that writes, BEGIN IMMEDIATE
	writer  *sql.Conn     // that connection, taken out of its pool for good
	turn    chan struct{} // full while somebody uses the writer
	r       *sql.DB       // a few connections that cannot write
	now     func() time.Time
	log     *slog.Logger
	path    string
	backups string // folder for copies
	busy    time.Duration
	free    func(path string) (uint64, error) // octets free on the disk of path
	release func()                            // gives the file back to the register of open files

	// These belong to whoever has the turn.
	passed passed               // see passed.go
	ready  map[string]*sql.Stmt // statements compiled on the writer, by their text

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
	for _, st := range s.ready {
		err = errors.Join(err, st.Close()) // or the connection below would stay open
	}
	if s.writer != nil {
		err = errors.Join(err, ignoreDone(s.writer.Close()))
	}
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
	return mapError(s.alone(ctx, func() error {
		tx, err := s.writer.BeginTx(context.WithoutCancel(ctx), nil)
		if err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return errors.Join(err, ignoreDone(tx.Rollback()))
		}
		return tx.Commit()
	}))
}

// alone runs f with the writer to itself.
func (s *Store) alone(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
		return f()
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

// exec runs a statement of an update that is written the same each time: its compiled form is kept. It takes no
// context, because a transaction that has begun runs to its end: see update. The statement runs on the writer itself,
// which is in that transaction: by way of tx, database/sql would wrap it anew and start a goroutine for each.
//
//nolint:contextcheck,nolintlint // see above
func (s *Store) exec(tx *sql.Tx, query string, args ...any) (sql.Result, error) {
	if st := s.statement(query); st != nil { //nolint:sqlclosecheck // kept: see Close
		return st.ExecContext(background, args...)
	}
	return tx.ExecContext(background, query, args...)
}

// row is exec for a statement that gives one row.
//
//nolint:contextcheck,nolintlint // see exec
func (s *Store) row(tx *sql.Tx, query string, args ...any) *sql.Row {
	if st := s.statement(query); st != nil { //nolint:sqlclosecheck // kept: see Close
		return st.QueryRowContext(background, args...)
	}
	return tx.QueryRowContext(background, query, args...)
}

// rows is exec for a statement that gives rows; the caller closes them and looks at their Err.
//
//nolint:contextcheck,nolintlint // see exec
func (s *Store) rows(tx *sql.Tx, query string, args ...any) (*sql.Rows, error) {
	if st := s.statement(query); st != nil { //nolint:sqlclosecheck // kept: see Close
		return st.QueryContext(background, args...)
	}
	return tx.QueryContext(background, query, args...)
}

// background is for statements inside a transaction that has begun: see update.
var background = context.Background()

// mostStatements bounds the compiled statements, should somebody pass texts that differ each time.
const mostStatements = 200

// statement is the compiled form of a query; nil: it is run as it is, and says itself what is wrong with it.
func (s *Store) statement(query string) *sql.Stmt {
	st := s.ready[query]
	if st == nil && len(s.ready) < mostStatements {
		var err error
		if st, err = s.writer.PrepareContext(background, query); err != nil {
			return nil
		}
		s.ready[query] = st
	}
	return st
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
