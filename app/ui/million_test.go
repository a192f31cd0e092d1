package ui

import (
	"database/sql"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// Of a thousand messages a day: message 1 is the oldest, the last came in just now.
const (
	messages    = 1_000_000 // stored in half a minute
	millionPace = 86_400 * time.Millisecond
	millionHand = 500 // lines the queue may have in hand
)

// million is a window on very many messages.
type million struct {
	*queueBench
	n int64
}

// queued is when message id came in.
func (m *million) queued(id int64) time.Time {
	return m.Now().Add(-time.Duration(m.n-id) * millionPace)
}

// stateOf is what the message was brought to: most are sent, and some of every day are left over.
func stateOf(id int64) data.State {
	switch {
	case id%1000 == 13:
		return data.Held
	case id%10 == 3:
		return data.Waiting
	case id%100 == 7:
		return data.Failed
	case id%100 == 8:
		return data.Cancelled
	default:
		return data.Sent
	}
}

// count is how many there are of a state.
func (m *million) count(state data.State) int64 {
	n := int64(0)
	for id := int64(1); id <= 1000; id++ {
		if stateOf(id) == state {
			n++
		}
	}
	return n * m.n / 1000
}

func openMillion(t *testing.T) *million {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.SetClock(time.Date(2026, 11, 24, 20, 42, 0, 0, time.UTC))
	b.Message("The first", "ann@school.test")
	m := &million{queueBench: &queueBench{roomBench: roomBench{Bench: b}}, n: messages}
	began := time.Now()
	m.fill(t)
	t.Logf("measured: %d messages stored in %v", m.n, time.Since(began).Round(time.Millisecond))
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning, Auto: true})
	if err := b.Store.Beat(t.Context(), data.Heartbeat{Started: b.Now().Add(-time.Hour), LastCheck: b.Now().Add(-time.Minute), NextCheck: b.Now().Add(2 * time.Minute), Revision: 1}); err != nil {
		t.Fatal(err)
	}
	m.w = open(t, b)
	return m
}

// fill makes many of the first message, each with a subject and a recipient of its own, past what would see to it that
// nothing is lost: nothing of value is here.
func (m *million) fill(t *testing.T) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+m.Place().Database()+"?_pragma=synchronous(0)&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const step = 100_000
	first, pace := m.queued(1).UnixMilli(), millionPace.Milliseconds()
	for from := int64(1); from <= m.n; from += step {
		tx, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{
			`UPDATE message SET queued_at = ?3, to_text = 'Reader 1', subject = 'Overdue books 1' WHERE id = 1 AND ?4`,
			`INSERT INTO message (class, door, message_id, sender, no_return, from_text, to_text, subject, size, sha256, eight_bit, utf8, practice, queued_at, file)
				SELECT class, door, message_id, sender, no_return, from_text, 'Reader ' || value, 'Overdue books ' || value, size, sha256, eight_bit, utf8, practice,
				?3 + (value - 1) * ?4, file FROM generate, message WHERE message.id = 1 AND value > 1`,
			`DELETE FROM words WHERE rowid = 1 AND ?1 = 1`,
			`INSERT INTO words (rowid, subject, addresses) SELECT value, 'Overdue books ' || value, 'reader' || value || '@school.test' FROM generate`,
			`DELETE FROM delivery WHERE ?1 = 1`,
			`INSERT INTO delivery (id, message, class, practice, recipient, state, due_at, changed_at)
				SELECT id, id, class, practice, 'reader' || id || '@school.test', iif(id % 1000 = 13, 'held', 'waiting'), queued_at, queued_at
				FROM message WHERE id BETWEEN ?1 AND ?2 AND id % 10 = 3`,
			`INSERT INTO history (id, message, class, practice, recipient, state, attempts, first_ms, tried_at, uncertain, bound, reason, remedy, code, enhanced, line, changed_at, server, settled)
				SELECT id, id, class, practice, 'reader' || id || '@school.test', CASE id % 100 WHEN 7 THEN 'failed' WHEN 8 THEN 'cancelled' ELSE 'sent' END,
				1, 0, queued_at, 0, 0, iif(id % 100 = 7, 'There is no such mailbox.', ''), '', 250, '2.0.0', '2.0.0 Ok: queued as 4F1A2B3C', queued_at + 1000, 1, 1
				FROM message WHERE id BETWEEN ?1 AND ?2 AND id % 10 <> 3`,
		} {
			query = `WITH RECURSIVE generate (value) AS (SELECT ?1 UNION ALL SELECT value + 1 FROM generate WHERE value < ?2) ` + query
			if _, err := tx.ExecContext(t.Context(), query, from, min(m.n, from+step-1), first, pace); err != nil {
				t.Fatal(err, query)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
}

// check fails unless the lines in sight show, from above, the messages they should: those before top that are wanted.
// It gives the first of them.
func (m *million) check(t *testing.T, where string, wanted func(id int64) bool) int64 {
	t.Helper()
	arrange(m.w)
	q, table := m.p.q, m.p.table
	if q.Len() > millionHand {
		t.Errorf("%s: %d lines are in hand", where, q.Len())
	}
	if most := int(table.scroll.Size().Height/rowHigh) + 2; len(table.body.Objects) > most {
		t.Errorf("%s: %d rows are drawn where %d can be seen", where, len(table.body.Objects), most)
	}
	top := q.Row(table.first).Delivery
	next := top
	for k, r := range table.pool[:min(len(table.body.Objects), q.Len())] {
		for next > 0 && !wanted(next) {
			next--
		}
		row := q.Row(table.first + k)
		if row.Delivery != next {
			t.Fatalf("%s: line %d is message %d, not %d", where, k, row.Delivery, next)
		}
		var shown []string
		for _, x := range find[*canvas.Text](r) {
			shown = append(shown, x.Text)
		}
		words := row.State
		if mark(row.Mark) == markNone || len(shown) < 5 || shown[0] != words {
			t.Fatalf("%s: line %d shows %q", where, k, shown)
		}
		subject := fmt.Sprintf("Overdue books %d", next)
		if !alike(shown[1], fmt.Sprintf("reader%d@school.test", next)) || !alike(shown[2], subject) {
			t.Fatalf("%s: line %d is message %d and shows %q", where, k, next, shown)
		}
		came := m.DayName(m.queued(next)) + ", folder"
		if m.Today(m.queued(next)) {
			came = m.Clock(m.queued(next)) + ", folder"
		}
		if !alike(shown[4], came) {
			t.Fatalf("%s: message %d came in %s, and the line shows %q", where, next, came, shown)
		}
		next--
	}
	inspect(t, m.w, where)
	return top
}

// alike compares what is shown with what it should be; it may be cut.
func alike(shown, whole string) bool {
	cut, is := strings.CutSuffix(shown, "…")
	return shown == whole || is && len(cut) > 3 && strings.HasPrefix(whole, cut)
}

// wheel turns the mouse's wheel over the table and lets the answer come. The line a person looks at stays where it is.
func (m *million) wheel(t *testing.T, by float32) {
	t.Helper()
	table := m.p.table
	test.Scroll(m.w.window.Canvas(), middleOf(table), 0, by)
	before, at := m.p.q.Row(table.first).Delivery, table.scroll.Offset.Y-float32(table.first)*rowHigh
	m.Settle()
	arrange(m.w)
	if now := m.p.q.Row(table.first).Delivery; now != before {
		t.Fatalf("message %d was the first in sight, and when more came %d is", before, now)
	}
	if now := table.scroll.Offset.Y - float32(table.first)*rowHigh; now-at > 0.5 || at-now > 0.5 {
		t.Errorf("the lines moved by %v when more came", now-at)
	}
}

func every(int64) bool { return true }

func of(state data.State) func(int64) bool {
	return func(id int64) bool { return stateOf(id) == state }
}

// TestMillion works with very many messages as a person does.
func TestMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("stores a million messages, which takes half a minute")
	}
	m := openMillion(t)
	b, w := m.Bench, m.w
	t.Run("the Overview counts them", func(t *testing.T) {
		began := time.Now()
		relook(b)
		t.Logf("measured: the Overview is there after %v", time.Since(began).Round(time.Millisecond))
		has(t, w, grouped(m.count(data.Waiting)), grouped(m.count(data.Failed)), grouped(m.count(data.Held)))
		inspect(t, w, "overview")
		shot(t, w, "million-overview")
	})
	w.show("queue")
	b.Settle()
	m.p, _ = w.pages["queue"].(*queuePage)
	if top := m.check(t, "queue", every); top != m.n {
		t.Fatalf("the newest is %d, and %d is on top", m.n, top)
	}
	shot(t, w, "million-queue")
	t.Run("down through several windows and back up, the line a person looks at stays", func(t *testing.T) {
		began := time.Now()
		top := m.n
		for top > m.n-6*millionHand {
			m.wheel(t, -1500)
			now := m.check(t, "down", every)
			if now >= top {
				t.Fatalf("the wheel does not get below %d", top)
			}
			top = now
		}
		shot(t, w, "million-down")
		for top < m.n {
			m.wheel(t, 1500)
			now := m.check(t, "up", every)
			if now <= top {
				t.Fatalf("the wheel does not get above %d", top)
			}
			top = now
		}
		t.Logf("measured: down and up %d lines in %v", 12*millionHand, time.Since(began).Round(time.Millisecond))
	})
	t.Run("the keyboard goes to the end of what is in hand, again and again", func(t *testing.T) {
		w.window.Canvas().Focus(m.p.table)
		for range 12 {
			m.p.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
			b.Settle()
		}
		if top := m.check(t, "End", every); top > m.n-1000 {
			t.Errorf("it got to %d only", top)
		}
		m.p.table.clear()
		w.window.Canvas().Unfocus()
	})
	t.Run("a date shows its last message, and goes on in both directions", func(t *testing.T) {
		day := data.Midnight(m.queued(m.n/2), 0)
		m.p.date.SetText(m.DayName(day)[4:])
		press(t, w, "Go")
		b.Settle()
		last := m.n - int64((m.Now().Sub(data.Midnight(day, 1))+millionPace)/millionPace)
		if top := m.check(t, "date", every); top != last || !m.queued(last).Before(data.Midnight(day, 1)) || m.queued(last+1).Before(data.Midnight(day, 1)) {
			t.Fatalf("message %d, of %v, is on top, not %d, of %v", top, m.queued(top), last, m.queued(last))
		}
		shot(t, w, "million-date")
		for range 10 {
			m.wheel(t, 1500)
			m.check(t, "date, up", every)
		}
		for range 20 {
			m.wheel(t, -1500)
			m.check(t, "date, down", every)
		}
	})
	for i, state := range []data.State{data.Waiting, data.Sending, data.Failed, data.Held, data.Sent, data.Cancelled} {
		t.Run("only those that are "+string(state)+" are shown", func(t *testing.T) {
			began := time.Now()
			m.p.states.pick(i + 1)
			b.Settle()
			if is := m.p.states.words[i+1]; !strings.HasSuffix(is, "("+grouped(m.count(state))+")") {
				t.Errorf("there are %d, and the choice says %q", m.count(state), is)
			}
			t.Logf("measured: %v", time.Since(began).Round(time.Millisecond))
			m.check(t, string(state), of(state))
			for range 4 {
				m.wheel(t, -1500)
				m.check(t, string(state)+", down", of(state))
			}
			shot(t, w, "million-"+string(state))
		})
	}
	m.p.states.pick(0)
	b.Settle()
	for name, c := range map[string]struct {
		search string
		wanted func(id int64) bool
	}{
		"a search finds the one there is": {fmt.Sprintf("reader%d@", m.n/2), func(id int64) bool { return id == m.n/2 }},
		"a search finds all there are":    {"school.test", every},
		"a search finds some among those of no state": {fmt.Sprintf("books %d", m.n/1000), func(id int64) bool {
			return strings.Contains(fmt.Sprintf("Overdue books %d ", id), fmt.Sprint(m.n/1000))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			m.p.search.SetText(c.search)
			b.Settle()
			t.Logf("measured: %v", time.Since(began).Round(time.Millisecond))
			m.check(t, c.search, c.wanted)
			m.wheel(t, -1500)
			m.check(t, c.search+", down", c.wanted)
			shot(t, w, "million-search-"+c.search)
		})
	}
	t.Run("what is in hand is all that is held in memory", func(t *testing.T) {
		var mem runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&mem)
		t.Logf("measured: %d MB", mem.HeapAlloc>>20)
		if mem.HeapAlloc > 256<<20 {
			t.Errorf("%d MB are in use", mem.HeapAlloc>>20)
		}
	})
}

// grouped writes a number as the window does.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
