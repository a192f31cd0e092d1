package roster

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// set is a list of people with what other files of the same export say of them: guardians, class, year. To the rest of the
// package it is one table with a few columns more.
type set struct {
	base   *textTable
	header []string // of base
	id     int      // column of base with the number of the person
	extra  []string // headers of what is added
	adults map[string]bool
	adds   map[string][]string // number -> values for extra
	needs  []int               // columns of base needed whatever is wanted
}

func (s *set) walk(ctx context.Context, want []bool, take func(row int, cells []string) error) error {
	width := len(s.header)
	if want != nil {
		want = slices.Clone(want)
		if len(want) > width {
			want = want[:width]
		}
		for _, at := range s.needs {
			for len(want) <= at { // a person may say that the names stand in another row, a shorter one
				want = append(want, false)
			}
			want[at] = true
		}
	}
	cells := make([]string, 0, width+len(s.extra))
	none := make([]string, len(s.extra))
	first, whole, short := true, false, false
	return s.base.walk(ctx, want, func(row int, of []string) error {
		cells = append(cells[:0], of...)
		if first {
			first = false
			return take(row, append(pad(cells, width)[:width], s.extra...))
		}
		narrow := len(of) < width
		if len(of) == 1 || narrow && whole && !short && s.base.last {
			return take(row, cells) // a broken row, or an empty one
		}
		whole, short = whole || !narrow, short || narrow
		cells = pad(cells, width)
		var beyond []string
		if len(of) > width {
			beyond = slices.Clone(of[width:])
		}
		id := clean(cells[s.id])
		if s.adults[id] {
			return nil
		}
		adds := s.adds[id]
		if adds == nil {
			adds = none
		}
		return take(row, append(append(cells[:width], adds...), beyond...))
	})
}

func (s *set) breaksOff() bool { return s.base.breaksOff() }

func pad(cells []string, width int) []string {
	for len(cells) < width {
		cells = append(cells, "")
	}
	return cells
}

// contact is an adult of somebody.
type contact struct{ name, mail, role string }

// family collects the adults of people, and writes them as the cells of one row.
type family struct {
	of map[string][]contact
}

func (f *family) add(child string, c contact) {
	if f.of == nil {
		f.of = map[string][]contact{}
	}
	if child == "" || c.mail == "" || slices.ContainsFunc(f.of[child], func(o contact) bool { return strings.EqualFold(o.mail, c.mail) }) {
		return
	}
	f.of[child] = append(f.of[child], c)
}

var guardianHeaders = []string{guardianMailsHeader, guardianNamesHeader, guardianRolesHeader}

func (f *family) cells(child string) []string {
	var mails, names, roles []string
	for _, c := range f.of[child] {
		mails, names, roles = append(mails, c.mail), append(names, c.name), append(roles, c.role)
	}
	return []string{strings.Join(mails, partMark), strings.Join(names, partMark), strings.Join(roles, partMark)}
}

// record is one row of a file of a set, by the folded names of its columns.
type record struct {
	at    map[string]int
	cells []string
}

func (r *record) get(header string) string {
	if i, ok := r.at[header]; ok && i < len(r.cells) {
		return plainCell(r.cells[i])
	}
	return ""
}

// each reads some columns of a file of a set.
func (f *File) each(ctx context.Context, m *member, headers []string, take func(r *record)) error {
	if m == nil {
		return nil
	}
	o := f.options
	o.Sheet, o.Separator = "", ""
	t, err := newText(ctx, m.open, m.size, o)
	if err != nil {
		return err
	}
	r := &record{at: map[string]int{}}
	err = t.walk(ctx, nil, func(_ int, cells []string) error {
		for i, h := range cells {
			if name := fold(clean(h)); slices.Contains(headers, name) {
				r.at[name] = i
			}
		}
		return errEnough
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	want := make([]bool, 0, len(headers))
	for _, i := range r.at {
		for len(want) <= i {
			want = append(want, false)
		}
		want[i] = true
	}
	rows := 0
	return t.walk(ctx, want, func(row int, cells []string) error {
		if rows++; rows == 1 {
			return nil
		}
		if row > 2*maxRows {
			return refuse("The file "+m.name+" has too many rows.", "Export only this year.")
		}
		r.cells = cells
		take(r)
		return nil
	})
}

// headerOf is the first row of a text.
func headerOf(ctx context.Context, t *textTable) ([]string, error) {
	var header []string
	err := t.walk(ctx, nil, func(_ int, cells []string) error {
		header = trimmed(cells)
		return errEnough
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return header, err
}

func has(header []string, names ...string) bool {
	for _, n := range names {
		if !slices.ContainsFunc(header, func(h string) bool { return fold(h) == n }) {
			return false
		}
	}
	return true
}

func place(header []string, name string) int {
	return slices.IndexFunc(header, func(h string) bool { return fold(h) == name })
}

// openSet recognises the sets of files of OneRoster and School Data Sync; false: it is none.
func (f *File) openSet(ctx context.Context, members []member) (bool, error) {
	get := func(name string) *member {
		if i := slices.IndexFunc(members, func(m member) bool { return strings.EqualFold(m.name, name) }); i >= 0 {
			return &members[i]
		}
		return nil
	}
	if m := get("users.csv"); m != nil {
		t, header, err := f.baseOf(ctx, m)
		if err != nil {
			return true, err
		}
		if isOneRoster(header) {
			return true, f.oneRoster(ctx, m, t, header, get)
		}
		if has(header, "sourcedid", "givenname", "familyname") {
			return true, f.dataSync(ctx, m, t, header, get)
		}
	}
	if m := get("student.csv"); m != nil {
		t, header, err := f.baseOf(ctx, m)
		if err != nil {
			return true, err
		}
		if has(header, "sisid") {
			return true, f.dataSync1(ctx, m, t, header, get)
		}
	}
	return false, nil
}

func (f *File) baseOf(ctx context.Context, m *member) (*textTable, []string, error) {
	t, err := newText(ctx, m.open, m.size, f.options)
	if err != nil {
		return nil, nil, err
	}
	header, err := headerOf(ctx, t)
	return t, header, err
}

// alonePeople makes a OneRoster list of users that stands alone a set of one: its guardians are rows of the same file.
func (f *File) alonePeople(ctx context.Context, m member, t *textTable) error {
	header, err := headerOf(ctx, t)
	if err != nil || !isOneRoster(header) {
		return err
	}
	form := f.form
	err = f.oneRoster(ctx, &m, t, header, func(string) *member { return nil })
	f.form = form
	return err
}

// use makes the set the table of the file.
func (f *File) use(s *set, m *member, form string) {
	s.base.moved = f.options.Progress
	f.rows, f.text, f.form, f.sheet = s, s.base.text, form, m.name
}
