package screen

import (
	"maps"
	"time"

	"smtpgateway/data"
)

// Settings is what the settings screen knows: the stored settings and, over them, what the person typed and did not
// save yet. What is not typed over follows the store, whoever saves there. A password that was typed is sealed on Save
// and comes out of here in no other way.
type Settings struct {
	OnChange func()                 // something that is shown changed; nil: nobody looks
	OnFocus  func(name string)      // the person should look at this field; nil: nobody looks
	Here     func(name string) bool // is the field on this page? What others save elsewhere is not told; nil: every field is
	Patience time.Duration          // how long Save waits for the service to answer

	desk     *Desk
	fields   []Field
	watchers []func() // what else shows something of the settings as they are typed

	stored   map[string]string // by field name, every field; as it lies in the store, or the default
	revision int64             // of stored
	opened   int               // which opening of the store it is from: another database counts its own revisions
	strange  []string          // stored names that belong to no field: they stop a service, so Save removes them

	edits     map[string]string      // what is typed and differs from stored; never a password
	passwords map[string]data.Secret // typed
	forget    map[string]bool        // passwords to take away

	notes     map[string]Note // by field name: what is to be said below it
	problems  data.Problems   // what stands against saving, in the order of the fields
	attempted bool            // Save was pressed: what is missing is said at its field

	known      bool   // the settings were read at least once
	unreadable string // as it was last shown

	met    []Met // what somebody else saved since the first edit
	save   saving
	said   Said
	answer Answer // of the starting question
}

// servicePatience is how long Save waits for the running service; it takes over within two seconds unless it hangs.
const servicePatience = 15 * time.Second

// NewSettings makes the screen; once for each page that changes settings, as it stays with the desk.
func NewSettings(d *Desk) *Settings {
	s := &Settings{
		Patience: servicePatience, desk: d, fields: fieldsFor(d),
		edits: map[string]string{}, passwords: map[string]data.Secret{}, forget: map[string]bool{},
	}
	s.adopt(nil, 0)
	s.saw(Change{Store: true})
	d.Watch(s.saw)
	return s
}

// changed judges anew and tells the one who looks.
func (s *Settings) changed() {
	s.judge()
	if s.OnChange != nil {
		s.OnChange()
	}
	for _, w := range s.watchers {
		w()
	}
}

// Watch calls f after every change of what is typed or stored, for what stands beside the fields: test, folder.
func (s *Settings) Watch(f func()) { s.watchers = append(s.watchers, f) }

// saw follows the store: another window, the command line or an import may save at any time.
func (s *Settings) saw(c Change) {
	f := s.desk.Facts()
	if problem := s.Unreadable(); problem != s.unreadable || s.known != (f.Stored != nil) {
		s.unreadable, s.known = problem, f.Stored != nil
		s.changed()
	}
	if c.Store && f.Problem == nil && f.Stored != nil && (f.Revision > s.revision || f.Opened != s.opened) && s.save.phase != saveWriting {
		s.opened = f.Opened
		s.meet(f.Stored, f.Revision)
		s.changed()
	}
	if s.save.phase == saveWaiting && (c.Store || c.Service) {
		s.confirm()
	}
}

// adopt makes stored what the store holds, and drops edits that are no longer any.
func (s *Settings) adopt(values map[string]string, revision int64) {
	stored := make(map[string]string, len(s.fields))
	for _, f := range data.Fields() {
		stored[f.Name] = f.Default
	}
	s.strange = nil
	for name, v := range values {
		if _, known := stored[name]; !known {
			s.strange = append(s.strange, name)
			continue
		}
		stored[name] = v
	}
	s.stored, s.revision = stored, revision
	maps.DeleteFunc(s.edits, func(name, v string) bool { return v == stored[name] })
	maps.DeleteFunc(s.forget, func(name string, _ bool) bool { return stored[name] == "" })
	s.judge()
}

// Unreadable says why the settings cannot be read now, so that nobody takes what is seen for what is stored; empty: they
// can be read.
func (s *Settings) Unreadable() string {
	p := s.desk.Facts().Problem
	switch {
	case p != nil:
		return s.sentences(p.Sentence, p.Next)
	case s.desk.Facts().Stored == nil:
		return s.desk.Say("The settings are being read.")
	default:
		return ""
	}
}

// Dirty reports whether something was typed that is not saved.
func (s *Settings) Dirty() bool { return len(s.edits)+len(s.passwords)+len(s.forget) > 0 }

// Edited reports whether this field was typed over.
func (s *Settings) Edited(name string) bool {
	_, edit := s.edits[name]
	_, typed := s.passwords[name]
	return edit || typed || s.forget[name]
}

// Typed reports whether a password was typed into this field and is not saved.
func (s *Settings) Typed(name string) bool { return s.passwords[name] != "" }

// Value is what a field shows: what was typed, else what is stored. A password is always empty here.
func (s *Settings) Value(name string) string {
	if f := s.field(name); f == nil || f.Kind == FieldPassword {
		return ""
	}
	if v, ok := s.edits[name]; ok {
		return v
	}
	return s.stored[name]
}

// Set takes what a person typed into a field. Nothing is written before Save.
func (s *Settings) Set(name, value string) {
	f := s.field(name)
	if f == nil {
		return
	}
	if f.Kind == FieldPassword {
		if s.passwords[name] == data.Secret(value) {
			return
		}
		s.passwords[name] = data.Secret(value)
		if value == "" {
			delete(s.passwords, name)
		} else {
			delete(s.forget, name)
		}
		s.typed()
		return
	}
	if value == s.Value(name) {
		return
	}
	s.edits[name] = value
	if value == s.stored[name] {
		delete(s.edits, name)
	}
	s.typed()
}

// typed lets the answer to an older Save go: it is about other values than those seen now.
func (s *Settings) typed() {
	if s.save.phase == saveIdle && !s.said.Conflict {
		s.said = Said{}
	}
	s.changed()
}

// Choice is which of its choices a field has; -1: none of them, what is stored makes no sense.
func (s *Settings) Choice(name string) int {
	f := s.field(name)
	if f == nil {
		return -1
	}
	v := s.Value(name)
	for i := range f.values {
		if f.values[i] == v {
			return i
		}
	}
	return -1
}

// SetChoice takes one of the choices of a field.
func (s *Settings) SetChoice(name string, i int) {
	if f := s.field(name); f != nil && i >= 0 && i < len(f.values) {
		s.Set(name, f.values[i])
	}
}

// Placeholder is what an empty field shows in grey: what holds while it is empty.
func (s *Settings) Placeholder(name string) string {
	f := s.field(name)
	switch {
	case f == nil:
		return ""
	case f.Kind == FieldPassword && s.forget[name]:
		return s.desk.Say("is taken away when you save")
	case f.Kind == FieldPassword && s.stored[name] != "":
		return s.desk.Say("set (leave empty to keep it)")
	case f.Kind == FieldPassword:
		return s.desk.Say("not set")
	case name == "folder":
		return s.desk.Place().Folder
	default:
		return ""
	}
}

// CanForget reports whether a stored password can be taken away.
func (s *Settings) CanForget(name string) bool {
	f := s.field(name)
	return f != nil && f.Kind == FieldPassword && s.stored[name] != "" && !s.forget[name]
}

// Forget takes a stored password away with the next Save.
func (s *Settings) Forget(name string) {
	if !s.CanForget(name) {
		return
	}
	delete(s.passwords, name)
	s.forget[name] = true
	s.typed()
}

// putAside takes a password away with the next Save, typed or stored. undo gives a stored one back.
func (s *Settings) putAside(name string) (undo func()) {
	s.Set(name, "")
	if !s.CanForget(name) {
		return func() {}
	}
	s.Forget(name)
	return func() {
		if s.forget[name] {
			delete(s.forget, name)
			s.typed()
		}
	}
}

// asTyped is the settings as they would be saved now, with stand-ins for what is sealed; as they are stored, if Save would
// refuse them.
func (s *Settings) asTyped() data.Settings {
	stored, _ := data.ParseSettings(s.stored)
	next, _, _, _ := stored.Change(s.typedOver(), unsealed) //nolint:dogsled // what would be stored is not asked
	return next
}

// storedServer is server n as it is stored.
func (s *Settings) storedServer(n int) data.Server {
	set, _ := data.ParseSettings(s.stored)
	return *set.Server(n)
}

// Revert drops everything that was typed.
func (s *Settings) Revert() {
	clear(s.edits)
	clear(s.passwords)
	clear(s.forget)
	s.met, s.attempted = nil, false
	s.answer = Answer{}
	if s.save.phase == saveIdle {
		s.said = Said{}
	}
	s.changed()
}
