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
	one.Key, one.Card = r.val(fieldKey), r.val(fieldCard)
	one.First, one.Last = r.val(fieldFirst), r.val(fieldLast)
	if whole := r.val(fieldName); whole != "" && one.Last == "" {
		one.First, one.Last = names(whole, r.m.NameOrder)
	}
	if one.First == "" && strings.Contains(one.Last, ", ") && !b.Known[fieldName] {
		one.First, one.Last = names(one.Last, "last-first")
	}
	if nick := r.val(fieldNickname); nick != "" {
		one.First = nick
	}
	one.Group, one.Level = r.once(r.val(fieldGroup)), r.once(r.val(fieldLevel))
	one.Email = r.email(fieldEmail)
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
		one.Key = one.Card
	}
	if one.Key == "" && one.Last+one.First != "" {
		one.Key = nameKey(&one.Patron)
	}
	if one.Key == "" {
		r.refuse("", "", "The row says nobody: it has no number, no card and no name.", "Add one in the library system, or delete the row.")
		return nil
	}
	folded := strings.ToLower(one.Key)
	if at, twice := p.seen[folded]; twice {
		p.again(r, &one, at)
		return nil
	}
	if p.inactive(r) {
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

// nameKey is by what a person is known who has neither number nor card.
func nameKey(p *data.Patron) string {
	if p.Email == "" {
		return p.Name()
	}
	return p.Name() + " <" + p.Email + ">"
}

// again is a second row for a person: another contact of the same one is welcome, another person of the same number is a
// problem. The first row stays.
func (p *patrons) again(r *reading, one *data.BatchPatron, at int32) {
	var first *data.BatchPatron
	if at < 0 {
		first = &r.batch.Gone[-at-1]
	} else {
		first = &r.batch.Patrons[at]
	}
	if samePerson(&first.Patron, &one.Patron) {
		r.batch.Joined++
		for _, g := range one.Guardians {
			addGuardian(&first.Guardians, g)
		}
		return
	}
	field := fieldKey
	if !r.batch.Known[fieldKey] {
		field = fieldCard
	}
	_, header := r.get(field)
	r.refuse(header, one.Key, fmt.Sprintf("Rows %d and %d have the same number and are not the same.", first.Row, r.row), fmt.Sprintf("Row %d is taken. Look at both in the library system.", first.Row))
}

func samePerson(a, b *data.Patron) bool {
	return a.Card == b.Card && a.First == b.First && a.Last == b.Last && a.Group == b.Group && a.Level == b.Level && a.Email == b.Email &&
		a.Language == b.Language && a.Address == b.Address && a.AutoOverdue == b.AutoOverdue
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

// partMark stands between the parts of a cell that several rows of another file were put into.
const partMark = "\x1f"

// readGuardians reads the adults of the row. The first column of names belongs to the first of addresses, and so on.
func (r *reading) readGuardians() []data.Guardian {
	var found []data.Guardian
	nth := 0
	for i, c := range r.columns {
		if c.field != fieldGuardianEmail {
			continue
		}
		cells := strings.Split(r.values[i], partMark)
		if r.own() {
			cells = strings.Split(plainCell(r.values[i]), ";")
		}
		names, roles, notices := r.nth(fieldGuardianName, nth), r.nth(fieldGuardianRole, nth), r.nth(fieldGuardianNotices, nth)
		nth++
		for j, cell := range cells {
			for _, s := range splitAddresses(plainCell(cell)) {
				a, problem := address(s)
				if problem != nil {
					r.doubt(c.header, *problem)
					continue
				}
				g := data.Guardian{Email: a, Notices: true}
				if j < len(names) {
					g.Name = plainCell(names[j])
				}
				if j < len(roles) {
					g.Role = r.once(plainCell(roles[j]))
				}
				if j < len(notices) {
					if on, known := yes(plainCell(notices[j])); known {
						g.Notices = on
					}
				}
				addGuardian(&found, g)
			}
		}
	}
	return found
}

// nth are the parts of the nth column of a field; a single column speaks for the first address only.
func (r *reading) nth(field string, n int) []string {
	for i, c := range r.columns {
		if c.field != field {
			continue
		}
		if n == 0 {
			if r.own() {
				return strings.Split(plainCell(r.values[i]), ";")
			}
			return strings.Split(r.values[i], partMark)
		}
		n--
	}
	return nil
}

// own reports whether the list is one ExportCSV wrote.
func (r *reading) own() bool { return r.f.layout != nil && r.f.layout.name == exportLayout }

// addGuardian adds one who is not there yet.
func addGuardian(all *[]data.Guardian, g data.Guardian) {
	if !slices.ContainsFunc(*all, func(o data.Guardian) bool { return strings.EqualFold(o.Email, g.Email) }) {
		*all = append(*all, g)
	}
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

// ward notes who the guardians of a person are, where these are people of the same list.
func (p *patrons) ward(r *reading, one *data.BatchPatron, folded string) {
	if one.Email != "" {
		p.mails[folded] = one.Email
	}
	for i, c := range r.columns {
		if c.field == fieldGuarantor && r.values[i] != "" {
			at := len(r.batch.Patrons)
			p.wards[at] = append(p.wards[at], strings.FieldsFunc(r.values[i], func(c rune) bool { return strings.ContainsRune(",;| ", c) })...)
			p.roles[at] = r.val(fieldGuardianRole)
		}
	}
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

func (p *patrons) joinWards(r *reading) {
	lost := 0
	for _, at := range sortedInts(p.wards) {
		one := &r.batch.Patrons[at]
		for _, key := range p.wards[at] {
			mail, ok := p.mails[strings.ToLower(key)]
			if !ok {
				if _, there := p.seen[strings.ToLower(key)]; !there {
					lost++
				}
				continue
			}
			g := data.Guardian{Email: mail, Role: p.roles[at], Notices: true}
			if i := p.seen[strings.ToLower(key)]; i >= 0 {
				g.Name = r.batch.Patrons[i].Name()
			}
			addGuardian(&one.Guardians, g)
		}
	}
	if lost > 0 {
		_, header := r.get(fieldGuarantor)
		r.batch.Notes = append(r.batch.Notes, fmt.Sprintf("%s named in %q %s not in the list, so their addresses are not known. Export the number of each person too (in Koha: borrowernumber).", count(lost, "guardian", "guardians"), header, isAre(lost)))
	}
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
