package store

import (
	"context"
	"database/sql"
	"strings"

	"smtpgateway/data"
)

// Log gives one page of the journal, newest first: the lines a person asked for by kind, day and words. A word is looked
// for in the text as it stands, so signs in it mean themselves.
func (s *Store) Log(ctx context.Context, q data.LogQuery) ([]data.JournalLine, error) {
	where := []string{"1"}
	var args []any
	add := func(clause string, values ...any) {
		where = append(where, clause)
		args = append(args, values...)
	}
	if q.Before > 0 {
		add("id < ?", q.Before)
	}
	if !q.From.IsZero() {
		add("at >= ?", millis(q.From))
	}
	if !q.To.IsZero() {
		add("at < ?", millis(q.To))
	}
	if len(q.Kinds) > 0 {
		kinds := make([]any, len(q.Kinds))
		for i, k := range q.Kinds {
			kinds[i] = string(k)
		}
		add("kind IN (?"+strings.Repeat(", ?", len(kinds)-1)+")", kinds...)
	}
	for word := range strings.FieldsSeq(q.Search) {
		add(`text LIKE ? ESCAPE '\'`, "%"+likeText.Replace(word)+"%")
	}
	args = append(args, min(max(q.Limit, 1), 1000))
	var lines []data.JournalLine
	err := s.view(ctx, func(tx *sql.Tx) (err error) {
		//nolint:gosec // the clauses are the literals above; what a person typed is an argument
		lines, err = journalLines(ctx, tx, `SELECT `+journalColumns+` FROM journal WHERE `+strings.Join(where, " AND ")+` ORDER BY id DESC LIMIT ?`, args...)
		return err
	})
	return lines, err
}

var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
