package mailing

import (
	"cmp"
	"context"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/notice"
)

// Choice is which letters a person wants.
type Choice struct {
	Template string        // key
	Audience data.Audience // empty: the patron
	Groups   []string      // none: all
	Patrons  []int64       // none: all
	Which    notice.Which  // empty: as Usual has it for the template
	Days     int           // see notice.LetterInput; means nothing where Which is empty
}

// Usual says which loans a letter is about by itself.
func Usual(template string) (which notice.Which, days int) {
	switch template {
	case letter.KeyDueSoon:
		return notice.WhichDue, 3
	case letter.KeySecond:
		return notice.WhichOverdue, 7
	case letter.KeyFinal:
		return notice.WhichOverdue, 28
	case letter.KeyAll:
		return notice.WhichAll, 0
	case letter.KeyFree:
		return notice.WhichNone, 0
	}
	return notice.WhichOverdue, 1
}

// Way is how a letter goes, or that it does not.
type Way string

// The ways.
const (
	ByMail  Way = "mail"
	OnPaper Way = "paper" // no mail reaches them: see Line.Why
	LeftOut Way = "out"   // see Line.Why
)

// Line is one letter of a batch, or one patron who gets none and why.
type Line struct {
	notice.Mail
	Way    Way
	Ticked bool // is to be queued or printed; a person may change it. Those left out cannot be
	Queued bool // it is in the queue: the same batch queues it no second time
	// Decision is why, of one left out; Title is empty where it is about the person as a whole.
	Decision *data.Decision
}

// Batch is a list of letters that a person looks at before they leave.
type Batch struct {
	Choice Choice
	Day    data.Date
	Lines  []Line // by mail first, then on paper, then left out; each by group and name
	Again  bool   // a person wants it queued also for who has the same letter already
}

// Count counts the lines of a way; ticked: only those.
func (b *Batch) Count(way Way, ticked bool) int {
	n := 0
	for i := range b.Lines {
		if b.Lines[i].Way == way && (!ticked || b.Lines[i].Ticked) {
			n++
		}
	}
	return n
}

// Prepare makes the list: who would get the letter, and who would not and why. Nothing is written.
func (m *Mailer) Prepare(ctx context.Context, s *data.Settings, c Choice) (*Batch, error) {
	if err := m.known(ctx, s, c.Template); err != nil {
		return nil, err
	}
	if c.Which == "" {
		c.Which, c.Days = Usual(c.Template)
	}
	c.Audience = cmp.Or(c.Audience, data.ToPatron)
	rules, err := m.o.Store.GroupRules(ctx)
	if err != nil {
		return nil, err
	}
	b := &Batch{Choice: c, Day: m.today()}
	roster, err := m.o.Store.Roster(ctx, c.query(b.Day))
	if err != nil {
		return nil, err
	}
	b.fill(notice.Letters(notice.LetterInput{
		Day: b.Day, Template: c.Template, Audience: c.Audience, Groups: c.Groups, Patrons: c.Patrons, Which: c.Which, Days: c.Days,
		Disclosure: s.Overdue.Disclosure, Rules: rules, Roster: roster, Language: cmp.Or(s.Library.Language, data.Languages()[0]),
	}), byID(roster))
	return b, nil
}

// known reports in words that there is no such letter, or that its text has a mistake.
func (m *Mailer) known(ctx context.Context, s *data.Settings, key string) error {
	texts, err := m.texts(ctx, s)
	if err != nil {
		return err
	}
	_, _, err = texts.compile(key, "")
	return err
}

// query is who may be meant.
func (c *Choice) query(today data.Date) data.RosterQuery {
	const longest = 100_000 // days, more than anything was ever out
	q := data.RosterQuery{Patrons: c.Patrons, Loans: true}
	days := data.Date(min(max(0, c.Days), longest))
	switch c.Which {
	case notice.WhichOverdue:
		q.DueFrom, q.DueTo = 1, today-max(1, days)
	case notice.WhichDue:
		q.DueFrom, q.DueTo = today, today+days
	case notice.WhichAll, notice.WhichNone:
	}
	return q
}

// fill makes the lines of what came out.
func (b *Batch) fill(o notice.Outcome, patrons map[int64]*data.Patron) {
	for _, mail := range o.Mails {
		b.Lines = append(b.Lines, Line{Mail: mail, Way: ByMail, Ticked: true})
	}
	for _, mail := range o.Print {
		b.Lines = append(b.Lines, Line{Mail: mail, Way: OnPaper, Ticked: true})
	}
	paper := make(map[int64]bool, len(o.Print))
	for i := range o.Print {
		paper[o.Print[i].Patron.ID] = true
	}
	for i := range o.Decisions {
		d := &o.Decisions[i]
		p := patrons[d.Patron]
		if d.Ruling == data.RulingSend || p == nil || paper[d.Patron] && (d.Ruling == data.RulingNoAddress || d.Ruling == data.RulingBadAddress) {
			continue
		}
		b.Lines = append(b.Lines, Line{Mail: notice.Mail{Patron: p, Role: d.Role, Ruling: d.Ruling, Why: Reason(d)}, Way: LeftOut, Decision: d})
	}
}
