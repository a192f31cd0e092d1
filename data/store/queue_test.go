package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// queue is a store with a clock that only a test moves.
type queue struct {
	*store.Store
	t       *testing.T
	path    string
	now     time.Time
	running time.Duration
}

func newQueue(t *testing.T) *queue {
	t.Helper()
	q := &queue{t: t, path: filepath.Join(t.TempDir(), "gateway.db"), now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	q.open()
	t.Cleanup(func() { _ = q.Close() })
	return q
}

func (q *queue) open() {
	q.t.Helper()
	q.Store = q.another()
}

// another opens the same file once more.
func (q *queue) another() *store.Store {
	q.t.Helper()
	s, err := store.Create(context.Background(), q.path, store.Options{Now: func() time.Time { return q.now }})
	if err != nil {
		q.t.Fatal(err)
	}
	return s
}

// die closes the store as a killed program leaves it, and starts again.
func (q *queue) die(due time.Time) int {
	q.t.Helper()
	if err := q.Close(); err != nil {
		q.t.Fatal(err)
	}
	q.open()
	n, err := q.Rescue(q.t.Context(), due)
	if err != nil {
		q.t.Fatal(err)
	}
	return n
}

func (q *queue) pass(d time.Duration) {
	q.now = q.now.Add(d)
	q.running += d
}

type option func(*data.NewMessage)

func class(c data.Class) option   { return func(n *data.NewMessage) { n.Class = c } }
func to(r ...string) option       { return func(n *data.NewMessage) { n.Recipients = r } }
func subject(s string) option     { return func(n *data.NewMessage) { n.Subject = s } }
func file(name string) option     { return func(n *data.NewMessage) { n.File = name } }
func hold(why string) option      { return func(n *data.NewMessage) { n.Hold = why } }
func practice(n *data.NewMessage) { n.Practice = true }

func newMessage(options ...option) *data.NewMessage {
	n := &data.NewMessage{
		Message: data.Message{
			Class: data.ClassDropped, Door: data.DoorFolder, MessageID: "<1@school.org>", Sender: "library@school.org",
			From: "Library <library@school.org>", To: "Reader", Subject: "Overdue",
		},
		Recipients: []string{"reader@school.org"},
		Header:     []byte("From: library@school.org\r\nSubject: Overdue\r\n\r\n"), Body: strings.NewReader("Please bring it back.\r\n"),
	}
	for _, o := range options {
		o(n)
	}
	return n
}

func (q *queue) accept(options ...option) int64 {
	q.t.Helper()
	id, err := q.Accept(q.t.Context(), newMessage(options...))
	if err != nil {
		q.t.Fatal(err)
	}
	return id
}

func (q *queue) want(options ...func(*data.Want)) *data.Want {
	w := &data.Want{
		Now: q.now, Running: q.running, Server: 1, Horizon: q.now, Lease: q.now.Add(75 * time.Minute), Recipients: 100,
	}
	for _, o := range options {
		o(w)
	}
	return w
}

func (q *queue) next(r *data.Result, w *data.Want) *data.Claim {
	q.t.Helper()
	c, err := q.Next(q.t.Context(), r, w)
	if err != nil {
		q.t.Fatal(err)
	}
	return c
}

// claim takes a message and expects one.
func (q *queue) claim(options ...func(*data.Want)) *data.Claim {
	q.t.Helper()
	c := q.next(nil, q.want(options...))
	if c == nil {
		q.t.Fatal("nothing to claim")
	}
	return c
}

func (q *queue) nothing(options ...func(*data.Want)) {
	q.t.Helper()
	if c := q.next(nil, q.want(options...)); c != nil {
		q.t.Fatalf("message %d was claimed", c.Message.ID)
	}
}

// verdict is a result with the same verdict for every recipient.
func (q *queue) verdict(c *data.Claim, state data.State, kind data.Kind, options ...func(*data.Verdict)) *data.Result {
	r := &data.Result{Claim: c, Host: "mail.school.org:587", Ended: q.now, Handed: true}
	for _, d := range c.Deliveries {
		v := data.Verdict{
			Delivery: d.ID, State: state, Due: q.now.Add(5 * time.Minute), Charged: kind != data.KindServer && kind != data.KindUntouched,
			Outcome: data.Outcome{Kind: kind, Phase: data.PhaseDot, Code: 250, Sentence: "The server said " + string(kind) + "."},
		}
		for _, o := range options {
			o(&v)
		}
		r.Verdicts = append(r.Verdicts, v)
	}
	return r
}

func (q *queue) record(c *data.Claim, state data.State, kind data.Kind, options ...func(*data.Verdict)) {
	q.t.Helper()
	q.next(q.verdict(c, state, kind, options...), nil)
}

func (q *queue) deliveries(message int64) []data.Delivery {
	q.t.Helper()
	all, err := q.Deliveries(q.t.Context(), message)
	if err != nil {
		q.t.Fatal(err)
	}
	return all
}

// only is the one delivery of a message.
func (q *queue) only(message int64) data.Delivery {
	q.t.Helper()
	all := q.deliveries(message)
	if len(all) != 1 {
		q.t.Fatalf("message %d has %d deliveries", message, len(all))
	}
	return all[0]
}

func (q *queue) state(message int64, want data.State) data.Delivery {
	q.t.Helper()
	d := q.only(message)
	if d.State != want {
		q.t.Fatalf("message %d is %s (%s), want %s", message, d.State, d.Reason, want)
	}
	return d
}

func (q *queue) pace() int {
	q.t.Helper()
	p, err := q.Pace(q.t.Context())
	if err != nil {
		q.t.Fatal(err)
	}
	return p.Used
}

func (q *queue) used(server int) int64 {
	q.t.Helper()
	n, err := q.Used(q.t.Context(), server, q.now.Add(-24*time.Hour))
	if err != nil {
		q.t.Fatal(err)
	}
	return n
}

// number asks the database itself.
func (q *queue) number(query string, args ...any) (n int64) {
	q.t.Helper()
	err := q.View(q.t.Context(), func(tx *sql.Tx) error { return tx.QueryRow(query, args...).Scan(&n) })
	if err != nil {
		q.t.Fatal(err)
	}
	return n
}

func readers(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("reader%d@school.org", i)
	}
	return all
}

func counted(w *data.Want)  { w.Counted = true }
func deferred(w *data.Want) { w.Deferred = true }

func bodyOf(size int) []byte { return bytes.Repeat([]byte("0123456789abcde\r\n"), size/17+1)[:size] }
