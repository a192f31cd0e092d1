package roster

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// A list that would end more than suspectPercent of at least suspectFrom people or loans was probably cut short.
const (
	suspectPercent = 20
	suspectFrom    = 20
	latePercent    = 60 // of loans late by years: day and month have changed places
	farPercent     = 20 // of loans due further ahead than anything is lent for
)

// Diff says what taking a list in would do. old holds everybody, those who left too, and all loans that are out; revision is
// the roster's it was read at. Only fields the list speaks of (Batch.Known) count as changed. It changes neither of them.
func Diff(b *data.Batch, old *data.Roster, revision int64, today data.Date) *data.ChangeSet {
	d := &diff{b: b, old: old, today: today, set: &data.ChangeSet{Batch: b, Base: revision}}
	d.problems = problems{kept: slices.Clone(b.Problems), more: b.MoreProblems}
	d.index()
	if b.Kind == data.RosterLoans {
		d.loans()
	} else {
		d.patrons()
	}
	d.set.Problems, d.set.More = d.problems.kept, d.problems.more
	return d.set
}

type diff struct {
	b        *data.Batch
	old      *data.Roster
	today    data.Date
	set      *data.ChangeSet
	problems problems
	byKey    map[string]int32 // folded key -> place in old.Patrons
	byCard   map[string]int32 // folded card; twins: nobody
	byName   map[string]int32 // folded name, and name with address; twins: nobody
}

const twins = -2

func (d *diff) index() {
	n := len(d.old.Patrons)
	d.byKey, d.byCard, d.byName = make(map[string]int32, n), make(map[string]int32, n), make(map[string]int32, n)
	named := d.b.Kind == data.RosterLoans && (d.b.Known[fieldPatronLast] || d.b.Known[fieldPatronName]) || d.b.Kind == data.RosterPatrons && !d.b.Known[fieldKey] && !d.b.Known[fieldCard]
	for pass := range 2 { // those who are there go before those who left
		for i := range d.old.Patrons {
			p := &d.old.Patrons[i]
			if (p.Left != 0) != (pass == 1) {
				continue
			}
			at := int32(i) //nolint:gosec // patrons are counted
			d.byKey[strings.ToLower(p.Key)] = at
			if p.Card != "" {
				note(d.byCard, strings.ToLower(p.Card), at, pass == 1)
			}
			if named {
				name := foldName(p.First, p.Last)
				note(d.byName, name, at, pass == 1)
				if p.Email != "" {
					note(d.byName, name+partMark+strings.ToLower(p.Email), at, pass == 1)
				}
			}
		}
	}
	for i := range d.old.Patrons {
		if p := &d.old.Patrons[i]; len(p.ByHand) > 0 {
			d.indexOfList(p, int32(i), named) //nolint:gosec // patrons are counted
		}
	}
}

// indexOfList lets a person be found by the card and the name the list has, where others were entered by hand; nobody
// else who has them now is taken for that person.
func (d *diff) indexOfList(p *data.Patron, at int32, named bool) {
	l := p.OfList()
	if l.Card != "" && l.Card != p.Card {
		note(d.byCard, strings.ToLower(l.Card), at, true)
	}
	if !named || l.First+l.Last == "" {
		return
	}
	name := foldName(l.First, l.Last)
	if name != foldName(p.First, p.Last) {
		note(d.byName, name, at, true)
	}
	if l.Email != "" {
		note(d.byName, name+partMark+strings.ToLower(l.Email), at, true)
	}
}

func note(m map[string]int32, key string, at int32, left bool) {
	if _, there := m[key]; there {
		if !left {
			m[key] = twins
		}
		return
	}
	m[key] = at
}

func foldName(first, last string) string {
	return strings.ToLower(first) + partMark + strings.ToLower(last)
}

func found(m map[string]int32, key string) int32 {
	if key == "" {
		return -1
	}
	if at, ok := m[strings.ToLower(key)]; ok {
		return at
	}
	return -1
}

// patrons compares people.
func (d *diff) patrons() {
	b := d.b
	there := make([]bool, len(d.old.Patrons))
	for i := range b.Patrons {
		p := &b.Patrons[i]
		at := d.person(p)
		switch {
		case at == twins:
			d.refuse(p.Row, p.Key, "Several patrons have this card number or name.", "Give the list a column with the number of each person.")
			continue
		case at >= 0 && there[at]:
			d.refuse(p.Row, p.Key, "Another row of the list means the same patron.", "Look at both in the library system.")
			continue
		case at < 0 && b.Kind == data.RosterAddresses:
			d.refuse(p.Row, p.Key, "Nobody here has this card number.", "Import the patrons first, or correct the number.")
			continue
		case at < 0 && p.First+p.Last == "":
			d.refuse(p.Row, p.Key, "The person is not here yet, and the list has no name for them.", "Import a list with names first.")
			continue
		case at < 0:
			d.set.New = append(d.set.New, data.Changed{Row: p.Row, After: &p.Patron})
			continue
		}
		there[at] = true
		d.patron(p, &d.old.Patrons[at])
	}
	d.leavers(there)
}

// patron compares one who was here.
func (d *diff) patron(p *data.BatchPatron, was *data.Patron) {
	m := &merging{d: d, was: was, p: *was}
	m.all(&p.Patron)
	after := &m.p
	switch {
	case len(m.what) > 0:
		d.set.Changed = append(d.set.Changed, data.Changed{Row: p.Row, Before: was, After: after, What: m.what})
	case len(after.ByHand) != len(was.ByHand):
		d.set.Settled = append(d.set.Settled, data.Changed{Row: p.Row, Before: was, After: after})
		d.set.Same++
	default:
		d.set.Same++
	}
	if m.kept {
		d.set.ByHand++
	}
}

// person finds who a row of people is about; negative: nobody who is here.
func (d *diff) person(p *data.BatchPatron) int32 {
	if !d.b.Known[fieldKey] && p.Card != "" { // p.Key is the card too, and may be somebody else's number
		if at := found(d.byCard, p.Card); at != -1 {
			return at
		}
	}
	if at := found(d.byKey, p.Key); at >= 0 {
		return at
	}
	if p.Card != "" {
		// Somebody known by the card alone, until a list with numbers came. A card that passed on to somebody with another
		// number is another person.
		if at := found(d.byCard, p.Card); at >= 0 && strings.EqualFold(d.old.Patrons[at].Key, d.old.Patrons[at].Card) {
			return at
		}
	}
	if d.b.Known[fieldKey] && p.Card == "" && d.b.Kind == data.RosterAddresses {
		return found(d.byCard, p.Key)
	}
	if !d.b.Known[fieldKey] && !d.b.Known[fieldCard] && p.Last != "" {
		name := foldName(p.First, p.Last)
		if p.Email != "" {
			if at := found(d.byName, name+partMark+p.Email); at != -1 {
				return at
			}
			return -1
		}
		return found(d.byName, name)
	}
	return -1
}

// leavers are those who are missing from a complete list, and those of whom a list says that they left. Staff stay where a
// list has no staff: school information systems often know pupils only.
func (d *diff) leavers(there []bool) {
	b := d.b
	if b.Kind != data.RosterPatrons {
		return
	}
	staff := false
	for i := range b.Patrons {
		if staff = staffGroup(b.Patrons[i].Group); staff {
			break
		}
	}
	said := make([]int, len(there))
	for i := range b.Gone {
		if at := d.person(&b.Gone[i]); at >= 0 && !there[at] {
			said[at] = b.Gone[i].Row
		}
	}
	before := 0
	for i := range d.old.Patrons {
		p := &d.old.Patrons[i]
		if p.Left != 0 {
			continue
		}
		before++
		if there[i] || said[i] == 0 && (!b.Complete || !staff && staffGroup(p.Group)) {
			continue
		}
		after := *p
		after.Left = d.today
		d.set.Gone = append(d.set.Gone, data.Changed{Row: said[i], Before: p, After: &after, What: []string{"left"}})
	}
	d.suspect(before, "patrons", "would leave")
}

func staffGroup(group string) bool {
	g := strings.ToLower(group)
	return strings.Contains(g, "staff") || strings.Contains(g, "teacher") || strings.Contains(g, "other")
}

// suspect says why the list looks cut short.
func (d *diff) suspect(before int, things, would string) {
	b := d.b
	switch gone := len(d.set.Gone); {
	case len(b.Patrons)+len(b.Loans) == 0 && before > 0 && b.Complete:
		d.set.Suspect = fmt.Sprintf("The list is empty, and there are %d %s.", before, things)
	case before >= suspectFrom && gone*100 > before*suspectPercent:
		d.set.Suspect = fmt.Sprintf("%d of %d %s %s: the list may be cut short.", gone, before, things, would)
	case b.Complete && b.Refused*100 > b.Rows*50 && b.Rows >= suspectFrom:
		d.set.Suspect = fmt.Sprintf("%d of %d rows cannot be read.", b.Refused, b.Rows)
	}
}

func (d *diff) refuse(row int, value, sentence, remedy string) {
	d.problems.add(data.RowProblem{Row: row, Value: value, Sentence: sentence, Remedy: remedy, Dropped: true})
}
