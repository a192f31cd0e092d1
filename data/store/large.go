package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// largeCache is the page cache of a transaction that writes a great many rows, in KiB.
const largeCache = 16_000

// large is update for a transaction that writes a great many rows. While it lasts, SQLite keeps more pages in memory, and
// there too what takes a statement of many rows back: with the small cache of every day it would write pages of the indexes
// again and again, and make a file for each such statement.
func (s *Store) large(ctx context.Context, f func(tx *work) error) error {
	return mapError(s.alone(ctx, func(w *writer) error {
		if err := w.caches(largeCache, "MEMORY"); err != nil {
			return err
		}
		err := w.transact(f)
		if err := w.caches(writerCache, "DEFAULT"); err != nil { // what is committed is, all the same
			s.log.Warn("the page cache stays large", "err", err)
		}
		return err
	}))
}

// caches sets how many KiB of pages the writer keeps, and where what is temporary goes. SQLite does so while it compiles, so
// these statements are not kept compiled like the others.
//
//nolint:contextcheck,nolintlint // see work
func (w *writer) caches(kib int, temporary string) error {
	at, ok := w.conn.(driver.ExecerContext)
	if !ok {
		return driver.ErrSkip
	}
	_, err := at.ExecContext(background, fmt.Sprintf(`PRAGMA cache_size(-%d)`, kib), nil)
	_, tempErr := at.ExecContext(background, `PRAGMA temp_store(`+temporary+`)`, nil)
	return errors.Join(err, tempErr)
}
