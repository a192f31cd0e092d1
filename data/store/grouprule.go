package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// GroupRules gives what differs for groups, by their names.
func (s *Store) GroupRules(ctx context.Context) ([]data.GroupRule, error) {
	var all []data.GroupRule
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		all, err = groupRules(ctx, tx)
		return err
	})
	return all, err
}

func groupRules(ctx context.Context, tx *sql.Tx) ([]data.GroupRule, error) {
	rows, err := tx.QueryContext(ctx, `SELECT grp, disclosure, excluded FROM group_rule ORDER BY grp`) //nolint:rowserrcheck // collect looks at it
	return collect(rows, err, func(rows scanner) (r data.GroupRule, err error) {
		err = rows.Scan(&r.Group, &r.Disclosure, &r.Excluded)
		return r, err
	})
}

// SaveGroupRule writes what differs for one group; where nothing does, its rule is deleted. CodeUsage: a disclosure that is
// none.
func (s *Store) SaveGroupRule(ctx context.Context, r data.GroupRule) error {
	switch r.Disclosure {
	case "", data.DiscloseTitles, data.DiscloseCount, data.DiscloseNothing:
	default:
		return &data.Error{Code: data.CodeUsage, Sentence: "Guardians can be told titles, count or nothing.", Next: "Choose one of them."}
	}
	return s.update(ctx, func(tx *work) error {
		if r.Disclosure == "" && !r.Excluded {
			_, err := s.exec(tx, `DELETE FROM group_rule WHERE grp = ?`, r.Group)
			return err
		}
		_, err := s.exec(tx, `INSERT OR REPLACE INTO group_rule (grp, disclosure, excluded) VALUES (?, ?, ?)`, r.Group, string(r.Disclosure), r.Excluded)
		return err
	})
}
