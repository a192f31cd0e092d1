package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// Entry gives one delivery with its message, live or ended.
func (s *Store) Entry(ctx context.Context, delivery int64) (data.Entry, error) {
	var e data.Entry
	err := s.view(ctx, func(tx *sql.Tx) error {
		found, err := entries(ctx, newSnapshot(tx), []string{"delivery", "history"}, `d.id = ?`, "LIMIT 1", delivery)
		if err == nil && len(found) == 0 {
			err = sql.ErrNoRows
		}
		if err == nil {
			e = found[0]
		}
		return err
	})
	return e, notFound(err, fmt.Sprintf("Number %d", delivery))
}

// Deliveries gives every delivery of a message, live and ended, by number.
func (s *Store) Deliveries(ctx context.Context, message int64) ([]data.Delivery, error) {
	var all []data.Delivery
	err := s.view(ctx, func(tx *sql.Tx) error {
		all = nil
		for _, query := range [...]string{
			`SELECT ` + deliveryColumns + ` FROM delivery d WHERE d.message = ? ORDER BY d.id`,
			`SELECT ` + historyColumns + ` FROM history d WHERE d.message = ? ORDER BY d.id`,
		} {
			rows, err := tx.QueryContext(ctx, query, message) //nolint:rowserrcheck // collect looks at it
			some, err := collect(rows, err, oneDelivery)
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		slices.SortFunc(all, func(a, b data.Delivery) int { return int(a.ID - b.ID) })
		return nil
	})
	return all, err
}

// List gives one page of live and ended deliveries, newest first, from one snapshot. Its cost depends on the page and
// not on how many there are.
func (s *Store) List(ctx context.Context, q data.ListQuery) ([]data.Entry, error) {
	var page []data.Entry
	err := s.view(ctx, func(tx *sql.Tx) error {
		r, err := rangeOf(ctx, tx, q)
		if err != nil || r.empty() {
			return err
		}
		if words := strings.Fields(strings.ReplaceAll(q.Search, "\x00", " ")); len(words) > 0 {
			page, err = search(ctx, newSnapshot(tx), r, words)
		} else {
			page, err = r.page(ctx, newSnapshot(tx))
		}
		return err
	})
	return page, err
}

// span is the part of the list a page is taken from: the numbers between after and before, both left out.
type span struct {
	states        []data.State // nil: all
	message       int64
	after, before int64
	upward        bool // the nearest ones above after
	limit         int
	queuedBy      int64
}

func rangeOf(ctx context.Context, tx *sql.Tx, q data.ListQuery) (span, error) {
	r := span{message: q.Message, after: q.After, before: q.Before, limit: min(max(q.Limit, 1), 500), queuedBy: always}
	for _, state := range q.States {
		if state.Valid() && !slices.Contains(r.states, state) {
			r.states = append(r.states, state)
		}
	}
	if len(q.States) > 0 && len(r.states) == 0 {
		return span{limit: 0}, nil
	}
	if len(r.states) == len(data.States()) {
		r.states = nil
	}
	r.upward = q.After > 0 && q.Before <= 0
	if r.before <= 0 {
		r.before = always
	}
	if q.QueuedBy.IsZero() {
		return r, nil
	}
	// Numbers are given out in the order of time, so a date is a number too.
	r.queuedBy = millis(q.QueuedBy)
	var message, top sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT max(id) FROM (SELECT id FROM message WHERE queued_at <= ? ORDER BY queued_at DESC, id DESC LIMIT 1)`,
		r.queuedBy).Scan(&message)
	if err != nil || !message.Valid {
		return span{limit: 0}, err
	}
	err = tx.QueryRowContext(ctx, `SELECT max(id) FROM (
		SELECT id FROM (SELECT id FROM delivery WHERE message <= ?1 ORDER BY message DESC, id DESC LIMIT 1) UNION ALL
		SELECT id FROM (SELECT id FROM history WHERE message <= ?1 ORDER BY message DESC, id DESC LIMIT 1))`, message.Int64).Scan(&top)
	if err == nil && top.Valid {
		r.before = min(r.before, top.Int64+1)
	}
	return r, err
}

func (r span) empty() bool { return r.limit == 0 || r.after >= r.before }

// page merges the sources, each read by its own index and no further than a page.
func (r span) page(ctx context.Context, snap snapshot) ([]data.Entry, error) {
	order, limit := "ORDER BY d.id DESC LIMIT ?", r.limit
	if r.upward {
		order = "ORDER BY d.id LIMIT ?"
	}
	var all []data.Entry
	for _, from := range []string{"delivery", "history"} {
		for _, cond := range r.conditions(from) {
			args := slices.Concat(cond.args, []any{r.after, r.before, r.queuedBy, limit})
			some, err := entries(ctx, snap, []string{from}, cond.where+within, order, args...)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	return r.cut(all), nil
}

type condition struct {
	where string
	args  []any
}

// conditions are the single-index questions that together ask for the states of one table.
func (r span) conditions(from string) []condition {
	if r.message != 0 {
		c := condition{where: `d.message = ? AND`, args: []any{r.message}}
		if r.states != nil {
			marks := strings.Repeat(", ?", len(r.states))[2:]
			c.where += ` +d.state IN (` + marks + `) AND`
			for _, state := range r.states {
				c.args = append(c.args, string(state))
			}
		}
		return []condition{c}
	}
	if r.states == nil {
		return []condition{{}}
	}
	var all []condition
	for _, state := range r.states {
		if table(state) == from {
			all = append(all, condition{where: `d.state = ? AND`, args: []any{string(state)}})
		}
	}
	return all
}

// cut orders what the sources gave and keeps one page of it.
func (r span) cut(all []data.Entry) []data.Entry {
	slices.SortFunc(all, func(a, b data.Entry) int {
		if a.ID > b.ID {
			return -1
		}
		return 1
	})
	if len(all) <= r.limit {
		return all
	}
	if r.upward {
		return all[len(all)-r.limit:]
	}
	return all[:r.limit]
}

func columnsOf(from string) string {
	if from == "history" {
		return historyColumns
	}
	return deliveryColumns
}

// within is the condition every page has.
const within = ` d.id > ? AND d.id < ? AND m.queued_at <= ?`

// entriesQuery reads deliveries first and their messages after: CROSS JOIN keeps that order.
func entriesQuery(from, where, order string) string {
	return `SELECT ` + columnsOf(from) + `, ` + messageColumns + ` FROM ` + from + ` d CROSS JOIN message m ON m.id = d.message
		WHERE ` + where + ` ` + order
}

func entries(ctx context.Context, snap snapshot, tables []string, where, order string, args ...any) ([]data.Entry, error) {
	var all []data.Entry
	for _, from := range tables {
		rows, err := snap.rows(ctx, entriesQuery(from, where, order), args...) //nolint:rowserrcheck // collect looks at it
		some, err := collect(rows, err, oneEntry)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// snapshot is a reading transaction that keeps its statements: a search asks the same many times.
type snapshot struct {
	tx    *sql.Tx
	ready map[string]*sql.Stmt
}

func newSnapshot(tx *sql.Tx) snapshot { return snapshot{tx: tx, ready: map[string]*sql.Stmt{}} }

func (s snapshot) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st := s.ready[query]
	if st == nil {
		var err error
		if st, err = s.tx.PrepareContext(ctx, query); err != nil { // closed with the transaction
			return nil, err
		}
		s.ready[query] = st
	}
	return st.QueryContext(ctx, args...)
}
