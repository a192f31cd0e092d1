package screen

import (
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
)

// On reports whether automatic notices are switched on.
func (n *Notices) On() bool { return n.seen.set.Overdue.Enabled }

// State is how automatic notices stand, in a few sentences.
func (n *Notices) State() Standing {
	d := n.desk
	switch {
	case n.problem != nil:
		return Standing{MoodBad, n.problem.Error()}
	case !n.loaded:
		return Standing{MoodOff, d.Say("Reading.")}
	case !n.On():
		return Standing{MoodOff, d.Say("Off. Nobody is reminded by itself.")}
	}
	at := n.seen.set.Overdue.At
	all := []string{d.Say("On. Every day at {{.Time}}.", With("Time", at))}
	if last := n.lastRun(); last != "" {
		all = append(all, last)
	}
	f := d.Facts()
	switch next, ok := n.nextRun(); {
	case !f.Service.Running():
		return Standing{MoodWarn, strings.Join(all, " ")}
	case f.Beat.Revision < f.Revision && f.Beat.Stopped.IsZero():
		all = append(all, d.Say("The service has not taken the settings over yet."))
	case ok && next == "":
		all = append(all, d.Say("A run is due now."))
	case ok:
		all = append(all, d.Say("Next run {{.When}}.", With("When", next)))
	}
	return Standing{MoodGood, strings.Join(all, " ")}
}

// lastRun is the last one that is over, of practice or for real as the settings have it.
func (n *Notices) lastRun() string {
	d := n.desk
	for i := range n.seen.runs {
		r := &n.seen.runs[i]
		if r.Practice != n.seen.standing.Practice || r.State != data.RunDone {
			continue
		}
		with := With("When", d.When(r.Ended), "Notices", n.noticesWords(r.Queued), "N", thousands(r.Print))
		if r.Print > 0 {
			return d.Say("Last run {{.When}}: {{.Notices}}, {{.N}} on paper.", with)
		}
		return d.Say("Last run {{.When}}: {{.Notices}}.", with)
	}
	return ""
}

func (n *Notices) noticesWords(count int) string {
	switch count {
	case 0:
		return n.desk.Say("no notices")
	case 1:
		return n.desk.Say("1 notice")
	}
	return n.desk.Say("{{.N}} notices", With("N", thousands(count)))
}

// nextRun is when the loans are looked through next; empty: now.
func (n *Notices) nextRun() (string, bool) {
	d := n.desk
	now := d.Now()
	day, ok := mailing.LastDue(n.seen.set.Overdue.At, now)
	if !ok {
		return "", false
	}
	open := n.seen.standing.Open
	if n.seen.standing.Last < day && open == nil {
		return "", true
	}
	at, ok := mailing.DueOn(n.seen.set.Overdue.At, day+1, now.Location())
	if ok && data.DateOf(at) == d.today()+1 {
		return d.Say("tomorrow at {{.Time}}", With("Time", d.Clock(at))), true
	}
	return d.When(at), ok
}

// Stopped says that nothing goes out by itself because the service does not run; empty: it runs, or notices are off.
func (n *Notices) Stopped() string {
	if !n.loaded || !n.On() || n.desk.Facts().Service.Running() || n.desk.Facts().At.IsZero() {
		return ""
	}
	if n.desk.Facts().Service.State == ServiceNotInstalled {
		return n.desk.Say("The service is not set up on this computer: nothing goes out by itself.")
	}
	return n.desk.Say("The service is stopped: nothing goes out by itself.")
}

// CanStart reports whether there is a service that can be started.
func (n *Notices) CanStart() bool { return n.desk.Facts().Service.State != ServiceNotInstalled }

// Start starts the service.
func (n *Notices) Start() {
	n.do(n.desk.Say("Starting the service."), func(w *noticesWork) error { return n.desk.o.Service.Start(w.ctx) }, nil)
}

// Nobody says that notices are on and no patron has them; empty: somebody has.
func (n *Notices) Nobody() string {
	patrons, on := n.enabled()
	if !n.loaded || !n.On() || on > 0 {
		return ""
	}
	if patrons == 0 {
		return n.desk.Say("There are no patrons yet. Import the list your library system exports.")
	}
	return n.desk.Say("Nobody gets a notice yet: automatic notices are off for every patron. Switch them on by group.")
}

// NoPatrons reports whether there is nobody at all.
func (n *Notices) NoPatrons() bool { patrons, _ := n.enabled(); return n.loaded && patrons == 0 }

func (n *Notices) enabled() (patrons, on int) {
	for i := range n.seen.groups {
		patrons += n.seen.groups[i].Patrons
		on += n.seen.groups[i].Enabled
	}
	return patrons, on
}

// Fresh says how old the list of loans is; old: too old to go by, so that notices rest.
func (n *Notices) Fresh() (words string, old bool) {
	d := n.desk
	if !n.loaded {
		return "", false
	}
	if !n.seen.listed {
		return d.Say("No list of loans was taken in yet; notices rest until there is one."), true
	}
	at := taken(&n.seen.loans)
	if n.seen.fresh {
		return d.Say("The list of loans is of {{.When}}.", With("When", n.ofWhen(at))), false
	}
	days := int(d.today() - data.DateOf(d.local(at)))
	if days < 1 {
		return d.Say("The list of loans has a date that is still to come, {{.When}}; notices rest until it is renewed.", With("When", n.ofWhen(at))), true
	}
	return d.Say("The list of loans is {{.Days}} old, of {{.When}}; notices rest until it is renewed.", With("Days", d.days(days), "When", n.ofWhen(at))), true
}

func (n *Notices) ofWhen(t time.Time) string {
	if n.desk.Today(t) {
		return n.desk.Say("today, {{.Time}}", With("Time", n.desk.Clock(t)))
	}
	return n.desk.Say("{{.Day}}, {{.Time}}", With("Day", n.desk.DayName(t), "Time", n.desk.Clock(t)))
}

// Practice says where practice sends; empty: notices leave for real. everything: it is on for all mail, and ends under
// Settings.
func (n *Notices) Practice() (words string, everything bool) {
	s := &n.seen.set
	switch {
	case !n.loaded || !mailing.Practising(s):
		return "", false
	case s.TestTo == "":
		return n.desk.Say("Notices are practice to begin with, which needs a Test to address. It is asked under Settings."), s.Practice
	case s.Practice:
		return n.desk.Say("Practice mode is on for everything: notices go to {{.Address}}. It is switched off under Settings.", With("Address", s.TestTo)), true
	}
	return n.desk.Say("These notices are practice: they go to {{.Address}}, with a note saying for whom they are.", With("Address", s.TestTo)), false
}

// Unready is why notices cannot be written at all, so that switching them on has no use before the Settings are filled in;
// empty: they can.
func (n *Notices) Unready() string {
	s := &n.seen.set
	switch {
	case s.From.Address == "":
		return n.desk.Say("The gateway is not set up yet: notices need the library's own address.")
	case mailing.Practising(s) && s.TestTo == "":
		return n.desk.Say("Notices begin in practice, which needs an address to send them to: Test to, under Settings.")
	}
	return ""
}

// LetterNames are the texts a notice can have.
func (n *Notices) LetterNames() []string {
	names := make([]string, len(n.seen.letters))
	for i := range n.seen.letters {
		names[i] = n.seen.letters[i].Name
	}
	return names
}
