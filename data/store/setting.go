package store

import (
	"context"
	"database/sql"

	"smtpgateway/data"
)

// AnyRevision lets SaveSettings save whatever others saved meanwhile.
const AnyRevision = -1

// Settings gives the values that differ from their default, by field name, and the revision they are of. A password
// is as it was sealed.
func (s *Store) Settings(ctx context.Context) (map[string]string, int64, error) {
	values := map[string]string{}
	var revision int64
	err := s.view(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT revision FROM service`).Scan(&revision); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT name, value FROM setting`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var name, value string
			if err := rows.Scan(&name, &value); err != nil {
				return err
			}
			values[name] = value
		}
		return rows.Err()
	})
	if err != nil {
		return nil, 0, err
	}
	return values, revision, nil
}

// SaveSettings stores the changed values, all or none, and gives the new revision. base is the revision the changes
// were made on, or AnyRevision; CodeConflict: somebody else saved since. The values must have been checked and
// passwords sealed before. A value that is its field's default, or empty and of no field, is not kept.
func (s *Store) SaveSettings(ctx context.Context, changes map[string]string, base int64) (int64, error) {
	var revision int64
	err := s.update(ctx, func(tx *work) error {
		if err := s.row(tx, `UPDATE service SET revision = revision + 1 RETURNING revision`).Scan(&revision); err != nil {
			return err
		}
		if base != AnyRevision && base != revision-1 {
			return &data.Error{
				Code:     data.CodeConflict,
				Sentence: "The settings were changed meanwhile by somebody else.",
				Next:     "Look at what they are now, then save again.",
			}
		}
		for name, value := range changes {
			field, _ := data.FieldByName(name)
			query := `INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
			args := []any{name, value}
			if value == field.Default {
				query, args = `DELETE FROM setting WHERE name = ?`, args[:1]
			}
			if _, err := s.exec(tx, query, args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return revision, nil
}
