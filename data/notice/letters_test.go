package notice_test

import (
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

func TestLetters(t *testing.T) {
	letter := func(r *data.Roster, change ...func(*notice.LetterInput)) notice.LetterInput {
		in := notice.LetterInput{
			Day: monday, Template: "overdue-first", Audience: data.ToPatron, Which: notice.WhichOverdue, Disclosure: data.DiscloseTitles, Roster: r, Language: "en",
		}
		for _, c := range change {
			c(&in)
		}
		return in
	}
	which := func(w notice.Which, days int) func(*notice.LetterInput) {
		return func(in *notice.LetterInput) { in.Which, in.Days = w, days }
	}
	to := func(a data.Audience) func(*notice.LetterInput) {
		return func(in *notice.LetterInput) { in.Audience = a }
	}
	off := func(p *data.Patron) { p.AutoOverdue = false }
	noMail := func(p *data.Patron) { p.Email = "" }
	parent := func(p *data.Patron) { p.Guardians = []data.Guardian{guardian("mum@x.org")} }
	some := func() []data.Loan {
		return []data.Loan{late("today", 0), late("L1", 1), late("soon", -3), late("L20", 20)}
	}
	resting := late("L1", 1)
	resting.HoldUntil = monday + 9
	two := school(anna(), late("L1", 1))
	two.Patrons = append(two.Patrons, anna(func(p *data.Patron) { p.ID, p.Group, p.First = 2, "TEST", "Ben" }))
	two.Loans[2] = []data.Loan{late("L2", 2)}
	excluded := func(in *notice.LetterInput) { in.Rules = []data.GroupRule{{Group: "5b", Excluded: true}} }

	cases := []struct {
		promise string
		in      notice.LetterInput
		want    []string
	}{
		{"what is overdue is told, and what else is out", letter(school(anna(), some()...)), []string{"mail patron anna@school.org overdue-first: L20 L1 | today soon", "send patron"}},
		{"at least so many days late", letter(school(anna(), some()...), which(notice.WhichOverdue, 14)), []string{"mail patron anna@school.org overdue-first: L20 | L1 today soon", "send patron"}},
		{"due within so many days, today included", letter(school(anna(), some()...), which(notice.WhichDue, 3)), []string{"mail patron anna@school.org overdue-first: today soon | L20 L1", "send patron"}},
		{"everything that is out", letter(school(anna(), some()...), which(notice.WhichAll, 0)), []string{"mail patron anna@school.org overdue-first: L20 L1 today soon |", "send patron"}},
		{"a free letter goes to those with nothing, too", letter(school(anna()), which(notice.WhichNone, 0)), []string{"mail patron anna@school.org overdue-first:  |", "send patron"}},
		{"a free letter speaks of no loan", letter(school(anna(), some()...), which(notice.WhichNone, 0)), []string{"mail patron anna@school.org overdue-first:  |", "send patron"}},
		{"who has no such loan is left out without a word", letter(school(anna(), late("soon", -3))), nil},
		{"a person may write to whom automatic notices do not", letter(school(anna(off), late("L1", 1)), excluded), []string{"mail patron anna@school.org overdue-first: L1 |", "send patron"}},
		{"who has no address gets paper", letter(school(anna(noMail), late("L1", 1))), []string{"paper patron overdue-first: L1", "no-address patron"}},
		{"who is held gets nothing", letter(school(anna(func(p *data.Patron) { p.HoldUntil = monday }), late("L1", 1))), []string{"held-patron patron"}},
		{"who left gets nothing", letter(school(anna(func(p *data.Patron) { p.Left = 1 }), late("L1", 1))), []string{"left patron"}},
		{"a held loan is named, and no letter is written for it alone", letter(school(anna(), resting)), []string{"held-loan patron L1"}},
		{"guardians read what the school chose", letter(school(anna(parent), late("L1", 1)), to(data.ToBoth), func(in *notice.LetterInput) { in.Disclosure = "" }), []string{"mail patron anna@school.org overdue-first: L1 |", "send patron", "undecided guardian"}},
		{"guardians of patrons without an address are written to", letter(school(anna(noMail, parent), late("L1", 1)), to(data.ToEither)), []string{"mail guardian mum@x.org overdue-first: L1 |", "send guardian"}},
		{"guardians without an address get paper", letter(school(anna(), late("L1", 1)), to(data.ToGuardian)), []string{"paper guardian overdue-first: L1", "no-address guardian"}},
		{"only the group TEST", letter(two, func(in *notice.LetterInput) { in.Groups = []string{"test"} }), []string{"mail patron anna@school.org overdue-first: L2 |", "send patron"}},
		{"only patrons who were ticked", letter(two, func(in *notice.LetterInput) { in.Patrons = []int64{1} }), []string{"mail patron anna@school.org overdue-first: L1 |", "send patron"}},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			out := notice.Letters(c.in)
			expect(t, out, c.want...)
			for _, m := range out.Mails {
				if len(m.Keys) != 0 {
					t.Error("a person's letter enters the ledger")
				}
			}
		})
	}
	t.Run("guardians' letters belong together, and each says whose it is", func(t *testing.T) {
		out := notice.Letters(letter(school(anna(parent, func(p *data.Patron) { p.Guardians = append(p.Guardians, guardian("dad@x.org")) }), late("L1", 1)), to(data.ToGuardian)))
		if len(out.Mails) != 2 || out.Mails[1].With != 0 || out.Mails[1].Guardian.Email != "dad@x.org" {
			t.Errorf("%+v", out.Mails)
		}
	})
}
