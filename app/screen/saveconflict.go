package screen

import (
	"slices"
)

// Met is a setting that somebody else saved while there was something typed here.
type Met struct {
	Name  string
	Words string // "Port: was 587, now 465"; never a password
	Mine  bool   // it is typed over here too: one of both can stay
}

// Met lists what somebody else saved since the first thing was typed, in the order of the fields.
func (s *Settings) Met() []Met { return slices.Clone(s.met) }

// meet takes over what somebody else saved. What is not typed over follows; what is stays, and is told.
func (s *Settings) meet(values map[string]string, revision int64) {
	old, typed := s.stored, s.Dirty()
	s.adopt(values, revision)
	if !typed {
		s.met = nil
		return
	}
	for i := range s.fields {
		f := &s.fields[i]
		was, now := old[f.Name], s.stored[f.Name]
		if was == now || s.Here != nil && !s.Here(f.Name) {
			continue
		}
		s.met = slices.DeleteFunc(s.met, func(m Met) bool { return m.Name == f.Name })
		s.met = append(s.met, Met{Name: f.Name, Mine: s.Edited(f.Name), Words: s.was(f, was, now)})
	}
	if !s.Dirty() { // they saved just what was typed here
		s.met = nil
	}
}

func (s *Settings) was(f *Field, was, now string) string {
	if f.Kind == FieldPassword && was != "" && now != "" {
		return s.desk.Say("{{.Label}}: changed", With("Label", s.called(f)))
	}
	return s.desk.Say("{{.Label}}: was {{.Old}}, now {{.New}}", With("Label", s.called(f), "Old", s.shown(f, was), "New", s.shown(f, now)))
}

// conflict ends a Save that found others' changes: nothing was written, the person sees both and chooses.
func (s *Settings) conflict(w written) {
	s.meet(w.values, w.revision)
	s.desk.Wake()
	if !s.Dirty() { // nothing was typed, or they saved just that: only the service is to be asked
		s.save.phase = saveIdle
		s.Save(nil)
		return
	}
	s.end(false, Said{Words: s.desk.Say("Not saved: somebody else changed the settings meanwhile."), Bad: true, Conflict: true})
}

// KeepMine saves what is typed here over what somebody else saved.
func (s *Settings) KeepMine() {
	again := s.said.Conflict
	s.met = nil
	s.said = Said{}
	if again {
		s.Save(nil)
		return
	}
	s.changed()
}

// TakeTheirs drops what is typed here where somebody else saved something; the rest stays typed.
func (s *Settings) TakeTheirs() {
	for _, m := range s.met {
		delete(s.edits, m.Name)
		delete(s.passwords, m.Name)
		delete(s.forget, m.Name)
	}
	s.met = nil
	s.said = Said{}
	s.changed()
}
