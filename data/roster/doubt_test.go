package roster_test

import (
	"strings"
	"testing"

	"smtpgateway/data/roster"
)

func TestWhoStandsInARowThatIsLeftOutIsThere(t *testing.T) {
	t.Run("a person in a row that is too wide does not leave", func(t *testing.T) {
		set := roster.Diff(batch(t, "Key,Last name,First name,Email\nk1,Last1,First,p1@example.org\nk2,Last2, Jr.,First,p2@example.org\n", true), people(2), 1, today)
		expect(t, "gone", set.Gone)
		if len(set.Problems) != 1 || !set.Problems[0].Dropped {
			t.Errorf("%+v", set.Problems)
		}
	})
	t.Run("nor one in a row that ends after its number", func(t *testing.T) {
		set := roster.Diff(batch(t, "Key,Last name,First name\nk1,Last1,First\nk2\n", true), people(2), 1, today)
		expect(t, "gone", set.Gone)
	})
	t.Run("nor two who have the same card", func(t *testing.T) {
		old := people(3)
		old.Patrons[1].Card = old.Patrons[0].Card
		set := roster.Diff(batch(t, "Card,Last name,First name\nc1,Last1,First\nc3,Last3,First\n", true), old, 1, today)
		expect(t, "gone", set.Gone)
		if len(set.Problems) != 1 {
			t.Errorf("%+v", set.Problems)
		}
	})
	t.Run("a loan in a row that is too wide is not taken for returned", func(t *testing.T) {
		set := roster.Diff(batch(t, "Card,Barcode,Title,Due\nc1,b1,T,2026-11-21\nc2,b2,T, or not,2026-11-21\n", true), people(2), 1, today)
		expect(t, "gone", set.Gone)
	})
	t.Run("nor one of two people of one name", func(t *testing.T) {
		old := people(2)
		old.Patrons[1].Last = "Last1"
		set := roster.Diff(batch(t, "Patron,Barcode,Title,Due\nFirst Last1,b1,T,2026-11-21\n", true), old, 1, today)
		expect(t, "gone", set.Gone, "k2/b2 returned")
	})
}

func TestSomebodyWhoLeftAndCameBackInOneList(t *testing.T) {
	for _, list := range []string{
		"Key,Last name,First name,Group,Status\nk1,Last1,First,3a,inactive\nk1,Last1,First,4b,active\n",
		"Key,Last name,First name,Group,Status\nk1,Last1,First,4b,active\nk1,Last1,First,3a,inactive\n",
	} {
		b := batch(t, list, true)
		if len(b.Patrons) != 1 || b.Patrons[0].Group != "4b" || len(b.Gone) != 0 || b.Joined != 1 || b.Rows != 2 || len(b.Problems) != 0 {
			t.Errorf("%q: %+v, gone %+v, %+v", list, b.Patrons, b.Gone, b.Problems)
		}
		if strings.Contains(strings.Join(b.Notes, " "), "inactive") {
			t.Error(b.Notes)
		}
	}
}

func TestAListThatBreaksOff(t *testing.T) {
	const list = "Key,Last name,First name,Email\nk1,Last1,First,p1@example.org\nk2,Last2,First,p2@example.org\nk3,La"
	t.Run("its last row is left out, and it wants a second yes", func(t *testing.T) {
		b := batch(t, list, true)
		if len(b.Patrons) != 2 || b.Refused != 1 || b.Rows != 3 || b.Problems[0].Row != 4 {
			t.Errorf("%+v, %+v", b.Patrons, b.Problems)
		}
		set := roster.Diff(b, people(3), 1, today)
		expect(t, "gone", set.Gone)
		expect(t, "changed", set.Changed)
		if !strings.Contains(set.Suspect, "row 4") {
			t.Error(set.Suspect)
		}
	})
	t.Run("one of a program that leaves out empty cells, or the last line end, is whole", func(t *testing.T) {
		for _, whole := range []string{list + "\n", strings.Replace(list, ",p1@example.org", "", 1), strings.TrimSuffix(list, "\nk3,La")} {
			if b := batch(t, whole, true); b.Refused != 0 {
				t.Errorf("%q: %+v", whole, b.Problems)
			}
		}
	})
}
