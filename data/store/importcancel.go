package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"smtpgateway/data"
)

// CancelledBy counts the waiting and held letters that Import would cancel, because they speak of nothing but loans that
// came back.
func (s *Store) CancelledBy(ctx context.Context, set *data.ChangeSet) (n int, err error) {
	gone := map[string]bool{}
	for i := range set.Gone {
		if l := set.Gone[i].Was; l != nil {
			gone[l.Key] = true
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	err = s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT l.loans FROM delivery d INDEXED BY delivery_letter CROSS JOIN letter l ON l.message = d.message
			WHERE d.class IN (4, 6) AND d.state IN ('waiting', 'held')`) //nolint:rowserrcheck // collect looks at it
		all, err := collect(rows, err, func(rows scanner) (keys []string, err error) {
			var text string
			if err := rows.Scan(&text); err != nil {
				return nil, err
			}
			return keys, json.Unmarshal([]byte(text), &keys)
		})
		if err != nil {
			return err
		}
		for _, keys := range all {
			ends, err := allBack(ctx, tx, keys, gone)
			if err != nil {
				return err
			}
			if ends {
				n++
			}
		}
		return nil
	})
	return n, err
}

// allBack reports whether one of some loans is among those gone, and none of the others is still out.
func allBack(ctx context.Context, tx *sql.Tx, keys []string, gone map[string]bool) (bool, error) {
	any := false
	for _, k := range keys {
		if gone[k] {
			any = true
			continue
		}
		var out bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM loan WHERE key = ? AND returned_at = 0)`, k).Scan(&out)
		if err != nil || out {
			return false, err
		}
	}
	return any, nil
}
