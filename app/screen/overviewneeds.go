package screen

import (
	"strings"

	"smtpgateway/data"
)

// Fix is what can be done about a need right here.
type Fix string

// The fixes.
const (
	FixNone     Fix = ""
	FixSettings Fix = "settings" // leads to the Settings
	FixStart    Fix = "start"    // starts the service
	FixLook     Fix = "look"     // looks again
	FixHeld     Fix = "held"     // leads to what is held
	FixNotices  Fix = "notices"  // leads to the automatic notices
	FixSignIn   Fix = "sign-in"  // leads to the sign-in with Google or Microsoft
	FixSheet    Fix = "sheet"    // shows the request for IT
)

// Need is one thing that needs a person: what is wrong, what to do, and what can be pressed for it.
type Need struct {
	Mood  Mood
	Words string
	Next  string // what to do; empty: nothing
	Fix   Fix
	Press string // the words of the button; empty with FixNone
}

// Needs lists what needs a person, the worst first; nothing: all is well.
func (o *Overview) Needs() []Need {
	d, f := o.desk, o.desk.Facts()
	switch {
	case f.At.IsZero():
		return nil
	case f.Problem != nil:
		return []Need{{MoodBad, f.Problem.Sentence, f.Problem.Next, FixLook, d.Say("Look again")}}
	}
	var needs []Need
	if n, unset := o.unset(); unset {
		needs = append(needs, n)
	} else if n, stopped := o.idle(); stopped {
		needs = append(needs, n)
	}
	// What a stopped service last complained of is why it stopped, or over; settings it did not like are told above.
	waits, waiting := o.needNotices()
	if f.Beat.Trouble != "" && (!waiting || f.Beat.Trouble != waits.Words) && f.Configured() && (f.Service.Running() || f.Service.State == ServiceFailed) {
		need := Need{Mood: MoodBad, Words: f.Beat.Trouble, Next: f.Beat.Remedy}
		for _, s := range f.Servers {
			if until, paused := o.until(s); paused && s.Outcome.Sentence == f.Beat.Trouble {
				need.Next = strings.TrimSpace(need.Next + " " + until)
				need.Fix, need.Press = o.advised(s.Outcome.Advice)
			}
		}
		needs = append(needs, need)
	}
	if waiting {
		needs = append(needs, waits)
	}
	for _, s := range f.Servers {
		if until, paused := o.until(s); paused && s.Outcome.Sentence != f.Beat.Trouble {
			need := Need{Mood: MoodWarn, Words: until + " " + s.Outcome.Sentence, Next: s.Outcome.Remedy}
			need.Fix, need.Press = o.advised(s.Outcome.Advice)
			needs = append(needs, need)
		}
	}
	needs = append(needs, o.unsigned(needs)...)
	if f.Counts[data.Held] > 0 {
		need := Need{MoodWarn, d.Say("1 message is held for you to decide."), d.Say("Look at it, and release or cancel it."), FixHeld, d.Say("Show it")}
		if n := f.Counts[data.Held]; n > 1 {
			need.Words = d.Say("{{.N}} messages are held for you to decide.", With("N", d.Number(n)))
			need.Next, need.Press = d.Say("Look at each of them, and release or cancel it."), d.Say("Show what is held")
		}
		needs = append(needs, need)
	}
	return needs
}

// unset is what stands against the settings.
func (o *Overview) unset() (Need, bool) {
	d, f := o.desk, o.desk.Facts()
	if !f.Problems.Refused() {
		return Need{}, false
	}
	if f.Problems.Missing() {
		return Need{
			MoodWarn, d.Say("The gateway is not set up yet."),
			d.Say("All it needs to begin with is the library's e-mail address and the password of the mailbox, or the school's mail server."),
			FixSettings, d.Say("Set up the gateway"),
		}, true
	}
	var sentences []string
	for _, p := range f.Problems {
		if !p.Warning && !p.Missing {
			label := p.Name
			if field, ok := data.FieldByName(p.Name); ok {
				label = field.Label
			}
			sentences = append(sentences, label+": "+p.Sentence)
		}
	}
	return Need{MoodBad, d.Say("A setting cannot be used."), strings.Join(sentences, " "), FixSettings, d.Say("Correct the settings")}, true
}

// idle is a service that does not run although there is work, or should run by itself.
func (o *Overview) idle() (Need, bool) {
	d, f := o.desk, o.desk.Facts()
	waiting := f.Counts[data.Waiting] + f.Counts[data.Sending]
	need := Need{Mood: MoodWarn, Fix: FixStart, Press: d.Say("Start the service")}
	if o.orders.under != "" {
		need.Fix, need.Press = FixNone, ""
	}
	switch f.Service.State {
	case ServiceFailed:
		need.Mood = MoodBad
		need.Words = d.Say("The service stopped by itself.")
	case ServiceStopped:
		need.Words = d.Say("The service is stopped.")
		if waiting == 0 && !f.Service.Auto {
			return Need{}, false
		}
	default:
		return Need{}, false
	}
	switch waiting {
	case 0:
		need.Next = d.Say("Nothing is sent before it runs again.")
	case 1:
		need.Next = d.Say("1 message waits until it runs again.")
	default:
		need.Next = d.Say("{{.N}} messages wait until it runs again.", With("N", d.Number(waiting)))
	}
	return need, true
}

// until says how long a server is left alone. While the service does not run it is no news: nothing is sent at all.
func (o *Overview) until(s data.ServerState) (words string, paused bool) {
	d, f := o.desk, o.desk.Facts()
	if !s.Paused(d.Now()) || !f.Service.Running() || !f.Settings.Server(s.Server).Set() {
		return "", false
	}
	if s.Server == 2 {
		return d.Say("Server 2 is left alone until {{.Time}}.", With("Time", d.Clock(s.Until))), true
	}
	return d.Say("Server 1 is left alone until {{.Time}}.", With("Time", d.Clock(s.Until))), true
}
