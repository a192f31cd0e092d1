package screen

import (
	"slices"
	"strconv"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
)

// typedKey is the letter whose text was typed for this once. It is none of those that are kept: while it waits nothing
// puts another text in its place.
const typedKey = "typed"

// mostDays is how many days a person may ask for: longer ago nothing is a reminder any more.
const mostDays = 3650

// letterChoice is which letters a person wants, as it stands in the fields.
type letterChoice struct {
	key      string
	audience data.Audience
	groups   map[string]bool // empty: all
	which    notice.Which
	days     string // as typed

	text *data.Template // of the free letter; nil: as it is stored
}

// choose takes a letter, with the loans it is usually about.
func (l *Letters) choose(key string) {
	l.choice.key = key
	which, days := mailing.Usual(key)
	l.choice.which, l.choice.days = which, strconv.Itoa(days)
	if days == 0 {
		l.choice.days = "1"
	}
}

// settle looks whether what is chosen is still there.
func (l *Letters) settle() {
	if !slices.Contains(l.keys(), l.choice.key) {
		l.choose(letterKeys()[0])
	}
	for g := range l.choice.groups {
		if !slices.ContainsFunc(l.known.groups, func(k data.GroupCount) bool { return k.Group == g }) {
			delete(l.choice.groups, g)
		}
	}
}

func (l *Letters) keys() []string {
	keys := letterKeys()
	for _, t := range l.known.own {
		keys = append(keys, t.Key)
	}
	return keys
}

// Names are the letters there are.
func (l *Letters) Names() []string {
	keys := l.keys()
	for i, key := range keys {
		keys[i] = l.desk.letterWords(key, l.known.own)
	}
	return keys
}

// Name is the choice in force, an index of Names.
func (l *Letters) Name() int { return slices.Index(l.keys(), l.choice.key) }

// SetName takes another letter, with the loans it is usually about.
func (l *Letters) SetName(i int) {
	if keys := l.keys(); i >= 0 && i < len(keys) && keys[i] != l.choice.key {
		l.choose(keys[i])
		l.changed()
	}
}

// Key is the letter chosen, as the store knows it.
func (l *Letters) Key() string { return l.choice.key }

// Audiences are to whom letters can go.
func (l *Letters) Audiences() []string {
	words := make([]string, len(data.Audiences()))
	for i, a := range data.Audiences() {
		words[i] = l.desk.toWords(a)
	}
	return words
}

func (d *Desk) toWords(a data.Audience) string {
	switch a {
	case data.ToGuardian:
		return d.Say("The guardians")
	case data.ToBoth:
		return d.Say("The patron and the guardians")
	case data.ToEither:
		return d.Say("The patron; guardians if the patron has no address")
	case data.ToPatron:
	}
	return d.Say("The patron")
}

// Audience is the choice in force, an index of Audiences.
func (l *Letters) Audience() int { return slices.Index(data.Audiences(), l.choice.audience) }

// SetAudience takes another audience.
func (l *Letters) SetAudience(i int) {
	if all := data.Audiences(); i >= 0 && i < len(all) {
		l.choice.audience = all[i]
		l.changed()
	}
}

// AudienceNote says what guardians may not be told yet; empty: nothing is in the way.
func (l *Letters) AudienceNote() string {
	if l.choice.audience == data.ToPatron || l.desk.facts.Settings.Overdue.Disclosure != "" {
		return ""
	}
	return l.desk.Say("Nobody has chosen yet what guardians are told. Until that is done under Settings, guardians get no letters, except in groups with a rule of their own.")
}

var whiches = []notice.Which{notice.WhichOverdue, notice.WhichDue, notice.WhichAll, notice.WhichNone}

// Whiches are about which loans letters can be.
func (l *Letters) Whiches() []string {
	say := l.desk.Say
	return []string{say("Loans that are overdue"), say("Loans that are due soon"), say("Everything on loan"), say("Everybody, with loans or without")}
}

// Which is the choice in force, an index of Whiches.
func (l *Letters) Which() int { return slices.Index(whiches, l.choice.which) }

// SetWhich takes other loans.
func (l *Letters) SetWhich(i int) {
	if i >= 0 && i < len(whiches) {
		l.choice.which = whiches[i]
		l.changed()
	}
}

// DaysLabel is what the number of days means; empty: none is asked for.
func (l *Letters) DaysLabel() string {
	switch l.choice.which {
	case notice.WhichOverdue:
		return l.desk.Say("At least so many days late")
	case notice.WhichDue:
		return l.desk.Say("Due within so many days")
	case notice.WhichAll, notice.WhichNone:
	}
	return ""
}

// Days is the number as typed.
func (l *Letters) Days() string { return l.choice.days }

// SetDays takes what was typed.
func (l *Letters) SetDays(typed string) {
	if typed != l.choice.days {
		l.choice.days = typed
		l.changed()
	}
}

// DaysWrong is why the number is none; empty: it is one.
func (l *Letters) DaysWrong() string {
	if _, ok := l.number(); !ok {
		return l.desk.Say("Write a number of days from 0 to {{.Most}}.", With("Most", thousands(mostDays)))
	}
	return ""
}

func (l *Letters) number() (int, bool) {
	if l.DaysLabel() == "" {
		return 0, true
	}
	n, err := strconv.Atoi(strings.TrimSpace(l.choice.days))
	return n, err == nil && n >= 0 && n <= mostDays
}

// whichWords say about which loans the letters are.
func (l *Letters) whichWords() string {
	n, _ := l.number()
	say := l.desk.Say
	switch l.choice.which {
	case notice.WhichOverdue:
		return say("at least {{.Days}} late", With("Days", l.desk.days(max(n, 1))))
	case notice.WhichDue:
		return say("due within {{.Days}}", With("Days", l.desk.days(n)))
	case notice.WhichAll:
		return say("everything on loan")
	case notice.WhichNone:
	}
	return say("everybody")
}

// wanted is the choice as letters are made by.
func (l *Letters) wanted() mailing.Choice {
	n, _ := l.number()
	c := mailing.Choice{Template: l.choice.key, Audience: l.choice.audience, Groups: l.groups(), Which: l.choice.which, Days: n}
	if l.Free() && l.choice.text != nil {
		c.Template = typedKey
	}
	return c
}

// CannotMake is why no list can be made as it stands; empty: it can.
func (l *Letters) CannotMake() string {
	if wrong := l.DaysWrong(); wrong != "" {
		return wrong
	}
	for _, p := range l.TextProblems() {
		if !p.Warning {
			return p.Words
		}
	}
	return ""
}
