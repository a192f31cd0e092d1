package gateway_test

import (
	"fmt"
	"slices"
	"strings"
)

// The pupils, by their numbers in the library system.
const (
	ben = iota + 1
	eve
	kim
	leo
	mia
	noa
	oda
	pat
	box
)

func (s *system) school() {
	s.pupil("Ben", "Cole", "ben@school.org", "")
	s.pupil("Eve", "Dunn", "eve@school.org", "dunn@home.org")
	s.pupil("Kim", "Ford", "kim@school.org", "")
	s.pupil("Leo", "Gray", "", "")
	s.pupil("Mia", "Hale", "mia@school.org", "")
	s.pupil("Noa", "Ives", "noa@school.org", "")
	s.pupil("Oda", "Jung", "oda@school.org", "")
	s.pupil("Pat", "King", "pat@school.org", "")
	s.pupil("Reading", "Box", "box@school.org", "")
	s.box(box, 30)
}

// system is a library system as its exports show it.
type system struct {
	pupils []string // rows of the list
	loans  []lent
	titles []string // of all that was ever lent one by one
	count  int
}

type lent struct {
	who   int
	title string
	copy  int // barcode
	due   string
}

func day(n int) string { return fmt.Sprintf("2025-11-%02d", n) }

// pupil adds a person; the number is by the order.
func (s *system) pupil(first, last, email, parent string) {
	s.pupils = append(s.pupils, fmt.Sprintf("%d,%s,%s,7B,%s,%s\n", len(s.pupils)+1, first, last, email, parent))
}

func (s *system) leaves(who int) {
	s.pupils = slices.DeleteFunc(s.pupils, func(row string) bool { return strings.HasPrefix(row, fmt.Sprint(who)+",") })
}

// lend says which day of November a book is due.
func (s *system) lend(who int, title string, due int) {
	s.count++
	s.titles = append(s.titles, title)
	s.loans = append(s.loans, lent{who, title, s.count, day(due)})
}

// box lends n books until spring.
func (s *system) box(who, n int) {
	for range n {
		s.count++
		s.loans = append(s.loans, lent{who, fmt.Sprintf("Reader %d", s.count), s.count, "2026-03-01"})
	}
}

func (s *system) back(title string) {
	s.loans = slices.DeleteFunc(s.loans, func(l lent) bool { return l.title == title })
}

func (s *system) renew(title string, due int) {
	for i := range s.loans {
		if s.loans[i].title == title {
			s.loans[i].due = day(due)
		}
	}
}

func (s *system) patronsList() string {
	return "StKey,Firstname,Surname,pGroup,Email,ParentEmail\n" + strings.Join(s.pupils, "")
}

func (s *system) loansList() string {
	var b strings.Builder
	b.WriteString("StKey,Title,Barcode,Due Date\n")
	for _, l := range s.loans {
		fmt.Fprintf(&b, "%d,%s,T%03d,%s\n", l.who, l.title, l.copy, l.due)
	}
	return b.String()
}
