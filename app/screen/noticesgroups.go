package screen

import (
	"context"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// GroupRow is one group and what differs for it.
type GroupRow struct {
	Group    string
	Patrons  int
	Enabled  int // who get automatic notices
	Rule     data.Disclosure
	Excluded bool
}

// countGroups counts people; ruleGroups adds the rules.
func countGroups(ctx context.Context, s *store.Store) ([]GroupRow, error) {
	groups, err := s.Groups(ctx)
	if err != nil {
		return nil, err
	}
	on, err := s.NoticesOn(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]GroupRow, len(groups))
	for i, g := range groups {
		rows[i] = GroupRow{Group: g.Group, Patrons: g.Patrons, Enabled: on[g.Group]}
	}
	return rows, nil
}

func ruleGroups(ctx context.Context, s *store.Store, rows []GroupRow) ([]GroupRow, error) {
	rules, err := s.GroupRules(ctx)
	if err != nil {
		return nil, err
	}
	rows = slices.Clone(rows)
	rows = slices.DeleteFunc(rows, func(r GroupRow) bool { return r.Patrons == 0 }) // was there for its rule
	for i := range rows {
		rows[i].Rule, rows[i].Excluded = "", false
	}
	for _, rule := range rules {
		found := false
		for i := range rows {
			if strings.EqualFold(rows[i].Group, rule.Group) {
				rows[i].Rule, rows[i].Excluded, found = rule.Disclosure, rule.Excluded, true
			}
		}
		if !found {
			rows = append(rows, GroupRow{Group: rule.Group, Rule: rule.Disclosure, Excluded: rule.Excluded})
		}
	}
	return rows, nil
}

// Groups is how many groups there are.
func (n *Notices) Groups() int { return len(n.seen.groups) }

// Group is one of them.
func (n *Notices) Group(i int) GroupRow {
	if i < 0 || i >= len(n.seen.groups) {
		return GroupRow{}
	}
	return n.seen.groups[i]
}

// GroupName is what a group is called where it has no name.
func (n *Notices) GroupName(g GroupRow) string { return n.desk.groupName(g.Group) }

// GroupEnabled says how many of a group get notices: "12 of 30".
func (n *Notices) GroupEnabled(g GroupRow) string {
	if g.Excluded {
		return n.desk.Say("none: the group is left out")
	}
	return n.desk.Say("{{.N}} of {{.All}}", With("N", thousands(g.Enabled), "All", thousands(g.Patrons)))
}

// GroupWords say how many groups there are and what differs for some.
func (n *Notices) GroupWords() string {
	d := n.desk
	patrons, on := n.enabled()
	if !n.loaded {
		return ""
	}
	words := d.Say("Automatic notices are switched on for {{.N}} of {{.All}} patrons.", With("N", thousands(on), "All", thousands(patrons)))
	switch {
	case patrons == 0:
		return d.Say("There are no patrons yet.")
	case patrons == 1 && on == 1:
		words = d.Say("Automatic notices are switched on for the only patron.")
	}
	own := 0
	for _, g := range n.seen.groups {
		if g.Rule != "" || g.Excluded {
			own++
		}
	}
	switch own {
	case 0:
	case 1:
		words += " " + d.Say("1 group has a rule of its own.")
	default:
		words += " " + d.Say("{{.N}} groups have a rule of their own.", With("N", own))
	}
	return words
}

func disclosures() []data.Disclosure {
	return []data.Disclosure{"", data.DiscloseTitles, data.DiscloseCount, data.DiscloseNothing}
}

// Disclosures are the words for what guardians of a group are told; the first is what the setting says.
func (n *Notices) Disclosures() []string {
	d := n.desk
	general := choiceWords(d, "overdue.disclosure", string(n.seen.set.Overdue.Disclosure))
	return []string{d.Say("As everywhere: {{.Words}}", With("Words", strings.ToLower(general[:1])+general[1:])), d.Say("The titles"), d.Say("How many things, no titles"), d.Say("Nothing")}
}

// Disclosure is which of Disclosures a group has.
func (n *Notices) Disclosure(g GroupRow) int { return max(slices.Index(disclosures(), g.Rule), 0) }

// SetDisclosure chooses what guardians of a group are told.
func (n *Notices) SetDisclosure(g GroupRow, i int) {
	if i >= 0 && i < len(disclosures()) {
		g.Rule = disclosures()[i]
		n.saveRule(g)
	}
}

// SetExcluded leaves a group out of automatic notices, or not.
func (n *Notices) SetExcluded(g GroupRow, on bool) {
	g.Excluded = on
	n.saveRule(g)
}

func (n *Notices) saveRule(g GroupRow) {
	n.do(n.desk.Say("Saving."), func(w *noticesWork) error {
		return w.store.SaveGroupRule(w.ctx, data.GroupRule{Group: g.Group, Disclosure: g.Rule, Excluded: g.Excluded})
	}, nil)
}

// EnableWords ask before notices are switched on for a whole group; empty title: everybody has them.
func (n *Notices) EnableWords(g GroupRow) (title, text string) {
	d, rest := n.desk, g.Patrons-g.Enabled
	with := With("N", thousands(rest), "Group", n.GroupName(g))
	switch {
	case rest <= 0:
		return "", ""
	case rest == 1:
		title = d.Say("Switch automatic notices on for 1 more patron of {{.Group}}?", with)
	default:
		title = d.Say("Switch automatic notices on for {{.N}} more patrons of {{.Group}}?", with)
	}
	return title, d.Say("They get a notice by themselves when something is due soon or overdue.")
}

// Enable switches notices on for everybody of a group, with the way back.
func (n *Notices) Enable(g GroupRow) {
	var off []int64
	var changed int
	n.do(n.desk.Say("Changing."), func(w *noticesWork) error {
		list, err := everybody(w.ctx, w.store, data.PatronQuery{Group: g.Group})
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].Group == g.Group && !list[i].AutoOverdue { // a query without a group is for all
				off = append(off, list[i].ID)
			}
		}
		on := true
		changed, err = w.store.ChangePatrons(w.ctx, off, data.PatronChange{AutoOverdue: &on})
		return err
	}, func() { n.enabledFor(off, changed) })
}

func (n *Notices) enabledFor(ids []int64, count int) {
	words := n.desk.Say("Automatic notices are on for {{.N}} patrons.", With("N", thousands(count)))
	if count == 1 {
		words = n.desk.Say("Automatic notices are on for 1 patron.")
	}
	n.notice(words, func() {
		n.do(n.desk.Say("Changing."), func(w *noticesWork) error {
			off := false
			_, err := w.store.ChangePatrons(w.ctx, ids, data.PatronChange{AutoOverdue: &off})
			return err
		}, nil)
	})
}
