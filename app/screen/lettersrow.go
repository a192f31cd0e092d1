package screen

import (
	"strconv"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
)

// LetterTick says whether a line of the list is ticked, or cannot be.
type LetterTick string

// The ticks.
const (
	TickOn   LetterTick = "on"
	TickOff  LetterTick = "off"
	TickNone LetterTick = "none" // left out: there is no letter
)

// LetterRow is one line of the list of letters in words.
type LetterRow struct {
	Patron int64
	Tick   LetterTick
	Name   string
	Group  string
	To     string // address; empty: none
	Loans  string
	Way    string // how it goes, or why it does not
	Mark   Mark
}

// Len is how many lines are shown.
func (l *Letters) Len() int {
	if l.list == nil {
		return 0
	}
	return l.list.to - l.list.from
}

// Row gives line i of those shown.
func (l *Letters) Row(i int) LetterRow {
	line := l.line(i)
	if line == nil {
		return LetterRow{}
	}
	d := l.desk
	r := LetterRow{Patron: line.Patron.ID, Tick: TickOff, Name: d.listName(line.Patron), Group: line.Patron.Group, To: d.letterTo(line)}
	if line.Ticked {
		r.Tick = TickOn
	}
	if n := len(line.Loans); n > 0 {
		r.Loans = strconv.Itoa(n)
	}
	switch line.Way {
	case mailing.ByMail:
		r.Way, r.Mark = d.Say("e-mail"), MarkGood
		if line.Queued {
			r.Way, r.Mark = d.Say("in the queue"), MarkBusy
		}
	case mailing.OnPaper:
		r.Way, r.Mark = d.paperWords(line), MarkWaiting
	case mailing.LeftOut:
		r.Tick, r.Way, r.Mark = TickNone, d.outWords(line), MarkOff
		if line.Decision != nil && silenceMark(line.Decision.Ruling) == MarkWarn {
			r.Mark = MarkWarn
		}
	}
	return r
}

// letterTo is where a letter goes.
func (d *Desk) letterTo(line *mailing.Line) string {
	switch {
	case len(line.To) == 0:
		return ""
	case line.Role == data.RoleGuardian:
		return d.Say("guardian: {{.Address}}", With("Address", line.To[0]))
	}
	return line.To[0]
}

// paperWords say that a letter is for paper, and why.
func (d *Desk) paperWords(line *mailing.Line) string {
	if line.Ruling == data.RulingBadAddress {
		return d.Say("paper: the address fails")
	}
	return d.Say("paper: no e-mail address")
}

// outWords say why somebody, or one loan, is left out.
func (d *Desk) outWords(line *mailing.Line) string {
	if line.Decision == nil {
		return d.Say("left out")
	}
	why := d.silence(line.Decision)
	switch {
	case line.Decision.Title != "":
		return d.Say("left out, \"{{.Title}}\": {{.Why}}", With("Title", data.Clean(line.Decision.Title, 60), "Why", why))
	case line.Decision.Ruling == data.RulingNoAddress && line.Role == data.RoleGuardian:
		why = d.Say("no guardian has an e-mail address")
	case line.Decision.Ruling == data.RulingBadAddress:
		why = d.Say("the address fails")
	}
	return d.Say("left out: {{.Why}}", With("Why", why))
}
