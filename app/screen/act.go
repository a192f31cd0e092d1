package screen

import (
	"context"
	"maps"
	"slices"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// Action is what a person can do to messages.
type Action string

// The actions, in the order shown.
const (
	ActNow     Action = "send now"
	ActAgain   Action = "send again"
	ActCopy    Action = "send a copy"
	ActHold    Action = "hold"
	ActRelease Action = "release"
	ActCancel  Action = "cancel"
)

// Actions lists all of them in the order shown.
func Actions() []Action { return []Action{ActNow, ActAgain, ActCopy, ActHold, ActRelease, ActCancel} }

// fits reports whether an action means something for a state.
func (a Action) fits(state data.State) bool {
	switch a {
	case ActNow, ActHold:
		return state == data.Waiting
	case ActAgain:
		return state == data.Failed || state == data.Cancelled || state == data.Held
	case ActCopy:
		return state == data.Sent
	case ActRelease:
		return state == data.Held
	case ActCancel:
		return state == data.Waiting || state == data.Held
	}
	return false
}

// Offer says of one action whether it can be done to what is chosen.
type Offer struct {
	Action   Action
	Possible bool
	Why      string // why not; empty: possible
}

// offers says what can be done to messages in these states.
func (d *Desk) offers(states []data.State) []Offer {
	all := make([]Offer, 0, len(Actions()))
	for _, a := range Actions() {
		o := Offer{Action: a}
		for _, state := range states {
			o.Possible = o.Possible || a.fits(state)
		}
		switch {
		case o.Possible:
		case len(states) == 0:
			o.Why = d.Say("Choose one or more messages first.")
		default:
			o.Why = d.onlyWords(a)
		}
		all = append(all, o)
	}
	return all
}

func (d *Desk) onlyWords(a Action) string {
	switch a {
	case ActNow:
		return d.Say("Only what is waiting can be sent now.")
	case ActAgain:
		return d.Say("Only what failed, was cancelled or is held can be sent again.")
	case ActCopy:
		return d.Say("A copy can be sent of what was sent.")
	case ActHold:
		return d.Say("Only what is waiting can be held.")
	case ActRelease:
		return d.Say("Only what is held can be released.")
	default:
		return d.Say("Only what is waiting or held can be cancelled.")
	}
}

// Actions says what can be done to what is chosen, and why not where it cannot.
func (q *Queue) Actions() []Offer {
	var states []data.State
	switch {
	case q.all && q.filter != "":
		states = []data.State{q.filter}
	case q.all:
		states = data.States()
	default:
		for _, state := range q.chosen {
			states = append(states, state)
		}
	}
	return q.desk.offers(states)
}

// Plan looks at what is chosen as it stands in the store now, and comes back with what doing it would mean. Nothing has
// been changed then. While everything that matches is counted, Doing tells how far it has come.
func (q *Queue) Plan(a Action, then func(Plan)) {
	if q.all {
		q.plan(a, q.matching(), then)
		return
	}
	q.plan(a, these(slices.Sorted(maps.Keys(q.chosen))), then)
}

// gather gives the next of the deliveries something is to be done to, and whether there are more.
type gather func(ctx context.Context, s *store.Store) (some []store.Standing, more bool, err error)

// these reads how some deliveries stand.
func these(ids []int64) gather {
	return func(ctx context.Context, s *store.Store) ([]store.Standing, bool, error) {
		all, err := s.Standings(ctx, ids)
		return all, false, err
	}
}

// matching reads everything under filter and search. Without a search each state is read by its own index, and of a
// million only the numbers.
func (q *Queue) matching() gather {
	l, states := q.query(), data.States()
	if q.words() != "" {
		return found(l)
	}
	if q.filter != "" {
		states = []data.State{q.filter}
	}
	at, before := 0, int64(0)
	return func(ctx context.Context, s *store.Store) ([]store.Standing, bool, error) {
		for at < len(states) {
			page, err := s.StandingIn(ctx, states[at], before, manyAtOnce)
			if err != nil {
				return nil, false, err
			}
			if len(page) == manyAtOnce {
				before = page[len(page)-1].ID
			} else {
				at, before = at+1, 0
			}
			if len(page) > 0 {
				return page, at < len(states), nil
			}
		}
		return nil, false, nil
	}
}

// found reads everything a search finds.
func found(l data.ListQuery) gather {
	l.Limit = queueMost
	return func(ctx context.Context, s *store.Store) ([]store.Standing, bool, error) {
		page, err := s.List(ctx, l)
		if err != nil {
			return nil, false, err
		}
		some := make([]store.Standing, len(page))
		for i := range page {
			some[i] = store.Standing{ID: page[i].ID, Message: page[i].Message, State: page[i].State, Uncertain: page[i].Uncertain > 0}
			l.Before = page[i].ID
		}
		return some, len(page) == l.Limit, nil
	}
}
