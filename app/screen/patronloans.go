package screen

import (
	"context"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// LoanRow is one thing a person has at home, in words.
type LoanRow struct {
	ID     int64
	Title  string
	Detail string // author, barcode, shelf
	State  string // "4 days late, was due Fri 20 Nov 2026"
	Mark   Mark
	Held   string // until when and why; empty: it is not held
	Reason string // of the hold
}

// Loans are what the person has at home, earliest due first.
func (p *Patron) Loans() []LoanRow {
	rows := make([]LoanRow, 0, len(p.loans))
	for i := range p.loans {
		rows = append(rows, p.desk.loanRow(&p.loans[i]))
	}
	return rows
}

func (d *Desk) loanRow(l *data.Loan) LoanRow {
	r := LoanRow{ID: l.ID, Title: l.Title}
	if r.Title == "" {
		r.Title = d.Say("(no title)")
	}
	var parts []string
	for _, part := range []string{l.Author, l.CallNumber, l.Barcode} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	r.Detail = listed(parts)
	r.State, r.Mark = d.dueWords(l)
	if l.Held(d.today()) {
		r.Mark, r.Reason = MarkOff, l.HoldReason
		r.Held = d.Say("held until {{.Day}}", With("Day", d.Date(l.HoldUntil)))
		if l.HoldReason != "" {
			r.Held = d.Say("held until {{.Day}}: {{.Reason}}", With("Day", d.Date(l.HoldUntil), "Reason", l.HoldReason))
		}
	}
	return r
}

// dueWords say how late something is, or when it is due.
func (d *Desk) dueWords(l *data.Loan) (string, Mark) {
	late := l.DaysLate(d.today())
	with := With("Days", d.days(max(late, -late)), "Day", d.Date(l.Due))
	switch {
	case l.Due == 0:
		return d.Say("no due date"), MarkOff
	case late > 0:
		return d.Say("{{.Days}} late, was due {{.Day}}", with), MarkBad
	case late == 0:
		return d.Say("due today"), MarkWarn
	case late == -1:
		return d.Say("due tomorrow, {{.Day}}", with), MarkWaiting
	}
	return d.Say("due in {{.Days}}, {{.Day}}", with), MarkWaiting
}

// Suggestion is a word to press that fills in a field.
type Suggestion struct{ Words, Text string }

// HoldReasons are the usual ones. Whoever has left school is held by the person, not by the loan.
func (p *Patron) HoldReasons(loan bool) []string {
	say := p.desk.Say
	if loan {
		return []string{say("says returned"), say("being looked for"), say("lost, is being paid")}
	}
	return []string{say("ill"), say("away"), say("left school")}
}

// HoldSpans are the usual spans, with the day on which each ends.
func (p *Patron) HoldSpans() []Suggestion {
	say, today := p.desk.Say, p.desk.today()
	year, month, day := today.Parts()
	return []Suggestion{
		{say("1 week"), p.desk.Date(today + 7)},
		{say("2 weeks"), p.desk.Date(today + 14)},
		{say("1 month"), p.desk.Date(data.NewDate(year, month+1, day))},
		{say("1 year"), p.desk.Date(data.NewDate(year+1, month, day))},
	}
}

// HoldWrong is why a day typed cannot be the end of a hold; empty: it can.
func (p *Patron) HoldWrong(until string) string {
	if strings.TrimSpace(until) == "" {
		return p.desk.Say("Write the last day of the hold.")
	}
	on, ok := p.desk.readDate(until)
	today := p.desk.today()
	switch {
	case !ok:
		return p.desk.Say("Write the day as 5 Dec 2026 or 5.12.2026.")
	case on < today:
		return p.desk.Say("This day is over.")
	case on > today+data.Date(10*366):
		return p.desk.Say("That is more than ten years from now.")
	}
	return ""
}

// Hold keeps letters and notices back until a day, typed as people write it, about one loan or with loan 0 about
// everything. ok: it is being done.
func (p *Patron) Hold(loan int64, until, reason string) (ok bool) {
	reason = data.Clean(reason, mostName)
	if p.HoldWrong(until) != "" || p.busy != "" {
		return false
	}
	on, _ := p.desk.readDate(until)
	p.hold(loan, on, reason, p.desk.Say("Held until {{.Day}}.", With("Day", p.desk.Date(on))))
	return true
}

// Lift ends a hold.
func (p *Patron) Lift(loan int64) { p.hold(loan, 0, "", p.desk.Say("Not held any more.")) }

func (p *Patron) hold(loan int64, until data.Date, reason, done string) {
	id := p.id
	p.do(p.desk.Say("Saving."), done, func(ctx context.Context, s *store.Store) error {
		if loan != 0 {
			return s.HoldLoan(ctx, loan, until, reason)
		}
		return s.HoldPatron(ctx, id, until, reason)
	})
}
