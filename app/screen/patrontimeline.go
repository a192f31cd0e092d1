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
	mails := mailsIn(p.timeline)
	told := map[int64]bool{}
	for i := range p.timeline {
		if x := p.timeline[i].Decision; x != nil && len(mails[x.Message]) == 1 {
			told[x.Message] = true
		}
	}
	for i := range p.timeline[:n] {
		l := &p.timeline[i]
		if l.Entry != nil && l.Decision == nil && told[l.Entry.Message] {
			continue // the line that says why it was sent tells what became of it
		}
		var mail *data.TimelineLine
		if l.Decision != nil && len(mails[l.Decision.Message]) == 1 {
			mail = mails[l.Decision.Message][0]
		}
		rows = append(rows, p.desk.timelineRow(l, mail))
	}
	return rows
}

// mailsIn are the lines of mails by message.
func mailsIn(lines []data.TimelineLine) map[int64][]*data.TimelineLine {
	mails := map[int64][]*data.TimelineLine{}
	for i := range lines {
		if e := lines[i].Entry; e != nil && lines[i].Decision == nil {
			mails[e.Message] = append(mails[e.Message], &lines[i])
		}
	}
	return mails
}

// MoreTimeline reports whether older lines can be asked for.
func (p *Patron) MoreTimeline() bool { return len(p.timeline) > p.few && p.few < timelineMost }

// ShowMoreTimeline asks for older lines.
func (p *Patron) ShowMoreTimeline() {
	p.few = min(p.few*4, timelineMost)
	p.Refresh(Change{Store: true})
}

// timelineRow puts one line into words; mail is the one a decision ended in, nil: none, or it is told apart.
func (d *Desk) timelineRow(l, mail *data.TimelineLine) TimelineRow {
	r := TimelineRow{When: d.clockOf(l.At), Mark: MarkOff}
	switch {
	case l.Decision != nil:
		r.Text, r.Mark = d.RulingWords(l.Decision)
		if mail != nil {
			became, mark := d.became(mail)
			r.Text, r.Mark, r.Delivery = r.Text+", "+became, mark, mail.Entry.ID
		}
	case l.Entry != nil:
		e := l.Entry
		subject := e.Letter.Subject
		if subject == "" {
			subject = d.Say("(no subject)")
		}
		became, mark := d.became(l)
		r.Text = d.Say("{{.Source}}: \"{{.Subject}}\" to {{.To}}", With("Source", d.source(&e.Letter), "Subject", subject, "To", e.Recipient)) + ", " + became
		r.Mark, r.Delivery = mark, e.ID
	default:
		r.Text = d.datesIn(l.Text)
	}
	r.Text = capital(r.Text)
	return r
}

// became is what a mail came to: "accepted at 07:02".
func (d *Desk) became(l *data.TimelineLine) (string, Mark) {
	e, why := l.Entry, l.Text
	words := d.stateWords(e.State)
	switch {
	case e.State == data.Sent && d.sameDay(e.Changed, e.Letter.Queued):
		words = d.Say("accepted at {{.Time}}", With("Time", d.Clock(e.Changed)))
	case e.State == data.Sent:
		words = d.Say("accepted on {{.When}}", With("When", d.clockOf(e.Changed)))
	case why != "":
		words += ": " + strings.TrimSuffix(why, ".")
	}
	if e.Letter.Practice {
		words += ", " + d.Say("for practice only")
	}
	return words, markOf(e.State)
}

// capital begins a line with a large letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
