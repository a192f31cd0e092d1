package store_test

import (
	"fmt"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// school is a queue with what a school's lists would bring.
type school struct{ *queue }

func newSchool(t *testing.T) *school { t.Helper(); return &school{newQueue(t)} }

// person is a patron as a list has it.
func person(key, first, last, group string) data.Patron {
	return data.Patron{Key: key, Card: "C" + key, First: first, Last: last, Group: group, Email: fmt.Sprintf("%s.%s@school.org", first, last), AutoOverdue: true}
}

func loanOf(owner *data.Patron, barcode, title string, due data.Date) data.Changed {
	return data.Changed{Owner: owner.Key, Is: &data.Loan{Key: data.LoanKey(owner.Key, barcode), Barcode: barcode, Title: title, Due: due, Price: "12.50"}}
}

func (l *school) today() data.Date { return data.DateOf(l.now.Local()) }

func (l *school) base() int64 {
	l.t.Helper()
	n, err := l.RosterRevision(l.t.Context())
	ok(l.t, err)
	return n
}

func (l *school) set(kind data.RosterKind) *data.ChangeSet {
	return &data.ChangeSet{Batch: &data.Batch{Kind: kind, File: string(kind) + ".csv", Complete: true, Taken: l.now}, Base: l.base()}
}

func (l *school) take(set *data.ChangeSet) data.ImportRecord {
	l.t.Helper()
	r, err := l.Import(l.t.Context(), set, nil)
	ok(l.t, err)
	return r
}

// people imports new patrons and gives them as they are kept.
func (l *school) people(all ...data.Patron) []data.Patron {
	l.t.Helper()
	set := l.set(data.RosterPatrons)
	for i := range all {
		set.New = append(set.New, data.Changed{After: &all[i], Row: i + 2})
	}
	l.take(set)
	kept := make([]data.Patron, len(all))
	r := l.roster()
	for i := range all {
		for j := range r.Patrons {
			if r.Patrons[j].Key == all[i].Key {
				kept[i] = r.Patrons[j]
			}
		}
	}
	return kept
}

// lend imports new loans.
func (l *school) lend(all ...data.Changed) data.ImportRecord {
	l.t.Helper()
	set := l.set(data.RosterLoans)
	set.New = all
	return l.take(set)
}

// back imports a list in which loans are missing.
func (l *school) back(all ...data.Loan) data.ImportRecord {
	l.t.Helper()
	set := l.set(data.RosterLoans)
	for i := range all {
		set.Gone = append(set.Gone, data.Changed{Was: &all[i]})
	}
	return l.take(set)
}

func (l *school) roster() *data.Roster {
	l.t.Helper()
	r, err := l.Roster(l.t.Context(), data.RosterQuery{WithLeft: true, Loans: true})
	ok(l.t, err)
	return r
}

func (l *school) patron(id int64) data.Patron {
	l.t.Helper()
	p, err := l.Patron(l.t.Context(), id)
	ok(l.t, err)
	return p
}

func (l *school) loans(patron int64) []data.Loan {
	l.t.Helper()
	all, err := l.Loans(l.t.Context(), patron, true)
	ok(l.t, err)
	return all
}

// names are those on a page.
func (l *school) names(q data.PatronQuery) []string {
	l.t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	page, err := l.Patrons(l.t.Context(), q)
	ok(l.t, err)
	names := make([]string, len(page))
	for i := range page {
		names[i] = page[i].Name()
	}
	return names
}

var november = data.NewDate(2026, time.November, 23)

// forget removes a message as the retention does.
func (l *school) forget(message int64) error {
	return l.Update(l.t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Exec(`DELETE FROM words WHERE rowid = ?`, message); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM message WHERE id = ?`, message)
		return err
	})
}

func (l *school) openCopy(path string) *store.Store {
	l.t.Helper()
	s, err := store.Open(l.t.Context(), path, store.Options{Now: func() time.Time { return l.now }})
	ok(l.t, err)
	return s
}
