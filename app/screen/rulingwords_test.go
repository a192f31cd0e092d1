package screen_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

func TestRulingWords(t *testing.T) {
	b := screentest.New(t)
	b.SetClock(schoolMorning)
	for ruling, want := range map[data.Ruling]string{
		data.RulingSend:       `notice 1 day overdue about "Momo" to a@b.test`,
		data.RulingAlong:      `"Momo" stood in the same mail (notice 1 day overdue)`,
		data.RulingTold:       `no notice 1 day overdue about "Momo": it was told already`,
		data.RulingOff:        `no notice 1 day overdue about "Momo": automatic notices are off for this patron`,
		data.RulingNoAddress:  `no notice 1 day overdue about "Momo": there is no e-mail address; it is for the print pile`,
		data.RulingBadAddress: `no notice 1 day overdue about "Momo": the address fails; it is for the print pile (a@b.test)`,
		data.RulingHeldPatron: `no notice 1 day overdue about "Momo": the patron is held (a@b.test)`,
		data.RulingHeldLoan:   `no notice 1 day overdue about "Momo": this loan is held (a@b.test)`,
		data.RulingLeft:       `no notice 1 day overdue about "Momo": the patron has left`,
		data.RulingUndecided:  `no notice 1 day overdue about "Momo": nobody has chosen yet what guardians are told`,
		data.RulingDisclose:   `no notice 1 day overdue about "Momo": guardians of this group are told nothing`,
		data.RulingTooLate:    `no notice 1 day overdue about "Momo": it is too late for it (a@b.test)`,
		data.RulingLater:      `no notice 1 day overdue about "Momo": the notice speaks for it`,
		data.RulingClosed:     `no notice 1 day overdue about "Momo": the library is closed; it follows on a@b.test`,
		data.RulingExcluded:   `no notice 1 day overdue about "Momo": this group gets no notices`,
		data.RulingUnwritten:  `no notice 1 day overdue about "Momo": its letter is missing, or has a mistake`,
		data.RulingRefused:    `no notice 1 day overdue about "Momo": a person said no to these notices`,
	} {
		t.Run("the ruling "+string(ruling)+" is said in words", func(t *testing.T) {
			x := data.Decision{Stage: "+1", Title: "Momo", Role: data.RolePatron, Ruling: ruling, Detail: "a@b.test"}
			if got, mark := b.RulingWords(&x); got != want || mark == "" {
				t.Errorf("%s (%s)", got, mark)
			}
		})
	}
	t.Run("days are written as people read them", func(t *testing.T) {
		x := data.Decision{Stage: "-3", Title: "Momo", Ruling: data.RulingHeldLoan, Detail: "until 2026-12-05: says returned"}
		if got, _ := b.RulingWords(&x); got != `no reminder 3 days before the due date about "Momo": this loan is held (until Sat 5 Dec 2026: says returned)` {
			t.Error(got)
		}
		x = data.Decision{Stage: "+3", Ruling: data.RulingClosed, Detail: "2026-11-30"}
		if got, _ := b.RulingWords(&x); got != `no notice 3 days overdue: the library is closed; it follows on Mon 30 Nov 2026` {
			t.Error(got)
		}
	})
	t.Run("a stage that speaks for another is named", func(t *testing.T) {
		x := data.Decision{Stage: "+1", Title: "Momo", Role: data.RoleGuardian, Ruling: data.RulingLater, Detail: "+3"}
		if got, _ := b.RulingWords(&x); got != `no notice 1 day overdue to guardians about "Momo": the notice 3 days overdue speaks for it` {
			t.Error(got)
		}
	})
	t.Run("a title or stage of nonsense breaks nothing", func(t *testing.T) {
		x := data.Decision{Stage: "x", Title: "a\x00\u202e{{.Why}}" + strings.Repeat("b", 500), Ruling: "new"}
		if got, _ := b.RulingWords(&x); strings.ContainsAny(got, "\x00\u202e") || len(got) > 200 || !strings.HasPrefix(got, "no notice about") {
			t.Error(got)
		}
	})
}

func TestTimeline(t *testing.T) {
	b := smallSchool(t)
	today := data.DateOf(schoolMorning)
	ada := b.PatronByKey("1001")
	run, err := b.Store.BeginRun(t.Context(), data.Run{Day: today, From: today, Began: schoolMorning, State: data.RunPlanned})
	if err != nil {
		t.Fatal(err)
	}
	key := data.NoticeKey{Loan: data.LoanKey("1001", "30001"), Due: today - 4, Stage: "+3", Role: data.RolePatron}
	queue := func(to string, run int64, keys ...data.NoticeKey) int64 {
		t.Helper()
		class, door := data.ClassNotice, data.DoorNotice
		if run == 0 {
			class, door = data.ClassLetter, data.DoorLetter
		}
		ids, err := b.Store.QueueLetters(t.Context(), []data.Letter{{
			Message: &data.NewMessage{
				Message:    data.Message{Class: class, Door: door, MessageID: "<" + to + "@school.test>", Sender: "library@school.test", From: "library@school.test", To: to, Subject: "From the library"},
				Recipients: []string{to}, Header: []byte("From: library@school.test\r\nTo: " + to + "\r\nSubject: From the library\r\n\r\n"),
			},
			Patron: ada, Run: run, Notices: keys, Loans: []string{key.Loan}, Letter: "overdue-second", Role: data.RolePatron,
		}})
		if err != nil || len(ids) != 1 {
			t.Fatal(ids, err)
		}
		return ids[0]
	}
	notice := queue("ada@school.test", run.ID, key)
	if err := b.Store.SaveDecisions(t.Context(), run.ID, []data.Decision{
		{At: schoolMorning, Patron: ada, Loan: key.Loan, Title: "The Grey Tower", Due: key.Due, Stage: "+3", Role: data.RolePatron, Ruling: data.RulingSend, Detail: "ada@school.test", Message: notice},
		{At: schoolMorning.Add(-time.Minute), Patron: ada, Loan: "x", Title: "Momo", Due: key.Due, Stage: "+3", Role: data.RolePatron, Ruling: data.RulingTold},
	}); err != nil {
		t.Fatal(err)
	}
	queue("nina@home.test", 0)
	if _, err := b.Store.Hold(t.Context(), nil, "Held by a person."); err != nil {
		t.Fatal(err)
	}
	p := onePatron(t, b, "1001")
	all := func() string {
		var out []string
		for _, l := range p.Timeline() {
			out = append(out, l.When+": "+l.Text)
		}
		return strings.Join(out, "\n")
	}
	t.Run("a notice and what became of its mail are one line", func(t *testing.T) {
		if got := all(); !strings.Contains(got, `Tue 24 Nov 2026, 10:42: Notice 3 days overdue about "The Grey Tower" to ada@school.test, held for you to decide: Held by a person`) || strings.Count(got, "ada@school.test") != 1 {
			t.Error(got)
		}
	})
	t.Run("no notice says why", func(t *testing.T) {
		if got := all(); !strings.Contains(got, `Tue 24 Nov 2026, 10:41: No notice 3 days overdue about "Momo": it was told already`) {
			t.Error(got)
		}
	})
	t.Run("a letter a person sent has its own line, with its mail", func(t *testing.T) {
		got := all()
		if !strings.Contains(got, `Letters: "From the library" to nina@home.test, held for you to decide: Held by a person`) {
			t.Error(got)
		}
		for _, l := range p.Timeline() {
			if strings.Contains(l.Text, "nina") && l.Delivery == 0 {
				t.Error("it cannot be opened")
			}
		}
	})
	t.Run("what a person did is told, and older lines follow when asked for", func(t *testing.T) {
		for range 9 {
			p.Hold(0, "5 Dec", "ill")
			b.Settle()
		}
		if len(p.Timeline()) > 6 || !p.MoreTimeline() {
			t.Fatal(len(p.Timeline()), p.MoreTimeline())
		}
		p.ShowMoreTimeline()
		b.Settle()
		if got := all(); !strings.Contains(got, "Letters and notices rest up to Sat 5 Dec 2026: ill") || len(p.Timeline()) < 9 || p.MoreTimeline() {
			t.Error(got, p.MoreTimeline())
		}
	})
}
