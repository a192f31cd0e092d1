package roster_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// numbered are two patrons: the number of the second is a card number that a third person could have.
func numbered() *data.Roster {
	old := people(2)
	old.Patrons[0].Key, old.Patrons[0].Card = "100", "200"
	old.Patrons[1].Key, old.Patrons[1].Card = "300", "400"
	old.Loans = nil
	return old
}

func TestNumbersAndCardsAreNotMistakenForEachOther(t *testing.T) {
	t.Run("a loan on an unknown card is not that of whoever has it for a number", func(t *testing.T) {
		set := roster.Diff(batch(t, "Card,Barcode,Title,Due\n200,a,T,2026-12-01\n400,c,T,2026-12-01\n100,b,T,2026-12-01\n", true), numbered(), 1, today)
		expect(t, "new", set.New, "100/a ", "300/c ")
		if len(set.Problems) != 1 || set.Problems[0].Row != 4 {
			t.Errorf("%+v", set.Problems)
		}
	})
	t.Run("nor is a loan of an unknown number that of whoever has it for a card", func(t *testing.T) {
		set := roster.Diff(batch(t, "borrowernumber,Barcode,Title,Due\n100,a,T,2026-12-01\n300,c,T,2026-12-01\n400,b,T,2026-12-01\n", true), numbered(), 1, today)
		expect(t, "new", set.New, "100/a ", "300/c ")
		if len(set.Problems) != 1 || set.Problems[0].Row != 4 {
			t.Errorf("%+v", set.Problems)
		}
	})
	t.Run("a list whose numbers are cards all through is understood", func(t *testing.T) {
		set := roster.Diff(batch(t, "borrowernumber,Barcode,Title,Due\n200,a,T,2026-12-01\n400,c,T,2026-12-01\n", true), numbered(), 1, today)
		expect(t, "new", set.New, "100/a ", "300/c ")
	})
	t.Run("the address of an unknown card goes to nobody", func(t *testing.T) {
		set := roster.Diff(batch(t, "Card,Email\n100,somebody@example.org\n", false), numbered(), 1, today)
		expect(t, "changed", set.Changed)
		if len(set.Problems) != 1 || set.Problems[0].Sentence != "Nobody here has this card number." {
			t.Errorf("%+v", set.Problems)
		}
	})
	t.Run("a new person with a card is nobody who has it for a number", func(t *testing.T) {
		set := roster.Diff(batch(t, "Card,First name,Last name\n100,New,Comer\n", false), numbered(), 1, today)
		expect(t, "changed", set.Changed)
		if len(set.New) != 0 || len(set.Problems) != 1 || !strings.Contains(set.Problems[0].Sentence, "number of somebody else") {
			t.Errorf("%+v", set)
		}
	})
	t.Run("whose card is not known is found by a number that stands in its place", func(t *testing.T) {
		old := numbered()
		old.Patrons[0].Card = ""
		set := roster.Diff(batch(t, "Card,Barcode,Title,Due\n100,b,T,2026-12-01\n", false), old, 1, today)
		expect(t, "new", set.New, "100/b ")
	})
}

func TestALoanStaysItselfWhenTheListBeginsToNumberLoans(t *testing.T) {
	const list = "Loan ID,Card,Barcode,Title,Due\n7001,c1,b1,T,2026-11-21\n"
	set := roster.Diff(batch(t, list, true), people(1), 1, today)
	if set.Same != 1 || len(set.New)+len(set.Gone)+len(set.Changed) != 0 {
		t.Errorf("%d same, new %q, gone %q", set.Same, keysOf(set.New), keysOf(set.Gone))
	}
	old := people(1)
	old.Loans[1][0].Key = "6999"
	set = roster.Diff(batch(t, list, true), old, 1, today)
	expect(t, "new, for it was lent again", set.New, "k1/b1 ")
	expect(t, "gone", set.Gone, "k1/b1 returned")
}
