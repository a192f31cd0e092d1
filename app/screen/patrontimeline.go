package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"smtpgateway/data"
)

// TimelineRow is one thing that happened to a person, or did not, and why.
type TimelineRow struct {
	When     string // "Tue 24 Nov 2026, 06:30"
	Text     string // "Notice 1 day overdue about "Momo" to a@b, accepted at 07:02"
	Mark     Mark
	Delivery int64 // the mail it tells of, for its panel; 0: none
}

// Timeline answers "Why did, or didn't, this patron get a notice?", newest first.
func (p *Patron) Timeline() []TimelineRow {
	n := min(len(p.timeline), p.few)
	rows := make([]TimelineRow, 0, n)
	for i := range p.timeline[:n] {
		rows = append(rows, p.desk.timelineRow(&p.timeline[i]))
	}
	return rows
}

// MoreTimeline reports whether older lines can be asked for.
func (p *Patron) MoreTimeline() bool { return len(p.timeline) > p.few && p.few < timelineMost }

// ShowMoreTimeline asks for older lines.
func (p *Patron) ShowMoreTimeline() {
	p.few = min(p.few*4, timelineMost)
	p.Refresh(Change{Store: true})
}

func (d *Desk) timelineRow(l *data.TimelineLine) TimelineRow {
	r := TimelineRow{When: d.clockOf(l.At), Mark: MarkOff}
	switch {
	case l.Decision != nil:
		r.Text, r.Mark = d.RulingWords(l.Decision)
		if l.Entry != nil {
			became, mark := d.became(l.Entry)
			r.Text, r.Mark, r.Delivery = r.Text+", "+became, mark, l.Entry.ID
		}
	case l.Entry != nil:
		became, mark := d.became(l.Entry)
		subject := l.Entry.Letter.Subject
		if subject == "" {
			subject = d.Say("(no subject)")
		}
		r.Text = d.Say("{{.Source}}: mail \"{{.Subject}}\" to {{.To}}", With("Source", d.source(&l.Entry.Letter), "Subject", subject, "To", l.Entry.Recipient)) + ", " + became
		r.Mark, r.Delivery = mark, l.Entry.ID
		if l.Text != "" {
			r.Text = l.Text + ", " + became
		}
	default:
		r.Text = d.datesIn(l.Text)
	}
	r.Text = capital(r.Text)
	return r
}

// became is what a mail came to: "accepted at 07:02".
func (d *Desk) became(e *data.Entry) (string, Mark) {
	mark := markOf(e.State)
	words := d.stateWords(e.State)
	switch e.State {
	case data.Sent:
		words = d.Say("accepted at {{.Time}}", With("Time", d.Clock(e.Changed)))
		if !d.sameDay(e.Changed, e.Letter.Queued) {
			words = d.Say("accepted on {{.When}}", With("When", d.clockOf(e.Changed)))
		}
	case data.Failed, data.Held, data.Cancelled:
		if e.Reason != "" {
			words += ": " + strings.TrimSuffix(e.Reason, ".")
		}
	default:
	}
	if e.Letter.Practice {
		words += ", " + d.Say("for practice only")
	}
	return words, mark
}

// capital begins a line with a large letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
