package roster

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// patrons collects the people of a list.
type patrons struct {
	seen    map[string]int32  // folded key -> place in batch.Patrons; -1 and below: in batch.Gone
	mails   map[string]string // folded key -> address, for guardians who are people of the same list
	wards   map[int][]string  // place in batch.Patrons -> keys of its guardians
	roles   map[int]string    // and what they are to it
	left    int
	expired int
}

func newPatrons(room int) *patrons {
	return &patrons{seen: make(map[string]int32, room), mails: map[string]string{}, wards: map[int][]string{}, roles: map[int]string{}}
}

// take makes a person of the row.
func (p *patrons) take(r *reading) error {
	b := r.batch
	one := data.BatchPatron{Row: r.row}
	one.Email = r.email(fieldEmail)
	p.identify(r, &one)
	one.Group, one.Level = r.once(r.val(fieldGroup)), r.once(r.val(fieldLevel))
	one.Language = languageOf(r.val(fieldLanguage))
	one.Address = r.postal()
	one.AutoOverdue = r.m.AutoOverdue
	if s, header := r.get(fieldAutoOverdue); s != "" {
		on, known := yes(s)
		if !known {
			r.doubt(header, data.RowProblem{Value: s, Sentence: "This is neither yes nor no.", Remedy: "Write yes or no."})
		}
		one.AutoOverdue = on && known
	} else if b.Known[fieldAutoOverdue] {
		one.AutoOverdue = false
	}
	one.Guardians = r.readGuardians()

	if one.Key == "" {
		r.refuse("", "", "The row says nobody: it has no number, no card and no name.", "Add one in the library system, or delete the row.")
		return nil
	}
	folded := strings.ToLower(one.Key)
	inactive := p.inactive(r)
	switch at, twice := p.seen[folded]; {
	case twice && at < 0 && !inactive: // left one class for another: the row that holds counts
		p.dropGone(b, at)
		b.Joined++
	case twice && at >= 0 && inactive && sameName(&b.Patrons[at].Patron, &one.Patron):
		b.Joined++
		return nil
	case twice:
		p.again(r, &one, at)
		return nil
	}
	if inactive {
		p.left++
		b.Gone = append(b.Gone, one)
		p.seen[folded] = -int32(len(b.Gone)) //nolint:gosec // rows are counted
		return nil
	}
	if c := r.dates[fieldExpiry]; c != nil {
		w, value, ok := r.day(fieldExpiry)
		if !ok && value != "" {
			r.doubt(c.header, data.RowProblem{Value: value, Sentence: "This is no date.", Remedy: "Write it as 2026-11-24."})
		}
		c.add(w, value)
	}
	if r.batch.Known[fieldGuarantor] {
		p.ward(r, &one, folded)
	}
	p.seen[folded] = int32(len(b.Patrons)) //nolint:gosec // rows are counted
	b.Patrons = append(b.Patrons, one)
	return nil
}

// unclear keeps in mind who a row is about that is left out.
func (p *patrons) unclear(r *reading) {
	one := data.BatchPatron{Row: r.row}
	p.identify(r, &one)
	if one.Key != "" {
		r.batch.Unclear = append(r.batch.Unclear, one)
	}
}

// identify reads by what the row's person is known.
func (p *patrons) identify(r *reading, one *data.BatchPatron) {
	one.Key, one.Card = r.val(fieldKey), r.val(fieldCard)
	one.First, one.Last = r.val(fieldFirst), r.val(fieldLast)
	if whole := r.val(fieldName); whole != "" && one.Last == "" {
		one.First, one.Last = names(whole, r.m.NameOrder)
	}
	if one.First == "" && strings.Contains(one.Last, ", ") && !r.batch.Known[fieldName] {
		one.First, one.Last = names(one.Last, "last-first")
	}
	if nick := r.val(fieldNickname); nick != "" {
		one.First = nick
	}
	if one.Key == "" {
		one.Key = one.Card
	}
	if one.Key == "" && one.Last+one.First != "" {
		one.Key = nameKey(&one.Patron)
	}
}

// nameKey is by what a person is known who has neither number nor card.
func nameKey(p *data.Patron) string {
	if p.Email == "" {
		return p.Name()
	}
	return p.Name() + " <" + p.Email + ">"
}

// inactive reports whether a status of the row says that the person has left.
func (p *patrons) inactive(r *reading) bool {
	for i, c := range r.columns {
		if c.field != fieldStatus || r.values[i] == "" {
			continue
		}
		if gone(r.values[i], r.f.layout != nil && r.f.layout.number) {
			return true
		}
	}
	return false
}

// email reads the person's own address: one. Others in the same cell are not anybody's to guess.
func (r *reading) email(field string) string {
	cell, header := r.get(field)
	var found string
	for _, s := range splitAddresses(cell) {
		a, problem := address(s)
		switch {
		case problem != nil:
			r.doubt(header, *problem)
		case found == "":
			found = a
		case !strings.EqualFold(found, a):
			r.doubt(header, data.RowProblem{Value: a, Sentence: "The cell holds several addresses; only the first one is used.", Remedy: "If the other is a parent's, give it a column of its own."})
		}
	}
	return found
}

// postal is the address as an envelope has it.
func (r *reading) postal() string {
	town := strings.TrimSpace(r.val(fieldZip) + " " + r.val(fieldCity))
	var lines []string
	for _, line := range []string{r.val(fieldAddress), r.val(fieldAddress2), town} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// finish decides about dates and joins guardians who stand in rows of their own.
func (p *patrons) finish(r *reading, today data.Date) []data.DateQuestion {
	b := r.batch
	p.joinWards(r)
	if c := r.dates[fieldExpiry]; c != nil {
		order, question := c.order(r.m.Dates)
		if question != nil && p.matters(c, today) {
			return []data.DateQuestion{*question}
		}
		kept := b.Patrons[:0]
		for i := range b.Patrons {
			if day, ok := c.cells[i].in(order); ok && day < today {
				p.expired++
				b.Gone = append(b.Gone, b.Patrons[i])
				continue
			}
			kept = append(kept, b.Patrons[i])
		}
		clear(b.Patrons[len(kept):])
		b.Patrons = kept
	}
	if p.left > 0 {
		b.Notes = append(b.Notes, fmt.Sprintf("%s inactive or gone by their status; they count as not in the list.", peopleAre(p.left)))
	}
	if p.expired > 0 {
		b.Notes = append(b.Notes, fmt.Sprintf("The cards of %s have run out; they count as not in the list.", count(p.expired, "person", "people")))
	}
	return nil
}

func peopleAre(n int) string {
	if n == 1 {
		return "1 person is"
	}
	return fmt.Sprintf("%d people are", n)
}

// matters tells whether the order of the parts changes who has run out.
func (p *patrons) matters(c *dates, today data.Date) bool {
	for _, w := range c.cells {
		d, okD := w.in(orderDMY)
		m, okM := w.in(orderMDY)
		if (okD && d < today) != (okM && m < today) {
			return true
		}
	}
	return false
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func sortedInts[V any](m map[int]V) []int {
	all := make([]int, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}
