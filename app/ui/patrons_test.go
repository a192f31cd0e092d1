package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// patronBench is a window that shows the patrons.
type patronBench struct {
	roomBench

	p *patronsPage
}

func openPatrons(t *testing.T, fill func(b *screentest.Bench)) *patronBench {
	t.Helper()
	r := openRoom(t, setUp(goldenBench(t), fill), "patrons")
	return &patronBench{r, pageOf[*patronsPage](t, r.w, "patrons")}
}

func smallSchool(b *screentest.Bench) { b.School(data.DateOf(goldenDay)) }

// open opens the panel of the person with this key.
func (b *patronBench) openPatron(t *testing.T, key string) *patronPanel {
	t.Helper()
	p := newPatronPanel(b.w, b.PatronByKey(key))
	b.settle()
	if len(b.w.layers) == 0 {
		t.Fatal("no panel")
	}
	return p
}

// told stores a run that told Ada of one book and Cleo of none, with the mail accepted.
func told(t *testing.T, b *screentest.Bench) {
	t.Helper()
	today := data.DateOf(goldenDay)
	ada, cleo := b.PatronByKey("1001"), b.PatronByKey("1003")
	run, err := b.Store.BeginRun(t.Context(), data.Run{Day: today, From: today, Began: goldenDay.Add(-4 * time.Hour), State: data.RunPlanned})
	if err != nil {
		t.Fatal(err)
	}
	key := data.NoticeKey{Loan: data.LoanKey("1001", "30001"), Due: today - 4, Stage: "+3", Role: data.RolePatron}
	ids, err := b.Store.QueueLetters(t.Context(), []data.Letter{{
		Message: &data.NewMessage{
			Message:    data.Message{Class: data.ClassNotice, Door: data.DoorNotice, MessageID: "<n1@school.test>", Sender: "library@school.test", From: "library@school.test", To: "ada@school.test", Subject: "Something from the library is overdue"},
			Recipients: []string{"ada@school.test"}, Header: []byte("From: library@school.test\r\nTo: ada@school.test\r\nSubject: Something from the library is overdue\r\n\r\n"),
		},
		Patron: ada, Run: run.ID, Notices: []data.NoticeKey{key}, Loans: []string{key.Loan}, Letter: "overdue-second", Role: data.RolePatron,
	}})
	if err != nil || len(ids) != 1 {
		t.Fatal(ids, err)
	}
	err = b.Store.SaveDecisions(t.Context(), run.ID, []data.Decision{
		{Patron: ada, Loan: key.Loan, Title: "The Grey Tower", Due: today - 4, Stage: "+3", Role: data.RolePatron, Ruling: data.RulingSend, Detail: "ada@school.test", Message: ids[0], At: goldenDay.Add(-4 * time.Hour)},
		{Patron: ada, Loan: data.LoanKey("1001", "30002"), Title: "Moths of the North", Due: today + 3, Stage: "-3", Role: data.RoleGuardian, Ruling: data.RulingUndecided, Detail: "7B", At: goldenDay.Add(-4 * time.Hour)},
		{Patron: cleo, Loan: data.LoanKey("1003", "30003"), Title: "A Short History of Salt", Due: today - 1, Stage: "+1", Role: data.RolePatron, Ruling: data.RulingOff, At: goldenDay.Add(-4 * time.Hour)},
	})
	if err != nil {
		t.Fatal(err)
	}
	bringToEnd(t, b, ids[0], data.Sent, data.KindSent)
}

// patron is somebody as they are stored.
func (b *patronBench) patron(t *testing.T, key string) data.Patron {
	t.Helper()
	got, err := b.Store.Patron(t.Context(), b.PatronByKey(key))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// click clicks the lines of people, with Ctrl held for more.
func (b *patronBench) click(t *testing.T, names ...string) {
	t.Helper()
	arrange(b.w)
	for n, name := range names {
		clicked := false
		for _, r := range find[*tableRow](b.p.object) {
			if b.p.p.Row(r.i).Name == name {
				var held fyne.KeyModifier
				if n > 0 {
					held = fyne.KeyModifierShortcutDefault
				}
				r.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: held})
				clicked = true
			}
		}
		if !clicked {
			t.Fatalf("%s is not in sight: %s", name, words(b.w))
		}
	}
	arrange(b.w)
}

func (b *patronBench) names() string {
	var all []string
	for i := range b.p.p.Len() {
		all = append(all, b.p.p.Row(i).Name)
	}
	return strings.Join(all, "; ")
}

func TestPatronsPage(t *testing.T) {
	t.Run("an empty list says what it is for, and offers to import or to write", func(t *testing.T) {
		b := openPatrons(t, nil)
		shot(t, b.w, "patrons-empty")
		inspect(t, b.w, "patrons")
		has(t, b.w, "No patrons yet.", "Import the list your library system exports.")
		b.press(t, "or write one in by hand")
		has(t, b.w, "New patron", "Fill in at least a name.")
		key(b.w, fyne.KeyEscape)
		b.press(t, "Import...")
		has(t, b.w, "Step 1 of 4: Choose the file")
		inspect(t, b.w, "import")
	})
	t.Run("typing finds at every letter, and what finds nobody says so", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.w.window.Canvas().Focus(b.p.search)
		for _, r := range "fenn" {
			b.p.search.TypedRune(r)
			b.Settle()
		}
		if got := b.names(); got != "Fennimore, Ada" {
			t.Error(got)
		}
		b.p.search.TypedRune('x')
		b.settle()
		has(t, b.w, "Nobody here fits \"fennx\".")
	})
	t.Run("filter and group narrow the list, and say how many they find", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.p.filters.pick(1)
		b.settle()
		if got := b.names(); got != "Fennimore, Ada; Marsh, Cleo" || b.p.filters.words[1] != "Something overdue (2)" {
			t.Error(got, b.p.filters.words)
		}
		b.p.groups.pick(2)
		b.settle()
		if got := b.names(); got != "Marsh, Cleo" {
			t.Error(got)
		}
	})
	t.Run("Return and a double click open a patron, Escape comes back", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.w.window.Canvas().Focus(b.p.table)
		b.p.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		key(b.w, fyne.KeyReturn)
		b.settle()
		has(t, b.w, "Dan Ängström")
		key(b.w, fyne.KeyEscape)
		if len(b.w.layers) != 0 || b.w.window.Canvas().Focused() != fyne.Focusable(b.p.table) {
			t.Fatal("the panel stays, or the keyboard is lost")
		}
		find[*tableRow](b.p.object)[1].DoubleTapped(nil)
		b.settle()
		has(t, b.w, "Ada Fennimore", "4 days late, was due Fri 20 Nov 2026")
	})
	t.Run("nothing can be pressed while nobody is chosen", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		for _, x := range []*button{b.p.bar.open, b.p.bar.email, b.p.bar.on, b.p.bar.off, b.p.bar.group} {
			if !x.Disabled() {
				t.Errorf("%s can be pressed", x.text)
			}
		}
	})
	t.Run("notices are switched off for many after a question that counts, and on again by Undo", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.click(t, "Fennimore, Ada", "Okoro, Ben", "Marsh, Cleo")
		b.press(t, "Switch notices off")
		has(t, b.w, "Switch automatic notices off for 2 patrons?", "For 1 of those chosen it is so already.")
		if !b.patron(t, "1001").AutoOverdue {
			t.Fatal("it was done before it was asked")
		}
		shot(t, b.w, "patrons-many")
		b.press(t, "Switch off")
		if b.patron(t, "1001").AutoOverdue || b.patron(t, "1002").AutoOverdue {
			t.Fatal("they are on")
		}
		has(t, b.w, "Automatic notices are off for 2 patrons.")
		b.press(t, "Undo")
		if !b.patron(t, "1001").AutoOverdue || b.patron(t, "1003").AutoOverdue {
			t.Error("it was not taken back")
		}
	})
	t.Run("a whole group is put into another one", func(t *testing.T) {
		b := openPatrons(t, smallSchool)
		b.p.groups.pick(1)
		b.settle()
		b.press(t, "Choose all 2")
		b.press(t, "Change the group...")
		shot(t, b.w, "patrons-group")
		inspect(t, b.w, "group")
		typeIn(t, b.w, "Group", "8B"+strings.Repeat("x", 60))
		b.press(t, "Next")
		has(t, b.w, "It is longer than 60 letters.")
		typeIn(t, b.w, "Group", "8B")
		b.press(t, "Next")
		has(t, b.w, "Put 2 patrons into the group 8B?")
		b.press(t, "Change the group")
		if b.patron(t, "1001").Group != "8B" || b.patron(t, "1002").Group != "8B" || b.patron(t, "1003").Group != "8A" {
			t.Error("they are not in it")
		}
	})
	t.Run("the keyboard goes through everybody, with 500 in hand at most", func(t *testing.T) {
		const all = 1300
		b := openPatrons(t, func(b *screentest.Bench) {
			people := make([]data.Patron, all)
			for i := range people {
				people[i] = data.Patron{Key: fmt.Sprint(i), Last: fmt.Sprintf("P%05d", i)}
			}
			b.People(people...)
		})
		b.w.window.Canvas().Focus(b.p.table)
		at := func() string { return b.p.p.Row(b.p.table.cursor).Name }
		walk := func(k fyne.KeyName, end string) {
			t.Helper()
			for range 60 {
				b.p.table.TypedKey(&fyne.KeyEvent{Name: k})
				b.Settle()
				arrange(b.w)
				if b.p.p.Len() > 500 {
					t.Fatalf("%d are in hand", b.p.p.Len())
				}
				if at() == end {
					return
				}
			}
			t.Fatalf("it ends at %s", at())
		}
		walk(fyne.KeyEnd, "P01299")
		walk(fyne.KeyHome, "P00000")
	})
}
