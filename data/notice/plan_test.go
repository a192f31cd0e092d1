package notice_test

import (
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

func TestPlanTellsTheTechNotesDays(t *testing.T) {
	for offset := -10; offset <= 10; offset++ {
		want := map[int]string{-3: "due-soon", 1: "overdue-first", 3: "overdue-second"}[offset]
		out := notice.Plan(input(school(anna(), late("L1", offset))))
		got := ""
		if len(out.Mails) == 1 {
			got = out.Mails[0].Template
		}
		if got != want || len(out.Mails) > 1 {
			t.Errorf("%+d days: told %q (%d mails), want %q", offset, got, len(out.Mails), want)
		}
	}
}

// TestPlan is what one patron gets on one day.
func TestPlan(t *testing.T) {
	off := func(p *data.Patron) { p.AutoOverdue = false }
	noMail := func(p *data.Patron) { p.Email = "" }
	parents := func(p *data.Patron) { p.Guardians = []data.Guardian{guardian("mum@x.org"), guardian("dad@x.org")} }
	disclosure := func(d data.Disclosure) func(*notice.Input) {
		return func(in *notice.Input) { in.Settings.Disclosure = d }
	}
	rules := func(r ...data.GroupRule) func(*notice.Input) { return func(in *notice.Input) { in.Rules = r } }
	ledger := func(keys ...data.NoticeKey) func(*notice.Input) {
		return func(in *notice.Input) {
			in.Ledger = data.Ledger{}
			for _, k := range keys {
				in.Ledger[k] = 9
			}
		}
	}
	first := data.NoticeKey{Loan: "L1", Due: monday - 1, Stage: "+1", Role: data.RolePatron}
	held := late("L1", 1)
	held.HoldUntil, held.HoldReason = monday, "says returned"
	back := late("L1", 1)
	back.Returned = time.Unix(1, 0)

	cases := []struct {
		promise string
		in      notice.Input
		want    []string
	}{
		{
			"a patron who did not enable automatic notices gets none, not even on paper",
			input(school(anna(off, noMail), late("L1", 1))),
			[]string{"off patron L1 +1"},
		},
		{
			"a patron without an address goes to the print pile",
			input(school(anna(noMail), late("L1", 1))),
			[]string{"paper patron overdue-first: L1", "no-address patron L1 +1"},
		},
		{
			"an address that is none goes to the print pile",
			input(school(anna(func(p *data.Patron) { p.Email = "anna at school" }), late("L1", 1))),
			[]string{"paper patron overdue-first: L1", "bad-address patron L1 +1"},
		},
		{"a loan that came back is not spoken of", input(school(anna(), back)), nil},
		{
			"what the ledger has is not told again",
			input(school(anna(), late("L1", 1)), ledger(first)),
			[]string{"told patron L1 +1"},
		},
		{
			"a renewal is told anew: its due date is another one",
			input(school(anna(), late("L1", 1)), ledger(data.NoticeKey{Loan: "L1", Due: monday - 20, Stage: "+1", Role: data.RolePatron})),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1"},
		},
		{
			"practice told it: for real it is told still",
			input(school(anna(), late("L1", 1)), ledger(data.NoticeKey{Loan: "L1", Due: monday - 1, Stage: "+1", Role: data.RolePatron, Practice: true})),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1"},
		},
		{
			"one mail has the most urgent loans first, then the others that are out",
			input(school(anna(), late("soon", -3), late("far", -30), late("three", 3), late("old", 90), late("one", 1))),
			[]string{
				"mail patron anna@school.org overdue-second: three one soon | old far",
				"send patron three +3", "along patron one +1", "along patron soon -3",
			},
		},
		{
			"a held loan is not spoken of, not even along with others",
			input(school(anna(), held, late("L2", 3))),
			[]string{"mail patron anna@school.org overdue-second: L2 |", "send patron L2 +3", "held-loan patron L1 +1"},
		},
		{
			"a held patron gets nothing up to and including the day",
			input(school(anna(func(p *data.Patron) { p.HoldUntil = monday }), late("L1", 1))),
			[]string{"held-patron patron L1 +1"},
		},
		{
			"a hold ends by itself",
			input(school(anna(func(p *data.Patron) { p.HoldUntil = monday - 1 }), late("L1", 1))),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1"},
		},
		{
			"who left gets nothing",
			input(school(anna(func(p *data.Patron) { p.Left = monday - 9 }), late("L1", 1))),
			[]string{"left patron L1 +1"},
		},
		{
			"a group can be excluded, whatever its capitals",
			input(school(anna(func(p *data.Patron) { p.Group = "5C" }), late("L1", 1)), rules(data.GroupRule{Group: "5c ", Excluded: true})),
			[]string{"excluded patron L1 +1"},
		},
		{
			"every guardian gets a mail of their own",
			input(school(anna(parents), late("L1", 1)), stages("+1::guardian")),
			[]string{"mail guardian mum@x.org overdue-first: L1 |", "mail guardian dad@x.org overdue-first: L1 |", "send guardian L1 +1"},
		},
		{
			"a guardian without notices gets none, and one address gets one mail",
			input(school(anna(func(p *data.Patron) {
				p.Guardians = []data.Guardian{{Email: "aunt@x.org"}, guardian("Mum@x.org"), guardian("mum@X.org")}
			}), late("L1", 1)), stages("+1::guardian")),
			[]string{"mail guardian Mum@x.org overdue-first: L1 |", "send guardian L1 +1"},
		},
		{
			"both means patron and guardians",
			input(school(anna(func(p *data.Patron) { p.Guardians = []data.Guardian{guardian("mum@x.org")} }), late("L1", 1)), stages("+1::both")),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "mail guardian mum@x.org overdue-first: L1 |", "send patron L1 +1", "send guardian L1 +1"},
		},
		{
			"a guardian who reads the patron's mail does not read it twice",
			input(school(anna(func(p *data.Patron) { p.Guardians = []data.Guardian{guardian("Anna@school.org")} }), late("L1", 1)), stages("+1::both")),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1", "along guardian L1 +1"},
		},
		{
			"guardian-if-none goes to the patron who has an address",
			input(school(anna(parents), late("L1", 1)), stages("+1::guardian-if-none")),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1"},
		},
		{
			"guardian-if-none goes to the guardians of one who has none",
			input(school(anna(noMail, parents), late("L1", 1)), stages("+1::guardian-if-none")),
			[]string{"mail guardian mum@x.org overdue-first: L1 |", "mail guardian dad@x.org overdue-first: L1 |", "send guardian L1 +1"},
		},
		{
			"guardian-if-none does not tell the guardians what the patron was told before the address failed",
			input(school(anna(noMail, parents), late("L1", 1)), stages("+1::guardian-if-none"), ledger(first)),
			[]string{"told guardian L1 +1"},
		},
		{
			"guardians get nothing while nobody chose what they may read; the patron's part goes on",
			input(school(anna(parents), late("L1", 1)), stages("+1::both"), disclosure("")),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1", "undecided guardian L1 +1"},
		},
		{
			"a group's rule stands over the setting",
			input(school(anna(parents), late("L1", 1)), stages("+1::guardian"), rules(data.GroupRule{Group: " 5B ", Disclosure: data.DiscloseNothing})),
			[]string{"nothing guardian L1 +1"},
		},
		{
			"a mail that reaches one of both leaves nothing to print",
			input(school(anna(noMail, parents), late("L1", 1)), stages("+1::both")),
			[]string{"mail guardian mum@x.org overdue-first: L1 |", "mail guardian dad@x.org overdue-first: L1 |", "no-address patron L1 +1", "send guardian L1 +1"},
		},
		{
			"whom nobody can reach gets one letter on paper",
			input(school(anna(noMail), late("L1", 1), late("L2", 3)), stages("+1::both,+3::both")),
			[]string{
				"paper patron overdue-second: L2 L1",
				"no-address patron L2 +3", "no-address guardian L2 +3", "no-address patron L1 +1", "no-address guardian L1 +1",
			},
		},
		{
			"loans at stages for different readers make one mail for each reader",
			input(school(anna(parents), late("L1", 1), late("L2", 3)), stages("+1,+3:overdue-final:guardian")),
			[]string{
				"mail guardian mum@x.org overdue-final: L2 | L1", "mail guardian dad@x.org overdue-final: L2 | L1",
				"mail patron anna@school.org overdue-first: L1 | L2", "send guardian L2 +3", "send patron L1 +1",
			},
		},
		{
			"a stage may have any days and any text",
			input(school(anna(), late("L1", 14)), stages("-3,+14:lost-book")),
			[]string{"mail patron anna@school.org lost-book: L1 |", "send patron L1 +14"},
		},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) { expect(t, notice.Plan(c.in), c.want...) })
	}
}

func TestPlanAddressesInTrouble(t *testing.T) {
	for promise, health := range map[string]data.AddressHealth{
		"an address that failed is not written to":       data.AddressFailed,
		"an owner who wants no mail is not written to":   data.AddressRefused,
		"the trouble holds however the address is spelt": data.AddressFailed,
	} {
		t.Run(promise, func(t *testing.T) {
			r := school(anna(func(p *data.Patron) { p.Email = "ANNA@School.org" }), late("L1", 1))
			r.Health["anna@school.org"] = data.AddressState{Address: "anna@school.org", Health: health, Reason: "No such mailbox."}
			out := notice.Plan(input(r))
			expect(t, out, "paper patron overdue-first: L1", "bad-address patron L1 +1")
			if out.Print[0].Why == "" || out.Print[0].Ruling != data.RulingBadAddress || len(out.Print[0].To) != 0 {
				t.Errorf("the paper does not say why: %+v", out.Print[0])
			}
		})
	}
	t.Run("of two guardians the one whose address is well is told", func(t *testing.T) {
		r := school(anna(func(p *data.Patron) {
			p.Guardians = []data.Guardian{guardian("mum@x.org"), guardian("dad@x.org")}
		}), late("L1", 1))
		r.Health["mum@x.org"] = data.AddressState{Health: data.AddressFailed}
		expect(t, notice.Plan(input(r, stages("+1::guardian"))), "mail guardian dad@x.org overdue-first: L1 |", "send guardian L1 +1")
	})
}

func TestPlanMails(t *testing.T) {
	parents := func(p *data.Patron) { p.Guardians = []data.Guardian{guardian("mum@x.org"), guardian("dad@x.org")} }
	t.Run("guardians share the keys of the first and are queued with it", func(t *testing.T) {
		r := school(anna(parents), late("L1", 1))
		other := anna()
		other.ID, other.Last = 2, "Adams"
		r.Patrons = append(r.Patrons, other)
		r.Loans[2] = []data.Loan{late("L2", 1)}
		out := notice.Plan(input(r, stages("+1::both"), func(in *notice.Input) { in.Practice = true }))
		want := []struct {
			to   string
			keys int
			with int
		}{{"anna@school.org", 1, 0}, {"anna@school.org", 1, 1}, {"mum@x.org", 1, 2}, {"dad@x.org", 0, 2}}
		if len(out.Mails) != len(want) {
			t.Fatal(said(out))
		}
		for i, m := range out.Mails {
			if m.To[0] != want[i].to || len(m.Keys) != want[i].keys || m.With != want[i].with {
				t.Errorf("mail %d to %s has %d keys and goes with %d, want %+v", i, m.To[0], len(m.Keys), m.With, want[i])
			}
		}
		if k := out.Mails[2].Keys[0]; k != (data.NoticeKey{Loan: "L1", Due: monday - 1, Stage: "+1", Role: data.RoleGuardian, Practice: true}) {
			t.Errorf("the key is %+v", k)
		}
		if g := out.Mails[3].Guardian; g == nil || g.Email != "dad@x.org" {
			t.Errorf("the second guardian's mail is for %+v", g)
		}
	})
	t.Run("a mail speaks the patron's language, else the library's", func(t *testing.T) {
		for own, want := range map[string]string{"": "de", "fr": "fr"} {
			out := notice.Plan(input(school(anna(func(p *data.Patron) { p.Language = own }), late("L1", 1)), func(in *notice.Input) { in.Language = "de" }))
			if got := out.Mails[0].Language; got != want {
				t.Errorf("patron %q: %q, want %q", own, got, want)
			}
		}
	})
	t.Run("guardians who may read only a count get no more, the patron reads all", func(t *testing.T) {
		out := notice.Plan(input(school(anna(parents), late("L1", 1)), stages("+1::both"), func(in *notice.Input) { in.Settings.Disclosure = data.DiscloseCount }))
		if out.Mails[0].Disclosure != data.DiscloseTitles || out.Mails[1].Disclosure != data.DiscloseCount || out.Mails[2].Disclosure != data.DiscloseCount {
			t.Errorf("disclosures are %q %q %q", out.Mails[0].Disclosure, out.Mails[1].Disclosure, out.Mails[2].Disclosure)
		}
	})
	t.Run("a mail names all loans it speaks of", func(t *testing.T) {
		out := notice.Plan(input(school(anna(), late("L1", 1), late("L2", 50))))
		if got := out.Mails[0].LoanKeys(); len(got) != 2 || got[0] != "L1" || got[1] != "L2" {
			t.Errorf("it names %q", got)
		}
	})
	t.Run("the roster stays as it was", func(t *testing.T) {
		r := school(anna(), late("L2", 1), late("L1", 3))
		notice.Plan(input(r))
		if r.Loans[1][0].Key != "L2" || r.Loans[1][1].Key != "L1" {
			t.Error("the loans were put in another order")
		}
	})
}

// TestPlanCatchUp is about days on which the computer was off.
func TestPlanCatchUp(t *testing.T) {
	missed := func(days int) func(*notice.Input) {
		return func(in *notice.Input) { in.From = monday - data.Date(days) }
	}
	start := func(d data.Date) func(*notice.Input) { return func(in *notice.Input) { in.Start = d } }
	cases := []struct {
		promise string
		in      notice.Input
		want    []string
	}{
		{"a day that ran is not made up for", input(school(anna(), late("L1", 2))), nil},
		{
			"a missed stage is told later",
			input(school(anna(), late("L1", 2)), missed(1)),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1"},
		},
		{
			"of several missed stages only the latest is told",
			input(school(anna(), late("L1", 4)), missed(5)),
			[]string{"mail patron anna@school.org overdue-second: L1 |", "later-stage patron L1 +1", "send patron L1 +3"},
		},
		{
			"three days old is told still",
			input(school(anna(), late("L1", 6)), missed(5)),
			[]string{"mail patron anna@school.org overdue-second: L1 |", "later-stage patron L1 +1", "send patron L1 +3"},
		},
		{
			"four days old is too late, and no earlier stage speaks for it",
			input(school(anna(), late("L1", 7)), missed(9)),
			[]string{"later-stage patron L1 +1", "too-late patron L1 +3"},
		},
		{
			"no making up for, if so set",
			input(school(anna(), late("L1", 2)), missed(1), func(in *notice.Input) { in.Settings.CatchUpDays = 0 }),
			[]string{"too-late patron L1 +1"},
		},
		{
			"days before automatic notices were switched on are not made up for",
			input(school(anna(), late("L1", 2)), missed(3), start(monday)),
			[]string{"too-late patron L1 +1"},
		},
		{
			"the day they were switched on is",
			input(school(anna(), late("L1", 2)), missed(3), start(monday-1)),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1"},
		},
		{
			"nothing is called due soon once it is late",
			input(school(anna(), late("L1", 1)), missed(9), stages("-3"), func(in *notice.Input) { in.Settings.CatchUpDays = 9 }),
			[]string{"too-late patron L1 -3"},
		},
		{
			"on the due date it may still be called so",
			input(school(anna(), late("L1", 0)), missed(9), stages("-3")),
			[]string{"mail patron anna@school.org due-soon: L1 |", "send patron L1 -3"},
		},
		{
			"a first day behind the day means that none was missed",
			input(school(anna(), late("L1", 1)), func(in *notice.Input) { in.From = monday + 1 }),
			[]string{"mail patron anna@school.org overdue-first: L1 |", "send patron L1 +1"},
		},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) { expect(t, notice.Plan(c.in), c.want...) })
	}
}
