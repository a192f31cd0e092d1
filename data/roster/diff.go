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
	asCards  *bool            // see cards; nil: not looked at yet
	marked   map[string]bool  // see mark
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
			d.mark(there, p)
			d.refuse(p.Row, p.Key, "Several patrons have this card number or name.", "Give the list a column with the number of each person.")
			continue
		case at >= 0 && there[at]:
			d.refuse(p.Row, p.Key, "Another row of the list means the same patron.", "Look at both in the library system.")
			continue
		case at < 0 && b.Kind == data.RosterAddresses:
			d.refuse(p.Row, p.Key, "Nobody here has this card number.", "Import the patrons first, or correct the number.")
			continue
		case at < 0 && found(d.byKey, p.Key) >= 0:
			d.refuse(p.Row, p.Key, "The card number is the number of somebody else here.", "Give the list a column with the number of each person.")
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
	for i := range b.Unclear {
		if at := d.person(&b.Unclear[i]); at >= 0 {
			there[at] = true
		} else if at == twins {
			d.mark(there, &b.Unclear[i])
		}
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
	case b.CutAt > 0 && b.Complete:
		d.set.Suspect = fmt.Sprintf("The list breaks off in row %d: it is cut short.", b.CutAt)
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
