package store

import (
	"encoding/json"
	"fmt"
)

// wording is what the search finds a message by.
type wording struct {
	message            int64
	subject, addresses string
}

// findable lets the search find a message, instead of by what it was found before. It is written at the end of the change,
// with all others of it: each statement that could be taken back by itself makes the search write what it has gathered so
// far, so that one after the other they would cost three times as much.
func (tx *work) findable(w wording) { tx.wordings = append(tx.wordings, w) }

// writeWordings is the end of a change.
func (tx *work) writeWordings() error {
	switch len(tx.wordings) {
	case 0:
		return nil
	case 1:
		w := &tx.wordings[0]
		_, err := tx.exec(`INSERT OR REPLACE INTO words (rowid, subject, addresses) VALUES (?, ?, ?)`, w.message, w.subject, w.addresses)
		return err
	}
	all := make([][3]any, len(tx.wordings))
	for i := range tx.wordings {
		w := &tx.wordings[i]
		all[i] = [3]any{w.message, w.subject, w.addresses}
	}
	text, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	_, err = tx.exec(`INSERT OR REPLACE INTO words (rowid, subject, addresses)
		SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) ORDER BY key`, string(text))
	return err
}
