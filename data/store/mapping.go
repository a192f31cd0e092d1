package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"smtpgateway/data"
)

// SaveMapping keeps a mapping by its name and kind; one of that name and kind is replaced. CodeUsage: it has no name.
func (s *Store) SaveMapping(ctx context.Context, m data.Mapping) error {
	m.Name = data.Clean(m.Name, 100)
	if m.Name == "" {
		return &data.Error{Code: data.CodeUsage, Sentence: "The mapping has no name.", Next: "Give it one, such as that of the library system."}
	}
	m.Saved = moment(millis(s.now()))
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `INSERT INTO mapping (name, kind, mapping, saved_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (name, kind) DO UPDATE SET mapping = excluded.mapping, saved_at = excluded.saved_at`,
			m.Name, string(m.Kind), string(text), millis(m.Saved))
		return err
	})
}

// Mappings gives all kept mappings, by name.
func (s *Store) Mappings(ctx context.Context) ([]data.Mapping, error) {
	var all []data.Mapping
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT mapping FROM mapping ORDER BY name, kind`) //nolint:rowserrcheck // collect looks at it
		all, err = collect(rows, err, func(rows scanner) (data.Mapping, error) {
			var text string
			var m data.Mapping
			if err := rows.Scan(&text); err != nil {
				return m, err
			}
			return m, json.Unmarshal([]byte(text), &m)
		})
		return err
	})
	return all, err
}

// DeleteMapping forgets a mapping. CodeNotFound: there is none of this name and kind.
func (s *Store) DeleteMapping(ctx context.Context, name string, kind data.RosterKind) error {
	return s.update(ctx, func(tx *work) error {
		n, err := changed(s.exec(tx, `DELETE FROM mapping WHERE name = ? AND kind = ?`, name, string(kind)))
		if err == nil && n == 0 {
			err = &data.Error{Code: data.CodeNotFound, Sentence: "There is no mapping of this name any more.", Next: "Look at the list again."}
		}
		return err
	})
}
