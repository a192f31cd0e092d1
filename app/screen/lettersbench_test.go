package screen_test

import (
	"fmt"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// benchLetters is a library of n people with something overdue each, of whom all have an address.
func benchLetters(b *testing.B, n int) (*screentest.Bench, *screen.Letters) {
	b.Helper()
	s := screentest.New(b)
	s.Configured()
	s.Save(map[string]string{"practice.letters": "false"})
	today := data.DateOf(s.Now())
	people, loans := make([]data.Patron, n), make([]data.Changed, n)
	for i := range people {
		key := fmt.Sprint(i)
		people[i] = data.Patron{Key: key, First: "Kim", Last: fmt.Sprintf("P%05d", i), Group: fmt.Sprint(i % 40), Email: "p" + key + "@school.test"}
		loans[i] = data.Changed{Row: i + 2, Owner: key, Is: &data.Loan{Key: "l" + key, Title: "A Book", Barcode: key, Due: today - 5}}
	}
	s.People(people...)
	s.Take(data.RosterLoans, []string{"loan", "title", "barcode", "due"}, loans...)
	s.Look()
	l := screen.NewLetters(s.Desk)
	l.Refresh(screen.Change{Store: true})
	s.Settle()
	return s, l
}

// BenchmarkLettersList makes the list of 50,000 letters and writes the words of a page of it.
func BenchmarkLettersList(b *testing.B) {
	s, l := benchLetters(b, 50_000)
	for b.Loop() {
		l.Back()
		l.Make()
		s.Settle()
		if l.Len() != 50_000 {
			b.Fatal(l.Len())
		}
		for i := range 40 {
			_ = l.Row(25_000 + i)
		}
	}
}

// BenchmarkLettersQueue queues 10,000 letters from the list and takes them back.
func BenchmarkLettersQueue(b *testing.B) {
	s, l := benchLetters(b, 10_000)
	l.Make()
	s.Settle()
	var told int
	l.OnChange = func() { told++ }
	for b.Loop() {
		l.Queue(l.Plan())
		s.Settle()
		b.StopTimer()
		if said, bad := l.Done(); bad || told < 50 {
			b.Fatal(said, told)
		}
		l.Undo()
		s.Settle()
		if mail, _ := l.Ticked(); mail != 10_000 {
			b.Fatal(mail)
		}
		b.StartTimer()
	}
}
