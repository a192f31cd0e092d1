package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// nightly is a list of patrons that speaks of some fields.
func (l *school) nightly(fields []string, all ...data.Patron) *data.ChangeSet {
	l.t.Helper()
	b := &data.Batch{Kind: data.RosterPatrons, File: "patrons.csv", Complete: true, Taken: l.now, Known: map[string]bool{"key": true}, Rows: len(all)}
	for _, f := range fields {
		b.Known[f] = true
		if f == "guardian_email" {
			b.Known["guardian_name"], b.Known["guardian_role"], b.Known["guardian_notices"] = true, true, true
		}
	}
	for i := range all {
		b.Patrons = append(b.Patrons, data.BatchPatron{Patron: all[i], Row: i + 2})
	}
	return roster.Diff(b, l.roster(), l.base(), l.today())
}

// byKey finds a patron.
func (l *school) byKey(key string) data.Patron {
	l.t.Helper()
	r := l.roster()
	for i := range r.Patrons {
		if r.Patrons[i].Key == key {
			return r.Patrons[i]
		}
	}
	l.t.Fatalf("%s is not here", key)
	return data.Patron{}
}

func (l *school) edit(p data.Patron) int64 {
	l.t.Helper()
	l.pass(time.Minute)
	id, err := l.SavePatron(l.t.Context(), p)
	ok(l.t, err)
	return id
}

func TestByHand(t *testing.T) {
	all := data.HandFields
	t.Run("an address entered by hand outlives the list that has none, until the list has a new one", func(t *testing.T) {
		l := newSchool(t)
		anna := person("P1", "Anna", "Berg", "5A")
		anna.Email = ""
		l.take(l.nightly(all, anna))
		p := l.byKey("P1")
		p.Email = "anna@typed.org"
		l.edit(p)
		for range 2 {
			set := l.nightly(all, anna)
			wantEqual(t, "kept", set.ByHand, 1)
			wantEqual(t, "same", set.Same, 1)
			l.take(set)
			wantEqual(t, "address", l.byKey("P1").Email, "anna@typed.org")
		}
		anna.Email = "anna@list.org"
		set := l.nightly(all, anna)
		wantEqual(t, "kept", set.ByHand, 0)
		l.take(set)
		p = l.byKey("P1")
		wantEqual(t, "address", p.Email, "anna@list.org")
		wantEqual(t, "marks", len(p.ByHand), 0)
		anna.Email = ""
		l.take(l.nightly(all, anna))
		wantEqual(t, "address", l.byKey("P1").Email, "")
	})
	t.Run("what the list says too by now is the list's again", func(t *testing.T) {
		l := newSchool(t)
		anna := person("P1", "Anna", "Berg", "5A")
		l.take(l.nightly(all, anna))
		p := l.byKey("P1")
		p.Group = "6A"
		l.edit(p)
		moved := anna
		moved.Group = "6A"
		set := l.nightly(all, moved)
		wantEqual(t, "changed", len(set.Changed), 0)
		wantEqual(t, "settled", len(set.Settled), 1)
		r := l.take(set)
		wantEqual(t, "same", r.Same, 1)
		wantEqual(t, "changed", r.Changed, 0)
		l.take(l.nightly(all, anna))
		wantEqual(t, "group", l.byKey("P1").Group, "5A")
	})
	t.Run("many changed at once are kept like one", func(t *testing.T) {
		l := newSchool(t)
		people := []data.Patron{person("P1", "Anna", "Berg", "5A"), person("P2", "Ole", "Ek", "6B")}
		l.take(l.nightly(all, people...))
		off := false
		n, err := l.ChangePatrons(t.Context(), []int64{l.byKey("P1").ID, l.byKey("P2").ID}, data.PatronChange{AutoOverdue: &off})
		ok(t, err)
		wantEqual(t, "changed", n, 2)
		set := l.nightly(all, people...)
		wantEqual(t, "kept", set.ByHand, 2)
		l.take(set)
		wantEqual(t, "notices", l.byKey("P2").AutoOverdue, false)
	})
	t.Run("who was typed in by hand keeps it when a list brings the number only", func(t *testing.T) {
		l := newSchool(t)
		typed := person("P7", "Mia", "Lund", "")
		typed.Guardians = []data.Guardian{{Name: "Ida", Email: "ida@home.org", Notices: true}}
		l.edit(typed)
		l.take(l.nightly(all, data.Patron{Key: "P7", Last: "Lund-Berg", Group: "3C"}))
		p := l.byKey("P7")
		wantEqual(t, "last name", p.Last, "Lund-Berg")
		wantEqual(t, "first name", p.First, "Mia")
		wantEqual(t, "address", p.Email, typed.Email)
		wantEqual(t, "group", p.Group, "3C")
		wantEqual(t, "guardians", len(p.Guardians), 1)
	})
	t.Run("a person's file says what was entered by hand", func(t *testing.T) {
		l := newSchool(t)
		l.take(l.nightly(all, person("P1", "Anna", "Berg", "5A")))
		p := l.byKey("P1")
		p.Email = "anna@typed.org"
		id := l.edit(p)
		f, err := l.ExportPatron(t.Context(), id)
		ok(t, err)
		wantEqual(t, "mark", f.Patron.ByHand["email"], "Anna.Berg@school.org")
	})
}

// handModel is one field as it ought to be: what the list says, and what a person entered instead.
type handModel struct {
	list, hand string
	marked     bool
}

func (m handModel) now() string {
	if m.marked {
		return m.hand
	}
	return m.list
}

func (m handModel) said(v string) handModel {
	if v != m.list {
		return handModel{list: v}
	}
	return m
}

func (m handModel) typed(v string) handModel {
	if v == m.list {
		return handModel{list: v}
	}
	return handModel{m.list, v, true}
}

// undone is the field of somebody edited since: what it shows stays, and what the list said is as before.
func (m handModel) undone(before handModel) handModel {
	if m.marked {
		return handModel{list: before.list}.typed(m.hand)
	}
	return m
}

type handPerson map[string]handModel

// setField puts one of three values into a field.
func setField(p *data.Patron, field string, n int) {
	v := []string{"", "one", "two"}[n]
	mail := []string{"", "one@school.org", "two@school.org"}[n]
	switch field {
	case "card":
		p.Card = v
		if v != "" {
			p.Card += p.Key // a card is one person's
		}
	case "first":
		p.First = v
	case "last":
		p.Last = "Last " + v
	case "group":
		p.Group = v
	case "level":
		p.Level = v
	case "email":
		p.Email = mail
	case "guardian_email":
		p.Guardians = nil
		for i := range n {
			p.Guardians = append(p.Guardians, data.Guardian{Name: v, Email: strconv.Itoa(i) + mail, Notices: i == 0})
		}
	case "language":
		p.Language = []string{"", "fr", "es"}[n]
	case "auto_overdue":
		p.AutoOverdue = n == 1
	case "address":
		p.Address = v
	}
}

// handWorld is a school beside what it ought to be.
type handWorld struct {
	*school
	rng    *rand.Rand
	keys   []string
	lists  map[string]data.Patron // what the library system has
	model  map[string]handPerson
	before map[string]handPerson // the last import; nil: nothing to undo
	edited map[string]bool       // since
}

func (w *handWorld) list() {
	var fields []string
	for _, f := range data.HandFields {
		if w.rng.IntN(4) > 0 {
			fields = append(fields, f)
		}
	}
	w.before, w.edited = map[string]handPerson{}, map[string]bool{}
	rows := make([]data.Patron, 0, len(w.keys))
	for _, key := range w.keys {
		p := w.lists[key]
		if w.rng.IntN(3) == 0 {
			setField(&p, data.HandFields[w.rng.IntN(len(data.HandFields))], w.rng.IntN(3))
			w.lists[key] = p
		}
		rows = append(rows, p)
		if w.model[key] == nil {
			w.model[key] = handPerson{}
			for _, f := range data.HandFields {
				w.model[key][f] = handModel{list: p.Field(f)} // a new one is taken as it stands
			}
			continue
		}
		w.before[key] = maps.Clone(w.model[key])
		for _, f := range fields {
			w.model[key][f] = w.model[key][f].said(p.Field(f))
		}
	}
	w.take(w.nightly(fields, rows...))
}

func (w *handWorld) byPerson() {
	key := w.keys[w.rng.IntN(len(w.keys))]
	p := data.Patron{Key: key, Last: "Last "}
	if w.model[key] != nil {
		p = w.byKey(key)
	} else {
		w.model[key] = handPerson{}
		for _, f := range data.HandFields {
			w.model[key][f] = handModel{list: (&data.Patron{}).Field(f)}
		}
	}
	for range 1 + w.rng.IntN(2) {
		setField(&p, data.HandFields[w.rng.IntN(len(data.HandFields))], w.rng.IntN(3))
	}
	changed := false
	for _, f := range data.HandFields {
		m := w.model[key][f]
		if p.Field(f) != m.now() {
			w.model[key][f], changed = m.typed(p.Field(f)), true
		}
	}
	if changed || p.ID == 0 {
		w.edited[key] = true
	}
	w.edit(p)
}

func (w *handWorld) undo() {
	if w.before == nil {
		return
	}
	_, err := w.UndoImport(w.t.Context(), data.RosterPatrons)
	ok(w.t, err)
	for _, key := range w.keys {
		switch was := w.before[key]; {
		case was == nil && !w.edited[key]:
			delete(w.model, key)
		case was == nil:
		case !w.edited[key]:
			w.model[key] = was
		default:
			for _, f := range data.HandFields {
				if m := w.model[key][f]; was[f] != m {
					w.model[key][f] = m.undone(was[f])
				}
			}
		}
	}
	w.before, w.edited = nil, map[string]bool{}
}

func (w *handWorld) check(after string) {
	w.t.Helper()
	for _, key := range w.keys {
		if w.model[key] == nil {
			continue
		}
		p := w.byKey(key)
		for _, f := range data.HandFields {
			m := w.model[key][f]
			if p.Field(f) != m.now() {
				w.t.Fatalf("after %s: %s of %s is %q, want %q", after, f, key, p.Field(f), m.now())
			}
			if mark, marked := p.ByHand[f]; marked != m.marked || marked && mark != m.list {
				w.t.Fatalf("after %s: %s of %s is marked %v %q, want %+v", after, f, key, marked, mark, m)
			}
		}
	}
}

func TestByHandInAnyOrder(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprintf("lists, people and undoing in any order lose nothing that was typed, %d", seed), func(t *testing.T) {
			w := &handWorld{
				school: newSchool(t), rng: rand.New(rand.NewPCG(seed, 1)), keys: []string{"P1", "P2", "P3"}, //nolint:gosec // the same each time
				lists: map[string]data.Patron{}, model: map[string]handPerson{}, edited: map[string]bool{},
			}
			for _, key := range w.keys {
				w.lists[key] = data.Patron{Key: key, Last: "Last "}
			}
			for i := range 60 {
				w.pass(time.Minute)
				what := "a list"
				switch n := w.rng.IntN(10); {
				case n < 4:
					w.list()
				case n < 8:
					what = "a person"
					w.byPerson()
				default:
					what = "undoing"
					w.undo()
				}
				w.check(fmt.Sprintf("step %d, %s", i, what))
			}
		})
	}
}
