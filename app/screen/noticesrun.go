package screen

import "smtpgateway/data"

// Waiting is the run that waits for a person, in words.
type Waiting struct {
	Words  string // what waits, and why
	Means  string // what a yes means
	Yes    string // words of the button
	Can    bool   // a yes can be given now: the service runs
	Held   bool   // it rests because the loans are old
	Number int64
}

// Waiting is the run that awaits a yes or rests; false: none does.
func (n *Notices) Waiting() (Waiting, bool) {
	d, r := n.desk, n.seen.standing.Open
	if !n.loaded || !n.On() || r == nil || r.State != data.RunAwaiting && r.State != data.RunHeld {
		return Waiting{}, false
	}
	w := Waiting{Words: r.Why, Yes: d.Say("Send them"), Held: r.State == data.RunHeld, Number: r.ID, Can: d.Facts().Service.Running() && n.asked == 0}
	if r.Day < d.today() {
		w.Words = d.Say("{{.Day}}: {{.Why}}", With("Day", d.Date(r.Day), "Why", r.Why))
	}
	switch {
	case w.Held:
		w.Yes = d.Say("Send anyway")
		w.Means = d.Say("Import today's list and they go out by themselves. Sent anyway, they may speak of books that are back already.")
	case r.Practice:
	case n.seen.approved.IsZero():
		w.Means = d.Say("After your yes these notices leave for the patrons and guardians themselves; later runs go out without asking, unless one is far larger than usual.")
	default:
		w.Means = d.Say("After your yes they leave for the patrons and guardians, with the loans as they are then.")
	}
	return w, true
}

// SendWaiting says yes to the run that waits: the service looks through the loans once more and sends.
func (n *Notices) SendWaiting() {
	w, ok := n.Waiting()
	if !ok || !w.Can {
		return
	}
	var id int64
	n.do(n.desk.Say("Asking the service."), func(x *noticesWork) (err error) {
		id, err = x.store.Ask(x.ctx, data.Request{Kind: data.RequestNotices, Server: int(w.Number)})
		return err
	}, func() { n.asked, n.askedAt = id, n.desk.Now() })
}

// Asked says that the service is at work on a yes; empty: it is not.
func (n *Notices) Asked() string {
	if n.asked == 0 {
		return ""
	}
	if n.seen.request.ID == n.asked && !n.seen.request.Taken.IsZero() {
		return n.desk.Say("The service looks through the loans and writes the notices.")
	}
	return n.desk.Say("Waiting for the service.")
}

// answered ends waiting for the service's answer, if it is one.
func (n *Notices) answered(r data.Request) {
	if n.asked == 0 || r.ID != n.asked || r.Done.IsZero() {
		return
	}
	n.asked = 0
	n.notice(n.desk.datesIn(r.Result), nil)
}

// giveUp ends waiting for a service that takes nothing.
func (n *Notices) giveUp() {
	r := n.seen.request
	if n.asked == 0 || r.ID == n.asked && !r.Taken.IsZero() && n.desk.Facts().Service.Running() || n.desk.Now().Sub(n.askedAt) < askPatience {
		return
	}
	n.asked = 0
	n.notice(n.desk.Say("The service did not answer. Look under Overview whether it runs, then try again."), nil)
}

// RefuseWords ask before a no.
func (n *Notices) RefuseWords() (title, text string) {
	return n.desk.Say("Do not send these notices?"), n.desk.Say("They count as told and are not sent later. The next notice of each loan goes out on its own day.")
}

// Refuse says no to the run that waits.
func (n *Notices) Refuse() {
	w, ok := n.Waiting()
	if !ok {
		return
	}
	var run data.Run
	n.do(n.desk.Say("Putting them aside."), func(x *noticesWork) error {
		s, err := storedSettings(x.ctx, x.store)
		if err != nil {
			return err
		}
		run, err = x.mailer.Refuse(x.ctx, &s, w.Number)
		return err
	}, func() {
		if run.Planned == 1 {
			n.notice(n.desk.Say("1 notice is not sent."), nil)
			return
		}
		n.notice(n.desk.Say("{{.N}} notices are not sent.", With("N", thousands(run.Planned))), nil)
	})
}

// needNotices is what the overview says of a run that waits.
func (o *Overview) needNotices() (Need, bool) {
	d, f := o.desk, o.desk.Facts()
	r := f.Notices
	switch r.State {
	case data.RunAwaiting:
		return Need{MoodWarn, r.Why, d.Say("Look at the automatic notices, then say yes or no."), FixNotices, d.Say("Show the notices")}, true
	case data.RunHeld:
		return Need{MoodWarn, r.Why, d.Say("Import the list of loans anew, or send the notices as they are."), FixNotices, d.Say("Show the notices")}, true
	case data.RunPlanned, data.RunDone, data.RunRefused:
	}
	return Need{}, false
}

// openRun is the run of automatic notices that waits for a person; the zero value: none, or they are off.
func openRun(w *noticesWork, s *data.Settings) (data.Run, error) {
	if !s.Overdue.Enabled {
		return data.Run{}, nil
	}
	st, err := w.mailer.Standing(w.ctx, s)
	if err != nil || st.Open == nil {
		return data.Run{}, err
	}
	return *st.Open, nil
}
