package store

import (
	"context"
	"database/sql"
	"maps"
	"sync"

	"smtpgateway/data"
)

// rollKept is the roll as this program last read it, some hundred octets for each patron: whoever types asks for it at
// every key. It is read again as far as it changed.
type rollKept struct {
	mu       sync.Mutex
	revision int64            // of the roster it shows
	parts    map[int64][]byte // never changed, only replaced

	overdue   map[int64]bool // patrons with something late on a day
	overdueOn data.Date
	overdueAt int64 // revision; -1: not known
}

// rollNow gives the parts of the roll as this snapshot has them.
func (s *Store) rollNow(ctx context.Context, tx *sql.Tx) (map[int64][]byte, error) {
	k := &s.roll
	k.mu.Lock()
	defer k.mu.Unlock()
	revision, since, parts := int64(0), k.revision, k.parts
	if err := tx.QueryRowContext(ctx, `SELECT revision FROM library`).Scan(&revision); err != nil || revision == since {
		return parts, err
	}
	if revision < since { // the snapshot is older than somebody else's
		since, parts = -1, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT part, lines FROM roll WHERE revision > ?`, since)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	if parts = maps.Clone(parts); parts == nil {
		parts = map[int64][]byte{}
	}
	for rows.Next() {
		var part int64
		var lines []byte
		if err := rows.Scan(&part, &lines); err != nil {
			return nil, err
		}
		parts[part] = lines
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if revision > k.revision {
		k.revision, k.parts = revision, parts
	}
	return parts, nil
}

// overdueNow gives the patrons with something late on a day, as this snapshot has them.
func (s *Store) overdueNow(ctx context.Context, tx *sql.Tx, today data.Date) (map[int64]bool, error) {
	k := &s.roll
	k.mu.Lock()
	defer k.mu.Unlock()
	var revision int64
	if err := tx.QueryRowContext(ctx, `SELECT revision FROM library`).Scan(&revision); err != nil {
		return nil, err
	}
	if k.overdue != nil && k.overdueAt == revision && k.overdueOn == today {
		return k.overdue, nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT patron FROM loan INDEXED BY loan_due WHERE returned_at = 0 AND due < ?`, int64(today)) //nolint:rowserrcheck // collect looks at it
	ids, err := collect(rows, err, oneID)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	k.overdue, k.overdueAt, k.overdueOn = all, revision, today
	return all, nil
}
