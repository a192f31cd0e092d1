package store

import (
	"context"
	"database/sql"
	"slices"

	"smtpgateway/data"
)

// mostLines is the longest timeline anybody gets.
const mostLines = 500

// Timeline tells what happened to a patron, newest first, at most limit lines (1 .. 500): what runs decided, mails as they
// stand now, what imports and people changed. Text of a mail is why it stands where it stands.
func (s *Store) Timeline(ctx context.Context, patron int64, limit int) ([]data.TimelineLine, error) {
	limit = min(max(limit, 1), mostLines)
	var all []data.TimelineLine
	err := s.view(ctx, func(tx *sql.Tx) error {
		all = nil
		for _, source := range []struct {
			query string
			one   func(scanner) (data.TimelineLine, error)
		}{
			{decisionsAbout, decisionLine},
			{lettersAbout("delivery", deliveryColumns), mailLine},
			{lettersAbout("history", historyColumns), mailLine},
			{eventsOf, eventLine},
		} {
			rows, err := tx.QueryContext(ctx, source.query, patron, limit) //nolint:rowserrcheck // collect looks at it
			lines, err := collect(rows, err, source.one)
			if err != nil {
				return err
			}
			all = append(all, lines...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b data.TimelineLine) int { return b.At.Compare(a.At) })
	return all[:min(limit, len(all))], nil
}

const (
	decisionsAbout = `SELECT EXISTS (SELECT 1 FROM run r WHERE r.id = decision.run AND r.practice = 1), ` + decisionColumns + ` FROM decision WHERE patron = ? ORDER BY at DESC LIMIT ?`
	eventsOf       = `SELECT at, kind, text FROM patron_event WHERE patron = ? ORDER BY at DESC, id DESC LIMIT ?`
)

// lettersAbout reads the mails about a patron. A delivery that was put back without a word says what its last try said.
func lettersAbout(table, columns string) string {
	return `SELECT CASE d.reason WHEN '' THEN coalesce((SELECT a.sentence FROM attempt a WHERE a.message = d.message AND a.delivery = d.id
			ORDER BY a.number DESC LIMIT 1), '') ELSE d.reason END, ` + columns + `, ` + messageColumns + `
		FROM letter l INDEXED BY letter_patron CROSS JOIN message m ON m.id = l.message CROSS JOIN ` + table + ` d ON d.message = l.message
		WHERE l.patron = ? ORDER BY l.message DESC LIMIT ?`
}

func decisionLine(rows scanner) (data.TimelineLine, error) {
	var practice bool
	d, err := oneDecision(after{rows, &practice})
	return data.TimelineLine{At: d.At, Kind: "notice", Decision: &d, Practice: practice}, err
}

// after reads a column before those that are asked for.
type after struct {
	scanner

	first any
}

func (a after) Scan(rest ...any) error { return a.scanner.Scan(append([]any{a.first}, rest...)...) }

func mailLine(rows scanner) (data.TimelineLine, error) {
	var text string
	var d deliveryRow
	var m messageRow
	err := rows.Scan(append([]any{&text}, append(d.fields(), m.fields()...)...)...)
	e := data.Entry{Delivery: d.delivery(), Letter: m.message()}
	return data.TimelineLine{At: e.Letter.Queued, Kind: "mail", Entry: &e, Text: text, Practice: e.Letter.Practice}, err
}

func eventLine(rows scanner) (data.TimelineLine, error) {
	var l data.TimelineLine
	var at int64
	err := rows.Scan(&at, &l.Kind, &l.Text)
	l.At = moment(at)
	return l, err
}
