package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

//go:embed migration/*.sql
var migrationFiles embed.FS

// migration is one step of the schema, a file of the folder migration.
type migration struct {
	number int64
	name   string // "queue" of 0001_queue.sql
	sql    string
}

// migrations reads the steps from files, in order. Numbers run from 1 without a gap, so that the last one is the
// version of the schema.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migration/*.sql") // sorted by name
	if err != nil {
		return nil, err
	}
	all := make([]migration, 0, len(names))
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(strings.TrimPrefix(name, "migration/"), ".sql")
		digits, rest, ok := strings.Cut(base, "_")
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || !ok || number != int64(i)+1 {
			return nil, fmt.Errorf("%s: want the number %04d and a name", name, i+1)
		}
		all = append(all, migration{number, rest, string(text)})
	}
	return all, nil
}

// latest is the version of the schema after all steps.
func latest(all []migration) int64 { return int64(len(all)) }

// Schema is the version of the schema this program writes.
func Schema() int64 {
	in, err := usual()
	if err != nil {
		panic(err) // the files are in the program: found by the first test
	}
	return latest(in.migrations)
}

// migrate runs the steps that are missing, each in one transaction with its bookkeeping row and the version in the
// file's header, so that a step is done or not done whatever happens. Another process may be doing the same: the
// version is read again once the file is ours to write.
func migrate(ctx context.Context, db *sql.DB, all []migration, now time.Time) error {
	for _, m := range all {
		if err := migrateOne(ctx, db, m, now); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", m.number, m.name, err)
		}
	}
	return nil
}

func migrateOne(ctx context.Context, db *sql.DB, m migration, now time.Time) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreDone(tx.Rollback()))
		}
	}()
	var version int64
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version >= m.number {
		return tx.Rollback()
	}
	for _, query := range []string{
		`CREATE TABLE IF NOT EXISTS migration (
    number      INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL,
    applied_at  INTEGER NOT NULL -- Unix milliseconds (UTC)
) STRICT`,
		m.sql,
		fmt.Sprintf(`PRAGMA user_version = %d`, m.number),
	} {
		if _, err := tx.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO migration (number, name, applied_at) VALUES (?, ?, ?)`,
		m.number, m.name, millis(now)); err != nil {
		return err
	}
	return tx.Commit()
}
