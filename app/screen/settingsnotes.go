package screen

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"smtpgateway/data"
)

// Note is what is to be said below a field.
type Note struct {
	Text  string
	Wrong bool   // Save will refuse it; else it is worth a look
	Offer string // words of a repair that Take makes; empty: none

	suggest string
}

// Note is what is to be said below a field now; empty: nothing.
func (s *Settings) Note(name string) Note { return s.notes[name] }

// Take makes the repair a note offers.
func (s *Settings) Take(name string) {
	n := s.notes[name]
	if n.Offer == "" {
		return
	}
	// A server pasted with its port: the person meant both.
	if pre, isHost := strings.CutSuffix(name, ".host"); isHost {
		typed := s.Value(name)
		if _, rest, ok := strings.Cut(typed, "://"); ok {
			typed, _, _ = strings.Cut(rest, "/")
		}
		if i := strings.LastIndexByte(typed, ':'); i >= 0 && !strings.HasSuffix(n.suggest, typed[i:]) {
			if port, err := strconv.ParseUint(typed[i+1:], 10, 16); err == nil && port > 0 {
				s.Set(pre+".port", strconv.FormatUint(port, 10))
			}
		}
	}
	s.Set(name, n.suggest)
}

// FirstWrong is the first field that Save would refuse; empty: none.
func (s *Settings) FirstWrong() string {
	for i := range s.fields {
		name := s.fields[i].Name
		for _, p := range s.problems {
			if p.Name == name && !p.Warning && !p.Missing {
				return name
			}
		}
	}
	return ""
}

// Missing lists the labels of what must still be filled in before anything can be sent.
func (s *Settings) Missing() []string { return s.missing(s.problems) }

func (s *Settings) missing(problems data.Problems) []string {
	var out []string
	for _, p := range problems {
		if f := s.field(p.Name); p.Missing && f != nil {
			out = append(out, s.called(f))
		}
	}
	return out
}

// typedOver is what Change is to be asked: every field as it is seen, so that what lies in the store and cannot be used
// is judged too, and the passwords that were typed or taken away.
func (s *Settings) typedOver() map[string]string {
	out := make(map[string]string, len(s.fields))
	for i := range s.fields {
		f := &s.fields[i]
		if f.Kind != FieldPassword {
			out[f.Name] = s.Value(f.Name)
			continue
		}
		if p, ok := s.passwords[f.Name]; ok {
			out[f.Name] = p.Reveal()
		} else if s.forget[f.Name] {
			out[f.Name] = ""
		}
	}
	return out
}

// judge finds out what stands against the settings as they are seen: what Save would find, and where one field is wrong
// by itself, also what the others make together, or a reason would come and go while its neighbour is typed.
func (s *Settings) judge() {
	now := s.typedOver()
	stored, bad := data.ParseSettings(s.stored)
	_, _, problems, _ := stored.Change(now, unsealed) //nolint:dogsled // what would be stored is not asked, and nothing is sealed that could fail
	if problems.Refused() {
		alone := make(map[string]string, len(now))
		maps.Copy(alone, now)
		sealed := stored.Values()
		for i := range s.fields {
			name := s.fields[i].Name
			if s.fields[i].Kind != FieldPassword {
				continue
			}
			if p, given := now[name]; given && p != "" {
				alone[name] = data.SealedPrefix
			} else if !given {
				alone[name] = sealed[name]
			}
		}
		together, _ := data.ParseSettings(alone)
		problems = withOthers(problems, fromGood(together.Check(), problems))
	}
	// A password in the clear in the store is refused by the service whatever else is typed.
	for _, p := range bad {
		if f := s.field(p.Name); f != nil && f.Kind == FieldPassword && !s.Edited(p.Name) {
			problems = withOthers(problems, data.Problems{p})
		}
	}
	s.problems = problems
	s.note()
}

// unsealed stands in for sealing while a person types: nothing is kept of it.
func unsealed(string, data.Server, data.Secret) (string, error) { return data.SealedPrefix, nil }

// fromGood leaves out what was found by help of a field that is wrong: Check saw its default there.
func fromGood(found, problems data.Problems) data.Problems {
	return slices.DeleteFunc(found, func(f data.Problem) bool {
		of, last, _ := strings.Cut(f.Name, ".")
		by := ""
		switch last {
		case "security":
			by = of + ".port"
		case "bodies_days":
			by = of + ".history_days"
		}
		return slices.ContainsFunc(problems, func(p data.Problem) bool { return p.Name == by && !p.Warning })
	})
}

// withOthers adds those that are about fields nothing is said of yet.
func withOthers(problems, others data.Problems) data.Problems {
	for _, o := range others {
		said := false
		for _, p := range problems {
			said = said || p.Name == o.Name
		}
		if !said {
			problems = append(problems, o)
		}
	}
	return problems
}

// note puts the problems below their fields, the worst of each. What a person did not come to yet is not held against
// them: it is said when they press Save.
func (s *Settings) note() {
	s.notes = make(map[string]Note)
	for _, p := range s.problems {
		f := s.field(p.Name)
		if f == nil || !s.due(f, p) {
			continue
		}
		if old, said := s.notes[p.Name]; said && (old.Wrong || p.Warning) {
			continue
		}
		n := Note{Text: p.Sentence, Wrong: !p.Warning && !p.Missing, suggest: p.Suggest}
		if p.Suggest != "" {
			n.Offer = s.offer(f, p)
			n.Text = strings.TrimPrefix(n.Text, n.Offer+" ")
		}
		s.notes[p.Name] = n
	}
}

func (s *Settings) due(f *Field, p data.Problem) bool {
	switch {
	case s.attempted:
		return true
	case p.Missing:
		return s.Edited(f.Name)
	case f.Kind == FieldPassword:
		return s.Edited(f.Name) || s.stored[f.Name] != "" // what made it useless was typed elsewhere
	default:
		return true
	}
}

func (s *Settings) offer(f *Field, p data.Problem) string {
	if f.Kind == FieldChoice {
		return s.desk.Say("Choose: {{.Choice}}", With("Choice", s.shown(f, p.Suggest)))
	}
	return s.desk.Say("Did you mean {{.Value}}?", With("Value", data.Clean(p.Suggest, 80)))
}
