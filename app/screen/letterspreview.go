package screen

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// LetterPreview shows the letters of the list one by one, as their readers would have them.
type LetterPreview struct {
	OnChange func()

	l       *Letters
	at      int
	shown   mailing.Preview
	blocks  []LetterBlock
	read    bool
	problem *data.Error
	asked   int
	sending bool
	said    Said
}

// Preview looks at the letter in row i. Nothing is read before Load.
func (l *Letters) Preview(i int) *LetterPreview { return &LetterPreview{l: l, at: i} }

func (p *LetterPreview) changed() {
	if p.OnChange != nil {
		p.OnChange()
	}
}

// Load writes the letter.
func (p *LetterPreview) Load() {
	p.asked++
	p.said = Said{}
	line := p.l.line(p.at)
	if line == nil || line.Way == mailing.LeftOut {
		p.shown, p.read, p.problem, p.blocks = mailing.Preview{}, true, nil, nil
		p.changed()
		return
	}
	number, mail, choice := p.asked, line.Mail, p.l.list.choice
	GoStore(p.l.desk, func(ctx context.Context, s *store.Store) (mailing.Preview, error) {
		set, err := storedSettings(ctx, s)
		if err != nil {
			return mailing.Preview{}, err
		}
		m, _ := p.l.mailerOf(s, &choice)
		return m.Preview(ctx, &set, &mail)
	}, func(got mailing.Preview, err error) {
		if number != p.asked {
			return
		}
		p.read, p.shown, p.problem, p.blocks = true, got, nil, letterBlocks(got.HTML)
		if err != nil {
			p.problem = asError(err)
		}
		p.changed()
	})
}

// Read reports whether there is something to show.
func (p *LetterPreview) Read() bool { return p.read }

// Problem is why the letter cannot be shown; nil: it can.
func (p *LetterPreview) Problem() *data.Error { return p.problem }

// Title is which of the letters shown it is.
func (p *LetterPreview) Title() string {
	return p.l.desk.Say("{{.N}} of {{.All}}", With("N", thousands(p.at+1), "All", thousands(p.l.Len())))
}

// Row is its line in the list.
func (p *LetterPreview) Row() LetterRow { return p.l.Row(p.at) }

// Lines are what stands above the text.
func (p *LetterPreview) Lines() []Line {
	say, r := p.l.desk.Say, p.Row()
	if r.Tick == TickNone || p.problem != nil {
		return nil
	}
	to := p.shown.To
	if to == "" {
		to = say("(on paper)")
	}
	return []Line{{Label: say("From"), Text: p.shown.From}, {Label: say("To"), Text: to}, {Label: say("Subject"), Text: p.shown.Subject}}
}

// Blocks are the letter as most mail programs show it; none: there is no letter.
func (p *LetterPreview) Blocks() []LetterBlock { return p.blocks }

// Text is the letter as a mail program without HTML shows it; empty: there is none.
func (p *LetterPreview) Text() string { return p.shown.Text }

// Note says what a person should know about it.
func (p *LetterPreview) Note() string {
	r, d := p.Row(), p.l.desk
	set := &d.facts.Settings
	switch {
	case r.Tick == TickNone:
		return d.Say("There is no letter: {{.Why}}.", With("Why", r.Way))
	case p.shown.To == "":
		return d.Say("It goes on paper: {{.Why}}.", With("Why", r.Way))
	case mailing.Practising(set) && set.TestTo != "":
		return d.Say("It is practice: it goes to {{.Address}}, with a note on top saying for whom it was.", With("Address", set.TestTo))
	}
	return ""
}

// CanStep reports whether there is a letter so many lines further.
func (p *LetterPreview) CanStep(by int) bool { return p.l.line(p.at+by) != nil }

// Step goes so many lines further.
func (p *LetterPreview) Step(by int) {
	if p.CanStep(by) {
		p.at += by
		p.Load()
	}
}

// At is the row shown.
func (p *LetterPreview) At() int { return p.at }

// Toggle ticks the letter or unticks it.
func (p *LetterPreview) Toggle() {
	p.l.Tick([]int{p.at})
	p.changed()
}

// SendWords are what sending it to oneself is called; empty: there is nothing to send.
func (p *LetterPreview) SendWords() string {
	if p.Row().Tick == TickNone || p.problem != nil || !p.read {
		return ""
	}
	return p.l.desk.Say("Send this preview to me")
}

// Said is how sending ended.
func (p *LetterPreview) Said() Said { return p.said }

// Sending reports whether it is under way.
func (p *LetterPreview) Sending() bool { return p.sending }

// Send sends the letter to the Test to address, with a note saying for whom it would be.
func (p *LetterPreview) Send() {
	line := p.l.line(p.at)
	if p.sending || line == nil || line.Way == mailing.LeftOut {
		return
	}
	p.sending, p.said = true, Said{}
	p.changed()
	mail, choice, d := line.Mail, p.l.list.choice, p.l.desk
	to := ""
	GoStore(d, func(ctx context.Context, s *store.Store) (int64, error) {
		set, err := storedSettings(ctx, s)
		if err != nil {
			return 0, err
		}
		to = set.TestTo
		m, _ := p.l.mailerOf(s, &choice)
		return m.SendPreview(ctx, &set, &mail)
	}, func(_ int64, err error) {
		p.sending = false
		switch {
		case err != nil:
			p.said = Said{Words: asError(err).Error(), Bad: true}
		case d.facts.Service.Running():
			p.said = Said{Words: d.Say("It is on its way to {{.Address}}.", With("Address", to)), Good: true}
		default:
			p.said = Said{Words: d.Say("It waits for {{.Address}} and goes out when the service is started.", With("Address", to)), Good: true}
		}
		d.Wake()
		p.changed()
	})
}
