package screen_test

import (
	"fmt"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// BenchmarkPatronsTyped is one letter typed into the search among 50,000 people until its answer is shown.
func BenchmarkPatronsTyped(b *testing.B) {
	const all = 50_000
	at := screentest.New(b)
	people := make([]data.Patron, all)
	for i := range people {
		people[i] = data.Patron{Key: fmt.Sprint(i), First: fmt.Sprintf("First%d", i%997), Last: fmt.Sprintf("Last%d", i), Group: fmt.Sprint(i % 60), Email: fmt.Sprintf("p%d@school.test", i)}
	}
	at.People(people...)
	at.Look()
	p := screen.NewPatrons(at.Desk)
	p.Refresh(screen.Change{})
	at.Settle()
	typed := []string{"l", "la", "las", "last1", "last12", "last12 first3"}
	for i := 0; b.Loop(); i++ {
		p.SetSearch(typed[i%len(typed)])
		at.Settle()
	}
	if p.Len() == 0 || p.Problem() != nil {
		b.Fatal(p.Len(), p.Problem())
	}
}
