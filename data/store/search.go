package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode/utf8"

	"smtpgateway/data"
)

const (
	shortest  = 3      // letters a word must have for the index of trigrams
	walkMost  = 20_000 // deliveries looked at one by one, at most, when the index cannot help
	walkFew   = 2_000  // so few in the states asked for are quicker looked at one by one
	walkPage  = 500
	matchPage = 300
)

// search gives a page of deliveries in which every word occurs, in subject or addresses. Words are text, whatever signs
// are in them.
func search(ctx context.Context, snap snapshot, r span, words []string) ([]data.Entry, error) {
	w := wanted{}
	for _, word := range words {
		w.folded = append(w.folded, strings.ToLower(word))
		if utf8.RuneCountInString(word) >= shortest {
			w.match = append(w.match, `"`+strings.ReplaceAll(word, `"`, `""`)+`"`)
		}
	}
	if r.message != 0 || len(w.match) == 0 {
		return walk(ctx, snap, r, w, walkMost)
	}
	few, err := r.few(ctx, snap.tx)
	if err != nil {
		return nil, err
	}
	if few {
		return walk(ctx, snap, r, w, walkMost)
	}
	return match(ctx, snap, r, w)
}

// wanted is what somebody looks for: words in small letters, and the long ones as the index takes them.
type wanted struct {
	folded []string
	match  []string
}

// in reports whether every word occurs in one of the texts of an entry. The index knows messages; this also keeps one
// recipient of a message from showing because another was looked for.
func (w *wanted) in(e *data.Entry) bool {
	texts := [...]string{e.Letter.Subject, e.Recipient, e.Letter.From, e.Letter.To, e.Letter.Sender}
	for i := range texts {
		texts[i] = strings.ToLower(texts[i])
	}
	for _, word := range w.folded {
		found := false
		for _, text := range texts {
			found = found || strings.Contains(text, word)
		}
		if !found {
			return false
		}
	}
	return true
}

// few reports whether the states asked for hold so little that the index of words is the long way.
func (r span) few(ctx context.Context, tx *sql.Tx) (bool, error) {
	if r.states == nil {
		return false, nil
	}
	sum := 0
	for _, state := range r.states {
		var n int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+table(state)+` WHERE state = ? AND id > ? AND id < ? LIMIT ?)`,
			string(state), r.after, r.before, walkFew).Scan(&n)
		if err != nil {
			return false, err
		}
		sum += n
	}
	return sum < walkFew, nil
}

// walk looks at one delivery after the other, at most so many: a word of one or two letters is in nearly all of them.
func walk(ctx context.Context, snap snapshot, r span, w wanted, most int) ([]data.Entry, error) {
	var found []data.Entry
	step := r
	step.limit = walkPage
	for seen := 0; seen < most; {
		page, err := step.page(ctx, snap)
		if err != nil {
			return nil, err
		}
		for i := range page {
			if w.in(&page[i]) {
				found = append(found, page[i])
			}
		}
		seen += len(page)
		if len(page) < walkPage || len(found) >= r.limit {
			break
		}
		if r.upward {
			step.after = page[0].ID
		} else {
			step.before = page[len(page)-1].ID
		}
	}
	return r.cut(found), nil
}

// match goes through the messages the index finds, in the order of their numbers, which is that of their deliveries.
func match(ctx context.Context, snap snapshot, r span, w wanted) ([]data.Entry, error) {
	low, high, err := r.messages(ctx, snap.tx)
	if err != nil {
		return nil, err
	}
	query := `SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?`
	if r.upward {
		query = strings.Replace(query, "DESC", "ASC", 1)
	}
	phrase := strings.Join(w.match, " AND ")
	var found []data.Entry
	for len(found) < r.limit {
		rows, err := snap.rows(ctx, query, phrase, low, high, matchPage) //nolint:rowserrcheck // collect looks at it
		messages, err := collect(rows, err, oneID)
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			one := r
			one.message = m
			some, err := walk(ctx, snap, one, w, walkMost)
			if err != nil {
				return nil, err
			}
			if found = append(found, some...); len(found) >= r.limit {
				break
			}
		}
		if len(messages) < matchPage {
			break
		}
		if last := messages[len(messages)-1]; r.upward {
			low = last + 1
		} else {
			high = last - 1
		}
	}
	return r.cut(slices.Clip(found)), nil
}

// messages are the numbers of messages that the deliveries of the span can belong to.
func (r span) messages(ctx context.Context, tx *sql.Tx) (low, high int64, err error) {
	high = always
	ask := func(query string, id int64, to *int64) error {
		var n sql.NullInt64
		err := tx.QueryRowContext(ctx, query, id).Scan(&n)
		if err == nil && n.Valid {
			*to = n.Int64
		}
		return err
	}
	if r.after > 0 {
		err = ask(`SELECT max(message) FROM (SELECT message FROM (SELECT message FROM delivery WHERE id <= ?1 ORDER BY id DESC LIMIT 1)
			UNION ALL SELECT message FROM (SELECT message FROM history WHERE id <= ?1 ORDER BY id DESC LIMIT 1))`, r.after, &low)
	}
	if err == nil && r.before < always {
		err = ask(`SELECT min(message) FROM (SELECT message FROM (SELECT message FROM delivery WHERE id >= ?1 ORDER BY id LIMIT 1)
			UNION ALL SELECT message FROM (SELECT message FROM history WHERE id >= ?1 ORDER BY id LIMIT 1))`, r.before, &high)
	}
	return low, high, err
}
