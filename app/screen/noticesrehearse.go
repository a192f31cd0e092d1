package screen

import (
	"context"
	"fmt"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
	"smtpgateway/data/store"
)

// Rehearsal shows what a run of automatic notices would do on a day. It writes nothing.
type Rehearsal struct {
	OnChange func()

	desk    *Desk
	day     data.Date
	made    data.Date // the day it was when day was today
	typed   string
	wrong   string
	busy    bool
	turn    int // an answer to an older question is dropped
	problem *data.Error
	got     *mailing.Rehearsal // nil: nothing was rehearsed
	set     data.Settings      // with which
	left    []int              // indexes of decisions that end in nothing
	on      data.Date          // the day of got
	ground  string             // what got stands on
	stale   bool               // that is so no more
}

func newRehearsal(d *Desk) *Rehearsal {
	r := &Rehearsal{desk: d, day: d.today(), made: d.today()}
	r.typed = d.Date(r.day)
	return r
}

// newDay goes on to today where yesterday, when that was today, was left to stand.
func (r *Rehearsal) newDay() {
	today := r.desk.today()
	if r.made != today && r.day == r.made && r.wrong == "" && !r.busy && r.got == nil {
		r.day, r.typed = today, r.desk.Date(today)
	}
	r.stale = r.stale || r.made != today
	r.made = today
}

// Typed is the day as it stands in the field; Wrong is why it is none.
func (r *Rehearsal) Typed() string { return r.typed }

// Wrong is why the day typed is none; empty: it is one.
func (r *Rehearsal) Wrong() string { return r.wrong }

// SetDay takes a day as typed; empty is today.
func (r *Rehearsal) SetDay(typed string) {
	r.typed, r.wrong = typed, ""
	on, ok := r.desk.today(), true
	if typed != "" {
		on, ok = r.desk.readDate(typed)
	}
	if !ok {
		r.wrong = r.desk.Say("Write the day as 24.11.2026 or 2026-11-24.")
	} else {
		r.day = on
	}
	r.changed()
}

// Step goes to another day, so many days later, and rehearses it.
func (r *Rehearsal) Step(days int) {
	r.day += data.Date(days) //nolint:gosec // 1 or -1
	r.typed, r.wrong = r.desk.Date(r.day), ""
	r.Start()
}

// Today goes to today and rehearses it.
func (r *Rehearsal) Today() {
	r.day = r.desk.today()
	r.Step(0)
}

// Start rehearses the day.
func (r *Rehearsal) Start() {
	if r.wrong != "" {
		return
	}
	r.turn++
	turn, day := r.turn, r.day
	r.busy, r.problem = true, nil
	r.typed = r.desk.Date(day)
	var set data.Settings
	var ground string
	today := r.desk.today()
	GoStore(r.desk, func(ctx context.Context, s *store.Store) (*mailing.Rehearsal, error) {
		var err error
		if set, err = storedSettings(ctx, s); err != nil {
			return nil, err
		}
		if ground, err = rehearsedOn(ctx, s, &set, today); err != nil { // before: what changes in between is seen, not missed
			return nil, err
		}
		return mailing.New(mailing.Options{Store: s, Now: r.desk.Now}).Rehearse(ctx, &set, day)
	}, func(got *mailing.Rehearsal, err error) {
		if turn != r.turn {
			return
		}
		r.busy = false
		if err != nil {
			r.problem, r.got = asError(err), nil
		} else {
			r.take(got, set)
			r.ground, r.stale = ground, false
		}
		r.changed()
	})
	r.changed()
}

func (r *Rehearsal) take(got *mailing.Rehearsal, set data.Settings) {
	r.got, r.set, r.on, r.left = got, set, got.Day, nil
	for i := range got.Decisions {
		switch got.Decisions[i].Ruling {
		case data.RulingSend, data.RulingAlong, data.RulingNoAddress, data.RulingBadAddress:
		default:
			r.left = append(r.left, i)
		}
	}
}

// stands takes in what a rehearsal would stand on now.
func (r *Rehearsal) stands(ground string) {
	if stale := r.got != nil && ground != r.ground; stale != r.stale {
		r.stale = stale
		r.changed()
	}
}

// rehearsedOn is all a rehearsal goes by, as text that is another one when any of it is: settings, people and loans, runs, closed
// days, and what groups are told.
func rehearsedOn(ctx context.Context, s *store.Store, set *data.Settings, today data.Date) (string, error) {
	roster, err := s.RosterRevision(ctx)
	if err != nil {
		return "", err
	}
	from, err := s.NoticesFrom(ctx)
	if err != nil {
		return "", err
	}
	runs, err := s.Runs(ctx, manyRuns)
	if err != nil {
		return "", err
	}
	closed, err := s.ClosedDays(ctx)
	if err != nil {
		return "", err
	}
	rules, err := s.GroupRules(ctx)
	if err != nil {
		return "", err
	}
	var words strings.Builder
	fmt.Fprintf(&words, "%d %d %d %t %t %q %+v %+v %+v", today, roster, from, set.Practice, set.PracticeLetters, set.From.Address, set.Overdue, closed, rules)
	for i := range runs {
		fmt.Fprintf(&words, " %d %s %d %d", runs[i].ID, runs[i].State, runs[i].Queued, runs[i].Print)
	}
	return words.String(), nil
}

// Stale says that something has changed since the result was made; empty: it has not.
func (r *Rehearsal) Stale() string {
	if !r.Ready() || !r.stale {
		return ""
	}
	return r.desk.Say("Something has changed since; rehearse again.")
}

func (r *Rehearsal) changed() {
	if r.OnChange != nil {
		r.OnChange()
	}
}

// Busy says what is being done; empty: nothing.
func (r *Rehearsal) Busy() string {
	if r.busy {
		return r.desk.Say("Looking through the loans.")
	}
	return ""
}

// Problem is why it could not be rehearsed; nil: it could.
func (r *Rehearsal) Problem() *data.Error { return r.problem }

// Ready reports whether there is a result.
func (r *Rehearsal) Ready() bool { return r.got != nil && !r.busy }

// Words are the result in one sentence, such as "On Tue 24 Nov 2026: 23 mails to 21 patrons, 4 on paper, 12 left out".
func (r *Rehearsal) Words() string {
	if r.got == nil {
		return ""
	}
	d := r.desk
	with := With("Day", d.Date(r.on), "Mails", r.mails(), "Paper", thousands(r.Len(ListPaper)), "Left", thousands(len(r.left)))
	return d.Say("On {{.Day}}: {{.Mails}}, {{.Paper}} on paper, {{.Left}} left out.", with)
}

func (r *Rehearsal) mails() string {
	d := r.desk
	patrons := map[int64]bool{}
	for i := range r.got.Mails {
		patrons[r.got.Mails[i].Patron.ID] = true
	}
	with := With("N", thousands(len(r.got.Mails)), "P", thousands(len(patrons)))
	switch {
	case len(r.got.Mails) == 0:
		return d.Say("no mail")
	case len(r.got.Mails) == 1:
		return d.Say("1 mail to 1 patron")
	case len(patrons) == 1:
		return d.Say("{{.N}} mails about 1 patron", with)
	}
	return d.Say("{{.N}} mails to {{.P}} patrons", with)
}

// Notes are what else is to be said of the result, a sentence each.
func (r *Rehearsal) Notes() []string {
	d := r.desk
	if r.got == nil {
		return nil
	}
	notes := []string{d.Say("Nothing was sent: this only shows what would be.")}
	if r.got.Closed {
		notes = append(notes, d.Say("The library is closed on that day: notices wait for the next open day."))
	}
	if r.got.From < r.got.Day {
		notes = append(notes, d.Say("With the days since {{.Day}}, on which there was no run.", With("Day", d.Date(r.got.From))))
	}
	if r.got.Why != "" {
		notes = append(notes, r.got.Why)
	}
	if !r.set.Overdue.Enabled {
		notes = append(notes, d.Say("Automatic notices are off; this is what they would do."))
	}
	switch today := d.today(); {
	case r.on > today:
		notes = append(notes, d.Say("What is brought back or lent until then is not known yet."))
	case r.on < today:
		notes = append(notes, d.Say("With the loans as they are today."))
	}
	return notes
}

// RehearsalList is one of the three lists of a result.
type RehearsalList int

// The lists.
const (
	ListMails RehearsalList = iota
	ListPaper
	ListLeft // who gets nothing, and why
)

// RehearsalLine is a line of a list.
type RehearsalLine struct {
	Patron int64
	Name   string
	Group  string
	To     string // address; why on paper; why nothing
	What   string // which notice
	Things string // how many things it speaks of
	Mark   Mark
}

// Len is how long a list is.
func (r *Rehearsal) Len(list RehearsalList) int {
	switch {
	case r.got == nil:
		return 0
	case list == ListMails:
		return len(r.got.Mails)
	case list == ListPaper:
		return len(r.got.Print)
	}
	return len(r.left)
}

// Line is line i of a list.
func (r *Rehearsal) Line(list RehearsalList, i int) RehearsalLine {
	if i < 0 || i >= r.Len(list) {
		return RehearsalLine{}
	}
	d := r.desk
	if list == ListLeft {
		x := &r.got.Decisions[r.left[i]]
		line := RehearsalLine{Patron: x.Patron}
		if p := r.got.Patrons[x.Patron]; p != nil {
			line.Name, line.Group = listName(p), p.Group
		}
		line.What, line.To, line.Mark = d.aboutWords(x), d.Silence(x), silenceMark(x.Ruling)
		return line
	}
	m := r.mail(list, i)
	line := RehearsalLine{Patron: m.Patron.ID, Name: listName(m.Patron), Group: m.Patron.Group, What: d.StageWords(m.Stage.Name()), Things: thousands(len(m.Loans) + len(m.Also)), Mark: MarkGood}
	if len(m.To) > 0 {
		line.To = m.To[0]
		if m.Role == data.RoleGuardian {
			line.To = d.Say("{{.Address}} (guardian)", With("Address", m.To[0]))
		}
	}
	if list == ListPaper {
		line.To, line.Mark = m.Why, MarkWarn
	}
	return line
}

// aboutWords are what a decision is about: the thing, and which notice.
func (d *Desk) aboutWords(x *data.Decision) string {
	with := With("Title", data.Clean(x.Title, 80), "Notice", d.StageWords(x.Stage))
	switch {
	case x.Title == "":
		return d.StageWords(x.Stage)
	case x.Role == data.RoleGuardian:
		return d.Say("\"{{.Title}}\", {{.Notice}} to guardians", with)
	}
	return d.Say("\"{{.Title}}\", {{.Notice}}", with)
}

// listName is a name as lists are sorted.
func listName(p *data.Patron) string {
	switch {
	case p.First == "":
		return p.Last
	case p.Last == "":
		return p.First
	}
	return p.Last + ", " + p.First
}

func (r *Rehearsal) mail(list RehearsalList, i int) *notice.Mail {
	if list == ListPaper {
		return &r.got.Print[i]
	}
	return &r.got.Mails[i]
}

// Preview writes the mail or letter of a line as it would be.
func (r *Rehearsal) Preview(list RehearsalList, i int, then func(MailView), failed func(words string)) {
	if list == ListLeft || i < 0 || i >= r.Len(list) {
		return
	}
	one, set := *r.mail(list, i), r.set
	GoStore(r.desk, func(ctx context.Context, s *store.Store) (mailing.Preview, error) {
		return mailing.New(mailing.Options{Store: s, Now: r.desk.Now}).Preview(ctx, &set, &one)
	}, func(p mailing.Preview, err error) {
		if err != nil {
			failed(asError(err).Error())
			return
		}
		then(MailView{From: p.From, To: p.To, Subject: p.Subject, Text: p.Text})
	})
}

// MailView is a mail, or a letter, as its reader would have it.
type MailView struct{ From, To, Subject, Text string }
