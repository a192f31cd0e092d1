package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// writer is the connection that writes. It is asked by way of the driver: database/sql would take and give back the
// connection, copy every value and start a goroutine for each transaction, which together cost a message as much time
// as SQLite does. It belongs to whoever has the turn.
type writer struct {
	conn  driver.Conn
	ready map[string]statement // compiled statements by their text
	args  []driver.NamedValue  // of the statement under way
	busy  time.Duration        // longest wait for another program's transaction
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// mostStatements bounds the compiled statements, should somebody pass texts that differ each time.
const mostStatements = 200

// background is for statements inside a transaction that has begun: see update.
var background = context.Background()

// askAgain is how long SQLite waits by itself for another program's transaction before we look at the clock, in
// milliseconds. Left to itself it asks more and more rarely, up to ten times a second; a program that writes one
// transaction after another leaves hundreds of gaps in that time, and whoever waits would miss them all.
const askAgain = 10

func newWriter(d driver.Driver, name string, busy time.Duration) (*writer, error) {
	conn, err := d.Open(name)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: conn, ready: map[string]statement{}, busy: busy}
	rows, err := w.rows(fmt.Sprintf(`PRAGMA busy_timeout(%d)`, min(busy.Milliseconds(), askAgain)))
	if err == nil {
		err = rows.Close()
	}
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// begin takes the right to write, waiting its turn among programs.
func (w *writer) begin() error {
	for end := time.Now().Add(w.busy); ; {
		_, err := w.exec(`BEGIN IMMEDIATE`)
		if err == nil || !isBusy(err) || !time.Now().Before(end) {
			return err
		}
	}
}

func (w *writer) close() error { return errors.Join(w.forget(), w.conn.Close()) }

// forget closes the compiled statements: with one of them left, the connection would stay open.
func (w *writer) forget() error {
	var err error
	for _, st := range w.ready {
		err = errors.Join(err, st.Close())
	}
	clear(w.ready)
	return err
}

func (w *writer) statement(query string) (statement, error) {
	if st := w.ready[query]; st != nil {
		return st, nil
	}
	if len(w.ready) >= mostStatements {
		if err := w.forget(); err != nil {
			return nil, err
		}
	}
	compiled, err := w.conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	st, ok := compiled.(statement)
	if !ok {
		return nil, errors.Join(driver.ErrSkip, compiled.Close())
	}
	w.ready[query] = st
	return st, nil
}

// transact runs f between BEGIN IMMEDIATE and COMMIT.
//
//nolint:contextcheck,nolintlint // see work
func (w *writer) transact(f func(tx *work) error) error {
	if err := w.begin(); err != nil {
		return err
	}
	tx := &work{writer: w}
	err := f(tx)
	if err == nil {
		err = tx.writeWordings()
	}
	if err == nil {
		if _, err = w.exec(`COMMIT`); err == nil {
			return nil
		}
	}
	// SQLite ends some failed transactions by itself and then refuses this: what went wrong before is what counts.
	_, _ = w.exec(`ROLLBACK`)
	return err
}

// work is the writer in the middle of a transaction. Statements are compiled once, so their texts must not hold values.
// They take no context: a transaction that has begun runs to its end, see update. Rows have to be closed before the
// next statement.
type work struct {
	*writer

	wordings []wording // of the messages that are new or changed: see findable
}

// exec runs a statement of an update.
//
//nolint:contextcheck,nolintlint // see work
func (s *Store) exec(tx *work, query string, args ...any) (sql.Result, error) {
	return tx.exec(query, args...)
}

// row is exec for a statement that gives one row.
//
//nolint:contextcheck,nolintlint // see work
func (s *Store) row(tx *work, query string, args ...any) one { return tx.row(query, args...) }

// rows is exec for a statement that gives rows; the caller closes them and looks at their Err.
//
//nolint:contextcheck,nolintlint // see work
func (s *Store) rows(tx *work, query string, args ...any) (*found, error) {
	return tx.rows(query, args...)
}

//nolint:contextcheck,nolintlint // see work
func (w *writer) exec(query string, args ...any) (driver.Result, error) {
	st, err := w.statement(query)
	if err != nil {
		return nil, err
	}
	named, err := w.bind(args)
	if err != nil {
		return nil, err
	}
	defer clear(named) // octets of a body are not kept
	return st.ExecContext(background, named)
}

//nolint:contextcheck,nolintlint // see work
func (w *writer) rows(query string, args ...any) (*found, error) {
	st, err := w.statement(query)
	if err != nil {
		return nil, err
	}
	named, err := w.bind(args)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(background, named)
	if err != nil {
		return nil, err
	}
	return &found{rows: rows, values: make([]driver.Value, len(rows.Columns()))}, nil
}

//nolint:contextcheck,nolintlint // see work
func (w *writer) row(query string, args ...any) one {
	rows, err := w.rows(query, args...)
	return one{rows, err}
}

func (w *writer) bind(args []any) ([]driver.NamedValue, error) {
	w.args = w.args[:0]
	for i, a := range args {
		switch v := a.(type) {
		case int64, string, bool, []byte, nil:
		case int:
			a = int64(v)
		default:
			var err error
			if a, err = driver.DefaultParameterConverter.ConvertValue(a); err != nil {
				return nil, fmt.Errorf("argument %d: %w", i+1, err)
			}
		}
		w.args = append(w.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return w.args, nil
}
