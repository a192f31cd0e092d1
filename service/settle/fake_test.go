package settle_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/service/settle"
)

// queue is a store in memory. Each of its writes is one step at which the process may die: before it or after it.
type queue struct {
	messages map[int64]data.Message
	all      []data.Delivery
	origins  map[string]data.Origin
	mails    []*data.NewMessage
	lines    []data.JournalLine
	told     time.Time
	day      data.Day
	log      map[string]bool // daily logs by key

	steps int
	dieAt int  // step at which the process dies; 0: never
	after bool // after the step was done
}

var errDied = errors.New("died")

// step does one write, or dies before or after it.
func (q *queue) step(do func()) error {
	q.steps++
	if q.steps == q.dieAt && !q.after {
		return errDied
	}
	do()
	if q.steps == q.dieAt {
		return errDied
	}
	return nil
}

func (q *queue) Unsettled(_ context.Context, limit int) ([]data.Ended, error) {
	var ended []data.Ended
	for id := int64(1); id <= int64(len(q.messages)) && len(ended) < limit; id++ {
		e := data.Ended{Message: q.messages[id]}
		if o, ok, _ := q.OriginOf(context.Background(), id); ok {
			e.Origin = &o
		}
		untold := false
		for _, d := range q.all {
			switch {
			case d.Message != id:
			case d.State.Live():
				e.Open++
			case !d.Settled:
				e.Ended = append(e.Ended, d)
				untold = untold || d.State == data.Failed
			}
		}
		if len(e.Ended) > 0 && (untold || e.Open == 0) {
			ended = append(ended, e)
		}
	}
	return ended, nil
}

func (q *queue) Settle(_ context.Context, deliveries []int64, mails []*data.NewMessage, lines []data.JournalLine) error {
	return q.step(func() {
		for _, id := range deliveries {
			q.all[id-1].Settled = true
		}
		q.mails = append(q.mails, mails...)
		q.lines = append(q.lines, lines...)
	})
}

func (q *queue) Message(_ context.Context, id int64) (data.Message, error) {
	return q.messages[id], nil
}

func (q *queue) Header(_ context.Context, id int64) ([]byte, error) {
	return fmt.Appendf(nil, "From: library@school.org\r\nMessage-ID: <%d@school.org>\r\nSubject: s\r\n\r\n", id), nil
}

func (q *queue) Deliveries(_ context.Context, message int64) ([]data.Delivery, error) {
	var of []data.Delivery
	for _, d := range q.all {
		if d.Message == message {
			of = append(of, d)
		}
	}
	return of, nil
}

func (q *queue) Attempts(context.Context, int64) ([]data.Attempt, error) {
	return []data.Attempt{{Host: "mail.school.org:587", Started: time.Unix(1, 0)}}, nil
}

func (q *queue) OriginOf(_ context.Context, message int64) (data.Origin, bool, error) {
	for _, o := range q.origins {
		if o.Message == message {
			return o, true, nil
		}
	}
	return data.Origin{}, false, nil
}

func (q *queue) SaveOrigin(_ context.Context, o data.Origin) error {
	return q.step(func() { q.origins[o.Key] = o })
}

func (q *queue) OriginGone(_ context.Context, key string, at time.Time) error {
	return q.step(func() {
		if o, ok := q.origins[key]; ok {
			o.Gone = at
			q.origins[key] = o
		}
	})
}

func (q *queue) Accept(_ context.Context, m *data.NewMessage) (int64, error) {
	return 99, q.step(func() {
		if !q.log[m.Origin.Key] {
			q.log[m.Origin.Key] = true
			q.mails = append(q.mails, m)
		}
	})
}

func (q *queue) Note(_ context.Context, lines ...data.JournalLine) error {
	return q.step(func() { q.lines = append(q.lines, lines...) })
}

func (q *queue) Day(_ context.Context, from, to time.Time) (data.Day, error) {
	d := q.day
	d.From, d.To = from, to
	return d, nil
}

func (q *queue) LogTold(context.Context) (time.Time, error) { return q.told, nil }

func (q *queue) SetLogTold(_ context.Context, at time.Time) error {
	return q.step(func() { q.told = at })
}

// desk is a settler between a store in memory and a real folder.
type desk struct {
	*testing.T
	*queue
	dir      string
	settler  *settle.Settler
	settings data.Settings
	closed   bool // the folder cannot be reached
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{
		T: t, dir: filepath.Join(t.TempDir(), "email"), settings: data.DefaultSettings(),
		queue: &queue{messages: map[int64]data.Message{}, origins: map[string]data.Origin{}, log: map[string]bool{}},
	}
	d.settings.From = data.From{Address: "library@school.org", Name: "The Library"}
	d.must(os.Mkdir(d.dir, 0o770))
	d.start()
	return d
}

// start is what a start of the service does: nothing is remembered but the store.
func (d *desk) start() {
	d.dieAt = 0
	d.settler = settle.New(settle.Options{Store: d.queue, Now: time.Now, Open: func() (*os.Root, error) {
		if d.closed {
			return nil, os.ErrNotExist
		}
		return os.OpenRoot(d.dir)
	}})
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) there(name string) bool {
	_, err := os.Lstat(d.path(name))
	return err == nil
}

func (d *desk) text(name string) string {
	d.Helper()
	b, err := os.ReadFile(d.path(name))
	d.must(err)
	return string(b)
}

// message puts a message into the queue whose deliveries stand in the given states; name is its file, or empty.
func (d *desk) message(name string, states ...data.State) int64 {
	d.Helper()
	id := int64(len(d.messages) + 1)
	m := data.Message{ID: id, Class: data.ClassDropped, MessageID: fmt.Sprintf("<%d@school.org>", id), Sender: "library@school.org", File: name, Subject: "Overdue: Private Matters"}
	if name != "" {
		d.must(os.WriteFile(d.path(name), []byte("content of "+name), 0o660))
		f, err := os.Open(d.path(name))
		d.must(err)
		who, err := place.Identify(f)
		d.must(errors.Join(err, f.Close()))
		key := who.Seen() + "-" + strings.Repeat("00", 32)
		d.origins[key] = data.Origin{Key: key, Name: name, Message: id}
	}
	d.messages[id] = m
	for i, s := range states {
		row := data.Delivery{ID: int64(len(d.all) + 1), Message: id, Recipient: fmt.Sprintf("r%d.%d@school.org", id, i+1), State: s}
		if s == data.Failed {
			row.Reason, row.Remedy, row.Line, row.Code, row.Enhanced = "There is no such mailbox.", "Correct the address.", "550 5.1.1 no such user", 550, "5.1.1"
		}
		d.all = append(d.all, row)
	}
	return id
}

func (d *desk) settle() settle.Report {
	d.Helper()
	r, err := d.settler.Settle(context.Background(), d.settings, "pc.school.org")
	d.must(err)
	return r
}

// journal is what people can read, as one text.
func (d *desk) journal() string {
	var b strings.Builder
	for _, l := range d.lines {
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

// whole is a mail as it would be sent.
func whole(t *testing.T, m *data.NewMessage) string {
	t.Helper()
	b := bytes.NewBuffer(slices.Clone(m.Header))
	if m.Body != nil {
		content, err := io.ReadAll(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(content)
		m.Body = bytes.NewReader(content)
	}
	return b.String()
}

// body is the text of a mail as a person reads it.
func body(t *testing.T, m *data.NewMessage) string {
	t.Helper()
	parsed, err := mail.ReadMessage(strings.NewReader(whole(t, m)))
	if err != nil {
		t.Fatal(err)
	}
	r := parsed.Body
	switch strings.ToLower(parsed.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
