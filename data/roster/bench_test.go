package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// school is a list of patrons and one of loans, as CSV.
func school(patrons, loans int) (people, things string) {
	var p, l strings.Builder
	p.WriteString("ID,Card,Surname,First name,Class,Year,Email,Guardian email,Password,Street,Postcode,Town\n")
	for i := range patrons {
		fmt.Fprintf(&p, "S%06d,%08d,Surname%d,First%d,%d%c,%d,pupil%d@example.org,parent%d@example.org,secret%d,%d Mill Lane,%05d,Ashford\n", i, i, i%7000, i%900, i%13, 'a'+i%4, i%13, i, i, i, i%200, i%9000)
	}
	l.WriteString("Card,Barcode,Title,Author,Due,Issued,Price,Notes\n")
	for i := range loans {
		fmt.Fprintf(&l, "%08d,B%09d,\"The Book, Number %d\",Author %d,%02d/%02d/2026,%02d/%02d/2026,%d.50,nothing\n", i%patrons, i, i%30000, i%5000, 1+i%12, 1+i%28, 1+i%11, 1+i%28, i%40)
	}
	return p.String(), l.String()
}

// BenchmarkSchool reads and compares 50,000 patrons and 200,000 loans, which are the same again: what the nightly import does
// before it writes.
func BenchmarkSchool(b *testing.B) {
	people, things := school(50_000, 200_000)
	peoplePath, thingsPath := file(b, "people.csv", people), file(b, "loans.csv", things)
	old := &data.Roster{Loans: map[int64][]data.Loan{}}
	load := func(path string) *data.Batch {
		f := open(b, path, roster.Options{})
		list, questions, err := f.Read(b.Context(), f.Propose("").Mapping, today)
		if err != nil || len(questions) > 0 || len(list.Problems) > 0 {
			b.Fatal(err, questions, list.Problems[:1])
		}
		return list
	}
	for i, c := range roster.Diff(load(peoplePath), old, 1, today).New {
		p := *c.After
		p.ID = int64(i + 1)
		old.Patrons = append(old.Patrons, p)
	}
	for i, c := range roster.Diff(load(thingsPath), old, 1, today).New {
		l := *c.Is
		l.ID = int64(i + 1)
		old.Loans[l.Patron] = append(old.Loans[l.Patron], l)
	}
	b.ReportAllocs()
	for b.Loop() {
		p := roster.Diff(load(peoplePath), old, 1, today)
		l := roster.Diff(load(thingsPath), old, 1, today)
		if p.Same != 50_000 || l.Same != 200_000 {
			b.Fatalf("%d and %d the same", p.Same, l.Same)
		}
	}
}
