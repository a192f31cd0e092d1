package roster

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

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

// joinWards gives people the guardians who stand in rows of their own.
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
