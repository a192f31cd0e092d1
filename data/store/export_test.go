package store

import (
	"context"
	"database/sql"
	"io/fs"
	"time"
)

// What tests may set or see from outside the package.

// CreateWith is Create with another patience.
func CreateWith(ctx context.Context, path string, o Options, busy time.Duration) (*Store, error) {
	in, err := usual()
	if err != nil {
		return nil, err
	}
	in.busy = busy
	return create(ctx, path, o, in)
}

// OpenWith is Open with another patience and other migrations.
func OpenWith(ctx context.Context, path string, o Options, busy time.Duration, files fs.FS) (*Store, error) {
	all, err := migrations(files)
	if err != nil {
		return nil, err
	}
	return open(ctx, path, o, inner{busy: busy, migrations: all, free: freeBytes})
}

// CreateAs is Create by an older program, which knows these migrations.
func CreateAs(ctx context.Context, path string, files fs.FS) (*Store, error) {
	in, err := usual()
	if err != nil {
		return nil, err
	}
	if in.migrations, err = migrations(files); err != nil {
		return nil, err
	}
	return create(ctx, path, Options{}, in)
}

// MigrationFiles are the migrations of the program.
func MigrationFiles() fs.FS { return migrationFiles }

// Update gives a test a transaction of the writer.
func (s *Store) Update(ctx context.Context, f func(tx *Tx) error) error { return s.update(ctx, f) }

// Tx is a transaction of the writer.
type Tx = work

// Exec runs a statement in a test's transaction.
func (w *work) Exec(query string, args ...any) (sql.Result, error) { return w.exec(query, args...) }

// ExecContext is Exec.
func (w *work) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	return w.exec(query, args...)
}

// View gives a test a snapshot.
func (s *Store) View(ctx context.Context, f func(tx *sql.Tx) error) error { return s.view(ctx, f) }

// FileURI is the name SQLite gets for a path.
func FileURI(path string, windows bool) string { return fileURI(path, windows) }

// SetFree pretends that so many octets are free on every disk.
func (s *Store) SetFree(octets uint64) {
	s.free = func(string) (uint64, error) { return octets, nil }
}
