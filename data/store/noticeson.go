package store

import (
	"context"
	"database/sql"
)

// NoticesOn counts by group who gets automatic notices, of those who did not leave.
func (s *Store) NoticesOn(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	err := s.view(ctx, func(tx *sql.Tx) error {
		clear(counts)
		rows, err := tx.QueryContext(ctx, `SELECT grp, count(*) FROM patron WHERE auto_overdue = 1 AND left_day = 0 GROUP BY grp`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var group string
			var n int
			if err := rows.Scan(&group, &n); err != nil {
				return err
			}
			counts[group] = n
		}
		return rows.Err()
	})
	return counts, err
}
