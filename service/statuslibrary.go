package main

import (
	"context"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
	"smtpgateway/data/store"
)

// libraryView is the library's side in `status --json`. The names are part of the interface.
type libraryView struct {
	Patrons  int       `json:"patrons"`
	Loans    int       `json:"loans"`    // still out
	Overdue  int       `json:"overdue"`  // patrons with something late
	Practice bool      `json:"practice"` // letters and notices go to the test address
	List     time.Time `json:"loans_list,omitzero"`
	ListAge  string    `json:"loans_list_age"` // "4 days old"
	Fresh    bool      `json:"loans_list_fresh"`
	Notices  bool      `json:"notices"` // automatic ones are switched on
	NextRun  time.Time `json:"next_run,omitzero"`
	LastRun  *runView  `json:"last_run,omitempty"`
	Waiting  *runView  `json:"run_awaiting_yes,omitempty"`

	Imports *importsView `json:"imports,omitempty"` // nil: there is no folder for lists
}

// runView is one run of notices, without a word of whom it is about.
type runView struct {
	Run    int64     `json:"run"`
	Day    data.Date `json:"day"`
	State  string    `json:"state"`
	Mails  int       `json:"mails"`
	Queued int       `json:"queued"`
	Ended  time.Time `json:"ended,omitzero"`
	Why    string    `json:"why,omitempty"`
}

func runViewOf(r *data.Run) *runView {
	return &runView{Run: r.ID, Day: r.Day, State: string(r.State), Mails: r.Planned, Queued: r.Queued, Ended: r.Ended, Why: r.Why}
}

// used reports whether there is anything to tell.
func (v *libraryView) used() bool {
	return v.Imports != nil || v.Patrons > 0 || v.Notices || !v.List.IsZero()
}

func libraryStatus(ctx context.Context, s *store.Store, set *data.Settings, now time.Time) (*libraryView, error) {
	v := &libraryView{Practice: mailing.Practising(set), Notices: set.Overdue.Enabled}
	counts, err := s.PatronCounts(ctx, data.DateOf(now))
	if err != nil {
		return nil, err
	}
	v.Patrons, v.Loans, v.Overdue = counts.Patrons, counts.Loans, counts.Overdue
	m := mailing.New(mailing.Options{Store: s, Now: func() time.Time { return now }})
	list, _, err := s.LastImport(ctx, data.RosterLoans)
	if err != nil {
		return nil, err
	}
	cal, err := m.Calendar(ctx, set)
	if err != nil {
		return nil, err
	}
	v.List = list.Taken
	v.Fresh, v.ListAge = notice.Fresh(list.Taken, now, cal, set.Overdue.FreshDays)
	runs, err := s.Runs(ctx, 1)
	if err != nil {
		return nil, err
	}
	if len(runs) > 0 {
		v.LastRun = runViewOf(&runs[0])
	}
	if v.Imports, err = importsStatus(ctx, s, set); err != nil {
		return nil, err
	}
	return v, v.nextRun(ctx, m, set, now)
}

// nextRun says when notices run next, and what of the last one waits for an answer.
func (v *libraryView) nextRun(ctx context.Context, m *mailing.Mailer, set *data.Settings, now time.Time) error {
	st, err := m.Standing(ctx, set)
	if err != nil {
		return err
	}
	if st.Open != nil && st.Open.State == data.RunAwaiting {
		v.Waiting = runViewOf(st.Open)
	}
	day, ok := mailing.LastDue(set.Overdue.At, now)
	if !ok || !set.Overdue.Enabled {
		return nil
	}
	last := max(st.Last, st.From-1)
	if st.Open != nil {
		last = day - 1
		if st.Open.State != data.RunPlanned { // what waits or rests is looked at each day
			last = st.Open.Day
		}
	}
	day = max(day, last+1)
	v.NextRun, _ = mailing.DueOn(set.Overdue.At, day, now.Location())
	return nil
}

func (a *app) printLibrary(v *libraryView, now time.Time) {
	if v == nil || !v.used() {
		return
	}
	a.sayf("Library    %s, %s, %s with something overdue", countOf(v.Patrons, "patron", "patrons"), countOf(v.Loans, "loan", "loans"), countOf(v.Overdue, "patron", "patrons"))
	if v.List.IsZero() {
		a.sayf("Loans list none was taken in yet")
	} else {
		a.sayf("Loans list %s (%s)", v.ListAge, when(v.List))
	}
	a.printImports(v.Imports)
	if v.Practice {
		a.sayf("Letters    practice: they go to the test address")
	} else {
		a.sayf("Letters    for real")
	}
	switch {
	case !v.Notices:
		a.sayf("Notices    off")
	case v.NextRun.After(now):
		a.sayf("Notices    next run %s", when(v.NextRun))
	default:
		a.sayf("Notices    due since %s", when(v.NextRun))
	}
	if r := v.LastRun; r != nil {
		a.sayf("           last run %s: %s", r.Day, runWords(r))
	}
	if r := v.Waiting; r != nil {
		a.sayf("To do      %s Look at them: smtp-gateway notices rehearse; then: smtp-gateway notices approve %d", waitWords(r), r.Run)
	}
}

func runWords(r *runView) string {
	switch data.RunState(r.State) {
	case data.RunPlanned:
		return "under way"
	case data.RunAwaiting:
		return "waits for your yes"
	case data.RunHeld:
		return "rests. " + r.Why
	case data.RunRefused:
		return "refused"
	case data.RunDone:
	}
	return strings.TrimSpace(countOf(r.Queued, "notice", "notices") + " queued. " + r.Why)
}

func waitWords(r *runView) string {
	return countOf(r.Mails, "notice waits", "notices wait") + " for your yes."
}
