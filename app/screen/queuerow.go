package screen

import (
	"strconv"
	"time"

	"smtpgateway/data"
)

// Row is one line of the queue in words.
type Row struct {
	Delivery int64
	To       string
	Subject  string
	State    string // in words
	Mark     Mark
	Reason   string
	Next     string // when it is tried again; empty: it is not
	Queued   string
	Source   string
}

// Mark is the sign of a state: good, busy, waiting, warn, bad or off.
type Mark string

// The marks, as the window draws them.
const (
	MarkGood    Mark = "good"
	MarkBusy    Mark = "busy"
	MarkWaiting Mark = "waiting"
	MarkWarn    Mark = "warn"
	MarkBad     Mark = "bad"
	MarkOff     Mark = "off"
)

// Len is how many lines are in hand, 500 at most.
func (q *Queue) Len() int { return len(q.window) }

// Row gives line i. Its words are made when it is first looked at: of 500 lines few are ever in sight.
func (q *Queue) Row(i int) Row {
	if i < 0 || i >= len(q.window) {
		return Row{}
	}
	if len(q.rows) != len(q.window) {
		q.rows = make([]Row, len(q.window))
	}
	if q.rows[i].Delivery == 0 {
		q.rows[i] = q.desk.row(&q.window[i])
	}
	return q.rows[i]
}

func (d *Desk) row(e *data.Entry) Row {
	subject := e.Letter.Subject
	if subject == "" {
		subject = d.Say("(no subject)")
	}
	return Row{
		Delivery: e.ID, To: e.Recipient, Subject: subject, State: d.stateWords(e.State), Mark: markOf(e.State),
		Reason: e.Reason, Next: d.nextTry(&e.Delivery), Queued: d.queued(e.Letter.Queued), Source: d.source(&e.Letter),
	}
}

// stateWords are data's words for a state, one key each, so that they can be translated.
func (d *Desk) stateWords(state data.State) string {
	switch state {
	case data.Waiting:
		return d.Say("waiting to be sent")
	case data.Sending:
		return d.Say("being sent")
	case data.Sent:
		return d.Say("sent")
	case data.Failed:
		return d.Say("could not be sent")
	case data.Held:
		return d.Say("held for you to decide")
	case data.Cancelled:
		return d.Say("cancelled")
	}
	return state.Words()
}

func markOf(state data.State) Mark {
	switch state {
	case data.Sent:
		return MarkGood
	case data.Sending:
		return MarkBusy
	case data.Waiting:
		return MarkWaiting
	case data.Held:
		return MarkWarn
	case data.Failed:
		return MarkBad
	default:
		return MarkOff
	}
}

// nextTry says when a delivery is tried. What is due waits for the next check, and nothing is tried while no service
// runs: both are said, because "due" means nothing to the person who waits.
func (d *Desk) nextTry(e *data.Delivery) string {
	switch e.State {
	case data.Sending:
		return d.Say("now")
	case data.Held:
		return d.Say("when released")
	case data.Waiting:
	default:
		return ""
	}
	if !d.facts.Service.Running() {
		return d.Say("service stopped")
	}
	at := e.Due
	if next := d.facts.Beat.NextCheck; next.After(at) {
		at = next
	}
	if left := at.Sub(d.Now()); left > 0 {
		return d.ahead(left)
	}
	return d.Say("at any moment")
}

func (d *Desk) queued(t time.Time) string {
	if d.Today(t) {
		return d.Clock(t)
	}
	return d.DayName(t)
}

// source is where a message came from, as a person knows the place.
func (d *Desk) source(m *data.Message) string {
	switch m.Door {
	case data.DoorFolder:
		if m.File != "" {
			return m.File
		}
		return d.Say("folder")
	case data.DoorEnqueue:
		return d.Say("command line")
	case data.DoorCopy:
		return d.Say("copy")
	case data.DoorLetter:
		return d.Say("letters")
	case data.DoorNotice:
		return d.Say("automatic notices")
	case data.DoorDirect:
		return d.Say("written here")
	case data.DoorOwn:
		return d.Say("this program")
	}
	return string(m.Door)
}

// thousands writes a number so that it can be read: 1,000,000.
func thousands[T int | int64](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
