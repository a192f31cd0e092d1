package roster

import (
	"fmt"
	"strings"

	"smtpgateway/data"
)

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

func sameName(a, b *data.Patron) bool { return a.First == b.First && a.Last == b.Last }

func samePerson(a, b *data.Patron) bool {
	return a.Card == b.Card && a.First == b.First && a.Last == b.Last && a.Group == b.Group && a.Level == b.Level && a.Email == b.Email &&
		a.Language == b.Language && a.Address == b.Address && a.AutoOverdue == b.AutoOverdue
}

// dropGone takes one who is there after all out of those who are gone.
func (p *patrons) dropGone(b *data.Batch, at int32) {
	last := len(b.Gone) - 1
	if i := int(-at - 1); i != last {
		b.Gone[i] = b.Gone[last]
		p.seen[strings.ToLower(b.Gone[i].Key)] = at
	}
	b.Gone = b.Gone[:last]
	p.left--
}
