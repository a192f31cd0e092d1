package screen

import (
	"slices"
	"strings"
)

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
