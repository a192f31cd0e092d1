package roster

import (
	"fmt"
	"strings"

	"smtpgateway/data"
)

// loans compares what is out.
func (d *diff) loans() {
	b := d.b
	total := 0
	for _, all := range d.old.Loans {
		total += len(all)
	}
	if more := len(b.Loans) - total; more > 0 {
		d.set.New = make([]data.Changed, 0, more)
	}
	out := &outLoans{there: make(map[int64]bool, total)}
	if b.Known[fieldLoan] {
		out.byKey = make(map[string]*data.Loan, total)
		for i := range d.old.Patrons {
			all := d.old.Loans[d.old.Patrons[i].ID]
			for j := range all {
				out.byKey[all[j].Key] = &all[j]
			}
		}
	}
	late, far, nobody := 0, 0, 0
	for i := range b.Loans {
		one := &b.Loans[i]
		if days := int(d.today - one.Due); days > longSince {
			late++
		} else if -days > farAhead {
			far++
		}
		at := d.borrower(one)
		if at < 0 {
			nobody++
			d.nobody(one, at)
			d.doubtful(out, one)
			continue
		}
		d.loan(out, one, &d.old.Patrons[at])
	}
	for i := range b.Doubtful {
		d.doubtful(out, &b.Doubtful[i])
	}
	if b.Complete {
		for i := range d.old.Patrons {
			p := &d.old.Patrons[i]
			all := d.old.Loans[p.ID]
			for j := range all {
				if !out.there[all[j].ID] {
					d.set.Gone = append(d.set.Gone, data.Changed{Was: &all[j], Owner: p.Key, What: []string{"returned"}})
				}
			}
		}
	}
	d.suspect(total, "loans", "would count as returned")
	d.suspectDates(late, far, nobody)
}

// doubtful notes that a loan is in the list, though nobody can tell when it is due, or which of several people has it.
func (d *diff) doubtful(out *outLoans, l *data.BatchLoan) {
	at := d.borrower(l)
	switch {
	case at >= 0:
		if was := d.lent(out, l, &d.old.Patrons[at]); was != nil {
			out.there[was.ID] = true
		}
		return
	case at != twins:
		return
	}
	if out.byThing == nil {
		out.byThing = map[string][]ownedLoan{}
		for i := range d.old.Patrons {
			all := d.old.Loans[d.old.Patrons[i].ID]
			for j := range all {
				what := strings.ToLower(thing(&all[j]))
				out.byThing[what] = append(out.byThing[what], ownedLoan{&d.old.Patrons[i], &all[j]})
			}
		}
	}
	for _, one := range out.byThing[strings.ToLower(thing(&l.Loan))] {
		if maybe(l, one.owner) {
			out.there[one.loan.ID] = true
		}
	}
}

// maybe reports whether a patron may be the one a loan of twins is lent to.
func maybe(l *data.BatchLoan, p *data.Patron) bool {
	if l.PatronKey+l.PatronCard != "" {
		return strings.EqualFold(p.Card, l.PatronCard) || strings.EqualFold(p.Card, l.PatronKey)
	}
	return foldName(l.PatronFirst, l.PatronLast) == foldName(p.First, p.Last)
}

// suspectDates says why due dates look wrong, and when the list seems to be about other people.
func (d *diff) suspectDates(late, far, nobody int) {
	n := len(d.b.Loans)
	switch {
	case n < 5:
	case late*100 > n*latePercent:
		d.set.Suspect = fmt.Sprintf("%d of %d loans would be overdue by more than a year: the order of day and month is probably wrong.", late, n)
	case far*100 > n*farPercent:
		d.set.Suspect = fmt.Sprintf("%d of %d loans would be due more than %d days ahead: the order of day and month is probably wrong.", far, n, farAhead)
	case d.set.Suspect == "" && n >= suspectFrom && nobody*100 > n*50:
		d.set.Suspect = fmt.Sprintf("%d of %d loans belong to nobody here: import the patrons first.", nobody, n)
	}
}

// outLoans are those out before.
type outLoans struct {
	byKey   map[string]*data.Loan  // where the list has numbers of its own for loans
	there   map[int64]bool         // Loan.ID: the list has it too
	byThing map[string][]ownedLoan // by barcode or title in small letters; nil: not needed so far
}

// ownedLoan is a loan with whose it is.
type ownedLoan struct {
	owner *data.Patron
	loan  *data.Loan
}

// borrower finds whose a loan is; negative: nobody's.
func (d *diff) borrower(l *data.BatchLoan) int32 {
	if at := found(d.byKey, l.PatronKey); at != -1 {
		return at
	}
	if at := found(d.byCard, l.PatronCard); at != -1 {
		return at
	}
	if at := found(d.byKey, l.PatronCard); at != -1 && !d.otherCard(at, l.PatronCard) {
		return at
	}
	if at := found(d.byCard, l.PatronKey); at != -1 && d.cards() {
		return at
	}
	if l.PatronLast == "" {
		return -1
	}
	name := foldName(l.PatronFirst, l.PatronLast)
	if l.PatronEmail != "" {
		if at := found(d.byName, name+partMark+l.PatronEmail); at >= 0 {
			return at
		}
	}
	if l.PatronKey+l.PatronCard+l.PatronEmail != "" { // somebody else of that name
		return -1
	}
	return found(d.byName, name)
}

func (d *diff) nobody(l *data.BatchLoan, at int32) {
	who := strings.TrimSpace(l.PatronKey + " " + l.PatronCard)
	if who == "" {
		who = strings.TrimSpace(l.PatronFirst + " " + l.PatronLast)
	}
	if at == twins {
		d.refuse(l.Row, who, "Several patrons have this number or name, so nobody can tell whose loan it is.", "Give the list a column with the number of each person.")
		return
	}
	d.refuse(l.Row, who, "The loan belongs to nobody who is here.", "Import the patrons first, or correct the number.")
}

// lent finds the loan of a patron that a row speaks of, as it was.
func (d *diff) lent(out *outLoans, l *data.BatchLoan, p *data.Patron) *data.Loan {
	if was := out.byKey[l.Key]; was != nil && l.Key != "" {
		return was
	}
	all := d.old.Loans[p.ID] // by what it is, not by its key: the patron may have had another number when it was lent
	for i := range all {
		// One that had no number of its own may be given one by now; one that has another was lent another time.
		if strings.EqualFold(thing(&all[i]), thing(&l.Loan)) && (l.Key == "" || strings.Contains(all[i].Key, partMark)) {
			return &all[i]
		}
	}
	return nil
}

// loan compares one.
func (d *diff) loan(out *outLoans, l *data.BatchLoan, p *data.Patron) {
	was := d.lent(out, l, p)
	if was == nil {
		is := l.Loan
		if is.Key == "" {
			is.Key = data.LoanKey(p.Key, thing(&l.Loan))
		}
		is.Patron = p.ID
		d.set.New = append(d.set.New, data.Changed{Row: l.Row, Is: &is, Owner: p.Key})
		return
	}
	if out.there[was.ID] {
		d.refuse(l.Row, thing(&l.Loan), "Another row of the list is the same loan.", "Look at it in the library system.")
		return
	}
	out.there[was.ID] = true
	known := d.b.Known
	var is *data.Loan // as it will be; nil: nothing differs so far
	var what []string
	differs := func(field string) *data.Loan {
		if is == nil {
			is = new(*was)
		}
		what = append(what, field)
		return is
	}
	if known[fieldBarcode] && was.Barcode != l.Barcode {
		differs(fieldBarcode).Barcode = l.Barcode
	}
	if known[fieldTitle] && was.Title != l.Title {
		differs(fieldTitle).Title = l.Title
	}
	if known[fieldAuthor] && was.Author != l.Author {
		differs(fieldAuthor).Author = l.Author
	}
	if known[fieldCallNumber] && was.CallNumber != l.CallNumber {
		differs(fieldCallNumber).CallNumber = l.CallNumber
	}
	if known[fieldPrice] && was.Price != l.Price {
		differs(fieldPrice).Price = l.Price
	}
	if was.Due != l.Due {
		differs(fieldDue).Due = l.Due
	}
	if known[fieldIssued] && was.Issued != l.Issued {
		differs(fieldIssued).Issued = l.Issued
	}
	if was.Patron != p.ID {
		differs(fieldPatronKey).Patron = p.ID
	}
	if is == nil {
		d.set.Same++
		return
	}
	d.set.Changed = append(d.set.Changed, data.Changed{Row: l.Row, Was: was, Is: is, Owner: p.Key, What: what})
}
