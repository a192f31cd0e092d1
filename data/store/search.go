package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"smtpgateway/data"
)

const (
	shortest  = 3      // letters a word must have for the index of trigrams
	walkMost  = 20_000 // deliveries looked at one by one, at most, when the index cannot help
	walkFirst = 150    // looked at before the index is asked
	walkPage  = 500
	rarest    = 4 // threes of letters the index is asked for
	matchPage = 100
)

// search gives a page of deliveries in which every word occurs, in subject or addresses. Words are text, whatever signs
// are in them.
func search(ctx context.Context, snap snapshot, r span, words []string) ([]data.Entry, error) {
	w := wanted{}
	for _, word := range words {
		w.folded = append(w.folded, strings.ToLower(word))
		if utf8.RuneCountInString(word) >= shortest {
			w.long = append(w.long, []rune(word)) // the index folds letters in its own way
		}
	}
	one := &walking{r: r, w: w, step: r}
	if r.message != 0 || len(w.long) == 0 {
		return one.all(ctx, snap)
	}
	low, high, err := r.messages(ctx, snap.tx)
	if err != nil {
		return nil, err
	}
	// A word that is nearly everywhere is found soonest by looking at one delivery after the other, one that is nearly
	// nowhere by the index; which it is nobody knows before. So both are asked in turns, a little each, and whichever
	// comes to its end first has the page: they give the same one.
	two := &matching{r: r, w: w, low: low, high: high}
	for few := walkFirst; ; few = walkPage {
		if done, err := one.some(ctx, snap, few); err != nil || done {
			return r.cut(one.found), err
		}
		if two.match == "" {
			two.match = w.match(one.sample)
		}
		if done, err := two.some(ctx, snap); err != nil || done {
			return r.cut(two.found), err
		}
	}
}

// wanted is what somebody looks for: words in small letters, and those that are long enough for the index.
type wanted struct {
	folded []string
	long   [][]rune
}

// match is the question to the index. It knows by threes of letters; asked for all the threes of a long word it goes
// through the common ones too, a million times over. So it is asked for a few, those rarest in a sample of the texts;
// whether the word as a whole is there is looked at afterwards anyway.
func (w *wanted) match(sample []string) string {
	type three struct {
		text string
		seen int
	}
	var threes []three
	for _, word := range w.long {
		for i := 0; i+shortest <= len(word); i++ {
			t := three{text: string(word[i : i+shortest])}
			small := strings.ToLower(t.text)
			for _, text := range sample {
				if strings.Contains(text, small) {
					t.seen++
				}
			}
			threes = append(threes, t)
		}
	}
	slices.SortStableFunc(threes, func(a, b three) int { return a.seen - b.seen })
	var all []string
	for i, t := range threes[:min(len(threes), rarest)] {
		if i > 0 && t.seen > len(sample)/2 {
			break // in nearly all of them: it would tell nothing
		}
		all = append(all, `"`+strings.ReplaceAll(t.text, `"`, `""`)+`"`)
	}
	return strings.Join(all, " AND ")
}

// in reports whether every word occurs in one of the texts of an entry. The index knows messages; this also keeps one
// recipient of a message from showing because another was looked for.
func (w *wanted) in(e *data.Entry) bool {
	texts := textsOf(e)
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

// textsOf are the texts that are searched, in small letters.
func textsOf(e *data.Entry) [5]string {
	texts := [...]string{e.Letter.Subject, e.Recipient, e.Letter.From, e.Letter.To, e.Letter.Sender}
	for i := range texts {
		texts[i] = strings.ToLower(texts[i])
	}
	return texts
}

// walking looks at one delivery after the other.
type walking struct {
	r, step span
	w       wanted
	seen    int
	found   []data.Entry
	sample  []string // texts of those looked at first
}

// some looks at so many more and says whether the page is complete.
func (k *walking) some(ctx context.Context, snap snapshot, n int) (bool, error) {
	k.step.limit = n
	page, err := k.step.page(ctx, snap)
	if err != nil {
		return false, err
	}
	for i := range page {
		if k.w.in(&page[i]) {
			k.found = append(k.found, page[i])
		}
		if k.seen == 0 && k.r.message == 0 {
			texts := textsOf(&page[i])
			k.sample = append(k.sample, strings.Join(texts[:], "\n"))
		}
	}
	k.seen += len(page)
	if len(page) < n || len(k.found) >= k.r.limit {
		return true, nil
	}
	if k.r.upward {
		k.step.after = page[0].ID
	} else {
		k.step.before = page[len(page)-1].ID
	}
	return false, nil
}

// all looks at so many as it may: a word of one or two letters is in nearly all of them.
func (k *walking) all(ctx context.Context, snap snapshot) ([]data.Entry, error) {
	for k.seen < walkMost {
		done, err := k.some(ctx, snap, walkPage)
		if err != nil {
			return nil, err
		}
		if done {
			break
		}
	}
	return k.r.cut(k.found), nil
}

// matching goes through the messages the index finds, in the order of their numbers, which is that of their deliveries.
type matching struct {
	r         span
	w         wanted
	match     string
	low, high int64
	found     []data.Entry
}

func (k *matching) some(ctx context.Context, snap snapshot) (bool, error) {
	query := `SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid <= ? ORDER BY rowid DESC LIMIT ?`
	if k.r.upward {
		query = strings.Replace(query, "DESC", "ASC", 1)
	}
	rows, err := snap.rows(ctx, query, k.match, k.low, k.high, matchPage) //nolint:rowserrcheck // collect looks at it
	messages, err := collect(rows, err, oneID)
	if err != nil {
		return false, err
	}
	if some, ok, err := k.together(ctx, snap, messages); err != nil || ok {
		k.found = append(k.found, some...)
		return k.goOn(messages), err
	}
	for _, m := range messages {
		in := k.r
		in.message = m
		some, err := (&walking{r: in, w: k.w, step: in}).all(ctx, snap)
		if err != nil {
			return false, err
		}
		if k.found = append(k.found, some...); len(k.found) >= k.r.limit {
			return true, nil
		}
	}
	return k.goOn(messages), nil
}

// goOn moves on beyond these messages and says whether that is the end.
func (k *matching) goOn(messages []int64) bool {
	if len(messages) < matchPage || len(k.found) >= k.r.limit {
		return true
	}
	if last := messages[len(messages)-1]; k.r.upward {
		k.low = last + 1
	} else {
		k.high = last - 1
	}
	return false
}

// together reads the deliveries of several messages at once, which is quicker than one by one. ok is false where they
// have so many recipients that it would not be.
func (k *matching) together(ctx context.Context, snap snapshot, messages []int64) (found []data.Entry, ok bool, err error) {
	if len(messages) == 0 {
		return nil, true, nil
	}
	list, err := json.Marshal(messages)
	if err != nil {
		return nil, false, err
	}
	const most = 4 * matchPage
	for _, from := range []string{"delivery", "history"} {
		for _, c := range k.r.conditions(from) {
			// The plus keeps the states from being looked up by their index, which would be all of that state.
			where := `d.message IN (SELECT value FROM json_each(?)) AND ` + strings.ReplaceAll(c.where, "d.state", "+d.state") + within
			args := slices.Concat([]any{string(list)}, c.args, []any{k.r.after, k.r.before, k.r.queuedBy, most})
			some, err := entries(ctx, snap, []string{from}, where, "LIMIT ?", args...)
			if err != nil || len(some) == most {
				return nil, false, err
			}
			for i := range some {
				if k.w.in(&some[i]) {
					found = append(found, some[i])
				}
			}
		}
	}
	return found, true, nil
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
