package mailing_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
)

func TestCheckLetters(t *testing.T) {
	own := []data.Template{{Key: "bus", Language: "de"}}
	check := func(stages string) data.Problems {
		set, problems := data.ParseSettings(map[string]string{"overdue.stages": stages})
		if problems.Wrong() {
			t.Fatal(problems)
		}
		return mailing.CheckLetters(&set, own)
	}
	t.Run("letters that are shipped and those of the school can be stages", func(t *testing.T) {
		if p := check("-3,+1,+3,+7:overdue-final:both,+14:bus"); p != nil {
			t.Fatal(p)
		}
	})
	t.Run("another one is refused, with the letters there are and the one that was meant", func(t *testing.T) {
		p := check("-3,+1:Overdue-fisrt:both,+5:nope")
		if len(p) != 2 || !p.Wrong() || p[0].Name != "overdue.stages" || !strings.Contains(p[0].Sentence, "overdue-second") || !strings.Contains(p[0].Sentence, "bus") {
			t.Fatalf("%+v", p)
		}
		if p[0].Suggest != "-3,+1:overdue-first:both,+5:nope" || p[1].Suggest != "" {
			t.Fatalf("%+v", p)
		}
	})
}

func TestStillUsed(t *testing.T) {
	set, _ := data.ParseSettings(map[string]string{"overdue.stages": "+1:bus,+3:overdue-first"})
	bus := []data.Template{{Key: "bus", Language: "de"}, {Key: "bus", Language: "en"}, {Key: "overdue-first", Language: "en"}, {Key: "spare", Language: "en"}}
	for _, c := range []struct {
		promise   string
		key       string
		languages []string
		used      bool
	}{
		{"the last text of a letter that a stage uses stays", "bus", []string{"de", "en"}, true},
		{"one of two languages can go", "bus", []string{"de"}, false},
		{"a letter that is shipped goes back to its original", "overdue-first", []string{"en"}, false},
		{"a letter no stage uses can go", "spare", []string{"en"}, false},
	} {
		t.Run(c.promise, func(t *testing.T) {
			if err := mailing.StillUsed(&set, bus, c.key, c.languages...); (data.CodeOf(err) == data.CodeConflict) != c.used {
				t.Fatal(err)
			}
		})
	}
}

func TestUnwritten(t *testing.T) {
	ctx := t.Context()
	t.Run("a stage whose letter is missing stops no other, is told, and is made up for when the letter is there", func(t *testing.T) {
		l := newLibrary(t, "overdue.stages", "-3,+1:nope,+3:overdue-second")
		l.Lent(l.loan(l.ada, "soon", 3), l.loan(l.ben, "yesterday", -1), l.loan(l.ada, "late", -1), l.loan(l.eve, "paper", -1))
		r := l.run(l.Today())
		if r.State != data.RunDone || r.Queued != 1 || r.Unwritten != 3 || r.Print != 0 || !strings.Contains(r.Why, `no letter "nope"`) || !strings.Contains(mailing.Summary(r), "3 loans") {
			t.Fatalf("%+v", r)
		}
		if l.waiting() != "ada@school.org" {
			t.Fatal(l.waiting())
		}
		all, err := l.Decisions(ctx, r.ID, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, d := range all {
			if d.Ruling == data.RulingUnwritten && d.Stage == "+1" && d.Message == 0 {
				n++
			}
		}
		if n != 3 || len(all) != 4 {
			t.Fatalf("%+v", all)
		}
		if st, err := l.Standing(ctx, l.set); err != nil || st.Lacks == nil || st.Lacks.ID != r.ID || st.Last != l.Today() {
			t.Fatalf("%+v %v", st, err)
		}
		l.Set(tuesday.AddDate(0, 0, 1))
		l.set.Overdue.Stages = "-3,+1:overdue-first,+3:overdue-second"
		if r = l.run(l.Today()); r.Queued != 2 || r.Unwritten != 0 || r.Print != 1 || r.From != l.Today()-1 {
			t.Fatalf("%+v", r)
		}
		if st, err := l.Standing(ctx, l.set); err != nil || st.Lacks != nil || st.Told != l.Today() {
			t.Fatalf("%+v %v", st, err)
		}
	})
	t.Run("a rehearsal says it before", func(t *testing.T) {
		l := newLibrary(t, "overdue.stages", "+1:nope")
		l.Lent(l.loan(l.ben, "yesterday", -1))
		r, err := l.Rehearse(ctx, l.set, l.Today())
		if err != nil || len(r.Mails) != 0 || !strings.Contains(r.Lacks, "Notices of 1 loan (+1)") || len(r.Decisions) != 1 || r.Decisions[0].Ruling != data.RulingUnwritten {
			t.Fatalf("%+v %v", r, err)
		}
	})
	t.Run("a no to the others leaves what could not be written for later", func(t *testing.T) {
		l := newLibrary(t, "overdue.stages", "+1:nope,+3", "overdue.approve", "true")
		l.Lent(l.loan(l.ben, "a", -1), l.loan(l.ada, "b", -3))
		r := l.run(l.Today())
		if r.State != data.RunAwaiting {
			t.Fatalf("%+v", r)
		}
		r, err := l.Refuse(ctx, l.set, r.ID)
		if err != nil || r.Unwritten != 1 {
			t.Fatalf("%+v %v", r, err)
		}
		l.set.Overdue.Stages, l.set.Overdue.Approve = "+1,+3", false
		if r = l.run(l.Today()); r.Queued != 1 || l.waiting() != "ben@school.org" {
			t.Fatalf("%+v %s", r, l.waiting())
		}
	})
}
