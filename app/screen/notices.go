package screen

import (
	"context"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
	"smtpgateway/data/store"
)

// manyRuns is how many of the last runs are listed.
const manyRuns = 10

// Notices is how automatic notices stand, and what a person says to them: on or off, for real or for practice, yes or no
// to a run.
type Notices struct {
	OnChange func()
	OnNotice func(words string, undo func()) // something was done; undo is nil where there is no way back

	desk     *Desk
	seen     noticesSeen
	loaded   bool
	loading  bool
	again    bool // something changed while it was being read
	problem  *data.Error
	doing    string
	asked    int64     // request to the service that is under way; 0: none
	askedAt  time.Time // when that was
	roster   int64     // revision of the roster that the groups were counted at
	counted  bool
	rehearse *Rehearsal
}

// noticesSeen is what was read of the store, all at once.
type noticesSeen struct {
	set      data.Settings
	standing mailing.Standing
	runs     []data.Run
	loans    data.ImportRecord
	listed   bool // a list of loans was taken in
	fresh    bool
	approved time.Time
	letters  []data.Template
	closed   []data.Closed
	groups   []GroupRow
	request  data.Request
	roster   int64
	ground   string // what a rehearsal stands on
}

// NewNotices makes the screen; it holds nothing before Refresh.
func NewNotices(d *Desk) *Notices { return &Notices{desk: d, rehearse: newRehearsal(d)} }

// Rehearsal is the part that shows what a day would bring.
func (n *Notices) Rehearsal() *Rehearsal { return n.rehearse }

// Refresh reads what is new.
func (n *Notices) Refresh(c Change) {
	if c.Minute {
		n.giveUp()
		n.rehearse.newDay()
	}
	if c.Store {
		n.load()
		return
	}
	n.changed()
}

// Loaded reports whether anything was read yet.
func (n *Notices) Loaded() bool { return n.loaded }

// Problem is why nothing could be read; nil: it could.
func (n *Notices) Problem() *data.Error { return n.problem }

// Doing says what is being done; empty: nothing.
func (n *Notices) Doing() string { return n.doing }

func (n *Notices) changed() {
	if n.OnChange != nil {
		n.OnChange()
	}
}

func (n *Notices) notice(words string, undo func()) {
	if n.OnNotice != nil {
		n.OnNotice(words, undo)
	}
}

func (n *Notices) load() {
	if n.loading {
		n.again = true
		return
	}
	n.loading, n.again = true, false
	asked, roster, counted, groups := n.asked, n.roster, n.counted, n.seen.groups
	now, today := n.desk.Now, n.desk.today()
	GoStore(n.desk, func(ctx context.Context, s *store.Store) (noticesSeen, error) {
		seen, err := readNotices(ctx, s, now)
		if err != nil {
			return seen, err
		}
		if seen.roster, err = s.RosterRevision(ctx); err != nil {
			return seen, err
		}
		if seen.groups = groups; !counted || seen.roster != roster {
			if seen.groups, err = countGroups(ctx, s); err != nil {
				return seen, err
			}
		}
		if seen.groups, err = ruleGroups(ctx, s, seen.groups); err != nil {
			return seen, err
		}
		if seen.ground, err = rehearsedOn(ctx, s, &seen.set, today); err != nil {
			return seen, err
		}
		if asked != 0 {
			seen.request, err = s.Request(ctx, asked)
		}
		return seen, err
	}, func(seen noticesSeen, err error) {
		n.loading, n.problem = false, nil
		if err != nil {
			n.problem = asError(err)
		} else {
			n.seen, n.loaded, n.roster, n.counted = seen, true, seen.roster, true
			n.rehearse.stands(seen.ground)
			n.answered(seen.request)
		}
		n.changed()
		if n.again {
			n.load()
		}
	})
}

func readNotices(ctx context.Context, s *store.Store, now func() time.Time) (seen noticesSeen, err error) {
	if seen.set, err = storedSettings(ctx, s); err != nil {
		return seen, err
	}
	m := mailing.New(mailing.Options{Store: s, Now: now})
	if seen.standing, err = m.Standing(ctx, &seen.set); err != nil {
		return seen, err
	}
	if seen.runs, err = s.Runs(ctx, manyRuns); err != nil {
		return seen, err
	}
	if seen.loans, seen.listed, err = s.LastImport(ctx, data.RosterLoans); err != nil {
		return seen, err
	}
	if seen.approved, err = s.Approved(ctx); err != nil {
		return seen, err
	}
	if seen.closed, err = s.ClosedDays(ctx); err != nil {
		return seen, err
	}
	own, err := s.Templates(ctx)
	if err != nil {
		return seen, err
	}
	seen.letters = noticeLetters(own, seen.set.Library.Language)
	seen.fresh, _ = notice.Fresh(taken(&seen.loans), now(), notice.NewCalendar(seen.set.Overdue, seen.closed), seen.set.Overdue.FreshDays)
	return seen, nil
}

// taken is of when a list of loans is; a clock elsewhere makes it no younger than its arrival.
func taken(r *data.ImportRecord) time.Time {
	if r.Taken.IsZero() || r.Taken.After(r.At) {
		return r.At
	}
	return r.Taken
}

// noticeLetters are the texts a notice can have, each once, under the name it has in the library's language.
func noticeLetters(own []data.Template, language string) []data.Template {
	if language == "" {
		language = data.Languages()[0]
	}
	var all []data.Template
	at := map[string]int{}
	take := func(t data.Template) {
		if i, there := at[t.Key]; !there {
			at[t.Key] = len(all)
			all = append(all, t)
		} else if t.Language == language {
			all[i] = t
		}
	}
	for _, t := range append(letter.Originals(), own...) {
		if t.Key != letter.KeyFree { // it says nothing by itself
			take(t)
		}
	}
	return all
}
