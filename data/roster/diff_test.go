package roster_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// people is a roster of n patrons with a loan each.
func people(n int) *data.Roster {
	r := &data.Roster{Loans: map[int64][]data.Loan{}}
	for i := range n {
		id := int64(i + 1)
		key := fmt.Sprintf("k%d", id)
		r.Patrons = append(r.Patrons, data.Patron{ID: id, Key: key, Card: fmt.Sprintf("c%d", id), First: "First", Last: fmt.Sprintf("Last%d", id), Group: "4b", Email: fmt.Sprintf("p%d@example.org", id)})
		r.Loans[id] = []data.Loan{{ID: id, Patron: id, Key: data.LoanKey(key, fmt.Sprintf("b%d", id)), Barcode: fmt.Sprintf("b%d", id), Title: "T", Due: today - 1}}
	}
	return r
}

func batch(t testing.TB, list string, complete bool) *data.Batch {
	t.Helper()
	f := open(t, file(t, "list.csv", list), roster.Options{})
	m := f.Propose("").Mapping
	m.Complete = complete
	b, questions, err := f.Read(context.Background(), m, today)
	if err != nil || len(questions) > 0 {
		t.Fatal(err, questions)
	}
	return b
}

func keysOf(all []data.Changed) []string {
	var keys []string
	for _, c := range all {
		switch {
		case c.After != nil:
			keys = append(keys, c.After.Key+" "+strings.Join(c.What, ","))
		case c.Is != nil:
			keys = append(keys, c.Owner+"/"+c.Is.Barcode+" "+strings.Join(c.What, ","))
		default:
			keys = append(keys, c.Owner+"/"+c.Was.Barcode+" "+strings.Join(c.What, ","))
		}
	}
	return keys
}

func expect(t *testing.T, what string, got []data.Changed, want ...string) {
	t.Helper()
	if keys := keysOf(got); !slices.Equal(keys, want) {
		t.Errorf("%s: %q, not %q", what, keys, want)
	}
}

func TestDiffOfPatrons(t *testing.T) {
	const list = "ID,Card,Surname,First name,Class\nK1,c1,Last1,First,4b\nk2,c2,Last2,First,5a\nk9,c9,Last9,First,1a\n"
	t.Run("new, changed, gone and same", func(t *testing.T) {
		set := roster.Diff(batch(t, list, true), people(3), 7, today)
		expect(t, "new", set.New, "k9 ")
		expect(t, "changed", set.Changed, "K1 key", "k2 group")
		expect(t, "gone", set.Gone, "k3 left")
		if set.Same != 0 || set.Base != 7 || set.Gone[0].After.Left != today || set.Gone[0].Before.Left != 0 || set.Changed[1].Before.Group != "4b" || set.Changed[1].After.Email != "p2@example.org" {
			t.Errorf("%+v", set)
		}
	})
	t.Run("a list that is not complete ends nobody", func(t *testing.T) {
		expect(t, "gone", roster.Diff(batch(t, list, false), people(3), 1, today).Gone)
	})
	t.Run("but whom it calls inactive", func(t *testing.T) {
		set := roster.Diff(batch(t, "ID,Surname,Status\nk1,Last1,active\nk3,Last3,left\n", false), people(3), 1, today)
		expect(t, "gone", set.Gone, "k3 left")
	})
	t.Run("who is back in the list is back", func(t *testing.T) {
		old := people(3)
		old.Patrons[0].Left = today - 10
		set := roster.Diff(batch(t, "ID,Card,Surname\nk1,c1,Last1\nk2,c2,Last2\nk3,c3,Last3\n", true), old, 1, today)
		expect(t, "changed", set.Changed, "k1 left")
		if set.Changed[0].After.Left != 0 || set.Same != 2 {
			t.Errorf("%+v", set)
		}
	})
	t.Run("staff stay where a list has none", func(t *testing.T) {
		old := people(3)
		old.Patrons[2].Group = "Teachers"
		expect(t, "gone", roster.Diff(batch(t, list, true), old, 1, today).Gone)
		expect(t, "gone", roster.Diff(batch(t, list+"k8,c8,Last8,First,Staff\n", true), old, 1, today).Gone, "k3 left")
	})
	t.Run("somebody known by the card alone gets a number, a card that passed on does not", func(t *testing.T) {
		old := people(2)
		old.Patrons[0].Key = "c1"
		set := roster.Diff(batch(t, "ID,Card,Surname\nn1,c1,Last1\nn2,c2,Other\n", false), old, 1, today)
		expect(t, "changed", set.Changed, "n1 key")
		expect(t, "new", set.New, "n2 ")
	})
	t.Run("without any number people are known by name and address", func(t *testing.T) {
		set := roster.Diff(batch(t, "Surname,First name,Email,Class\nlast1,first,P1@example.org,9z\nLast2,First,other@example.org,4b\n", false), people(2), 1, today)
		expect(t, "changed", set.Changed, "k1 first,last,group,email")
		expect(t, "new", set.New, "First Last2 <other@example.org> ")
	})
	t.Run("what is known of guardians is kept where the list does not say it", func(t *testing.T) {
		old := people(1)
		old.Patrons[0].Guardians = []data.Guardian{{Name: "Ann", Email: "Ann@example.org", Role: "mother"}, {Email: "gone@example.org", Notices: true}}
		set := roster.Diff(batch(t, "ID,Surname,ParentEmail\nk1,Last1,ann@example.org new@example.org\n", false), old, 1, today)
		want := []data.Guardian{{Name: "Ann", Email: "Ann@example.org", Role: "mother"}, {Email: "new@example.org", Notices: true}}
		if len(set.Changed) != 1 || !slices.Equal(set.Changed[0].After.Guardians, want) {
			t.Errorf("%+v", set.Changed)
		}
	})
	t.Run("the old roster and the batch stay as they are", func(t *testing.T) {
		old, b := people(3), batch(t, list, true)
		roster.Diff(b, old, 1, today)
		if !reflect.DeepEqual(old, people(3)) || !reflect.DeepEqual(b.Patrons, batch(t, list, true).Patrons) {
			t.Error("changed")
		}
	})
	t.Run("a list that would end more than a fifth is suspect", func(t *testing.T) {
		var most strings.Builder
		most.WriteString("ID,Surname\n")
		for i := range 80 {
			fmt.Fprintf(&most, "k%d,Last%d\n", i+1, i+1)
		}
		if set := roster.Diff(batch(t, most.String(), true), people(100), 1, today); set.Suspect != "" {
			t.Error(set.Suspect)
		}
		if set := roster.Diff(batch(t, most.String(), true), people(101), 1, today); set.Suspect != "21 of 101 patrons would leave: the list may be cut short." {
			t.Error(set.Suspect)
		}
		if set := roster.Diff(batch(t, "ID,Surname\nk1,Last1\n", true), people(19), 1, today); set.Suspect != "" {
			t.Error(set.Suspect)
		}
	})
}

func TestDiffOfAddresses(t *testing.T) {
	const list = "Card,Email\nc1,new@example.org\nc2,p2@example.org\nc9,nobody@example.org\n"
	b := batch(t, list, true)
	if b.Kind != data.RosterAddresses || b.Complete {
		t.Fatalf("%+v", b)
	}
	set := roster.Diff(b, people(3), 1, today)
	expect(t, "new", set.New)
	expect(t, "changed", set.Changed, "k1 email")
	expect(t, "gone", set.Gone)
	if set.Same != 1 || len(set.Problems) != 1 || set.Problems[0].Row != 4 || set.Problems[0].Value != "c9" {
		t.Errorf("%+v", set)
	}
}

func TestDiffOfLoans(t *testing.T) {
	t.Run("new, renewed, back and the same", func(t *testing.T) {
		set := roster.Diff(batch(t, "Card,Barcode,Title,Due\nc1,b1,T,2026-11-21\nc2,b2,T,2026-12-05\nc3,b9,New,2026-12-05\n", true), people(3), 1, today)
		expect(t, "new", set.New, "k3/b9 ")
		expect(t, "changed", set.Changed, "k2/b2 due")
		expect(t, "gone", set.Gone, "k3/b3 returned")
		if set.Same != 1 || set.New[0].Is.Key != data.LoanKey("k3", "b9") || set.New[0].Is.Patron != 3 {
			t.Errorf("%+v", set)
		}
	})
	t.Run("a loan whose date cannot be read is not taken for returned", func(t *testing.T) {
		set := roster.Diff(batch(t, "Card,Barcode,Title,Due\nc1,b1,T,soon\nc2,b2,T,2026-11-21\nc3,b3,T,2026-11-21\n", true), people(3), 1, today)
		expect(t, "gone", set.Gone)
		if len(set.Problems) != 1 || set.Problems[0].Row != 2 || set.Problems[0].Column != "Due" || set.Problems[0].Value != "soon" {
			t.Errorf("%+v", set.Problems)
		}
	})
	t.Run("loans of nobody are problems", func(t *testing.T) {
		set := roster.Diff(batch(t, "Card,Barcode,Due\nc1,b1,2026-11-21\nx7,b2,2026-11-21\n", false), people(3), 1, today)
		if len(set.Problems) != 1 || set.Problems[0].Row != 3 || set.Problems[0].Value != "x7" || !set.Problems[0].Dropped {
			t.Errorf("%+v", set.Problems)
		}
	})
	t.Run("people are found by number, by card, by name with address", func(t *testing.T) {
		b := batch(t, "borrowernumber,surname,firstname,email,barcode,title,duedate\nK1,x,y,,n1,T,2026-12-01\nc2,x,y,,n2,T,2026-12-01\n,last3,FIRST,p3@example.org,n3,T,2026-12-01\n,Last3,First,other@example.org,n4,T,2026-12-01\n", false)
		set := roster.Diff(b, people(3), 1, today)
		expect(t, "new", set.New, "k1/n1 ", "k2/n2 ", "k3/n3 ")
		if len(set.Problems) != 1 || set.Problems[0].Row != 5 {
			t.Errorf("%+v", set.Problems)
		}
	})
	t.Run("a name two people bear is nobody's", func(t *testing.T) {
		old := people(2)
		old.Patrons[1].Last = "Last1"
		set := roster.Diff(batch(t, "Patron,Barcode,Title,Due\nFirst Last1,n1,T,2026-12-01\n", false), old, 1, today)
		if len(set.New) != 0 || len(set.Problems) != 1 || !strings.Contains(set.Problems[0].Sentence, "Several patrons") {
			t.Errorf("%+v", set)
		}
	})
	t.Run("a loan stays itself when its patron gets another number", func(t *testing.T) {
		old := people(1)
		old.Patrons[0].Key = "renamed"
		set := roster.Diff(batch(t, "Card,Barcode,Title,Due\nc1,b1,T,2026-11-21\n", true), old, 1, today)
		if set.Same != 1 || len(set.New)+len(set.Gone)+len(set.Changed) != 0 {
			t.Errorf("%+v", set)
		}
	})
	t.Run("dates in the wrong order are suspect", func(t *testing.T) {
		var late, far strings.Builder
		late.WriteString("Card,Barcode,Due\n")
		far.WriteString("Card,Barcode,Due\n")
		for i := range 10 {
			fmt.Fprintf(&late, "c%d,n,2024-01-0%d\n", i+1, min(i+1, 9))
			fmt.Fprintf(&far, "c%d,n,2028-01-0%d\n", i+1, min(i+1, 9))
		}
		if set := roster.Diff(batch(t, late.String(), false), people(10), 1, today); !strings.Contains(set.Suspect, "10 of 10 loans would be overdue by more than a year") {
			t.Error(set.Suspect)
		}
		b := batch(t, far.String(), false)
		if set := roster.Diff(b, people(10), 1, today); !strings.Contains(set.Suspect, "more than 400 days ahead") || !strings.Contains(b.Notes[0], "the first in row 2") {
			t.Error(set.Suspect, b.Notes)
		}
	})
}

func TestExportComesBackAsItWas(t *testing.T) {
	old := &data.Roster{Patrons: []data.Patron{
		{ID: 1, Key: "=1+1", Card: "0012", First: "@Mila", Last: "'=Berg", Group: "-4b", Level: "+4", Email: "mila@example.org", Language: "de", AutoOverdue: true, Address: "12 Mill Lane\n2034 Ashford",
			Guardians: []data.Guardian{{Name: "Nina, née \"B\"", Email: "nina@example.org", Role: "mother", Notices: true}, {Email: "olaf@example.org"}}},
		{ID: 2, Key: "k2", Last: "Ångström; Ltd", First: "=cmd()|' /C calc'!A0"},
		{ID: 3, Key: "k3", Card: "0013", Last: "Ray", First: "''@x", Guardians: []data.Guardian{{Name: "Ann", Email: "ann@example.org", Notices: true}}},
	}}
	var b bytes.Buffer
	if err := roster.ExportCSV(&b, old); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(strings.TrimPrefix(b.String(), "\ufeff")) {
		for cell := range strings.SplitSeq(line, ",") {
			if cell = strings.Trim(cell, "\"\r\n"); cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a formula: %q", cell)
			}
		}
	}
	f := open(t, file(t, "export.csv", b.String()), roster.Options{})
	p := f.Propose("")
	if len(p.Questions) > 0 || len(p.Ignored) > 0 {
		t.Errorf("%+v", p)
	}
	back, _, err := f.Read(context.Background(), p.Mapping, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Patrons) != len(old.Patrons) || len(back.Problems) > 0 {
		t.Fatalf("%+v", back)
	}
	for i, one := range back.Patrons {
		one.ID = old.Patrons[i].ID
		if !reflect.DeepEqual(one.Patron, old.Patrons[i]) {
			t.Errorf("%+v\nnot\n%+v", one.Patron, old.Patrons[i])
		}
	}
	if set := roster.Diff(back, old, 1, today); set.Same != 3 {
		t.Errorf("%+v", set)
	}
}
