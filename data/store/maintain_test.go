package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

const (
	day     = 24 * time.Hour
	bodies  = 60 * day
	history = 400 * day
)

func numbers(t *testing.T, s *store.Store, query string) []int64 {
	t.Helper()
	var ids []int64
	ok(t, s.View(t.Context(), func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(t.Context(), query)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return rows.Err()
	}))
	return ids
}

func TestMaintain(t *testing.T) {
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	t.Run("messages lose their bytes, then everything, and nothing unfinished is touched", func(t *testing.T) {
		s := made(t)
		ids := post(t, s,
			letter{state: data.Sent, queued: ago(500 * day), changed: ago(450 * day)},                    // 0 forgotten
			letter{state: data.Sent, queued: ago(500 * day), changed: ago(100 * day)},                    // 1 without bytes
			letter{state: data.Failed, queued: ago(500 * day), changed: ago(450 * day), unsettled: true}, // 2 whole
			letter{state: data.Waiting, queued: ago(500 * day), changed: ago(450 * day)},                 // 3 whole
			letter{state: data.Held, queued: ago(500 * day), changed: ago(450 * day)},                    // 4 whole
			letter{state: data.Cancelled, queued: ago(70 * day), changed: ago(61 * day)},                 // 5 without bytes
			letter{state: data.Sent, queued: ago(70 * day), changed: ago(59 * day)},                      // 6 whole
			letter{state: data.Failed, queued: ago(day), changed: ago(time.Hour)},                        // 7 whole
		)
		m, err := s.Maintain(t.Context(), bodies, history)
		ok(t, err)
		wantEqual(t, "removed", m, data.Maintained{Bodies: 2, Messages: 1})
		pick := func(at ...int) string {
			var some []int64
			for _, i := range at {
				some = append(some, ids[i])
			}
			return fmt.Sprint(some)
		}
		wantEqual(t, "messages", fmt.Sprint(numbers(t, s, `SELECT id FROM message ORDER BY id`)), pick(1, 2, 3, 4, 5, 6, 7))
		wantEqual(t, "bodies", fmt.Sprint(numbers(t, s, `SELECT DISTINCT message FROM body ORDER BY message`)), pick(2, 3, 4, 6, 7))
		wantEqual(t, "attempts", fmt.Sprint(numbers(t, s, `SELECT message FROM attempt ORDER BY message`)), pick(1, 2, 3, 4, 5, 6, 7))
		wantEqual(t, "found by search", fmt.Sprint(numbers(t, s, `SELECT rowid FROM words WHERE words MATCH 'Subject' ORDER BY rowid`)),
			pick(1, 2, 3, 4, 5, 6, 7))
		m, err = s.Maintain(t.Context(), bodies, history)
		ok(t, err)
		wantEqual(t, "a second time", m, data.Maintained{})
	})
	t.Run("more than a slice goes in one run, with stragglers in between", func(t *testing.T) {
		s := made(t)
		var letters []letter
		for i := range 1000 {
			l := letter{state: data.Sent, queued: ago(500 * day).Add(time.Duration(i/10) * time.Second), changed: ago(450 * day)}
			switch {
			case i >= 500:
				l.queued, l.changed = ago(100*day), ago(90*day)
			case i%100 == 0:
				l.state = data.Waiting
			}
			letters = append(letters, l)
		}
		post(t, s, letters...)
		m, err := s.Maintain(t.Context(), bodies, history)
		ok(t, err)
		wantEqual(t, "removed", m, data.Maintained{Bodies: 500, Messages: 495})
	})
	t.Run("large bodies go in slices of their own", func(t *testing.T) {
		s := made(t)
		var letters []letter
		for range 8 {
			letters = append(letters, letter{state: data.Sent, queued: ago(100 * day), changed: ago(90 * day), octets: 9 << 20})
		}
		post(t, s, letters...)
		m, err := s.Maintain(t.Context(), bodies, history)
		ok(t, err)
		wantEqual(t, "removed", m, data.Maintained{Bodies: 8})
	})
	t.Run("journal, origins, requests and usage go by their age", func(t *testing.T) {
		now := ago(500 * day)
		s := madeAt(t, filepath.Join(t.TempDir(), "gateway.db"), store.Options{Now: func() time.Time { return now }})
		for i := range 450 {
			ok(t, s.Update(t.Context(), func(tx *store.Tx) error {
				_, err := tx.ExecContext(t.Context(), `INSERT INTO usage (server, minute, recipients) VALUES (1, ?, 1)`, i)
				return err
			}))
		}
		ok(t, s.Note(t.Context(), data.JournalLine{Text: "old"}, data.JournalLine{Text: "young", At: ago(399 * day)}))
		_, err := s.Ask(t.Context(), data.Request{Kind: data.RequestTest})
		ok(t, err)
		for key, gone := range map[string]time.Time{"here": {}, "long gone": ago(31 * day), "just gone": ago(29 * day)} {
			ok(t, s.SaveOrigin(t.Context(), data.Origin{Key: key, Name: key, Gone: gone}))
		}
		now = noon
		young, err := s.Ask(t.Context(), data.Request{Kind: data.RequestTest})
		ok(t, err)
		ok(t, s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO usage (server, minute, recipients) VALUES (2, ?, 1)`, noon.Add(-25*time.Hour).Unix()/60)
			return err
		}))
		m, err := s.Maintain(t.Context(), bodies, history)
		ok(t, err)
		wantEqual(t, "removed", m, data.Maintained{Lines: 1, Origins: 1, Requests: 1})
		wantLine(t, s, "young")
		here := numbers(t, s, `SELECT count(*) FROM origin WHERE key IN ('here', 'just gone')`)
		wantEqual(t, "origins kept", here[0], 2)
		wantEqual(t, "requests", fmt.Sprint(numbers(t, s, `SELECT id FROM request`)), fmt.Sprint([]int64{young}))
		wantEqual(t, "usage", fmt.Sprint(numbers(t, s, `SELECT server FROM usage`)), "[2]")
	})
	t.Run("stops between two slices when it is asked to", func(t *testing.T) {
		s := made(t)
		post(t, s, slices.Repeat([]letter{{state: data.Sent, queued: ago(500 * day), changed: ago(450 * day)}}, 250)...)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Maintain(ctx, bodies, history)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}
