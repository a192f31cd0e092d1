package screen

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"smtpgateway/data"
)

// How long what is typed may be, in letters.
const (
	mostName    = 100
	mostNumber  = 80
	mostPostal  = 500
	mostParents = 8
)

// Guardian is data's, for those who show and may not import data.
type Guardian = data.Guardian

// PatronField is one field of the form of a person.
type PatronField struct {
	Name    string // for Set, Value and the like
	Label   string
	Hint    string
	Kind    FieldKind
	Choices []string // in words, for FieldChoice
}

// patronLanguages are the choices of language; the empty one is the library's.
func patronLanguages() []string { return append([]string{""}, data.Languages()...) }

// Fields are those of the form, in the order they are filled in.
func (p *Patron) Fields() []PatronField {
	say := p.desk.Say
	languages := []string{say("As the library")}
	for _, l := range data.Languages() {
		languages = append(languages, choiceWords(p.desk, "language", l))
	}
	return []PatronField{
		{Name: "first", Label: say("First name"), Kind: FieldText},
		{Name: "last", Label: say("Last name"), Kind: FieldText},
		{Name: "group", Label: say("Group"), Kind: FieldText, Hint: say("Class, such as 7B.")},
		{Name: "level", Label: say("Year"), Kind: FieldText},
		{Name: "email", Label: say("E-mail"), Kind: FieldText},
		{Name: "auto", Label: say("Automatic notices"), Kind: FieldYesNo, Hint: say("Auto-overdue enabled: gets a notice when something is due soon or overdue.")},
		{Name: "language", Label: say("Language"), Kind: FieldChoice, Choices: languages},
		{Name: "card", Label: say("Card number"), Kind: FieldText},
		{Name: "key", Label: say("Number in the library system"), Kind: FieldText, Hint: say("By this the next list knows the person again. Empty: by the card, or the name.")},
		{Name: "address", Label: say("Postal address"), Kind: FieldLines, Hint: say("Stands on letters that are printed.")},
	}
}

// at is where a field of text lies in a person; nil: it is none.
func at(p *data.Patron, name string) *string {
	switch name {
	case "first":
		return &p.First
	case "last":
		return &p.Last
	case "group":
		return &p.Group
	case "level":
		return &p.Level
	case "email":
		return &p.Email
	case "language":
		return &p.Language
	case "card":
		return &p.Card
	case "key":
		return &p.Key
	case "address":
		return &p.Address
	}
	return nil
}

// textFields are the names at knows.
var textFields = []string{"first", "last", "group", "level", "email", "language", "card", "key", "address"}

// Set takes what was typed or chosen.
func (p *Patron) Set(name, value string) {
	to := at(&p.draft, name)
	if to == nil || *to == value {
		return
	}
	*to = value
	p.edited()
}

// Value is what a field holds now.
func (p *Patron) Value(name string) string {
	if from := at(&p.draft, name); from != nil {
		return *from
	}
	return ""
}

// SetAuto switches automatic notices on or off.
func (p *Patron) SetAuto(on bool) {
	if p.draft.AutoOverdue != on {
		p.draft.AutoOverdue = on
		p.edited()
	}
}

// Auto reports whether automatic notices are on.
func (p *Patron) Auto() bool { return p.draft.AutoOverdue }

// SetLanguage takes a choice of the field language.
func (p *Patron) SetLanguage(i int) {
	if all := patronLanguages(); i >= 0 && i < len(all) {
		p.Set("language", all[i])
	}
}

// Language is the choice in force; -1: it is none of ours.
func (p *Patron) Language() int {
	for i, l := range patronLanguages() {
		if l == p.draft.Language {
			return i
		}
	}
	return -1
}

func (p *Patron) edited() {
	if !p.said.Conflict {
		p.said = Said{}
	}
	p.changed()
}

// Guardians are the adults as typed.
func (p *Patron) Guardians() []Guardian { return p.draft.Guardians }

// MayAddGuardian reports whether there is room for another.
func (p *Patron) MayAddGuardian() bool { return len(p.draft.Guardians) < mostParents }

// AddGuardian begins another one, who may get letters and notices.
func (p *Patron) AddGuardian() {
	if p.MayAddGuardian() {
		p.draft.Guardians = append(p.draft.Guardians, Guardian{Notices: true})
		p.edited()
	}
}

// RemoveGuardian takes one away.
func (p *Patron) RemoveGuardian(i int) {
	if i >= 0 && i < len(p.draft.Guardians) {
		p.draft.Guardians = append(p.draft.Guardians[:i:i], p.draft.Guardians[i+1:]...)
		p.edited()
	}
}

// SetGuardian takes what was typed of one.
func (p *Patron) SetGuardian(i int, g Guardian) {
	if i >= 0 && i < len(p.draft.Guardians) && p.draft.Guardians[i] != g {
		p.draft.Guardians[i] = g
		p.edited()
	}
}

// Note is what is to be said below a field; empty: nothing.
func (p *Patron) Note(name string) Note {
	v := p.Value(name)
	switch name {
	case "email":
		return p.desk.addressNote(v)
	case "first", "last":
		if strings.TrimSpace(p.draft.Name()) == "" && name == "last" && (p.id != 0 || p.Dirty()) {
			return Note{Text: p.desk.Say("Write a name."), Wrong: true}
		}
		return wrongNote(p.desk.plainWrong(v, mostName))
	case "group", "level":
		return wrongNote(p.desk.plainWrong(v, mostGroup))
	case "card", "key":
		return wrongNote(p.desk.plainWrong(v, mostNumber))
	case "address":
		return wrongNote(p.desk.plainWrong(strings.ReplaceAll(v, "\n", " "), mostPostal))
	}
	return Note{}
}

// GuardianNote is what is to be said below a guardian; empty: nothing.
func (p *Patron) GuardianNote(i int) Note {
	if i < 0 || i >= len(p.draft.Guardians) {
		return Note{}
	}
	g := p.draft.Guardians[i]
	for _, v := range []string{g.Name, g.Role} {
		if wrong := p.desk.plainWrong(v, mostName); wrong != "" {
			return wrongNote(wrong)
		}
	}
	if strings.TrimSpace(g.Email) == "" {
		return Note{Text: p.desk.Say("Write the guardian's e-mail address, or remove the guardian."), Wrong: true}
	}
	for k := range i {
		if strings.EqualFold(strings.TrimSpace(p.draft.Guardians[k].Email), strings.TrimSpace(g.Email)) {
			return Note{Text: p.desk.Say("This address stands there twice."), Wrong: true}
		}
	}
	return p.desk.addressNote(g.Email)
}

func wrongNote(words string) Note { return Note{Text: words, Wrong: words != ""} }

// addressNote says what is wrong with an e-mail address; an empty one is none.
func (d *Desk) addressNote(v string) Note {
	v = strings.TrimSpace(v)
	if v == "" {
		return Note{}
	}
	a, err := data.ParseAddress(v)
	switch {
	case err != nil:
		return Note{Text: asError(err).Error(), Wrong: true}
	case a.Dotless():
		return Note{Text: d.Say("There is no dot behind the @: is that so?")}
	}
	return Note{}
}

// plainWrong is what is wrong with a text on one line; empty: nothing.
func (d *Desk) plainWrong(v string, most int) string {
	switch {
	case utf8.RuneCountInString(v) > most:
		return d.Say("It is longer than {{.N}} letters.", With("N", most))
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unseen):
		return d.Say("It holds an invisible character.")
	}
	return ""
}

func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// Wrong is the first field Save would refuse, "guardian 2" for one of the adults; empty: none.
func (p *Patron) Wrong() string {
	for _, f := range p.Fields() {
		if p.Note(f.Name).Wrong {
			return f.Name
		}
	}
	if strings.TrimSpace(p.draft.Name()) == "" {
		return "last"
	}
	for i := range p.draft.Guardians {
		if p.GuardianNote(i).Wrong {
			return fmt.Sprintf("guardian %d", i)
		}
	}
	return ""
}
