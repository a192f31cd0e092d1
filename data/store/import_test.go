package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"smtpgateway/data"
)

// letter queues a letter about loans of a patron and gives its number.
func (l *school) letter(p *data.Patron, loans ...string) int64 {
	l.t.Helper()
	m := newMessage(class(data.ClassLetter), to(p.Email))
	m.Door = data.DoorLetter
	ids, err := l.QueueLetters(l.t.Context(), []data.Letter{{Message: m, Patron: p.ID, Loans: loans, Letter: "overdue-first", Role: data.RolePatron}})
	ok(l.t, err)
	return ids[0]
}

// notice queues a notice of a run about a loan and gives its number.
func (l *school) notice(p *data.Patron, loan data.Loan) int64 {
	l.t.Helper()
	m := newMessage(class(data.ClassNotice), to(p.Email))
	m.Door = data.DoorNotice
	key := data.NoticeKey{Loan: loan.Key, Due: loan.Due, Stage: "+3", Role: data.RolePatron}
	ids, err := l.QueueLetters(l.t.Context(), []data.Letter{{
		Message: m, Patron: p.ID, Run: 1, Loans: []string{key.Loan}, Notices: []data.NoticeKey{key}, Letter: "overdue-second", Role: data.RolePatron,
	}})
	ok(l.t, err)
	return ids[0]
}

// lent is a school where Anna has two books and Ole one.
func lent(t *testing.T) (*school, []data.Patron, []data.Loan) {
	t.Helper()
	l := newSchool(t)
	all := l.people(person("P1", "Anna", "Berg", "5A"), person("P2", "Ole", "Ek", "6B"))
	l.pass(time.Hour)
	l.lend(loanOf(&all[0], "b1", "Emil", november-3), loanOf(&all[0], "b2", "Momo", november+9), loanOf(&all[1], "b3", "Krabat", november-20))
	return l, all, slices.Concat(l.loans(all[0].ID), l.loans(all[1].ID))
}

func TestImport(t *testing.T) {
	t.Run("a set made before something else changed is refused and changes nothing", func(t *testing.T) {
		l := newSchool(t)
		old := l.set(data.RosterPatrons)
		p := person("P1", "Anna", "Berg", "5A")
		old.New = []data.Changed{{After: &p}}
		l.people(person("P9", "Ole", "Ek", "6B"))
		_, err := l.Import(t.Context(), old, nil)
		wantCode(t, err, data.CodeConflict)
		wantEqual(t, "patrons", l.number(`SELECT count(*) FROM patron`), 1)
		wantEqual(t, "imports", l.number(`SELECT count(*) FROM import`), 1)
	})
	t.Run("a file of the folder for lists is taken in once, also when that was undone, and is found again", func(t *testing.T) {
		l := newSchool(t)
		p := person("P1", "Anna", "Berg", "5A")
		l.people(p)
		if _, was, err := l.ImportByItself(t.Context()); was || err != nil {
			t.Fatal(was, err)
		}
		night := func() *data.ChangeSet {
			set := l.set(data.RosterPatrons)
			set.Batch.Origin = "a file"
			return set
		}
		done := l.take(night())
		again := func() {
			t.Helper()
			_, err := l.Import(t.Context(), night(), nil)
			wantCode(t, err, data.CodeConflict)
			if r, was, err := l.ImportOf(t.Context(), "a file"); err != nil || !was || r.ID != done.ID || r.Origin != "a file" {
				t.Fatal(r, was, err)
			}
		}
		again()
		l.people(p) // by a person, who may take in what they like
		last, was, err := l.ImportByItself(t.Context())
		if err != nil || !was || last.ID != done.ID {
			t.Fatal(last, was, err)
		}
		for range 2 {
			_, err = l.UndoImport(t.Context(), data.RosterPatrons)
		}
		wantCode(t, err, data.CodeNotNow) // what undoing the one before the last needs is gone
		again()
		if _, was, err := l.ImportOf(t.Context(), ""); was || err != nil {
			t.Fatal(was, err)
		}
	})
	t.Run("stopped in the middle it leaves everything as it was", func(t *testing.T) {
		l, all, _ := lent(t)
		before, revision := l.roster(), l.base()
		set := l.set(data.RosterPatrons)
		for i := range 2000 {
			p := person(fmt.Sprintf("N%d", i), "New", fmt.Sprint("Comer", i), "7C")
			set.New = append(set.New, data.Changed{After: &p})
		}
		set.Gone = []data.Changed{{Before: &all[0]}}
		ctx, stop := context.WithCancel(t.Context())
		_, err := l.Import(ctx, set, func(done, total int) {
			wantEqual(t, "total", total, 2001)
			if done >= 1000 {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		if now := l.roster(); !reflect.DeepEqual(now, before) {
			t.Errorf("got %v, want %v", now, before)
		}
		wantEqual(t, "revision", l.base(), revision)
		wantEqual(t, "names", len(l.names(data.PatronQuery{Search: "comer"})), 0)
	})
	t.Run("what the list does not speak of stays", func(t *testing.T) {
		l := newSchool(t)
		p := person("P1", "Anna", "Berg", "5A")
		p.Guardians, p.Language, p.Level = []data.Guardian{{Name: "Ida", Email: "ida@home.org", Notices: true}}, "fr", "5"
		was := l.people(p)[0]
		ok(t, l.HoldPatron(t.Context(), was.ID, november+7, "ill"))
		set := l.set(data.RosterAddresses)
		set.Batch.Known = map[string]bool{"card": true, "email": true}
		set.Changed = []data.Changed{{Before: &was, After: &data.Patron{Key: "P1", Card: "CP1", Email: "anna@new.org"}}}
		l.take(set)
		now := l.patron(was.ID)
		wantEqual(t, "address", now.Email, "anna@new.org")
		now.Email, now.Changed, was.Changed = was.Email, time.Time{}, time.Time{}
		was.HoldUntil, was.HoldReason = november+7, "ill"
		if !reflect.DeepEqual(now, was) {
			t.Errorf("got %+v, want %+v", now, was)
		}
	})
	t.Run("who is missing has left, and who comes back is there again", func(t *testing.T) {
		l, all, _ := lent(t)
		set := l.set(data.RosterPatrons)
		set.Gone = []data.Changed{{Before: &all[0]}}
		wantEqual(t, "gone", l.take(set).Gone, 1)
		gone := l.patron(all[0].ID)
		wantEqual(t, "left", gone.Left, l.today())
		wantEqual(t, "list", fmt.Sprint(l.names(data.PatronQuery{})), "[Ole Ek]")
		wantEqual(t, "found", fmt.Sprint(l.names(data.PatronQuery{Search: "anna"})), "[Anna Berg]")
		wantEqual(t, "left ones", fmt.Sprint(l.names(data.PatronQuery{Filter: data.FilterLeft})), "[Anna Berg]")
		set = l.set(data.RosterPatrons)
		set.Changed = []data.Changed{{Before: &gone, After: &gone}}
		l.take(set)
		wantEqual(t, "left", l.patron(gone.ID).Left, 0)
	})
	t.Run("a loan that is here again is the same loan and keeps its hold", func(t *testing.T) {
		l, all, loans := lent(t)
		ok(t, l.HoldLoan(t.Context(), loans[0].ID, november+2, "says returned"))
		l.back(loans[0])
		if l.loans(all[0].ID)[1].Returned.IsZero() {
			t.Fatal("it is still out")
		}
		r := l.lend(loanOf(&all[0], "b1", "Emil", november+14))
		wantEqual(t, "new", r.New, 1)
		now := l.loans(all[0].ID)
		wantEqual(t, "loans", len(now), 2)
		again := now[1]
		wantEqual(t, "number", again.ID, loans[0].ID)
		wantEqual(t, "due", again.Due, november+14)
		wantEqual(t, "hold", again.HoldUntil, november+2)
		wantEqual(t, "back", again.Returned.IsZero(), true)
	})
	t.Run("a loan that came back cancels its letter, one still out keeps it", func(t *testing.T) {
		l, all, loans := lent(t)
		only, both, free := l.letter(&all[0], loans[0].Key), l.letter(&all[0], loans[0].Key, loans[1].Key), l.letter(&all[0])
		other := l.letter(&all[1], loans[2].Key)
		l.pass(time.Hour)
		wantEqual(t, "cancelled", l.back(loans[0]).Notices, 1)
		l.state(only, data.Cancelled)
		for _, m := range []int64{both, free, other} {
			l.state(m, data.Waiting)
		}
		wantEqual(t, "cancelled later", l.back(loans[1]).Notices, 1)
		l.state(both, data.Cancelled)
		l.state(free, data.Waiting)
	})
	t.Run("a notice that was cancelled and never sent is told again when its loan is here again", func(t *testing.T) {
		l, all, loans := lent(t)
		var messages []int64
		for i := range 2 {
			m := newMessage(class(data.ClassNotice), to(all[0].Email))
			key := data.NoticeKey{Loan: loans[i].Key, Due: loans[i].Due, Stage: "+3", Role: data.RolePatron}
			ids, err := l.QueueLetters(t.Context(), []data.Letter{{Message: m, Patron: all[0].ID, Loans: []string{key.Loan}, Notices: []data.NoticeKey{key}, Role: data.RolePatron}})
			ok(t, err)
			messages = append(messages, ids...)
		}
		l.record(l.claim(func(w *data.Want) { w.Message = messages[1] }), data.Sent, data.KindSent)
		l.back(loans[0], loans[1])
		l.state(messages[0], data.Cancelled)
		wantEqual(t, "told", l.number(`SELECT count(*) FROM ledger`), 2)
		l.lend(loanOf(&all[0], "b1", "Emil", november-3), loanOf(&all[0], "b2", "Momo", november+9))
		wantEqual(t, "told of the one", l.number(`SELECT count(*) FROM ledger WHERE loan = ?`, loans[0].Key), 0)
		wantEqual(t, "told of the other", l.number(`SELECT count(*) FROM ledger WHERE loan = ?`, loans[1].Key), 1)
	})
	t.Run("a notice that ended with its patron's place in the list is told again when the patron is back", func(t *testing.T) {
		told := func(l *school, message int64) int64 {
			return l.number(`SELECT count(*) FROM ledger WHERE message = ?`, message)
		}
		for name, change := range map[string]func(set *data.ChangeSet, p *data.Patron){
			"left": func(set *data.ChangeSet, p *data.Patron) { set.Gone = []data.Changed{{Before: p}} },
			"off": func(set *data.ChangeSet, p *data.Patron) {
				off := *p
				off.AutoOverdue = false
				set.Changed = []data.Changed{{Before: p, After: &off}}
			},
		} {
			l, all, loans := lent(t)
			sent, waits := l.notice(&all[0], loans[0]), l.notice(&all[0], loans[1])
			other := l.notice(&all[1], loans[2])
			l.record(l.claim(func(w *data.Want) { w.Message = sent }), data.Sent, data.KindSent)
			was := all[0]
			set := l.set(data.RosterPatrons)
			change(set, &was)
			l.take(set)
			l.state(waits, data.Cancelled)
			wantEqual(t, name+": told", told(l, waits), 1)
			now := l.patron(was.ID)
			set = l.set(data.RosterPatrons)
			set.Changed = []data.Changed{{Before: &now, After: &was}}
			l.take(set)
			wantEqual(t, name+": told of what ended", told(l, waits), 0)
			wantEqual(t, name+": told of what was sent", told(l, sent), 1)
			wantEqual(t, name+": told of another patron", told(l, other), 1)
		}
	})
	t.Run("twice the same key counts once", func(t *testing.T) {
		l, all, _ := lent(t)
		double := loanOf(&all[1], "b9", "Ronja", november)
		r := l.lend(double, double)
		wantEqual(t, "new", r.New, 1)
		wantEqual(t, "same", r.Same, 1)
	})
	t.Run("a list in which nothing changed says how fresh it is", func(t *testing.T) {
		l, _, _ := lent(t)
		revision := l.base()
		set := l.set(data.RosterLoans)
		set.Batch.Taken, set.Same, set.Batch.Mapping.Name = l.now.Add(-time.Hour), 3, "Koha"
		l.take(set)
		last, there, err := l.LastImport(t.Context(), data.RosterLoans)
		ok(t, err)
		wantEqual(t, "there", there, true)
		wantEqual(t, "taken", last.Taken.Equal(l.now.Add(-time.Hour)), true)
		wantEqual(t, "mapping", last.Mapping, "Koha")
		wantEqual(t, "same", last.Same, 3)
		wantEqual(t, "revision", l.base(), revision)
	})
	t.Run("only what matters for notices stands in the timeline", func(t *testing.T) {
		l, all, _ := lent(t)
		set := l.set(data.RosterPatrons)
		class, address := all[0], all[1]
		class.Group, address.Email = "6A", "ole@new.org"
		set.Changed = []data.Changed{{Before: &all[0], After: &class}, {Before: &all[1], After: &address}}
		l.take(set)
		wantEqual(t, "events", l.number(`SELECT count(*) FROM patron_event`), 1)
		wantEqual(t, "of the address", l.number(`SELECT count(*) FROM patron_event WHERE patron = ? AND text LIKE '%e-mail%'`, address.ID), 1)
	})
}

func TestUndoImport(t *testing.T) {
	t.Run("letters it cancelled wait again, the ledger untouched", func(t *testing.T) {
		l, all, loans := lent(t)
		m := l.letter(&all[0], loans[0].Key)
		was := l.only(m)
		l.pass(time.Hour)
		l.back(loans[0])
		l.pass(time.Hour)
		r, err := l.UndoImport(t.Context(), data.RosterLoans)
		ok(t, err)
		wantEqual(t, "kept", r.Kept, 0)
		if now := l.only(m); now != was {
			t.Errorf("got %+v, want %+v", now, was)
		}
		wantEqual(t, "back", l.loans(all[0].ID)[0].Returned.IsZero(), true)
	})
	t.Run("letters of patrons a list dropped or switched off end with it, and wait again", func(t *testing.T) {
		l, all, loans := lent(t)
		letter := l.letter(&all[0], loans[0].Key)
		notice := l.notice(&all[1], loans[2])
		off := all[1]
		off.AutoOverdue = false
		set := l.set(data.RosterPatrons)
		set.Gone = []data.Changed{{Before: &all[0]}}
		set.Changed = []data.Changed{{Before: &all[1], After: &off}}
		wantEqual(t, "cancelled", l.take(set).Notices, 2)
		l.state(letter, data.Cancelled)
		l.state(notice, data.Cancelled)
		r, err := l.UndoImport(t.Context(), data.RosterPatrons)
		ok(t, err)
		wantEqual(t, "kept", r.Kept, 0)
		l.state(letter, data.Waiting)
		l.state(notice, data.Waiting)
		wantEqual(t, "told", l.number(`SELECT count(*) FROM ledger WHERE message = ?`, notice), int64(1))
		stale, err := l.StaleLetters(t.Context(), l.today())
		ok(t, err)
		wantEqual(t, "stale", len(stale), 0)
	})
	t.Run("a letter somebody touched since stays as it is", func(t *testing.T) {
		l, all, loans := lent(t)
		m := l.letter(&all[0], loans[0].Key)
		l.back(loans[0])
		l.pass(time.Hour)
		_, err := l.Retry(t.Context(), []int64{l.only(m).ID}, "Sent again by hand.")
		ok(t, err)
		r, err := l.UndoImport(t.Context(), data.RosterLoans)
		ok(t, err)
		wantEqual(t, "kept", r.Kept, 1)
		wantEqual(t, "reason", l.state(m, data.Waiting).Reason, "Sent again by hand.")
	})
	t.Run("people with loans, edited or held by now stay", func(t *testing.T) {
		l := newSchool(t)
		all := l.people(person("P1", "Anna", "Berg", ""), person("P2", "Ole", "Ek", ""), person("P3", "Ida", "Ung", ""), person("P4", "Max", "Ohm", ""))
		l.lend(loanOf(&all[0], "b1", "Emil", november))
		all[1].Email = "ole@new.org"
		_, err := l.SavePatron(t.Context(), all[1])
		ok(t, err)
		ok(t, l.HoldPatron(t.Context(), all[2].ID, november, ""))
		r, err := l.UndoImport(t.Context(), data.RosterPatrons)
		ok(t, err)
		wantEqual(t, "kept", r.Kept, 3)
		wantEqual(t, "left over", fmt.Sprint(l.names(data.PatronQuery{})), "[Anna Berg Ole Ek Ida Ung]")
	})
	t.Run("a change made by hand since stays", func(t *testing.T) {
		l, all, _ := lent(t)
		set := l.set(data.RosterPatrons)
		after := all[0]
		after.Group = "6A"
		set.Changed = []data.Changed{{Before: &all[0], After: &after}}
		l.take(set)
		after = l.patron(after.ID)
		after.First = "Anne"
		_, err := l.SavePatron(t.Context(), after)
		ok(t, err)
		r, err := l.UndoImport(t.Context(), data.RosterPatrons)
		ok(t, err)
		wantEqual(t, "kept", r.Kept, 1)
		wantEqual(t, "group", l.patron(after.ID).Group, "6A")
	})
	t.Run("only the last one of a kind can be undone, and once", func(t *testing.T) {
		l, all, loans := lent(t)
		l.back(loans[0])
		_, err := l.UndoImport(t.Context(), data.RosterLoans)
		ok(t, err)
		_, err = l.UndoImport(t.Context(), data.RosterLoans)
		wantCode(t, err, data.CodeNotNow)
		_, err = l.UndoImport(t.Context(), data.RosterAddresses)
		wantCode(t, err, data.CodeNotNow)
		wantEqual(t, "loans", len(l.loans(all[0].ID)), 2)
		records, err := l.Imports(t.Context(), 10)
		ok(t, err)
		wantEqual(t, "imports", len(records), 3)
		wantEqual(t, "undone", !records[0].Undone.IsZero() && !records[0].Undoable, true)
		wantEqual(t, "patrons undoable", records[2].Undoable, true)
	})
	t.Run("lists in any order, taken back, leave what was there", func(t *testing.T) {
		for seed := range uint64(30) {
			anyLists(t, seed)
		}
	})
}

// anyLists imports made-up lists, and takes each third back at once.
func anyLists(t *testing.T, seed uint64) {
	t.Helper()
	l := newSchool(t)
	defer func() { _ = l.Close() }()
	r := rand.New(rand.NewPCG(seed, 7))
	for step := range 14 {
		l.pass(time.Minute)
		before, list := l.roster(), l.names(data.PatronQuery{Limit: 500})
		returned := l.number(`SELECT coalesce(sum(id * 31 + due), 0) FROM loan WHERE returned_at <> 0`)
		kind := data.RosterPatrons
		set := l.set(kind)
		if r.IntN(2) == 0 && len(before.Patrons) > 0 {
			kind = data.RosterLoans
			set = l.set(kind)
			someLoans(r, set, before, step)
		} else {
			somePeople(r, set, before, step)
		}
		l.take(set)
		if r.IntN(3) > 0 {
			continue
		}
		l.pass(time.Minute)
		record, err := l.UndoImport(t.Context(), kind)
		ok(t, err)
		wantEqual(t, "kept", record.Kept, 0)
		if now := l.roster(); !reflect.DeepEqual(now, before) {
			t.Fatalf("seed %d, step %d, %s:\n got %+v\nwant %+v", seed, step, kind, now, before)
		}
		if now := l.names(data.PatronQuery{Limit: 500}); !slices.Equal(now, list) {
			t.Fatalf("seed %d, step %d: the list shows %q, want %q", seed, step, now, list)
		}
		wantEqual(t, "returned", l.number(`SELECT coalesce(sum(id * 31 + due), 0) FROM loan WHERE returned_at <> 0`), returned)
	}
}

func somePeople(r *rand.Rand, set *data.ChangeSet, now *data.Roster, step int) {
	for i := range r.IntN(6) {
		p := person(fmt.Sprintf("K%d-%d", step, i), fmt.Sprint("F", r.IntN(50)), fmt.Sprint("L", r.IntN(50)), fmt.Sprint(r.IntN(4)))
		for range r.IntN(3) {
			p.Guardians = append(p.Guardians, data.Guardian{Name: fmt.Sprint("G", r.IntN(9)), Email: fmt.Sprintf("g%d@home.org", r.IntN(99)), Notices: r.IntN(2) == 0})
		}
		set.New = append(set.New, data.Changed{After: &p})
	}
	for i := range now.Patrons {
		p := &now.Patrons[i]
		switch after := *p; r.IntN(4) {
		case 0:
			after.Last, after.Email, after.AutoOverdue = fmt.Sprint("L", r.IntN(50)), fmt.Sprintf("n%d@school.org", r.IntN(99)), r.IntN(2) == 0
			after.Guardians = nil
			set.Changed = append(set.Changed, data.Changed{Before: p, After: &after})
		case 1:
			if p.Left == 0 {
				set.Gone = append(set.Gone, data.Changed{Before: p})
			}
		}
	}
}

func someLoans(r *rand.Rand, set *data.ChangeSet, now *data.Roster, step int) {
	for i := range r.IntN(60) {
		p := &now.Patrons[r.IntN(len(now.Patrons))]
		c := loanOf(p, fmt.Sprint("b", r.IntN(30)), fmt.Sprint("T", step, i), november+data.Date(r.IntN(40)-20))
		if !slices.ContainsFunc(now.Loans[p.ID], func(l data.Loan) bool { return l.Key == c.Is.Key }) {
			set.New = append(set.New, c)
		}
	}
	for _, p := range now.Patrons {
		for i := range now.Loans[p.ID] {
			was := &now.Loans[p.ID][i]
			switch is := *was; r.IntN(4) {
			case 0:
				is.Due, is.Title = was.Due+14, "Renewed"
				set.Changed = append(set.Changed, data.Changed{Was: was, Is: &is, Owner: p.Key})
			case 1:
				set.Gone = append(set.Gone, data.Changed{Was: was, Owner: p.Key})
			}
		}
	}
}
