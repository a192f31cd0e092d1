package screen

import (
	"context"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// Plan is what doing something would mean: the question a person is asked before.
type Plan struct {
	Action Action
	Count  int    // messages it would be done to; 0: none, and Text says why
	Title  string // the question
	Text   string // what else there is to know
	Yes    string // the word on the button that does it
	Danger bool
	Ask    bool // false: one message, nothing to warn of, and it can be taken back or does what it says

	ids []int64 // deliveries, or for a copy messages
}

// plan gathers what something is to be done to and works out what that means.
func (a *actor) plan(action Action, next gather, then func(Plan)) {
	if a.job != nil {
		a.tell(a.desk.Say("Something else is still being done. Wait for it, or stop it."), nil)
		return
	}
	j := &job{words: func() string { return a.desk.Say("Counting: {{.N}} so far", With("N", thousands(a.job.done))) }}
	var all []store.Standing
	var more func()
	more = func() {
		type answer struct {
			some []store.Standing
			more bool
		}
		GoStore(a.desk, func(ctx context.Context, s *store.Store) (answer, error) {
			some, more, err := next(ctx, s)
			return answer{some, more}, err
		}, func(got answer, err error) {
			all = append(all, got.some...)
			j.done = len(all)
			switch {
			case err != nil:
				a.finish()
				a.fail(err)
			case j.stopped:
				a.finish()
			case got.more:
				a.told()
				more()
			case action == ActCopy:
				a.planCopy(all, then)
			default:
				a.finish()
				then(a.desk.planned(action, all))
			}
		})
	}
	a.job = j
	more()
}

// planned is the plan for an action on deliveries as they stand.
func (d *Desk) planned(action Action, all []store.Standing) Plan {
	p := Plan{Action: action, Danger: action == ActCancel}
	uncertain := 0
	others := map[data.State]int{}
	for i := range all {
		s := &all[i]
		if !action.fits(s.State) {
			others[s.State]++
			continue
		}
		if p.ids = append(p.ids, s.ID); s.Uncertain {
			uncertain++
		}
	}
	p.Count = len(p.ids)
	var text []string
	for _, state := range data.States() {
		if n := others[state]; n > 0 {
			text = append(text, d.staysWords(state, n, len(all)))
		}
	}
	if p.Count == 0 {
		p.Title, p.Text = d.onlyWords(action), strings.Join(text, " ")
		return p
	}
	sends := action == ActNow || action == ActAgain || action == ActRelease
	if uncertain > 0 && sends {
		text = append(text, d.uncertainWords(uncertain, p.Count))
	}
	if action == ActCancel && p.Count > undoMost {
		text = append(text, d.Say("So many cannot be brought back with Undo. Send again brings them back later."))
	}
	p.Title, p.Yes = d.askWords(action, p.Count)
	p.Text = strings.Join(text, " ")
	p.Ask = action == ActCancel || p.Count > 1 || len(text) > 0
	return p
}

// planCopy counts to how many people copies would go: a copy goes to all recipients of a message, also those whose
// lines were not chosen.
func (a *actor) planCopy(all []store.Standing, then func(Plan)) {
	p := Plan{Action: ActCopy, Ask: true}
	others := 0
	for i := range all {
		if ActCopy.fits(all[i].State) {
			p.ids = append(p.ids, all[i].Message)
		} else {
			others++
		}
	}
	slices.Sort(p.ids)
	p.ids = slices.Compact(p.ids)
	p.Count = len(p.ids)
	if p.Count == 0 {
		a.finish()
		p.Title = a.desk.onlyWords(ActCopy)
		then(p)
		return
	}
	GoStore(a.desk, func(ctx context.Context, s *store.Store) (int, error) {
		people := 0
		for _, message := range p.ids {
			to, err := s.Deliveries(ctx, message)
			if err != nil {
				return 0, err
			}
			people += len(to)
		}
		return people, nil
	}, func(people int, err error) {
		stopped := a.job != nil && a.job.stopped
		a.finish()
		switch {
		case err != nil:
			a.fail(err)
			return
		case stopped:
			return
		}
		p.Title, p.Yes = a.desk.askWords(ActCopy, p.Count)
		var text []string
		if people == 1 {
			text = append(text, a.desk.Say("It goes to 1 recipient, as a new message."))
		} else {
			text = append(text, a.desk.Say("Copies go to all recipients, {{.N}} in all, as new messages.", With("N", thousands(people))))
		}
		if others > 0 {
			text = append(text, a.desk.Say("What is not sent yet is left out."))
		}
		p.Text = strings.Join(text, " ")
		then(p)
	})
}

// askWords are the question and the word on its button.
func (d *Desk) askWords(a Action, n int) (question, yes string) {
	with := With("N", thousands(n))
	say := func(single, plural string) string {
		if n == 1 {
			return single
		}
		return plural
	}
	switch a {
	case ActNow:
		return say(d.Say("Send 1 message now?"), d.Say("Send {{.N}} messages now?", with)), d.Say("Send now")
	case ActAgain:
		return say(d.Say("Send 1 message again?"), d.Say("Send {{.N}} messages again?", with)), d.Say("Send again")
	case ActCopy:
		return say(d.Say("Send a copy of 1 message?"), d.Say("Send a copy of {{.N}} messages?", with)), d.Say("Send a copy")
	case ActHold:
		return say(d.Say("Hold 1 message?"), d.Say("Hold {{.N}} messages?", with)), d.Say("Hold")
	case ActRelease:
		return say(d.Say("Release 1 message?"), d.Say("Release {{.N}} messages?", with)), d.Say("Release")
	default:
		return say(d.Say("Cancel sending 1 message?"), d.Say("Cancel sending {{.N}} messages?", with)), d.Say("Cancel sending")
	}
}

// staysWords says of those of the chosen that an action is not for that they stay.
func (d *Desk) staysWords(state data.State, n, all int) string {
	with := With("N", thousands(n), "All", thousands(all))
	if n == 1 {
		switch state {
		case data.Waiting:
			return d.Say("1 of the {{.All}} chosen is waiting and stays as it is.", with)
		case data.Sending:
			return d.Say("1 of the {{.All}} chosen is being sent right now and stays as it is.", with)
		case data.Sent:
			return d.Say("1 of the {{.All}} chosen is already sent and stays as it is.", with)
		case data.Failed:
			return d.Say("1 of the {{.All}} chosen has failed and stays as it is.", with)
		case data.Held:
			return d.Say("1 of the {{.All}} chosen is held and stays as it is.", with)
		default:
			return d.Say("1 of the {{.All}} chosen is cancelled and stays as it is.", with)
		}
	}
	switch state {
	case data.Waiting:
		return d.Say("{{.N}} of the {{.All}} chosen are waiting and stay as they are.", with)
	case data.Sending:
		return d.Say("{{.N}} of the {{.All}} chosen are being sent right now and stay as they are.", with)
	case data.Sent:
		return d.Say("{{.N}} of the {{.All}} chosen are already sent and stay as they are.", with)
	case data.Failed:
		return d.Say("{{.N}} of the {{.All}} chosen have failed and stay as they are.", with)
	case data.Held:
		return d.Say("{{.N}} of the {{.All}} chosen are held and stay as they are.", with)
	default:
		return d.Say("{{.N}} of the {{.All}} chosen are cancelled and stay as they are.", with)
	}
}

func (d *Desk) uncertainWords(n, all int) string {
	switch {
	case n == 1 && all == 1:
		return d.Say("It may have arrived already: the connection was lost before the server answered. Sent again, it may arrive twice.")
	case n == 1:
		return d.Say("1 of them may have arrived already: the connection was lost before the server answered. Sent again, it may arrive twice.")
	}
	return d.Say("{{.N}} of them may have arrived already: the connection was lost before the server answered. Sent again, they may arrive twice.", With("N", thousands(n)))
}
