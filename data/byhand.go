package data

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// HandFields are the fields of a patron that a list may speak of and a person may change, by the names of Mapping.
// Guardians are one field.
var HandFields = []string{"card", "first", "last", "group", "level", "email", "guardian_email", "language", "auto_overdue", "address"}

// Field is what is known of a patron in one of HandFields, as text that can be compared. Guardians are JSON; none: empty.
func (p *Patron) Field(name string) string {
	switch name {
	case "card":
		return p.Card
	case "first":
		return p.First
	case "last":
		return p.Last
	case "group":
		return p.Group
	case "level":
		return p.Level
	case "email":
		return p.Email
	case "guardian_email":
		return guardiansText(p.Guardians)
	case "language":
		return p.Language
	case "auto_overdue":
		return strconv.FormatBool(p.AutoOverdue)
	case "address":
		return p.Address
	}
	return ""
}

func guardiansText(all []Guardian) string {
	if len(all) == 0 {
		return ""
	}
	text, err := json.Marshal(all)
	if err != nil { // of texts and truths: it cannot be
		return ""
	}
	return string(text)
}

// GuardiansThen are the guardians the list had when a person changed them; false: no person did.
func (p *Patron) GuardiansThen() ([]Guardian, bool) {
	text, marked := p.ByHand["guardian_email"]
	var all []Guardian
	if text != "" && json.Unmarshal([]byte(text), &all) != nil {
		return nil, false // whoever wrote that, the list is right
	}
	return all, marked
}

// ChangedByHand is Patron.ByHand after a person made of old what p is; old with no fields at all: p was entered.
// A field set back to what the list says is the list's again.
func (p *Patron) ChangedByHand(old *Patron) map[string]string {
	marks := maps.Clone(old.ByHand)
	for _, f := range HandFields {
		said := old.Field(f)
		if mark, marked := old.ByHand[f]; marked {
			said = mark
		}
		switch now := p.Field(f); {
		case now == said:
			delete(marks, f)
		case now != old.Field(f):
			if marks == nil {
				marks = map[string]string{}
			}
			marks[f] = said
		}
	}
	if len(marks) == 0 {
		return nil
	}
	return marks
}

// OfList is the patron as the list alone would have it.
func (p *Patron) OfList() Patron {
	l := *p
	for f, said := range p.ByHand {
		switch f {
		case "card":
			l.Card = said
		case "first":
			l.First = said
		case "last":
			l.Last = said
		case "group":
			l.Group = said
		case "level":
			l.Level = said
		case "email":
			l.Email = said
		case "language":
			l.Language = said
		case "auto_overdue":
			l.AutoOverdue = said == "true"
		case "address":
			l.Address = said
		}
	}
	if all, marked := p.GuardiansThen(); marked {
		l.Guardians = slices.Clone(all)
	}
	l.ByHand = nil
	return l
}
