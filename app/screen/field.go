package screen

import (
	"strings"

	"smtpgateway/data"
)

// FieldKind says with what a field is filled in.
type FieldKind string

// The kinds of fields a person meets.
const (
	FieldText     FieldKind = "text"
	FieldNumber   FieldKind = "number"
	FieldYesNo    FieldKind = "yes/no"
	FieldChoice   FieldKind = "choice"
	FieldPassword FieldKind = "password"
	FieldTime     FieldKind = "time"
	FieldLines    FieldKind = "lines"
	FieldDays     FieldKind = "days"
)

// FieldGroup is where on the screen a field stands.
type FieldGroup string

// The groups in the order they are read.
const (
	GroupServer  FieldGroup = "server"
	GroupSignIn  FieldGroup = "sign-in"
	GroupSender  FieldGroup = "sender"
	GroupFolder  FieldGroup = "folder"
	GroupTest    FieldGroup = "test"
	GroupMore    FieldGroup = "more"
	GroupServer2 FieldGroup = "server 2"
	GroupSignIn2 FieldGroup = "sign-in 2"
	GroupLibrary FieldGroup = "library"
	GroupNotices FieldGroup = "notices"
)

// Field is one setting as a person meets it.
type Field struct {
	Name    string // for Set, Value and the like
	Label   string
	Unit    string
	Hint    string
	Kind    FieldKind
	Choices []string // in words, for FieldChoice
	Group   FieldGroup

	values []string // stored for the choices
}

// fieldsFor puts the settings into the person's words.
func fieldsFor(d *Desk) []Field {
	all := data.Fields()
	out := make([]Field, 0, len(all))
	for i := range all {
		f := &all[i]
		v := Field{Name: f.Name, Label: d.Say(f.Label), Hint: d.Say(f.Hint), Kind: FieldKind(f.Kind), Group: groupOf(f), values: f.Choices}
		if f.Unit != "" {
			v.Unit = d.Say(f.Unit)
		}
		for _, c := range f.Choices {
			v.Choices = append(v.Choices, choiceWords(d, f.Name, c))
		}
		out = append(out, v)
	}
	return out
}

func groupOf(f *data.Field) FieldGroup {
	switch {
	case signInField(f.Name) && strings.HasPrefix(f.Name, "server2."):
		return GroupSignIn2
	case signInField(f.Name):
		return GroupSignIn
	case strings.HasPrefix(f.Name, "server2."):
		return GroupServer2
	case strings.HasPrefix(f.Name, "overdue."):
		return GroupNotices
	case strings.HasPrefix(f.Name, "library."), f.Name == "imports.folder", f.Name == "practice.letters":
		return GroupLibrary
	case !f.Basic:
		return GroupMore
	case strings.HasPrefix(f.Name, "server1."):
		return GroupServer
	case strings.HasPrefix(f.Name, "from."):
		return GroupSender
	case f.Name == "test_to":
		return GroupTest
	default:
		return GroupFolder
	}
}

// signInField reports whether a setting stands with the sign-in of its server.
func signInField(name string) bool {
	_, last, _ := strings.Cut(name, ".")
	switch last {
	case "signin", "tenant", "client_id", "client_secret":
		return true
	default:
		return false
	}
}

// choiceWords says what a stored choice means.
func choiceWords(d *Desk, name, value string) string {
	_, last, _ := strings.Cut(name, ".")
	switch last + " " + value {
	case "security starttls":
		return d.Say("Protected from the start of the talk (STARTTLS, usual)")
	case "security tls":
		return d.Say("Protected from the first byte (TLS)")
	case "security none":
		return d.Say("Not protected")
	case "language en":
		return d.Say("English")
	case "language es":
		return d.Say("Spanish")
	case "language fr":
		return d.Say("French")
	case "language de":
		return d.Say("German")
	case "calendar ignore":
		return d.Say("Notices go out every day")
	case "calendar next":
		return d.Say("Wait for the next open day")
	case "calendar count":
		return d.Say("Count open days only")
	case "disclosure ":
		return d.Say("Not chosen yet")
	case "disclosure titles":
		return d.Say("The titles")
	case "disclosure count":
		return d.Say("How many things, no titles")
	case "disclosure nothing":
		return d.Say("Nothing")
	case "auth auto":
		return d.Say("The strongest the server offers (usual)")
	case "auth none":
		return d.Say("Without signing in")
	case "auth plain":
		return d.Say("Always PLAIN")
	case "auth login":
		return d.Say("Always LOGIN")
	case "auth cram-md5":
		return d.Say("Always CRAM-MD5")
	case "auth scram":
		return d.Say("Always SCRAM")
	case "auth xoauth2":
		return d.Say("Always XOAUTH2")
	case "signin ":
		return d.Say("Neither: a password, or nothing (usual)")
	case "signin google":
		return d.Say("Google, with the browser")
	case "signin microsoft":
		return d.Say("Microsoft, with the browser or a code")
	case "signin microsoft-app":
		return d.Say("Microsoft, without a person")
	default:
		return value
	}
}

// shown is a stored value as it may be said in a sentence; of a password never more than whether there is one.
func (s *Settings) shown(f *Field, value string) string {
	switch f.Kind {
	case FieldPassword:
		if value == "" {
			return s.desk.Say("not set")
		}
		return s.desk.Say("set")
	case FieldYesNo:
		if value == "true" {
			return s.desk.Say("yes")
		}
		return s.desk.Say("no")
	case FieldChoice:
		for i, v := range f.values {
			if v == value {
				return f.Choices[i]
			}
		}
	case FieldText, FieldNumber, FieldTime, FieldLines, FieldDays:
	}
	if value == "" {
		return s.desk.Say("empty")
	}
	return data.Clean(value, 80)
}

// called is a field's label where no group around it says which server it belongs to.
func (s *Settings) called(f *Field) string {
	if f.Group == GroupServer2 || f.Group == GroupSignIn2 {
		return s.desk.Say("{{.Label}} (server 2)", With("Label", f.Label))
	}
	return f.Label
}

// Fields lists the fields of a group in the order they are read.
func (s *Settings) Fields(g FieldGroup) []Field {
	var out []Field
	for i := range s.fields {
		if s.fields[i].Group == g {
			out = append(out, s.fields[i])
		}
	}
	return out
}

func (s *Settings) field(name string) *Field {
	for i := range s.fields {
		if s.fields[i].Name == name {
			return &s.fields[i]
		}
	}
	return nil
}
