package roster_test

import (
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

func TestDiffOfWhatWasTyped(t *testing.T) {
	typed := func(change func(p *data.Patron)) *data.Roster {
		r := people(3)
		p := &r.Patrons[0]
		old := *p
		change(p)
		p.ByHand = p.ChangedByHand(&old)
		return r
	}
	t.Run("an empty cell does not overwrite what was typed where the list had nothing", func(t *testing.T) {
		r := people(1)
		r.Patrons[0].Email = ""
		old := r.Patrons[0]
		r.Patrons[0].Email = "typed@example.org"
		r.Patrons[0].ByHand = r.Patrons[0].ChangedByHand(&old)
		set := roster.Diff(batch(t, "ID,Surname,First name,E-mail\nk1,Last1,First,\n", false), r, 1, today)
		expect(t, "changed", set.Changed)
		if set.ByHand != 1 || set.Same != 1 {
			t.Errorf("%+v", set)
		}
	})
	t.Run("something new in the list is taken, and other marks stay", func(t *testing.T) {
		r := typed(func(p *data.Patron) { p.Group, p.Email = "9z", "typed@example.org" })
		set := roster.Diff(batch(t, "ID,Surname,First name,Class,E-mail\nk1,Last1,First,5a,p1@example.org\n", false), r, 1, today)
		expect(t, "changed", set.Changed, "k1 group")
		if after := set.Changed[0].After; after.Group != "5a" || after.Email != "typed@example.org" || len(after.ByHand) != 1 || len(r.Patrons[0].ByHand) != 2 {
			t.Errorf("%+v", after)
		}
	})
	t.Run("guardians are kept as a whole while the list says the same of them", func(t *testing.T) {
		r := people(1)
		r.Patrons[0].Guardians = []data.Guardian{{Email: "ida@home.org", Notices: true}}
		old := r.Patrons[0]
		r.Patrons[0].Guardians = []data.Guardian{{Name: "Ida", Email: "ida@new.org", Notices: true}, {Email: "ole@home.org"}}
		r.Patrons[0].ByHand = r.Patrons[0].ChangedByHand(&old)
		set := roster.Diff(batch(t, "ID,Surname,First name,Guardian e-mail\nk1,Last1,First,IDA@home.org\n", false), r, 1, today)
		expect(t, "changed", set.Changed)
		set = roster.Diff(batch(t, "ID,Surname,First name,Guardian e-mail\nk1,Last1,First,eva@home.org\n", false), r, 1, today)
		expect(t, "changed", set.Changed, "k1 guardian_email")
		if set.Changed[0].After.ByHand != nil {
			t.Errorf("%+v", set.Changed[0].After)
		}
	})
	t.Run("who got another card by hand is known by the one in the list", func(t *testing.T) {
		r := typed(func(p *data.Patron) { p.Card = "new1" })
		set := roster.Diff(batch(t, "Card,Title,Barcode,Due\nc1,T,b1,21.11.2026\nnew1,U,b9,29.11.2026\n", false), r, 1, today)
		if len(set.Problems) > 0 || len(set.New) != 1 || set.New[0].Owner != "k1" || set.Same != 1 {
			t.Errorf("%+v", set)
		}
	})
	t.Run("but not when somebody else has that card now", func(t *testing.T) {
		r := typed(func(p *data.Patron) { p.Card = "new1" })
		r.Patrons[1].Card = "c1"
		set := roster.Diff(batch(t, "Card,Title,Barcode,Due\nc1,U,b9,29.11.2026\n", false), r, 1, today)
		if len(set.New) != 1 || set.New[0].Owner != "k2" {
			t.Errorf("%+v", set)
		}
	})
}
