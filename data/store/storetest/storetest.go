// Package storetest is in charge of a small library in a store of its own, for tests: people, lists of what they have at
// home, and a clock that stands until it is set.
package storetest

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// Library is a store with people in it.
type Library struct {
	*store.Store

	t   testing.TB
	mu  sync.Mutex
	now time.Time
}

// New makes an empty library whose clock stands at a moment. It ends with t.
func New(t testing.TB, at time.Time) *Library {
	t.Helper()
	l := &Library{t: t, now: at}
	var err error
	l.Store, err = store.Create(t.Context(), filepath.Join(t.TempDir(), "gateway.db"), store.Options{Now: l.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// On is the library in a store that is open already, as it is now.
func On(t testing.TB, s *store.Store) *Library {
	t.Helper()
	return &Library{t: t, Store: s, now: time.Now()}
}

// Now is the time in the library.
func (l *Library) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// Set sets the clock.
func (l *Library) Set(at time.Time) {
	l.mu.Lock()
	l.now = at
	l.mu.Unlock()
}

// Today is the day in the library.
func (l *Library) Today() data.Date { return data.DateOf(l.Now()) }

// Patron saves a person and gives the number.
func (l *Library) Patron(p data.Patron) int64 {
	l.t.Helper()
	id, err := l.SavePatron(l.t.Context(), p)
	if err != nil {
		l.t.Fatal(err)
	}
	return id
}

// Class takes in n pupils with an address each, kim0@school.org and so on, and gives their numbers.
func (l *Library) Class(n int) []int64 {
	l.t.Helper()
	base, err := l.RosterRevision(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	set := &data.ChangeSet{Base: base, Batch: &data.Batch{
		Kind: data.RosterPatrons, File: "patrons.csv", Taken: l.Now(), Rows: n,
		Known: map[string]bool{"key": true, "first": true, "last": true, "group": true, "email": true, "auto_overdue": true},
	}}
	for i := range n {
		set.New = append(set.New, data.Changed{After: &data.Patron{
			Key: fmt.Sprintf("K%d", i), First: "Kim", Last: fmt.Sprintf("Nr%05d", i), Group: "9C", Email: fmt.Sprintf("kim%d@school.org", i), AutoOverdue: true,
		}})
	}
	if _, err := l.Import(l.t.Context(), set, nil); err != nil {
		l.t.Fatal(err)
	}
	r, err := l.Roster(l.t.Context(), data.RosterQuery{Groups: []string{"9C"}})
	if err != nil {
		l.t.Fatal(err)
	}
	ids := make([]int64, len(r.Patrons))
	for i := range r.Patrons {
		ids[i] = r.Patrons[i].ID
	}
	return ids
}

// Lent is a complete list of loans, made just now: those not in it are back. Of each loan Patron, Key, Title and Due count.
func (l *Library) Lent(loans ...data.Loan) data.ImportRecord {
	l.t.Helper()
	ctx := l.t.Context()
	base, err := l.RosterRevision(ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	old, err := l.Roster(ctx, data.RosterQuery{WithLeft: true, Loans: true})
	if err != nil {
		l.t.Fatal(err)
	}
	known := make(map[string]data.Loan)
	for _, some := range old.Loans {
		for _, loan := range some {
			known[loan.Key] = loan
		}
	}
	set := &data.ChangeSet{Base: base, Batch: &data.Batch{
		Kind: data.RosterLoans, File: "loans.csv", Complete: true, Taken: l.Now(), Rows: len(loans),
		Known: map[string]bool{"loan": true, "title": true, "due": true},
	}}
	for _, loan := range loans {
		was, ok := known[loan.Key]
		delete(known, loan.Key)
		switch {
		case !ok:
			set.New = append(set.New, data.Changed{Is: &loan})
		case was.Due != loan.Due || was.Title != loan.Title:
			set.Changed = append(set.Changed, data.Changed{Was: &was, Is: &loan, What: []string{"due", "title"}})
		default:
			set.Same++
		}
	}
	for _, back := range known {
		set.Gone = append(set.Gone, data.Changed{Was: &back})
	}
	rec, err := l.Import(ctx, set, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	return rec
}

// Waiting are the messages that wait or are held, oldest first.
func (l *Library) Waiting() []data.Entry {
	l.t.Helper()
	return l.entries(data.Waiting, data.Held)
}

// In are the deliveries in one state, oldest first.
func (l *Library) In(state data.State) []data.Entry {
	l.t.Helper()
	return l.entries(state)
}

func (l *Library) entries(states ...data.State) []data.Entry {
	l.t.Helper()
	var all []data.Entry
	var before int64
	for {
		page, err := l.List(l.t.Context(), data.ListQuery{States: states, Before: before, Limit: 500})
		if err != nil {
			l.t.Fatal(err)
		}
		for _, e := range page {
			all = append([]data.Entry{e}, all...)
		}
		if len(page) < 500 {
			return all
		}
		before = page[len(page)-1].ID
	}
}
