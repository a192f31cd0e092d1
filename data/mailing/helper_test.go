package mailing_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store/storetest"
)

// library is a small school: three pupils, of whom the third has no address.
type library struct {
	*storetest.Library
	*mailing.Mailer

	t             *testing.T
	set           *data.Settings
	ada, ben, eve int64
}

// tuesday is 2026-11-24, half an hour after notices are due.
var tuesday = time.Date(2026, 11, 24, 7, 0, 0, 0, time.Local)

func newLibrary(t *testing.T, settings ...string) *library {
	t.Helper()
	l := &library{Library: storetest.New(t, tuesday), t: t}
	values := map[string]string{
		"server1.host": "mail.example.org", "from.address": "library@example.org", "from.name": "Library", "test_to": "me@example.org",
		"overdue.enabled": "true", "practice.letters": "false", "overdue.fresh_days": "60",
	}
	for i := 0; i < len(settings); i += 2 {
		values[settings[i]] = settings[i+1]
	}
	set, problems := data.ParseSettings(values)
	if problems.Wrong() {
		t.Fatal(problems)
	}
	l.set = &set
	if _, err := l.SaveSettings(t.Context(), map[string]string{"overdue.disclosure": string(set.Overdue.Disclosure)}, -1); err != nil {
		t.Fatal(err)
	}
	l.Mailer = mailing.New(mailing.Options{Store: l.Library, Now: l.Now})
	l.ada = l.Patron(data.Patron{
		Key: "A1", First: "Ada", Last: "Berg", Group: "7B", Email: "ada@school.org", AutoOverdue: true,
		Guardians: []data.Guardian{{Name: "Mona Berg", Email: "mona@home.org", Notices: true}, {Name: "Max Berg", Email: "max@home.org", Notices: true}},
	})
	l.ben = l.Patron(data.Patron{Key: "B1", First: "Ben", Last: "Cole", Group: "7B", Email: "ben@school.org", AutoOverdue: true})
	l.eve = l.Patron(data.Patron{Key: "E1", First: "Eve", Last: "Dunn", Group: "8A", AutoOverdue: true})
	if err := l.Approve(tuesday); err != nil {
		t.Fatal(err)
	}
	return l
}

// Approve says the first yes, so that a run goes out by itself.
func (l *library) Approve(at time.Time) error { return l.Store.Approve(l.t.Context(), at) }

// loan is one loan, due so many days after today.
func (l *library) loan(patron int64, key string, days int) data.Loan {
	return data.Loan{Patron: patron, Key: key, Title: "The book " + key, Due: l.Today() + data.Date(days)}
}

func (l *library) run(day data.Date) data.Run {
	l.t.Helper()
	r, err := l.Run(l.t.Context(), l.set, mailing.Order{Day: day})
	if err != nil {
		l.t.Fatal(err)
	}
	return r
}

func (l *library) recheck() mailing.Rechecked {
	l.t.Helper()
	r, err := l.Recheck(l.t.Context(), l.set)
	if err != nil {
		l.t.Fatal(err)
	}
	return r
}

// waiting are the recipients of what waits.
func (l *library) waiting() string {
	l.t.Helper()
	var to []string
	for _, e := range l.Waiting() {
		to = append(to, e.Recipient)
	}
	return strings.Join(to, " ")
}

// text is a whole message as it would leave.
func (l *library) text(message int64) string {
	l.t.Helper()
	e := l.entry(message)
	body, err := l.Body(l.t.Context(), e.Letter)
	if err != nil {
		l.t.Fatal(err)
	}
	r, err := body.Open()
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(r)
	if err != nil {
		l.t.Fatal(err)
	}
	return strings.NewReplacer("=\r\n", "").Replace(string(b))
}

// entry is a message in the queue.
func (l *library) entry(message int64) data.Entry {
	l.t.Helper()
	for _, e := range append(l.Waiting(), l.In(data.Cancelled)...) {
		if e.Message == message {
			return e
		}
	}
	l.t.Fatalf("there is no message %d", message)
	return data.Entry{}
}

// class makes n pupils with an address and an overdue loan each.
func (l *library) class(n int) []data.Loan {
	l.t.Helper()
	loans := make([]data.Loan, n)
	for i, id := range l.Class(n) {
		loans[i] = l.loan(id, fmt.Sprintf("k%d", i), -1)
	}
	return loans
}

// dying is a store whose program is killed at one of its calls.
type dying struct {
	mailing.Store

	left int // calls that still succeed
}

var errKilled = errors.New("killed")

func (d *dying) QueueLetters(ctx context.Context, all []data.Letter) ([]int64, error) {
	if d.left == 0 {
		return nil, errKilled
	}
	d.left--
	return d.Store.QueueLetters(ctx, all)
}
