package screen

import (
	"slices"
	"strconv"
	"strings"

	"smtpgateway/data"
)

// StageWhen says on which side of the due date a notice goes out.
type StageWhen int

// The sides, in the order of StageWhens.
const (
	StageBefore StageWhen = iota
	StageOn
	StageAfter
)

// StageRow is one notice as a person fills it in.
type StageRow struct {
	Days   string // as typed; means nothing on the due date
	When   StageWhen
	Letter int // of LetterNames; -1: a text that is not there any more
	To     int // of AudienceWords
	Wrong  string

	letter string // key
}

// Stages is the list of notices as it is typed, over the setting overdue.stages.
type Stages struct {
	notices  *Notices
	settings *Settings
	rows     []StageRow
	shown    string // value of the setting that rows were made of, or made
	ready    bool
}

// NewStages makes the list, on the settings it is saved with.
func NewStages(n *Notices, s *Settings) *Stages { return &Stages{notices: n, settings: s} }

const stagesSetting = "overdue.stages"

// Rows are the notices; those that were saved stand in the order of their days.
func (g *Stages) Rows() []StageRow {
	if v := g.settings.Value(stagesSetting); !g.ready || v != g.shown {
		g.shown, g.ready = v, true
		all, _ := data.ParseStages(v)
		g.rows = nil
		for _, st := range all {
			g.rows = append(g.rows, g.row(st))
		}
	}
	for i := range g.rows {
		g.rows[i].Letter = slices.IndexFunc(g.notices.seen.letters, func(t data.Template) bool { return t.Key == g.rows[i].letter })
	}
	return g.rows
}

func (g *Stages) row(st data.Stage) StageRow {
	r := StageRow{Days: strconv.Itoa(max(st.Offset, -st.Offset)), When: StageAfter, letter: st.Template, To: max(slices.Index(data.Audiences(), st.Audience), 0)}
	switch {
	case st.Offset < 0:
		r.When = StageBefore
	case st.Offset == 0:
		r.When, r.Days = StageOn, ""
	}
	return r
}

// Set changes one row.
func (g *Stages) Set(i int, change func(r *StageRow)) {
	if i < 0 || i >= len(g.rows) {
		return
	}
	r := &g.rows[i]
	change(r)
	if r.Letter >= 0 && r.Letter < len(g.notices.seen.letters) {
		r.letter = g.notices.seen.letters[r.Letter].Key
	}
	g.store()
}

// Add puts one more behind the last, a week later.
func (g *Stages) Add() {
	last := -1
	for _, r := range g.rows {
		if n, ok := r.offset(); ok {
			last = max(last, n)
		}
	}
	st := data.Stage{Offset: last + 7, Template: "overdue-second", Audience: data.ToPatron}
	if last < 0 {
		st.Offset, st.Template = 1, "overdue-first"
	}
	g.rows = append(g.rows, g.row(st))
	g.store()
}

// Remove takes one out.
func (g *Stages) Remove(i int) {
	if i >= 0 && i < len(g.rows) {
		g.rows = slices.Delete(slices.Clone(g.rows), i, i+1)
		g.store()
	}
}

func (r *StageRow) offset() (int, bool) {
	if r.When == StageOn {
		return 0, true
	}
	n, err := strconv.Atoi(strings.TrimSpace(r.Days))
	if err != nil || n < 1 || n > 365 {
		return 0, false
	}
	if r.When == StageBefore {
		n = -n
	}
	return n, true
}

// store hands what is typed to the settings, which judge it. Days that are no number go there as they are, so that Save
// refuses them.
func (g *Stages) store() {
	say := g.settings.desk.Say
	parts := make([]string, len(g.rows))
	all := make([]data.Stage, len(g.rows))
	fine := true
	for i := range g.rows {
		r := &g.rows[i]
		n, ok := r.offset()
		r.Wrong = ""
		if !ok {
			r.Wrong, fine = say("Write a number of days from 1 to 365."), false
		}
		days := strings.NewReplacer(",", "", ":", "").Replace(r.Days) + "?"
		if ok {
			days = data.Stage{Offset: n}.Name()
		}
		all[i] = data.Stage{Offset: n, Template: r.letter, Audience: data.Audiences()[r.To]}
		parts[i] = days + ":" + r.letter + ":" + string(all[i].Audience)
	}
	g.shown = strings.Join(parts, ",")
	if fine {
		slices.SortStableFunc(all, func(a, b data.Stage) int { return a.Offset - b.Offset })
		g.shown = data.FormatStages(all)
	}
	g.settings.Set(stagesSetting, g.shown)
}

// StageWhens are the words for the sides of the due date.
func (n *Notices) StageWhens() []string {
	return []string{n.desk.Say("days before the due date"), n.desk.Say("on the due date"), n.desk.Say("days after the due date")}
}

// AudienceWords are the words for whom a notice is for.
func (n *Notices) AudienceWords() []string {
	return []string{n.desk.Say("to the patron"), n.desk.Say("to the guardians"), n.desk.Say("to both"), n.desk.Say("to the guardians if the patron has no address")}
}

// StagesWords are the notices that are saved: "3 days before, 1 day after and 3 days after the due date".
func (n *Notices) StagesWords() string {
	d := n.desk
	var all []string
	for _, st := range n.seen.set.Overdue.StageList() {
		switch {
		case st.Offset < 0:
			all = append(all, d.Say("{{.Days}} before", With("Days", d.days(-st.Offset))))
		case st.Offset == 0:
			all = append(all, d.Say("on"))
		default:
			all = append(all, d.Say("{{.Days}} after", With("Days", d.days(st.Offset))))
		}
	}
	if len(all) == 0 {
		return ""
	}
	last := len(all) - 1
	words := all[last]
	if last > 0 {
		words = d.Say("{{.Some}} and {{.Last}}", With("Some", listed(all[:last]), "Last", words))
	}
	return d.Say("{{.Stages}} the due date", With("Stages", words))
}

// WhenWords are when notices go out, as it is saved.
func (n *Notices) WhenWords() string {
	s := &n.seen.set.Overdue
	if !n.loaded {
		return ""
	}
	return n.desk.Say("Every day at {{.Time}}: {{.Stages}}.", With("Time", s.At, "Stages", n.StagesWords()))
}

// weekdays of the setting, Monday first.
const daysSetting = "overdue.open_days"

func weekdayValues() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// Weekdays are the words for the days of the week, Monday first.
func (n *Notices) Weekdays() []string {
	d := n.desk
	return []string{d.Say("Mon"), d.Say("Tue"), d.Say("Wed"), d.Say("Thu"), d.Say("Fri"), d.Say("Sat"), d.Say("Sun")}
}

// OpenOn reports for each day of the week whether it is ticked.
func (g *Stages) OpenOn() []bool {
	value := strings.Split(g.settings.Value(daysSetting), ",")
	out := make([]bool, len(weekdayValues()))
	for i, day := range weekdayValues() {
		out[i] = slices.Contains(value, day)
	}
	return out
}

// SetOpen ticks a day of the week, or not.
func (g *Stages) SetOpen(day int, open bool) {
	on := g.OpenOn()
	on[day] = open
	var all []string
	for i, name := range weekdayValues() {
		if on[i] {
			all = append(all, name)
		}
	}
	g.settings.Set(daysSetting, strings.Join(all, ","))
}
