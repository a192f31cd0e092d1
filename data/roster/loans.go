package roster

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

const (
	farAhead  = 400 // days: nothing is lent for longer
	longSince = 365 // days late: years, not weeks
)

// loans collects the things of a list.
type loans struct {
	seen  map[string]int32  // whose and what -> row
	twice map[int][]written // row -> due dates of the same loan in other rows
}

func newLoans(room int) *loans { return &loans{seen: make(map[string]int32, room)} }

// take makes a loan of the row.
func (l *loans) take(r *reading) error {
	b := r.batch
	one := r.loan()
	one.Title, one.Author = r.once(one.Title), r.once(r.val(fieldAuthor))
	one.CallNumber, one.Price = r.val(fieldCallNumber), r.val(fieldPrice)

	who := one.PatronKey + one.PatronCard
	if who == "" {
		who = one.PatronFirst + " " + one.PatronLast + one.PatronEmail
	}
	switch {
	case strings.TrimSpace(who) == "":
		r.refuse("", one.Title, "The row does not say whose loan it is.", "Look at it in the library system.")
		return nil
	case one.Barcode == "" && one.Title == "" && one.Key == "":
		r.refuse("", "", "The row does not say what was taken home.", "Look at it in the library system.")
		return nil
	}
	what := one.Key
	if what == "" {
		what = strings.ToLower(who) + partMark + strings.ToLower(thing(&one.Loan))
	}
	if first, twice := l.seen[what]; twice {
		r.refuse("", thing(&one.Loan), fmt.Sprintf("Rows %d and %d are the same loan.", first, r.row), "The later due date counts.")
		l.again(r, what)
		return nil
	}
	l.seen[what] = int32(r.row) //nolint:gosec // rows are counted
	due, value, ok := r.day(fieldDue)
	if !ok {
		_, header := r.get(fieldDue)
		l.undated(r, one, header, value)
		return nil
	}
	r.dates[fieldDue].add(due, value)
	if c := r.dates[fieldIssued]; c != nil {
		issued, value, _ := r.day(fieldIssued)
		c.add(issued, value)
	}
	b.Loans = append(b.Loans, one)
	return nil
}

// loan reads whose loan the row is, and of what.
func (r *reading) loan() data.BatchLoan {
	one := data.BatchLoan{Row: r.row, PatronKey: r.val(fieldPatronKey), PatronCard: r.val(fieldPatronCard), PatronFirst: r.val(fieldPatronFirst), PatronLast: r.val(fieldPatronLast)}
	if whole := r.val(fieldPatronName); whole != "" && one.PatronLast == "" {
		one.PatronFirst, one.PatronLast = names(whole, r.m.NameOrder)
	}
	if cell, _ := r.get(fieldPatronEmail); cell != "" { // only to recognise people by: what is wrong with it is said where patrons come in
		for _, s := range splitAddresses(cell) {
			if a, problem := address(s); problem == nil {
				one.PatronEmail = a
				break
			}
		}
	}
	one.Key, one.Barcode = r.val(fieldLoan), r.val(fieldBarcode)
	one.Title = r.val(fieldTitle)
	return one
}

// unclear keeps in mind of what loan a row is that is left out.
func (l *loans) unclear(r *reading) {
	if one := r.loan(); one.Barcode+one.Title+one.Key != "" {
		r.batch.Doubtful = append(r.batch.Doubtful, one)
	}
}

// again keeps the due date of a row whose loan stood in one before: a list that has an extended loan twice must not let
// somebody be reminded of the old date.
func (l *loans) again(r *reading, what string) {
	if due, _, ok := r.day(fieldDue); ok {
		if l.twice == nil {
			l.twice = map[int][]written{}
		}
		row := int(l.seen[what])
		l.twice[row] = append(l.twice[row], due)
	}
}

// thing is by what a loan is told from the others of the same person.
func thing(l *data.Loan) string {
	if l.Barcode != "" {
		return l.Barcode
	}
	return l.Title
}

// undated leaves a loan out of which nobody knows when it is due; it stands in the list all the same.
func (l *loans) undated(r *reading, one data.BatchLoan, header, value string) {
	r.batch.Doubtful = append(r.batch.Doubtful, one)
	if value == "" {
		r.refuse(header, "", "The loan has no due date.", "Enter it in the library system.")
		return
	}
	r.refuse(header, value, "This is no date.", "Write it as 2026-11-24.")
}

// finish decides what the dates mean.
func (l *loans) finish(r *reading, today data.Date) []data.DateQuestion {
	b := r.batch
	due, issued := r.dates[fieldDue], r.dates[fieldIssued]
	dueOrder, question := due.order(r.m.Dates)
	var questions []data.DateQuestion
	if question != nil {
		questions = append(questions, *question)
	}
	issuedOrder := orderDMY
	if issued != nil {
		if issuedOrder, question = issued.order(r.m.Dates); question != nil {
			if issuedOrder = pastOrder(issued, today); issuedOrder == "" {
				questions = append(questions, *question)
			}
		}
	}
	if len(questions) > 0 {
		return questions
	}
	kept := b.Loans[:0]
	far, firstFar := 0, 0
	for i := range b.Loans {
		one := b.Loans[i]
		day, ok := due.cells[i].in(dueOrder)
		if !ok || day == 0 {
			r.row = one.Row
			l.undated(r, one, due.header, due.cells[i].words(dueOrder))
			continue
		}
		for _, other := range l.twice[one.Row] {
			if later, ok := other.in(dueOrder); ok {
				day = max(day, later)
			}
		}
		one.Due = day
		if issued != nil {
			one.Issued, _ = issued.cells[i].in(issuedOrder)
		}
		if int(day-today) > farAhead {
			if far++; far == 1 {
				firstFar = one.Row
			}
		}
		kept = append(kept, one)
	}
	clear(b.Loans[len(kept):])
	b.Loans = kept
	if far > 0 {
		b.Notes = append(b.Notes, fmt.Sprintf("%s due more than %d days ahead, the first in row %d. If they are no permanent loans, the order of day and month is probably wrong.", loansAre(far), farAhead, firstFar))
	}
	return nil
}

func loansAre(n int) string {
	if n == 1 {
		return "1 loan is"
	}
	return fmt.Sprintf("%d loans are", n)
}

// pastOrder tells the order of dates that cannot lie ahead, such as the days of loans; empty: both would do.
func pastOrder(c *dates, today data.Date) string {
	var fits []string
	for _, order := range []string{orderDMY, orderMDY} {
		ahead := slices.ContainsFunc(c.cells, func(w written) bool {
			d, ok := w.in(order)
			return ok && d > today+1
		})
		if !ahead {
			fits = append(fits, order)
		}
	}
	if len(fits) == 1 {
		return fits[0]
	}
	return ""
}
