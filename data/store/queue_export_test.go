package store

import (
	"context"
	"database/sql"
	"strings"

	"smtpgateway/data"
)

// Queries that must not depend on how much there is, with as many arguments as they take.
func Queries() map[string]string {
	return map[string]string{
		"the next class":                 nextClass,
		"the first due of a class":       firstDue,
		"the first due in practice mode": firstPractice,
		"the first bound to a server":    firstBound,
		"the recipients of a message":    openOf,
		"the earliest due":               earliestDue,
		"what is left to settle":         unsettled,
		"what a jumping clock put off":   hasten,
		"a page of the ledger":           ledgerBetween,
		"letters to be looked at":        lettersWaiting,
		"letters worth a closer look":    staleWaiting,
		"what a cancelled letter told":   forgetTold,
		"what a run decided":             decisionsOf,
		"decisions about a patron":       decisionsAbout,
		"waiting mails about a patron":   lettersAbout("delivery", deliveryColumns),
		"ended mails about a patron":     lettersAbout("history", historyColumns),
		"what was done to a patron":      eventsOf,
		"what the ledger may forget":     dropLedger,
		"who else was told":              alsoTold,
	}
}

// ListQueries are the statements one page of a list runs.
func ListQueries(q data.ListQuery) []string {
	r, _ := rangeOf(background, nil, data.ListQuery{States: q.States, Message: q.Message, Limit: 100})
	order := "ORDER BY d.id DESC LIMIT ?"
	if q.After > 0 {
		order = "ORDER BY d.id LIMIT ?"
	}
	var all []string
	for _, from := range []string{"delivery", "history"} {
		for _, c := range r.conditions(from) {
			all = append(all, entriesQuery(from, c.where+within, order))
		}
	}
	return all
}

// Plan is what SQLite means to do for a query.
func (s *Store) Plan(ctx context.Context, query string) (string, error) {
	var b strings.Builder
	err := s.view(ctx, func(tx *sql.Tx) error {
		args := make([]any, strings.Count(query, "?"))
		rows, err := tx.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, args...) //nolint:rowserrcheck // collect looks at it
		lines, err := collect(rows, err, func(rows scanner) (line string, err error) {
			var a, b, c int
			err = rows.Scan(&a, &b, &c, &line)
			return line, err
		})
		b.WriteString(strings.Join(lines, "\n"))
		return err
	})
	return b.String(), err
}

// Fill stores many messages in few transactions.
func (s *Store) Fill(ctx context.Context, n int, message func(i int) *data.NewMessage) error {
	for i := 0; i < n; {
		err := s.update(ctx, func(tx *work) error {
			for end := min(n, i+5000); i < end; i++ {
				p, err := pack(message(i))
				if err != nil {
					return err
				}
				if _, err := s.accept(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// FillFast stores n messages like the first one there is, each with subject and recipient of its own.
func (s *Store) FillFast(ctx context.Context, n int) error {
	for done := 0; done < n; done += 20_000 {
		err := s.update(ctx, func(tx *work) error {
			for _, query := range []string{
				`INSERT INTO message (class, door, message_id, sender, no_return, from_text, to_text, subject, size, sha256, eight_bit, utf8,
					practice, queued_at, file)
				SELECT class, door, message_id, sender, no_return, from_text, 'Reader ' || value, 'Overdue books ' || value, size, sha256,
					eight_bit, utf8, practice, queued_at + value, file FROM message m, generate WHERE m.id = 1`,
				`INSERT INTO body (message, seq, bytes) SELECT m.id, b.seq, b.bytes FROM message m, body b
					WHERE b.message = 1 AND m.id > (SELECT max(message) FROM body)`,
				`INSERT INTO words (rowid, subject, addresses) SELECT id, subject, to_text || ' reader' || id || '@school.org' FROM message
					WHERE id > (SELECT max(message) FROM delivery)`,
				`INSERT INTO delivery (message, class, practice, recipient, state, due_at, changed_at)
				SELECT id, class, practice, 'reader' || id || '@school.org', 'waiting', queued_at, queued_at FROM message
					WHERE id > (SELECT max(message) FROM delivery)`,
			} {
				query = `WITH RECURSIVE generate (value) AS (SELECT ? UNION ALL SELECT value + 1 FROM generate WHERE value < ?) ` + query
				if _, err := s.exec(tx, query, done+1, min(n, done+20_000)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
