package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// letter is a message put into the tables by hand, with one delivery.
type letter struct {
	class     data.Class
	queued    time.Time
	state     data.State
	changed   time.Time
	uncertain int
	unsettled bool
	octets    int // of its body
}

// post writes the letters and gives their numbers.
func post(t *testing.T, s *store.Store, letters ...letter) []int64 {
	t.Helper()
	var ids []int64
	ok(t, s.Update(t.Context(), func(tx *store.Tx) error {
		for _, l := range letters {
			id, err := postOne(t.Context(), tx, l)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	}))
	return ids
}

func postOne(ctx context.Context, tx *store.Tx, l letter) (int64, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO message (class, door, message_id, sender, no_return, from_text, to_text,
		subject, size, sha256, eight_bit, utf8, practice, queued_at) VALUES (?, 'folder', '<m@x>', 'a@x', 0, '', '', 'Subject', ?,
		zeroblob(32), 0, 0, 0, ?)`, int(l.class), l.octets, l.queued.UnixMilli())
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, err
	}
	recipient := fmt.Sprintf("r%d@x", id)
	for _, st := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO words (rowid, subject, addresses) VALUES (?, 'Subject', ?)`, []any{id, recipient}},
		{`INSERT INTO body (message, seq, bytes) VALUES (?, 0, x'0d0a'), (?1, 1, zeroblob(?2))`, []any{id, l.octets}},
		{`INSERT INTO attempt (delivery, message, server, started_at) VALUES (?1, ?1, 1, 5)`, []any{id}},
	} {
		if _, err := tx.ExecContext(ctx, st.query, st.args...); err != nil {
			return 0, err
		}
	}
	if l.state.Live() {
		_, err = tx.ExecContext(ctx, `INSERT INTO delivery (message, class, practice, recipient, state, due_at, changed_at, uncertain)
			VALUES (?, ?, 0, ?, ?, 0, ?, ?)`, id, int(l.class), recipient, string(l.state), l.changed.UnixMilli(), l.uncertain)
	} else {
		_, err = tx.ExecContext(ctx, `INSERT INTO history (id, message, class, practice, recipient, state, attempts, first_ms, tried_at,
			uncertain, reason, remedy, code, enhanced, line, changed_at, settled) VALUES (?1, ?1, ?2, 0, ?3, ?4, 1, 0, 0, ?5, 'Unknown.', '', 550, '', '', ?6, ?7)`,
			id, int(l.class), recipient, string(l.state), l.uncertain, l.changed.UnixMilli(), !l.unsettled)
	}
	return id, err
}

func TestDay(t *testing.T) {
	s := made(t)
	from, to := noon.Add(-24*time.Hour), noon
	within, before := noon.Add(-time.Hour), noon.Add(-25*time.Hour)
	ids := post(t, s,
		letter{state: data.Sent, changed: within, class: data.ClassDropped, queued: before},
		letter{state: data.Sent, changed: within, class: data.ClassLog, queued: before},
		letter{state: data.Sent, changed: before, class: data.ClassDropped, queued: before},
		letter{state: data.Sent, changed: to, class: data.ClassDropped, queued: before},
		letter{state: data.Failed, changed: within, class: data.ClassLetter, queued: before},
		letter{state: data.Failed, changed: from, class: data.ClassLetter, queued: before},
		letter{state: data.Failed, changed: before, class: data.ClassLetter, queued: before},
		letter{state: data.Cancelled, changed: within, class: data.ClassLetter, queued: before, uncertain: 1},
		letter{state: data.Held, changed: before, class: data.ClassLetter, queued: before.Add(-time.Hour), uncertain: 2},
		letter{state: data.Waiting, changed: before, class: data.ClassLetter, queued: before},
		letter{state: data.Sending, changed: before, class: data.ClassLetter, queued: within},
	)
	ok(t, s.Note(t.Context(),
		data.JournalLine{At: within, Kind: data.JournalTrouble, Text: "first"},
		data.JournalLine{At: within, Kind: data.JournalCheck, Text: "a check"},
		data.JournalLine{At: within.Add(time.Second), Kind: data.JournalService, Text: "second"},
		data.JournalLine{At: to, Kind: data.JournalService, Text: "tomorrow's"}))

	d, err := s.Day(t.Context(), from, to)
	ok(t, err)
	t.Run("what ended in its hours counts, and the log mail itself does not", func(t *testing.T) {
		wantEqual(t, "sent", d.Sent, 1)
		wantEqual(t, "failed", d.FailedAll, 2)
		wantEqual(t, "cancelled", d.Cancelled, 1)
		wantEqual(t, "uncertain", d.Uncertain, 2)
	})
	t.Run("what stands is counted whenever it came", func(t *testing.T) {
		wantEqual(t, "held", d.Held, 1)
		wantEqual(t, "waiting", d.Waiting, 2)
		wantEqual(t, "oldest", d.Oldest, before)
	})
	t.Run("failed addresses are named, the newest first", func(t *testing.T) {
		if len(d.Failed) != 2 || d.Failed[0] != (data.FailedDelivery{Recipient: fmt.Sprintf("r%d@x", ids[4]), Reason: "Unknown."}) {
			t.Errorf("failed are %v", d.Failed)
		}
	})
	t.Run("the journal is told in order, without the checks", func(t *testing.T) {
		if len(d.Lines) != 2 || d.Lines[0].Text != "first" || d.Lines[1].Text != "second" {
			t.Errorf("lines are %v", d.Lines)
		}
	})
	t.Run("a day with nothing has nothing", func(t *testing.T) {
		d, err := made(t).Day(t.Context(), from, to)
		ok(t, err)
		if d.Sent != 0 || d.FailedAll != 0 || len(d.Failed) != 0 || len(d.Lines) != 0 || !d.Oldest.IsZero() {
			t.Errorf("it is %+v", d)
		}
	})
	t.Run("up to when was told is kept", func(t *testing.T) {
		told, err := s.LogTold(t.Context())
		ok(t, err)
		wantEqual(t, "never told", told.IsZero(), true)
		ok(t, s.SetLogTold(t.Context(), to))
		told, err = reopened(t, s).LogTold(t.Context())
		ok(t, err)
		wantEqual(t, "told", told, to)
	})
}
