package roster

import (
	"maps"
	"slices"
	"strings"

	"smtpgateway/data"
)

// merging puts what a list says of one person over what was known.
type merging struct {
	d    *diff
	was  *data.Patron
	p    data.Patron // as it will be
	what []string    // fields in which that differs
	kept bool        // a field stays as a person entered it, though the list says something else
}

// all goes through what the list says. Fields it does not speak of stay.
func (m *merging) all(list *data.Patron) {
	known, people := m.d.b.Known, m.d.b.Kind == data.RosterPatrons
	if known[fieldKey] && people && m.p.Key != list.Key {
		m.p.Key = list.Key
		m.what = append(m.what, fieldKey)
	}
	if people {
		m.take(fieldCard, &m.p.Card, list.Card)
	}
	m.take(fieldFirst, &m.p.First, list.First)
	m.take(fieldLast, &m.p.Last, list.Last)
	m.take(fieldGroup, &m.p.Group, list.Group)
	m.take(fieldLevel, &m.p.Level, list.Level)
	if people || list.Email != "" { // a list of addresses has none for whoever has none there
		m.take(fieldEmail, &m.p.Email, list.Email)
	}
	m.take(fieldLanguage, &m.p.Language, list.Language)
	m.take(fieldAddress, &m.p.Address, list.Address)
	if known[fieldAutoOverdue] && !m.byHand(fieldAutoOverdue, list.Field(fieldAutoOverdue)) && m.p.AutoOverdue != list.AutoOverdue {
		m.p.AutoOverdue = list.AutoOverdue
		m.what = append(m.what, fieldAutoOverdue)
	}
	if known[fieldGuardianEmail] && (people || len(list.Guardians) > 0) {
		m.guardians(list.Guardians)
	}
	if m.was.Left != 0 && people {
		m.p.Left = 0
		m.what = append(m.what, "left")
	}
}

func (m *merging) take(field string, to *string, is string) {
	if !m.d.b.Known[field] || m.byHand(field, is) || *to == is {
		return
	}
	*to = is
	m.what = append(m.what, field)
}

// byHand reports whether a field stays as a person entered it: the list says what it said then. Once it says something
// else, the field is the list's again.
func (m *merging) byHand(field, list string) bool {
	then, marked := m.was.ByHand[field]
	if !marked {
		return false
	}
	if then == list {
		m.kept = true
		return true
	}
	m.forget(field)
	return false
}

func (m *merging) forget(field string) {
	if _, marked := m.p.ByHand[field]; !marked {
		return
	}
	m.p.ByHand = maps.Clone(m.p.ByHand)
	if delete(m.p.ByHand, field); len(m.p.ByHand) == 0 {
		m.p.ByHand = nil
	}
}

func (m *merging) guardians(list []data.Guardian) {
	if then, marked := m.was.GuardiansThen(); marked {
		if slices.Equal(m.d.guardians(then, list), then) {
			m.kept = true
			return
		}
	}
	m.forget(fieldGuardianEmail)
	if all := m.d.guardians(m.was.Guardians, list); !slices.Equal(all, m.was.Guardians) {
		m.p.Guardians = all
		m.what = append(m.what, fieldGuardianEmail)
	}
}

// guardians are those of the list, with what it does not say of them kept.
func (d *diff) guardians(was, list []data.Guardian) []data.Guardian {
	all := slices.Clone(list)
	for i := range all {
		at := slices.IndexFunc(was, func(g data.Guardian) bool { return strings.EqualFold(g.Email, all[i].Email) })
		if at < 0 {
			continue
		}
		g := &all[i]
		if g.Email = was[at].Email; !d.b.Known[fieldGuardianNotices] {
			g.Notices = was[at].Notices
		}
		if g.Name == "" && !d.b.Known[fieldGuardianName] {
			g.Name = was[at].Name
		}
		if g.Role == "" && !d.b.Known[fieldGuardianRole] {
			g.Role = was[at].Role
		}
	}
	return all
}
