package screen

import (
	"context"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// Dirty reports whether something is typed and not saved.
func (p *Patron) Dirty() bool { return len(differing(&p.base, &p.draft)) > 0 }

// differing names the fields of the form in which two people differ.
func differing(a, b *data.Patron) []string {
	var names []string
	for _, name := range textFields {
		if *at(a, name) != *at(b, name) {
			names = append(names, name)
		}
	}
	if a.AutoOverdue != b.AutoOverdue {
		names = append(names, "auto")
	}
	if !slices.Equal(a.Guardians, b.Guardians) {
		names = append(names, "guardians")
	}
	return names
}

// carry puts fields of one person into another.
func carry(to, from *data.Patron, names []string) {
	for _, name := range names {
		switch name {
		case "auto":
			to.AutoOverdue = from.AutoOverdue
		case "guardians":
			to.Guardians = slices.Clone(from.Guardians)
		default:
			*at(to, name) = *at(from, name)
		}
	}
}

// merged is what is stored with what was typed here. clash names fields that somebody else changed to something else
// meanwhile.
func merged(base, draft, seen *data.Patron) (want data.Patron, clash []string) {
	mine, theirs, apart := differing(base, draft), differing(base, seen), differing(draft, seen)
	want = *seen
	want.Guardians = slices.Clone(seen.Guardians)
	carry(&want, draft, mine)
	for _, name := range mine {
		if slices.Contains(theirs, name) && slices.Contains(apart, name) {
			clash = append(clash, name)
		}
	}
	return want, clash
}

// tidy takes away blanks nobody meant.
func tidy(p *data.Patron) {
	for _, name := range textFields {
		v := at(p, name)
		*v = strings.TrimSpace(*v)
		if name != "address" {
			*v = strings.Join(strings.Fields(*v), " ")
		}
	}
	p.Guardians = slices.Clone(p.Guardians)
	for i := range p.Guardians {
		g := &p.Guardians[i]
		g.Name, g.Email, g.Role = strings.Join(strings.Fields(g.Name), " "), strings.TrimSpace(g.Email), strings.Join(strings.Fields(g.Role), " ")
	}
}

// keyed gives a person who has no number of the library system what the next list will know them by: see data/roster.
func keyed(p *data.Patron) {
	switch {
	case p.Key != "":
	case p.Card != "":
		p.Key = p.Card
	case p.Email != "":
		p.Key = p.Name() + " <" + p.Email + ">"
	default:
		p.Key = p.Name()
	}
}

// Revert forgets what was typed.
func (p *Patron) Revert() {
	p.begin(p.seen)
	p.said = Said{}
	p.changed()
}

// saved is how writing ended.
type saved struct {
	id    int64
	now   data.Patron
	clash []string
}

// tries is how often Save begins again when others write at the same time.
const tries = 5

// Save stores what was typed. What somebody else changed meanwhile in other fields stays; where both changed the same
// one, nothing is stored and Said offers KeepMine and TakeTheirs. then, which may be nil, gets whether it was stored.
func (p *Patron) Save(then func(ok bool)) {
	if then == nil {
		then = func(bool) {}
	}
	switch wrong := p.Wrong(); {
	case p.busy != "":
		return
	case wrong != "":
		p.said = Said{Words: p.desk.Say("Mend what is marked in red, then save."), Bad: true}
		p.changed()
		then(false)
		return
	}
	p.write(false, then)
}

// KeepMine stores what was typed here over what somebody else changed.
func (p *Patron) KeepMine(then func(ok bool)) {
	if then == nil {
		then = func(bool) {}
	}
	if p.busy == "" && p.Wrong() == "" {
		p.write(true, then)
	}
}

// TakeTheirs forgets what was typed and shows what is stored.
func (p *Patron) TakeTheirs() { p.Revert() }

func (p *Patron) write(force bool, then func(ok bool)) {
	p.busy, p.said = p.desk.Say("Saving."), Said{}
	p.changed()
	id, base, draft := p.id, p.base, p.draft
	draft.Guardians = slices.Clone(p.draft.Guardians)
	GoStore(p.desk, func(ctx context.Context, s *store.Store) (saved, error) {
		return savePatron(ctx, s, id, base, draft, force)
	}, func(got saved, err error) {
		p.busy = ""
		switch {
		case err != nil:
			p.said = Said{Words: asError(err).Error(), Bad: true}
		case len(got.clash) > 0:
			p.seen = got.now
			p.said = Said{Words: p.desk.Say("Somebody else, or a list that was taken in, has changed the same meanwhile: {{.Fields}}.", With("Fields", p.labels(got.clash))), Bad: true, Conflict: true}
		default:
			p.id, p.loaded, p.seen = got.id, true, got.now
			p.begin(got.now)
			p.said = Said{Words: p.desk.Say("Saved."), Good: true}
		}
		ok := p.said.Good
		p.changed()
		p.Refresh(Change{Store: true})
		p.desk.Wake()
		then(ok)
	})
}

// savePatron merges with what is stored until nobody was faster.
func savePatron(ctx context.Context, s *store.Store, id int64, base, draft data.Patron, force bool) (saved, error) {
	for n := 0; ; n++ {
		want := draft
		if id != 0 {
			now, err := s.Patron(ctx, id)
			if err != nil {
				return saved{}, err
			}
			var clash []string
			if want, clash = merged(&base, &draft, &now); len(clash) > 0 && !force {
				return saved{now: now, clash: clash}, nil
			}
		}
		tidy(&want)
		keyed(&want)
		stored, err := s.SavePatron(ctx, want)
		if data.CodeOf(err) == data.CodeConflict && id != 0 && n < tries {
			continue
		}
		if err != nil {
			return saved{}, err
		}
		now, err := s.Patron(ctx, stored)
		return saved{id: stored, now: now}, err
	}
}

// labels are the words of fields.
func (p *Patron) labels(names []string) string {
	var words []string
	for _, f := range p.Fields() {
		if slices.Contains(names, f.Name) {
			words = append(words, f.Label)
		}
	}
	if slices.Contains(names, "guardians") {
		words = append(words, p.desk.Say("Guardians"))
	}
	return listed(words)
}

// Theirs says for a conflict what is stored now, field by field.
func (p *Patron) Theirs() []Line {
	if !p.said.Conflict {
		return nil
	}
	_, clash := merged(&p.base, &p.draft, &p.seen)
	var lines []Line
	for _, f := range p.Fields() {
		if !slices.Contains(clash, f.Name) {
			continue
		}
		v := p.desk.Say("empty")
		if from := at(&p.seen, f.Name); from != nil && *from != "" {
			v = *from
		}
		if f.Name == "auto" {
			v = p.desk.Say("off")
			if p.seen.AutoOverdue {
				v = p.desk.Say("on")
			}
		}
		lines = append(lines, Line{f.Label, p.desk.Say("now {{.Value}}", With("Value", v))})
	}
	if slices.Contains(clash, "guardians") {
		var names []string
		for _, g := range p.seen.Guardians {
			names = append(names, g.Email)
		}
		v := p.desk.Say("nobody")
		if len(names) > 0 {
			v = listed(names)
		}
		lines = append(lines, Line{p.desk.Say("Guardians"), p.desk.Say("now {{.Value}}", With("Value", v))})
	}
	return lines
}
