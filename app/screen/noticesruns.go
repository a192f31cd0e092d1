package screen

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// RunRow is one run in the list of the last ones.
type RunRow struct {
	ID    int64
	Day   string
	Words string // what became of it, in one sentence
	Mark  Mark
	Open  bool // it waits for an answer: nothing is decided yet
	Paper bool // it has a print pile
}

// Runs are the last runs, the newest first.
func (n *Notices) Runs() []RunRow {
	rows := make([]RunRow, len(n.seen.runs))
	for i := range n.seen.runs {
		rows[i] = n.run(&n.seen.runs[i])
	}
	return rows
}

func (n *Notices) run(r *data.Run) RunRow {
	d := n.desk
	row := RunRow{ID: r.ID, Day: d.Date(r.Day), Paper: r.Print > 0, Mark: MarkGood}
	with := With("Notices", n.noticesWords(r.Queued), "Planned", n.noticesWords(r.Planned), "Paper", thousands(r.Print), "Loans", d.loanCount(r.Skipped))
	switch r.State {
	case data.RunDone:
		row.Words = d.Say("{{.Notices}} queued, {{.Paper}} on paper, {{.Loans}} without a mail", with)
	case data.RunRefused:
		row.Words, row.Mark = d.Say("{{.Planned}} not sent", with), MarkOff
	case data.RunAwaiting:
		row.Words, row.Mark, row.Open = d.Say("waits for your yes: {{.Planned}}", with), MarkWaiting, true
	case data.RunHeld:
		row.Words, row.Mark, row.Open = d.Say("rests, as the list of loans is too old: {{.Planned}}", with), MarkWarn, true
	case data.RunPlanned:
		row.Words, row.Mark = d.Say("under way, {{.Notices}} queued so far", with), MarkWaiting
	}
	if r.Practice {
		row.Words = d.Say("{{.Words}} (practice)", With("Words", row.Words))
	}
	return row
}

func (d *Desk) loanCount(n int) string {
	if n == 1 {
		return d.Say("1 loan")
	}
	return d.Say("{{.N}} loans", With("N", thousands(n)))
}

// RunView is one run with its decisions, and its print pile.
type RunView struct {
	OnChange func()

	notices *Notices
	run     data.Run
	lines   []RunLine
	more    bool
	loading bool
	problem *data.Error
	export  exporting
}

// RunLine is one decision.
type RunLine struct {
	Patron int64
	Name   string
	Group  string
	About  string // the thing, and which notice
	What   string // to whom it went, or why to nobody
	Mark   Mark
}

const runPage = 200

// OpenRun gives one of the runs to look at.
func (n *Notices) OpenRun(id int64) *RunView {
	v := &RunView{notices: n}
	for i := range n.seen.runs {
		if n.seen.runs[i].ID == id {
			v.run = n.seen.runs[i]
		}
	}
	return v
}

// Title says which run it is; Words what became of it.
func (v *RunView) Title() string {
	return v.notices.desk.Say("Run of {{.Day}}", With("Day", v.notices.desk.Date(v.run.Day)))
}

// Words say what became of it.
func (v *RunView) Words() string {
	row := v.notices.run(&v.run)
	if v.run.Why != "" {
		return row.Words + ". " + v.run.Why
	}
	return row.Words + "."
}

// HasPile reports whether somebody is to be told on paper.
func (v *RunView) HasPile() bool { return v.run.Print > 0 }

// Len is how many decisions are in hand.
func (v *RunView) Len() int { return len(v.lines) }

// Line is one of them.
func (v *RunView) Line(i int) RunLine {
	if i < 0 || i >= len(v.lines) {
		return RunLine{}
	}
	return v.lines[i]
}

// Note is what is said where there are no lines.
func (v *RunView) Note() string {
	d := v.notices.desk
	switch {
	case v.problem != nil:
		return v.problem.Error()
	case v.loading:
		return d.Say("Reading.")
	case v.run.State == data.RunAwaiting || v.run.State == data.RunHeld:
		return d.Say("Nothing is decided yet. Rehearse today to see who would get what.")
	}
	return d.Say("No loan was at a stage on that day.")
}

// Load reads the decisions; More reads further ones.
func (v *RunView) Load() { v.read(0) }

// More reads the next decisions behind those in hand.
func (v *RunView) More() {
	if v.more && !v.loading {
		v.read(len(v.lines))
	}
}

func (v *RunView) read(after int) {
	v.loading = true
	d, id := v.notices.desk, v.run.ID
	people := map[int64]*data.Patron{}
	GoStore(d, func(ctx context.Context, s *store.Store) ([]data.Decision, error) {
		all, err := s.Decisions(ctx, id, after, runPage)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		var ids []int64
		for i := range all {
			if people[all[i].Patron] == nil {
				people[all[i].Patron] = &data.Patron{}
				ids = append(ids, all[i].Patron)
			}
		}
		roster, err := s.Roster(ctx, data.RosterQuery{Patrons: ids, WithLeft: true})
		if err != nil {
			return nil, err
		}
		for i := range roster.Patrons {
			people[roster.Patrons[i].ID] = &roster.Patrons[i]
		}
		return all, nil
	}, func(all []data.Decision, err error) {
		v.loading, v.problem, v.more = false, nil, len(all) == runPage
		if err != nil {
			v.problem = asError(err)
		}
		for i := range all {
			p := people[all[i].Patron]
			line := RunLine{Patron: p.ID, Name: listName(p), Group: p.Group}
			if p.ID == 0 {
				line.Name = d.Say("deleted")
			}
			line.About, line.What, line.Mark = d.aboutWords(&all[i]), d.Silence(&all[i]), silenceMark(all[i].Ruling)
			switch all[i].Ruling {
			case data.RulingSend:
				line.What, line.Mark = d.Say("mail to {{.Address}}", With("Address", all[i].Detail)), MarkGood
			case data.RulingAlong:
				line.What, line.Mark = d.Say("in the same mail as another"), MarkGood
			default:
			}
			v.lines = append(v.lines, line)
		}
		v.changed()
	})
}

func (v *RunView) changed() {
	if v.OnChange != nil {
		v.OnChange()
	}
}
