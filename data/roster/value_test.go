package roster_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// dues reads a list of loans with these due dates.
func dues(t *testing.T, answers map[string]string, values ...string) (days []string, questions []data.DateQuestion, b *data.Batch) {
	t.Helper()
	var list strings.Builder
	list.WriteString("Card,Barcode,Due\n")
	for i, v := range values {
		fmt.Fprintf(&list, "1,b%d,%q\n", i, v)
	}
	f := open(t, file(t, "loans.csv", list.String()), roster.Options{})
	m := f.Propose("").Mapping
	m.Dates = answers
	b, questions, err := f.Read(context.Background(), m, today)
	if err != nil {
		t.Fatal(err)
	}
	if b != nil {
		for _, l := range b.Loans {
			days = append(days, l.Due.String())
		}
	}
	return days, questions, b
}

func TestDatesOfAColumn(t *testing.T) {
	for _, c := range []struct {
		promise string
		values  []string
		want    []string
	}{
		{"ISO", []string{"2026-04-03", "2026-11-18T23:59:00Z"}, []string{"2026-04-03", "2026-11-18"}},
		{"ISO with a clock", []string{"2026-11-18 23:59:00", "2026/4/3 8:05"}, []string{"2026-11-18", "2026-04-03"}},
		{"one part over 12 decides for the whole column", []string{"03/04/2026", "25/04/2026"}, []string{"2026-04-03", "2026-04-25"}},
		{"or the other way", []string{"03/04/2026", "04/25/2026 11:59 PM"}, []string{"2026-03-04", "2026-04-25"}},
		{"years of two digits", []string{"3/4/26", "13/4/26"}, []string{"2026-04-03", "2026-04-13"}},
		{"years of two digits, first", []string{"26-04-03", "27-01-31"}, []string{"2026-04-03", "2027-01-31"}},
		{"dots never begin with the month", []string{"03.04.2026", "5.6.26"}, []string{"2026-04-03", "2026-06-05"}},
		{"serial numbers of spreadsheets", []string{"46115", "46115.5"}, []string{"2026-04-03", "2026-04-03"}},
		{"digits alone", []string{"20260403"}, []string{"2026-04-03"}},
		{"months in letters", []string{"3 Apr 2026", "Apr 3, 2026", "03-Apr-26", "Fri, 3 April 2026", "3. April 2026", "3 avril 2026", "3 de abril de 2026", "18 Dez 2026"}, slices.Concat(slices.Repeat([]string{"2026-04-03"}, 7), []string{"2026-12-18"})},
		{"the same day in both orders needs no question", []string{"05/05/2026"}, []string{"2026-05-05"}},
		{"more of them one way: the rest are no dates", []string{"25/04/2026", "26/04/2026", "04/27/2026"}, []string{"2026-04-25", "2026-04-26"}},
		{"nonsense", []string{"soon", "99/99/2026", "2026-02-30", "12345678901", ""}, nil},
	} {
		t.Run(c.promise, func(t *testing.T) {
			days, questions, b := dues(t, nil, c.values...)
			if len(questions) > 0 {
				t.Fatal(roster.AskDate(questions[0]))
			}
			if !slices.Equal(days, c.want) {
				t.Errorf("%q", days)
			}
			if lost := len(c.values) - len(c.want); b.Refused != lost || len(b.Doubtful) != lost {
				t.Errorf("%d refused, %d doubtful", b.Refused, len(b.Doubtful))
			}
		})
	}
}

func TestAmbiguousDatesAreAskedAbout(t *testing.T) {
	_, questions, b := dues(t, nil, "03/04/2026", "05/06/2026")
	if b != nil || len(questions) != 1 {
		t.Fatalf("%v, %v", b, questions)
	}
	if got := roster.AskDate(questions[0]); got != "03/04/2026: is this 3 April 2026 or 4 March 2026?" {
		t.Error(got)
	}
	m := roster.AnswerDate(data.Mapping{}, questions[0], "mdy")
	days, _, b := dues(t, m.Dates, "03/04/2026", "05/06/2026")
	if b == nil || !slices.Equal(days, []string{"2026-03-04", "2026-05-06"}) {
		t.Error(days)
	}
}

func TestDaysOfLoansLieBehindUs(t *testing.T) {
	f := open(t, file(t, "a.csv", "Card,Barcode,Due,Issued\n1,a,2026-12-01,12/11/2026\n1,b,2026-12-01,10/11/2026\n"), roster.Options{})
	b, questions, err := f.Read(context.Background(), f.Propose("").Mapping, today)
	if err != nil || len(questions) > 0 || b.Loans[0].Issued.String() != "2026-11-12" {
		t.Errorf("%v %v %v", b, questions, err)
	}
}

func TestExpiryIsAskedOnlyWhereItMatters(t *testing.T) {
	list := "Card,Surname,Expires\n1,Berg,03/04/%[1]s\n2,Okoye,05/06/%[1]s\n"
	if b, err := lone(t, fmt.Sprintf(list, "2027")); err != nil || len(b.Gone) != 0 {
		t.Errorf("%v %v", b, err)
	}
	if b, err := lone(t, fmt.Sprintf(list, "2025")); err != nil || len(b.Gone) != 2 || !strings.Contains(strings.Join(b.Notes, " "), "The cards of 2 people have run out") {
		t.Errorf("%v %v", b, err)
	}
	f := open(t, file(t, "a.csv", strings.ReplaceAll(list, "%[1]s", "2026")+"3,Ray,12/11/2026\n"), roster.Options{})
	if _, questions, _ := f.Read(context.Background(), f.Propose("").Mapping, today); len(questions) != 1 {
		t.Errorf("%v", questions)
	}
}

func TestStatus(t *testing.T) {
	b, err := lone(t, "Card,Surname,Status\n1,a,Active\n2,b,inactive\n3,c,Left\n4,d,\n5,e,A\n6,f,I\n")
	if err != nil || len(b.Patrons) != 3 || len(b.Gone) != 3 || b.Notes[0] != "3 people are inactive or gone by their status; they count as not in the list." {
		t.Errorf("%+v %v", b, err)
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ cell, want, sentence, remedy string }{
		{"jane@example.org", "jane@example.org", "", ""},
		{" <jane@example.org> ", "jane@example.org", "", ""},
		{"Jane Doe <jane@example.org>", "jane@example.org", "", ""},
		{"jane@gmial.com", "", "looks like a typing mistake: gmial.com", "jane@gmail.com"},
		{"jane@hotmial.com", "", "typing mistake", "jane@hotmail.com"},
		{"jane@gmail.co", "", "typing mistake", "jane@gmail.com"},
		{"jane@yaho.com", "", "typing mistake", "jane@yahoo.com"},
		{"jane@ymail.com", "jane@ymail.com", "", ""},
		{"jane@mail.com", "jane@mail.com", "", ""},
		{"jane@gmail.com", "jane@gmail.com", "", ""},
		{"jane doe@example.org", "", "blank", "janedoe@example.org"},
		{"jane@example.org.", "", "ends in a dot", "jane@example.org"},
		{"jane@example", "", "no dot", "typing mistake"},
		{"jane.@example.org", "", "dot stands in the wrong place", "jane@example.org"},
		{"jane", "", "no @", ""},
		{"jane@example.org; mum@example.org", "jane@example.org", "several addresses", ""},
	} {
		t.Run(c.cell, func(t *testing.T) {
			b, err := lone(t, head+"1,Doe,Jane,4b,\""+c.cell+"\"\n")
			if err != nil || len(b.Patrons) != 1 {
				t.Fatalf("%v %v", b, err)
			}
			if got := b.Patrons[0].Email; got != c.want {
				t.Errorf("%q", got)
			}
			if c.sentence == "" {
				if len(b.Problems) > 0 {
					t.Errorf("%+v", b.Problems)
				}
				return
			}
			p := b.Problems
			if len(p) != 1 || p[0].Row != 2 || p[0].Column != "Email" || p[0].Value == "" || p[0].Dropped || !strings.Contains(p[0].Sentence, c.sentence) || !strings.Contains(p[0].Remedy, c.remedy) {
				t.Errorf("%+v", p)
			}
		})
	}
}

func TestGuardiansInOneCell(t *testing.T) {
	b, err := lone(t, "Card,Surname,ParentEmail,ParentEmail2,Guardian name\n1,Doe,\"a@example.org, b@example.org;c@example.org d@example.org\",A@example.org,Ann Doe\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := row(b.Patrons[0].Patron), "1|1||Doe||||||Ann Doe <a@example.org>|Ann Doe <b@example.org>|Ann Doe <c@example.org>|Ann Doe <d@example.org>"; got != want && !strings.Contains(got, "<d@example.org>") {
		t.Errorf("%s", got)
	}
	if len(b.Patrons[0].Guardians) != 4 || !b.Patrons[0].Guardians[0].Notices {
		t.Errorf("%+v", b.Patrons[0].Guardians)
	}
}

func TestNamesInOneCell(t *testing.T) {
	f := open(t, file(t, "a.csv", "Card,Name\n1,\"Doe, Jane Ann\"\n2,\"Ray, Kim\"\n"), roster.Options{})
	p := f.Propose("")
	if len(p.Questions) != 1 || p.Questions[0].Ask != `"Doe, Jane Ann": which is the last name?` || !slices.Equal(p.Questions[0].Proposed, []string{"last-first"}) {
		t.Fatalf("%+v", p.Questions)
	}
	for order, want := range map[string]string{"last-first": "1|1|Jane Ann|Doe|||||", "first-last": "1|1|Doe|Jane Ann|||||"} {
		b, _, err := f.Read(context.Background(), roster.Answer(p.Mapping, p.Questions[0], order), today)
		if err != nil || row(b.Patrons[0].Patron) != want {
			t.Errorf("%s: %v %v", order, rows(b), err)
		}
	}
	if b, _ := lone(t, "Card,Name\n1,Jane Ann Doe\n"); row(b.Patrons[0].Patron) != "1|1|Jane Ann|Doe|||||" {
		t.Errorf("%q", rows(b))
	}
}

func TestTwoRowsOfOneNumber(t *testing.T) {
	b, err := lone(t, head+"1,Berg,Mila,4b,mila@example.org\n1,Okoye,Tobi,4b,tobi@example.org\n1,Berg,Mila,4b,mila@example.org\n")
	if err != nil || len(b.Patrons) != 1 || b.Patrons[0].First != "Mila" || b.Joined != 1 || len(b.Problems) != 1 {
		t.Fatalf("%+v %v", b, err)
	}
	if p := b.Problems[0]; p.Row != 3 || p.Column != "Card" || p.Value != "1" || !strings.Contains(p.Sentence, "Rows 2 and 3") {
		t.Errorf("%+v", p)
	}
}

func TestAutoOverdue(t *testing.T) {
	b, err := lone(t, "Card,Surname,Auto-Overdue\n1,a,Yes\n2,b,x\n3,c,\n4,d,0\n5,e,maybe\n")
	var on []bool
	for _, p := range b.Patrons {
		on = append(on, p.AutoOverdue)
	}
	if err != nil || !slices.Equal(on, []bool{true, true, false, false, false}) || len(b.Problems) != 1 {
		t.Errorf("%v %+v %v", on, b.Problems, err)
	}
}

func TestAnAnswerOfLongAgoDoesNotTurnDatesRound(t *testing.T) {
	days, questions, _ := dues(t, map[string]string{"Due": "mdy"}, "03/12/2026", "25/11/2026")
	if len(questions) > 0 || !slices.Equal(days, []string{"2026-12-03", "2026-11-25"}) {
		t.Error(days, questions)
	}
	days, _, _ = dues(t, map[string]string{"Due": "mdy"}, "03/12/2026", "25/11/2026", "11/25/2026")
	if !slices.Equal(days, []string{"2026-03-12", "2026-11-25"}) {
		t.Error("one that fits in either order is read as it was answered:", days)
	}
}

func TestDaysInWordsOfOtherLanguages(t *testing.T) {
	days, _, b := dues(t, nil, "18 juin 2026", "Mi., 18. Nov. 2026", "mar. 18 août 2026", "martes 3 marzo 2026", "18 de noviembre de 2026", "Mar 18, 2026", "1er juin 2026", "Mo, 1. Juni 2026")
	want := []string{"2026-06-18", "2026-11-18", "2026-08-18", "2026-03-03", "2026-11-18", "2026-03-18", "2026-06-01", "2026-06-01"}
	if !slices.Equal(days, want) {
		t.Errorf("%q, %+v", days, b.Problems)
	}
}

func TestTheDayBeforeAllDaysIsShownAsItIs(t *testing.T) {
	_, _, b := dues(t, nil, "1970-01-01", "2026-11-24")
	if len(b.Problems) != 1 || b.Problems[0].Value != "1970-01-01" {
		t.Errorf("%+v", b.Problems)
	}
}

func TestOfALoanThatStandsThereTwiceTheLaterDateCounts(t *testing.T) {
	for _, list := range []string{"1,a,11/11/2026\n1,a,25/11/2026\n", "1,a,25/11/2026\n1,a,11/11/2026\n", "1,a,11/11/2026\n1,a,25/11/2026\n1,A,13/11/2026\n", "1,a,11/11/2026\n1,a,soon\n1,a,25/11/2026\n"} {
		f := open(t, file(t, "a.csv", "Card,Barcode,Due\n"+list), roster.Options{})
		b, _, err := f.Read(context.Background(), f.Propose("").Mapping, today)
		if err != nil || len(b.Loans) != 1 || b.Loans[0].Due.String() != "2026-11-25" || b.Refused != b.Rows-1 || b.Problems[0].Row != 3 {
			t.Errorf("%q: %+v %v", list, b, err)
		}
	}
}
