package screen

import (
	"slices"
	"strconv"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
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

// LetterGroup is a group that letters can be kept to.
type LetterGroup struct {
	Name    string
	Patrons string
	Ticked  bool
}

// Groups is how many groups there are.
func (l *Letters) Groups() int { return len(l.known.groups) }

// Group gives one of them.
func (l *Letters) Group(i int) LetterGroup {
	if i < 0 || i >= len(l.known.groups) {
		return LetterGroup{}
	}
	g := l.known.groups[i]
	return LetterGroup{Name: g.Group, Patrons: thousands(g.Patrons), Ticked: l.choice.groups[g.Group]}
}

// TickGroups ticks groups, or unticks them if all of them are ticked. No group ticked means all.
func (l *Letters) TickGroups(rows []int) {
	on := slices.ContainsFunc(rows, func(i int) bool { return !l.Group(i).Ticked })
	if l.choice.groups == nil {
		l.choice.groups = map[string]bool{}
	}
	for _, i := range rows {
		switch {
		case i < 0 || i >= len(l.known.groups):
		case on:
			l.choice.groups[l.known.groups[i].Group] = true
		default:
			delete(l.choice.groups, l.known.groups[i].Group)
		}
	}
	l.changed()
}

// AllGroups unticks all: letters go to every group.
func (l *Letters) AllGroups() {
	l.choice.groups = nil
	l.changed()
}

// groups are those ticked, in their order.
func (l *Letters) groups() []string {
	var all []string
	for _, g := range l.known.groups {
		if l.choice.groups[g.Group] {
			all = append(all, g.Group)
		}
	}
	return all
}

// mostNamed is how many groups are named in a line.
const mostNamed = 4

// GroupWords say which groups are chosen.
func (l *Letters) GroupWords() string {
	all, say := l.groups(), l.desk.Say
	switch n := len(all); {
	case n == 0:
		return say("All groups")
	case n == 1:
		return say("Group {{.Name}}", With("Name", all[0]))
	case n > mostNamed:
		return say("Groups {{.Names}} and {{.N}} more", With("Names", strings.Join(all[:mostNamed-1], ", "), "N", n-mostNamed+1))
	}
	return say("Groups {{.Names}}", With("Names", strings.Join(all, ", ")))
}

// groupsMeant are the groups in the middle of a sentence.
func (l *Letters) groupsMeant() string {
	all, say := l.groups(), l.desk.Say
	switch n := len(all); {
	case n == 0:
		return say("all groups")
	case n == 1:
		return say("group {{.Name}}", With("Name", all[0]))
	case n > mostNamed:
		return say("groups {{.Names}} and {{.N}} more", With("Names", strings.Join(all[:mostNamed-1], ", "), "N", n-mostNamed+1))
	}
	return say("groups {{.Names}}", With("Names", strings.Join(all, ", ")))
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

// Free reports whether the text is typed here.
func (l *Letters) Free() bool { return l.choice.key == letter.KeyFree }

// freeText is the text of the free letter as it stands in the fields.
func (l *Letters) freeText() data.Template {
	if l.choice.text != nil {
		return *l.choice.text
	}
	return l.known.free
}

// Subject is that of the free letter.
func (l *Letters) Subject() string { return l.freeText().Subject }

// Text is that of the free letter.
func (l *Letters) Text() string { return l.freeText().Body }

// SetSubject takes what was typed.
func (l *Letters) SetSubject(typed string) { l.write(func(t *data.Template) { t.Subject = typed }) }

// SetText takes what was typed.
func (l *Letters) SetText(typed string) { l.write(func(t *data.Template) { t.Body = typed }) }

func (l *Letters) write(change func(t *data.Template)) {
	t := l.freeText()
	change(&t)
	if t.Subject == l.Subject() && t.Body == l.Text() {
		return
	}
	l.choice.text = &t
	l.changed()
}

// TextProblems are what is wrong with the text of the free letter.
func (l *Letters) TextProblems() []TextProblem {
	if !l.Free() {
		return nil
	}
	t := l.freeText()
	return l.desk.textProblems(&t)
}

// MendText takes a suggestion.
func (l *Letters) MendText(p TextProblem) { l.write(func(t *data.Template) { p.mend(t) }) }

// typed is the text of the free letter in every language: people read what was typed, with dates and names of columns in
// their own. None: no text was typed.
func (c *letterChoice) typed() []data.Template {
	if c.text == nil {
		return nil
	}
	var all []data.Template
	for _, language := range data.Languages() {
		t := *c.text
		t.Key, t.Language = typedKey, language
		all = append(all, t)
	}
	return all
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
