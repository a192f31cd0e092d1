package screen_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// schoolMorning is what the clock shows in a small school.
var schoolMorning = time.Date(2026, 11, 24, 10, 42, 0, 0, time.UTC)

func smallSchool(t *testing.T) *screentest.Bench {
	t.Helper()
	b := screentest.New(t)
	b.SetClock(schoolMorning)
	b.School(data.DateOf(schoolMorning))
	b.Look()
	return b
}

func patronList(t *testing.T, b *screentest.Bench) *screen.Patrons {
	t.Helper()
	p := screen.NewPatrons(b.Desk)
	p.Refresh(screen.Change{})
	b.Settle()
	if e := p.Problem(); e != nil {
		t.Fatal(e)
	}
	return p
}

func names(p *screen.Patrons) string {
	var all []string
	for i := range p.Len() {
		all = append(all, p.Row(i).Name)
	}
	return strings.Join(all, "; ")
}

func TestPatrons(t *testing.T) {
	t.Run("an empty list says what it is for and what to do", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		p := patronList(t, b)
		what, next := p.Empty()
		if !p.Nobody() || what != "No patrons yet." || next != "Import the list your library system exports." || p.Counts() != "" {
			t.Error(p.Nobody(), what, next, p.Counts())
		}
	})
	t.Run("people stand in the order of their last names, accents aside", func(t *testing.T) {
		p := patronList(t, smallSchool(t))
		if got := names(p); got != "Ängström, Dan; Fennimore, Ada; Li, Eve; Marsh, Cleo; Okoro, Ben; Porter, Fay" {
			t.Error(got)
		}
	})
	t.Run("a line says where mail goes, what is out and whether notices are on", func(t *testing.T) {
		p := patronList(t, smallSchool(t))
		for i, want := range []screen.PatronRow{
			{Name: "Ängström, Dan", Group: "8A", Level: "8", Address: "guardian: angstrom@home.test", Notices: "on", On: true},
			{Name: "Fennimore, Ada", Group: "7B", Level: "7", Address: "ada@school.test", Loans: "2, 1 overdue", Late: true, Notices: "on", On: true},
			{Name: "Li, Eve", Note: "held until 4 Dec", Group: "8A", Level: "8", Address: "eve@school.test", Loans: "1", Notices: "on", On: true},
			{Name: "Marsh, Cleo", Group: "8A", Level: "8", Address: "no address", Mark: screen.MarkWarn, Loans: "1, 1 overdue", Late: true, Notices: "off"},
			{Name: "Okoro, Ben", Group: "7B", Level: "7", Address: "ben@school.test", Mark: screen.MarkBad, Notices: "on", On: true},
			{Name: "Porter, Fay", Group: "Teachers", Address: "fay@school.test", Notices: "off"},
		} {
			got := p.Row(i)
			got.ID = 0
			if got != want {
				t.Errorf("line %d:\n%+v, not\n%+v", i, got, want)
			}
		}
	})
	t.Run("the line on everybody counts them", func(t *testing.T) {
		p := patronList(t, smallSchool(t))
		if got := p.Counts(); got != "6 patrons, 4 loans, 2 with something overdue, 1 without an address, 1 whose address fails" {
			t.Error(got)
		}
	})
	t.Run("each filter finds whom it names", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		for i, want := range []string{
			"Ängström, Dan; Fennimore, Ada; Li, Eve; Marsh, Cleo; Okoro, Ben; Porter, Fay", "Fennimore, Ada; Marsh, Cleo", "Marsh, Cleo", "Okoro, Ben", "Li, Eve", "Gone, Gus",
		} {
			p.SetFilter(i)
			b.Settle()
			if got := names(p); got != want || p.Filter() != i {
				t.Errorf("%s: %s", p.Filters()[i], got)
			}
			n := strings.Count(want, ";") + 1
			if !strings.HasSuffix(p.Filters()[i], fmt.Sprintf("(%d)", n)) {
				t.Errorf("%s finds %d", p.Filters()[i], n)
			}
		}
	})
	t.Run("a group shows those in it", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		if got := strings.Join(p.Groups(), "; "); got != "All groups; 7B (2); 8A (3); Teachers (1)" {
			t.Fatal(got)
		}
		p.SetGroup(1)
		b.Settle()
		if got := names(p); got != "Fennimore, Ada; Okoro, Ben" || p.Group() != 1 {
			t.Error(got)
		}
		p.SetGroup(0)
		b.Settle()
		if p.Len() != 6 {
			t.Error(names(p))
		}
	})
	t.Run("search finds by name, group, card, number and address, as it is typed", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		for typed, want := range map[string]string{
			"fen": "Fennimore, Ada", "ada fenn": "Fennimore, Ada", "ang": "Ängström, Dan", "90002": "Okoro, Ben", "2001": "Porter, Fay", "teach": "Porter, Fay", "eve@": "Li, Eve", "  8a   marsh ": "Marsh, Cleo",
		} {
			p.SetSearch(typed)
			b.Settle()
			if got := names(p); got != want {
				t.Errorf("%q finds %q", typed, got)
			}
		}
	})
	t.Run("an answer to an older question is dropped", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		for _, typed := range []string{"f", "fe", "fen", "fenn", "fennx"} {
			p.SetSearch(typed)
		}
		p.SetSearch("okoro")
		b.Settle()
		if got := names(p); got != "Okoro, Ben" {
			t.Error(got)
		}
	})
	t.Run("a search that finds nobody says what to try", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		p.SetSearch("zz\x00%' OR 1=1 --\u202e")
		b.Settle()
		what, next := p.Empty()
		if p.Len() != 0 || p.Problem() != nil || !strings.Contains(what, "Nobody here fits") || next == "" || strings.ContainsAny(what, "\x00\u202e") {
			t.Errorf("%q %q %v", what, next, p.Problem())
		}
	})
	t.Run("what changed in the store is shown, with who is chosen still chosen", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		p.Choose([]int{1})
		ada := p.One()
		b.People(data.Patron{Key: "3000", First: "Abe", Last: "Aaron"})
		b.Look()
		p.Refresh(screen.Change{Store: true})
		b.Settle()
		if p.Row(0).Name != "Aaron, Abe" || p.One() != ada || fmt.Sprint(p.Chosen()) != "[2]" {
			t.Error(names(p), p.Chosen())
		}
	})
}

// many stores so many people, P0000 and so on.
func many(t *testing.T, n int) *screentest.Bench {
	t.Helper()
	b := screentest.New(t)
	b.SetClock(schoolMorning)
	people := make([]data.Patron, n)
	for i := range people {
		people[i] = data.Patron{Key: fmt.Sprint(i), First: "X", Last: fmt.Sprintf("P%05d", i), Group: fmt.Sprint(i % 7), Email: fmt.Sprintf("p%d@school.test", i), AutoOverdue: i%2 == 0}
	}
	b.People(people...)
	b.Look()
	return b
}

func TestPatronsWindow(t *testing.T) {
	const all = 1730
	b := many(t, all)
	check := func(t *testing.T, p *screen.Patrons, first int) {
		t.Helper()
		for i := range p.Len() {
			if want := fmt.Sprintf("P%05d, X", first+i); p.Row(i).Name != want {
				t.Fatalf("line %d is %s, not %s", i, p.Row(i).Name, want)
			}
		}
	}
	t.Run("going down and up again shows everybody once and holds 500 at most", func(t *testing.T) {
		p := patronList(t, b)
		first := 0
		for range 40 {
			p.Further()
			b.Settle()
			first -= p.Moved().By
			check(t, p, first)
			if p.Len() > 500 {
				t.Fatalf("%d lines are in hand", p.Len())
			}
		}
		if first+p.Len() != all {
			t.Fatalf("the end is %d, not %d", first+p.Len(), all)
		}
		for range 40 {
			p.Back()
			b.Settle()
			first -= p.Moved().By
			check(t, p, first)
			if p.Len() > 500 {
				t.Fatalf("%d lines are in hand", p.Len())
			}
		}
		if first != 0 {
			t.Fatalf("the top is %d", first)
		}
	})
	t.Run("lines stay under a person's eyes when somebody comes in above", func(t *testing.T) {
		p := patronList(t, b)
		p.Place = func() int { return 30 }
		before := p.Row(30).Name
		b.People(data.Patron{Key: "new", First: "A", Last: "Aaaa"})
		b.Look()
		p.Moved()
		p.Refresh(screen.Change{Store: true})
		b.Settle()
		if m := p.Moved(); m.By != 1 || p.Row(30+m.By).Name != before {
			t.Error(m, before, p.Row(30).Name)
		}
	})
}

func TestPatronsMany(t *testing.T) {
	t.Run("switching notices on is counted, done for all of a group, and can be undone", func(t *testing.T) {
		b := many(t, 1400)
		p := patronList(t, b)
		said, undo := "", func() {}
		p.OnNotice = func(words string, back func()) { said, undo = words, back }
		p.SetGroup(3)
		b.Settle()
		p.ChooseAll()
		var plan screen.ManyPlan
		p.Plan(screen.ManyOn, "", func(m screen.ManyPlan) { plan = m })
		b.Settle()
		if plan.Title != "Switch automatic notices on for 100 patrons?" || !strings.Contains(plan.Text, "For 100 of those chosen it is so already.") {
			t.Fatalf("%+v", plan)
		}
		on := func() int {
			n := 0
			all, err := b.Store.Roster(t.Context(), data.RosterQuery{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range all.Patrons {
				if all.Patrons[i].AutoOverdue {
					n++
				}
			}
			return n
		}
		if on() != 700 {
			t.Fatal("it was done before it was asked")
		}
		p.Do(plan)
		b.Settle()
		if on() != 800 || said != "Automatic notices are on for 100 patrons." {
			t.Fatal(on(), said)
		}
		undo()
		b.Settle()
		if on() != 700 || said != "100 patrons are as before." {
			t.Error(on(), said)
		}
	})
	t.Run("a changed group can be undone where people came from several", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		var undo func()
		p.OnNotice = func(_ string, back func()) { undo = back }
		p.Choose([]int{0, 1})
		p.Plan(screen.ManyGroup, " 9Z ", p.Do)
		b.Settle()
		group := func(key string) string {
			one, err := b.Store.Patron(t.Context(), b.PatronByKey(key))
			if err != nil {
				t.Fatal(err)
			}
			return one.Group
		}
		if group("1004") != "9Z" || group("1001") != "9Z" || group("1002") != "7B" {
			t.Fatal(group("1004"), group("1001"), group("1002"))
		}
		undo()
		b.Settle()
		if group("1004") != "8A" || group("1001") != "7B" {
			t.Error(group("1004"), group("1001"))
		}
	})
	t.Run("where it is so already nothing is asked", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		p.Choose([]int{1})
		var plan screen.ManyPlan
		p.Plan(screen.ManyOn, "", func(m screen.ManyPlan) { plan = m })
		b.Settle()
		if plan.Count != 0 || plan.Text != "It is so already for everybody chosen." {
			t.Errorf("%+v", plan)
		}
	})
	t.Run("somebody deleted meanwhile is passed over", func(t *testing.T) {
		b := smallSchool(t)
		p := patronList(t, b)
		p.Choose([]int{3, 5})
		if err := b.Store.DeletePatron(t.Context(), p.Row(3).ID); err != nil {
			t.Fatal(err)
		}
		var plan screen.ManyPlan
		p.Plan(screen.ManyOn, "", func(m screen.ManyPlan) { plan = m })
		b.Settle()
		if plan.Count != 1 {
			t.Errorf("%+v", plan)
		}
	})
	t.Run("a group with an invisible character is refused", func(t *testing.T) {
		p := patronList(t, smallSchool(t))
		if p.GroupWrong("7B\n") == "" || p.GroupWrong(strings.Repeat("x", 61)) == "" || p.GroupWrong("7B") != "" {
			t.Error("it is not")
		}
	})
}
