package store_test

import (
	"fmt"
	"strings"
	"testing"

	"smtpgateway/data"
)

func TestSavePatron(t *testing.T) {
	l := newSchool(t)
	p := person("P1", "Anna", "Berg", "5A")
	id, err := l.SavePatron(t.Context(), p)
	ok(t, err)
	t.Run("a new one is found at once", func(t *testing.T) {
		now := l.patron(id)
		wantEqual(t, "name", now.Name(), "Anna Berg")
		wantEqual(t, "list", fmt.Sprint(l.names(data.PatronQuery{Search: "anna"})), "[Anna Berg]")
	})
	t.Run("a change is written whole, and the timeline names it", func(t *testing.T) {
		p := l.patron(id)
		p.Last, p.Email, p.Guardians = "Weiß", "", []data.Guardian{{Name: "Ida", Email: "ida@home.org"}}
		_, err := l.SavePatron(t.Context(), p)
		ok(t, err)
		now := l.patron(id)
		wantEqual(t, "name", now.Name(), "Anna Weiß")
		wantEqual(t, "guardians", len(now.Guardians), 1)
		wantEqual(t, "event", l.number(`SELECT count(*) FROM patron_event WHERE patron = ? AND text = 'Changed by hand: name, e-mail, guardians.'`, id), 1)
		wantEqual(t, "old name", len(l.names(data.PatronQuery{Search: "berg"})), 0)
		wantEqual(t, "guardian's address that is not for notices", fmt.Sprint(l.names(data.PatronQuery{Filter: data.FilterNoAddress})), "[Anna Weiß]")
	})
	t.Run("a key that another one has is refused, whatever its case", func(t *testing.T) {
		_, err := l.SavePatron(t.Context(), data.Patron{Key: "p1", First: "Ole"})
		wantCode(t, err, data.CodeConflict)
		other, err := l.SavePatron(t.Context(), data.Patron{Key: "P2", First: "Ole"})
		ok(t, err)
		_, err = l.SavePatron(t.Context(), data.Patron{ID: other, Key: "p1", First: "Ole"})
		wantCode(t, err, data.CodeConflict)
	})
	t.Run("nothing changed is no change", func(t *testing.T) {
		revision, events := l.base(), l.number(`SELECT count(*) FROM patron_event`)
		_, err := l.SavePatron(t.Context(), l.patron(id))
		ok(t, err)
		wantEqual(t, "events", l.number(`SELECT count(*) FROM patron_event`), events)
		wantEqual(t, "revision", l.base(), revision)
	})
	t.Run("without key, name or with what is no address it is refused", func(t *testing.T) {
		_, err := l.SavePatron(t.Context(), data.Patron{First: "Ole"})
		wantCode(t, err, data.CodeUsage)
		_, err = l.SavePatron(t.Context(), data.Patron{Key: "P7"})
		wantCode(t, err, data.CodeUsage)
		_, err = l.SavePatron(t.Context(), data.Patron{Key: "P7", First: "Ole", Email: "ole at home"})
		wantCode(t, err, data.CodeBadAddress)
		_, err = l.SavePatron(t.Context(), data.Patron{ID: 4711, Key: "P7", First: "Ole"})
		wantCode(t, err, data.CodeNotFound)
	})
	t.Run("signs that systems part their fields with do no harm", func(t *testing.T) {
		_, err := l.SavePatron(t.Context(), data.Patron{Key: "P8", First: "Odd\x1eName", Last: "With\x1fSigns\nin", Group: "7\x1fC", Address: "A\nB"})
		ok(t, err)
		r, err := l.Roster(t.Context(), data.RosterQuery{Groups: []string{"7\x1fC"}})
		ok(t, err)
		wantEqual(t, "first name", r.Patrons[0].First, "Odd Name")
		wantEqual(t, "address", r.Patrons[0].Address, "A\nB")
		wantEqual(t, "found", len(l.names(data.PatronQuery{Search: "signs odd"})), 1)
		wantEqual(t, "in the group", len(l.names(data.PatronQuery{Group: "7\x1fC"})), 1)
	})
}

func TestHold(t *testing.T) {
	l, all, loans := lent(t)
	t.Run("of a patron it ends by itself after its day", func(t *testing.T) {
		ok(t, l.HoldPatron(t.Context(), all[0].ID, november+3, "ill"))
		p := l.patron(all[0].ID)
		wantEqual(t, "on the day", p.Held(november+3), true)
		wantEqual(t, "the day after", p.Held(november+4), false)
		wantEqual(t, "list", fmt.Sprint(l.names(data.PatronQuery{Filter: data.FilterHeld, Today: november + 3})), "[Anna Berg]")
		wantEqual(t, "list after", len(l.names(data.PatronQuery{Filter: data.FilterHeld, Today: november + 4})), 0)
		wantEqual(t, "in the roster", l.roster().Patrons[0].HoldReason, "ill")
	})
	t.Run("it can be lifted", func(t *testing.T) {
		ok(t, l.HoldPatron(t.Context(), all[0].ID, 0, ""))
		p := l.patron(all[0].ID)
		wantEqual(t, "held", p.Held(november), false)
		wantEqual(t, "reason", p.HoldReason, "")
	})
	t.Run("of a loan it names the loan in the timeline", func(t *testing.T) {
		ok(t, l.HoldLoan(t.Context(), loans[0].ID, november+1, "says returned"))
		now := l.loans(all[0].ID)[0]
		wantEqual(t, "held", now.Held(november+1) && !now.Held(november+2), true)
		wantEqual(t, "event", l.number(`SELECT count(*) FROM patron_event WHERE patron = ? AND text LIKE '%"Emil"%says returned'`, all[0].ID), 1)
		wantEqual(t, "in the roster", l.roster().Loans[all[0].ID][0].HoldReason, "says returned")
	})
	t.Run("of who or what is gone it is refused", func(t *testing.T) {
		wantCode(t, l.HoldPatron(t.Context(), 4711, november, ""), data.CodeNotFound)
		wantCode(t, l.HoldLoan(t.Context(), 4711, november, ""), data.CodeNotFound)
	})
}

func TestMappings(t *testing.T) {
	l := newSchool(t)
	m := data.Mapping{Name: "Koha", Kind: data.RosterLoans, Columns: map[string]string{"duedate": "due"}, Dates: map[string]string{"duedate": "dmy"}, Complete: true}
	ok(t, l.SaveMapping(t.Context(), m))
	m.Kind = data.RosterPatrons
	ok(t, l.SaveMapping(t.Context(), m))
	m.Columns = map[string]string{"surname": "last"}
	ok(t, l.SaveMapping(t.Context(), m))
	all, err := l.Mappings(t.Context())
	ok(t, err)
	t.Run("they are kept by name and kind", func(t *testing.T) {
		wantEqual(t, "mappings", len(all), 2)
		wantEqual(t, "loans", all[0].Columns["duedate"]+all[0].Dates["duedate"], "duedmy")
		wantEqual(t, "patrons", all[1].Columns["surname"], "last")
		wantEqual(t, "saved", all[1].Saved.IsZero(), false)
	})
	t.Run("one is forgotten, the other not", func(t *testing.T) {
		ok(t, l.DeleteMapping(t.Context(), "Koha", data.RosterLoans))
		wantCode(t, l.DeleteMapping(t.Context(), "Koha", data.RosterLoans), data.CodeNotFound)
		all, err := l.Mappings(t.Context())
		ok(t, err)
		wantEqual(t, "mappings", len(all), 1)
	})
	t.Run("one without a name is refused", func(t *testing.T) {
		wantCode(t, l.SaveMapping(t.Context(), data.Mapping{Name: " "}), data.CodeUsage)
	})
}

func TestRoster(t *testing.T) {
	l, all, _ := lent(t)
	ask := func(q data.RosterQuery) string {
		t.Helper()
		q.Loans = true
		r, err := l.Roster(t.Context(), q)
		ok(t, err)
		var b strings.Builder
		for i := range r.Patrons {
			fmt.Fprintf(&b, "%s:", r.Patrons[i].First)
			for _, loan := range r.Loans[r.Patrons[i].ID] {
				fmt.Fprintf(&b, " %s", loan.Title)
			}
			b.WriteString(";")
		}
		return b.String()
	}
	t.Run("all loans come along, earliest due first", func(t *testing.T) {
		wantEqual(t, "all", ask(data.RosterQuery{}), "Anna: Emil Momo;Ole: Krabat;")
	})
	t.Run("days choose the people, not their loans", func(t *testing.T) {
		wantEqual(t, "one day", ask(data.RosterQuery{DueFrom: november + 9, DueTo: november + 9}), "Anna: Emil Momo;")
		wantEqual(t, "from a day", ask(data.RosterQuery{DueFrom: november + 10}), "")
		wantEqual(t, "up to a day", ask(data.RosterQuery{DueTo: november - 20}), "Ole: Krabat;")
	})
	t.Run("numbers and groups choose people", func(t *testing.T) {
		wantEqual(t, "number", ask(data.RosterQuery{Patrons: []int64{all[1].ID}}), "Ole: Krabat;")
		wantEqual(t, "nobody", ask(data.RosterQuery{Patrons: []int64{}}), "")
		wantEqual(t, "group", ask(data.RosterQuery{Groups: []string{"5A", "9Z"}}), "Anna: Emil Momo;")
	})
	t.Run("who left, and what came back, is not in it", func(t *testing.T) {
		set := l.set(data.RosterPatrons)
		set.Gone = []data.Changed{{Before: &all[0]}}
		l.take(set)
		l.back(l.loans(all[1].ID)...)
		wantEqual(t, "there", ask(data.RosterQuery{}), "Ole:;")
		wantEqual(t, "with those who left", ask(data.RosterQuery{WithLeft: true}), "Anna: Emil Momo;Ole:;")
	})
	t.Run("counts say the same", func(t *testing.T) {
		c, err := l.PatronCounts(t.Context(), november)
		ok(t, err)
		wantEqual(t, "counts", c, data.PatronCounts{Patrons: 1, Loans: 2, Overdue: 1, Left: 1})
		groups, err := l.Groups(t.Context())
		ok(t, err)
		wantEqual(t, "groups", fmt.Sprint(groups), "[{6B 1}]")
	})
}
