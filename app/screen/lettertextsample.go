package screen

import (
	"context"
	"slices"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
	"smtpgateway/data/notice"
	"smtpgateway/data/store"
)

// mostSamples is how many people a text can be looked at with, besides those it is hardest for.
const mostSamples = 20

// letterSample is somebody a text is shown with.
type letterSample struct {
	mail notice.Mail
	why  string // why the letter is hard for them; empty: it is not
}

// letterSamples shows the text that is being written as a real letter.
type letterSamples struct {
	of       *LetterText
	all      []letterSample
	at       int
	invented bool
	revision int64 // of the roster they are from; -1: none
	key      string
	asked    int64
	drawn    int64

	shown   mailing.Preview
	blocks  []LetterBlock
	stale   bool // shown is of an earlier text: this one has mistakes
	problem *data.Error
}

// sampled is what was read.
type sampled struct {
	all      []letterSample
	revision int64
	same     bool
}

// refresh reads people when they changed.
func (s *letterSamples) refresh() {
	s.asked++
	number, key, today, d := s.asked, s.of.key, s.of.desk.today(), s.of.desk
	revision := s.revision
	if s.key != key || s.all == nil {
		revision = -1
	}
	language := libraryLanguage(&d.facts.Settings)
	GoStore(d, func(ctx context.Context, st *store.Store) (sampled, error) {
		now, err := st.RosterRevision(ctx)
		if err != nil || now == revision {
			return sampled{same: true}, err
		}
		rules, err := st.GroupRules(ctx)
		if err != nil {
			return sampled{}, err
		}
		r, err := st.Roster(ctx, data.RosterQuery{Loans: true})
		if err != nil {
			return sampled{}, err
		}
		return sampled{all: samplesOf(r, rules, key, today, language, d.facts.Settings.Overdue.Disclosure), revision: now}, nil
	}, func(got sampled, err error) {
		switch {
		case number != s.asked || err == nil && got.same:
			return
		case err != nil:
			s.problem = asError(err)
		default:
			s.take(got, key)
		}
		s.of.changed()
	})
}

// forLetter looks for other people when another letter is written.
func (s *letterSamples) forLetter() {
	if s.key != s.of.key {
		s.all = nil
		s.refresh()
	}
}

func (s *letterSamples) take(got sampled, key string) {
	s.all, s.revision, s.key, s.at, s.invented = got.all, got.revision, key, 0, false
	if len(s.all) == 0 {
		s.all, s.invented = inventedSample(key, s.of.desk.today()), true
	}
	s.show()
}

// samplesOf are people who would get the letter, those first for whom it is most likely to look wrong.
func samplesOf(r *data.Roster, rules []data.GroupRule, key string, today data.Date, language string, tell data.Disclosure) []letterSample {
	which, days := mailing.Usual(key)
	out := notice.Letters(notice.LetterInput{
		Day: today, Template: key, Audience: data.ToBoth, Which: which, Days: days, Roster: r, Rules: rules, Disclosure: tell, Language: language,
	})
	mails := slices.Concat(out.Mails, out.Print)
	sub := data.Roster{Loans: map[int64][]data.Loan{}}
	first := map[int64]int{}
	for i := range mails {
		if p := mails[i].Patron; first[p.ID] == 0 {
			first[p.ID] = i + 1
			sub.Patrons = append(sub.Patrons, *p)
			sub.Loans[p.ID] = mails[i].Loans
		}
	}
	var all []letterSample
	shown := map[int]bool{}
	for _, h := range letter.Hardest(&sub) {
		i := first[sub.Patrons[h.Patron].ID] - 1
		shown[i] = true
		all = append(all, letterSample{mail: kept(&mails[i]), why: h.Why})
	}
	for i := range mails {
		if len(all) >= mostSamples {
			break
		}
		if !shown[i] {
			all = append(all, letterSample{mail: kept(&mails[i])})
		}
	}
	return all
}

// kept is a letter without the roster it points into.
func kept(m *notice.Mail) notice.Mail {
	one, p := *m, *m.Patron
	one.Patron = &p
	return one
}

// inventedSample is a letter to nobody, for a library without people.
func inventedSample(key string, today data.Date) []letterSample {
	which, _ := mailing.Usual(key)
	p := data.Patron{First: "Anna", Last: "Berg", Group: "7B", Level: "7", Card: "10042", Email: "anna.berg@school.example"}
	m := notice.Mail{Patron: &p, Role: data.RolePatron, To: []string{p.Email}, Template: key}
	due := today - 4
	if which == notice.WhichDue {
		due = today + 2
	}
	if which != notice.WhichNone {
		m.Loans = []data.Loan{
			{Key: "1", Title: "The Wind in the Willows", Author: "Kenneth Grahame", Barcode: "30217", CallNumber: "F GRA", Due: due, Price: "9.90"},
			{Key: "2", Title: "Atlas of the Stars", Barcode: "30555", CallNumber: "523 ATL", Due: due, Price: "24.00"},
		}
		m.Also = []data.Loan{{Key: "3", Title: "Treasure Island", Author: "R. L. Stevenson", Barcode: "30811", Due: today + 9}}
	}
	return []letterSample{{mail: m}}
}

// show writes the letter anew, off the window's goroutine; what is overtaken is dropped. While the text has mistakes the
// last one without stays.
func (s *letterSamples) show() {
	s.drawn++
	t := s.of
	if len(s.all) == 0 || !t.loaded {
		return
	}
	for _, p := range t.problems {
		if s.stale = !p.Warning; s.stale {
			return
		}
	}
	s.stale = false
	number, text, mail, set := s.drawn, t.draft, s.all[min(s.at, len(s.all)-1)].mail, t.desk.facts.Settings
	text.Columns = slices.Clone(text.Columns)
	Go(t.desk, func(context.Context) (mailing.Preview, error) {
		return mailing.New(mailing.Options{Now: t.desk.Now}).PreviewText(&set, text, &mail)
	}, func(got mailing.Preview, err error) {
		if number != s.drawn {
			return
		}
		s.shown, s.blocks, s.problem = got, letterBlocks(got.HTML), nil
		if err != nil {
			s.problem = asError(err)
		}
		t.changed()
	})
}

// SampleWords say with whom the text is shown.
func (t *LetterText) SampleWords() string {
	s, say := &t.samples, t.desk.Say
	if len(s.all) == 0 {
		return ""
	}
	if s.invented {
		return say("Shown with an invented patron")
	}
	one := &s.all[min(s.at, len(s.all)-1)]
	name := one.mail.Patron.Name()
	if one.mail.Role == data.RoleGuardian {
		name = say("a guardian of {{.Name}}", With("Name", name))
	}
	if one.why != "" {
		return say("{{.Name}} ({{.Why}})", With("Name", name, "Why", t.desk.hardWords(one.why)))
	}
	return name
}

// hardWords say why a letter is hard for somebody.
func (d *Desk) hardWords(why string) string {
	switch why {
	case "longest name":
		return d.Say("longest name")
	case "most items":
		return d.Say("most items")
	case "letters with accents":
		return d.Say("letters with accents")
	case "longest title":
		return d.Say("longest title")
	case "no e-mail address":
		return d.Say("no e-mail address")
	case "most guardians":
		return d.Say("most guardians")
	case "nothing on loan":
		return d.Say("nothing on loan")
	}
	return why
}

// SampleOf is which of the people it is: "1 of 20"; empty: there is only one.
func (t *LetterText) SampleOf() string {
	if len(t.samples.all) < 2 {
		return ""
	}
	return t.desk.Say("{{.N}} of {{.All}}", With("N", t.samples.at+1, "All", len(t.samples.all)))
}

// CanStep reports whether there is somebody so many further.
func (t *LetterText) CanStep(by int) bool {
	return t.samples.at+by >= 0 && t.samples.at+by < len(t.samples.all)
}

// Step shows the text with somebody else.
func (t *LetterText) Step(by int) {
	if t.CanStep(by) {
		t.samples.at += by
		t.samples.show()
		t.changed()
	}
}

// Preview is the letter as it would be. Note says why it is not what is typed; empty: it is.
func (t *LetterText) Preview() (subject string, blocks []LetterBlock, note string) {
	s := &t.samples
	switch {
	case s.problem != nil:
		note = s.problem.Error()
	case s.stale:
		note = t.desk.Say("The preview follows when what is wrong above is mended.")
	}
	return s.shown.Subject, s.blocks, note
}
