package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"smtpgateway/data"
)

// keepTemplates is how many versions of one letter in one language are kept.
const keepTemplates = 50

// Templates gives the texts in force that differ from the originals, in the order of their keys and languages.
func (s *Store) Templates(ctx context.Context) ([]data.Template, error) {
	return s.templates(ctx, `SELECT template, saved_at FROM template t WHERE gone = 0 AND saved_at =
		(SELECT max(saved_at) FROM template o WHERE o.key = t.key AND o.language = t.language) ORDER BY key, language`)
}

// TemplateHistory gives every version of one text that is kept, newest first, also those from before it went back to the
// original.
func (s *Store) TemplateHistory(ctx context.Context, key, language string) ([]data.Template, error) {
	return s.templates(ctx, `SELECT template, saved_at FROM template WHERE key = ? AND language = ? ORDER BY saved_at DESC`, key, language)
}

func (s *Store) templates(ctx context.Context, query string, args ...any) ([]data.Template, error) {
	var all []data.Template
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...) //nolint:rowserrcheck // collect looks at it
		all, err = collect(rows, err, oneTemplate)
		return err
	})
	return all, err
}

func oneTemplate(rows scanner) (data.Template, error) {
	var t data.Template
	var text string
	var at int64
	if err := rows.Scan(&text, &at); err != nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return t, fmt.Errorf("template: %w", err)
	}
	t.Saved, t.Own = moment(at), true
	return t, nil
}

// SaveTemplate keeps a new version of a text and puts it in force; Saved is set. One that is in force already is not kept
// twice. CodeUsage: it has no key or no language.
func (s *Store) SaveTemplate(ctx context.Context, t data.Template) error {
	if t.Key == "" || t.Language == "" {
		return &data.Error{Code: data.CodeUsage, Sentence: "The text has no name or no language.", Next: "Choose a letter and a language."}
	}
	t.Saved, t.Own = time.Time{}, true
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx *work) error {
		var before string
		var last int64
		var gone bool
		err := s.row(tx, `SELECT template, saved_at, gone FROM template WHERE key = ? AND language = ? ORDER BY saved_at DESC LIMIT 1`,
			t.Key, t.Language).Scan(&before, &last, &gone)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if before == string(text) && !gone {
			return nil
		}
		// Saved twice in a moment, or after the clock was set back: the newest is still the last one.
		at := max(millis(s.now()), last+1)
		if _, err := s.exec(tx, `INSERT INTO template (key, language, saved_at, template) VALUES (?, ?, ?, ?)`, t.Key, t.Language, at, string(text)); err != nil {
			return err
		}
		_, err = s.exec(tx, `DELETE FROM template WHERE key = ?1 AND language = ?2 AND saved_at NOT IN
			(SELECT saved_at FROM template WHERE key = ?1 AND language = ?2 ORDER BY saved_at DESC LIMIT ?3)`, t.Key, t.Language, keepTemplates)
		return err
	})
}

// DropTemplate goes back to the original text; the versions stay in the history. A text that was made here is no longer
// offered.
func (s *Store) DropTemplate(ctx context.Context, key, language string) error {
	return s.update(ctx, func(tx *work) error {
		_, err := s.exec(tx, `UPDATE template SET gone = 1 WHERE key = ? AND language = ?`, key, language)
		return err
	})
}
