package screen

import (
	"context"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// DirectKey is one of the ways a letter to one patron can go.
type DirectKey string

// The ways.
const (
	DirectProgram DirectKey = "program" // the mail program of this computer
	DirectGmail   DirectKey = "gmail"
	DirectOutlook DirectKey = "outlook"
	DirectCopy    DirectKey = "copy" // to the clipboard
	DirectSend    DirectKey = "send" // through the queue
)

// DirectWay is a way as a person sees it.
type DirectWay struct {
	Key   DirectKey
	Words string
	Can   bool
	Why   string // why it cannot be taken, or what it does
}

// Ways are all of them, in the order shown.
func (m *Direct) Ways() []DirectWay {
	d := m.desk
	to := m.loaded && len(m.known.to) > 0 && !m.busy
	program := DirectWay{Key: DirectProgram, Words: d.Say("Mail program"), Can: to && m.known.mails, Why: d.Say("It opens with everything filled in; you send it there.")}
	switch {
	case m.loaded && !m.known.mails:
		program.Why = d.Say("No program for e-mail is set up on this computer. Set one up and choose it in the system's default apps, or take another way.")
	case m.known.mailer != "":
		program.Words = d.Say("Mail program ({{.Name}})", With("Name", m.known.mailer))
	}
	why := d.Say("It opens in the browser; you sign in and send it there.")
	return []DirectWay{
		program,
		{Key: DirectGmail, Words: d.Say("Gmail in the browser"), Can: to, Why: why},
		{Key: DirectOutlook, Words: d.Say("Outlook on the web"), Can: to, Why: why},
		{Key: DirectCopy, Words: d.Say("Copy text"), Can: m.loaded && !m.busy, Why: d.Say("To paste it wherever you write.")},
		m.sendWay(to),
	}
}

func (m *Direct) sendWay(to bool) DirectWay {
	d, f := m.desk, m.desk.Facts()
	w := DirectWay{Key: DirectSend, Words: d.Say("Send from here"), Can: to, Why: d.Say("The library sends it, through the queue.")}
	refuse := func(why string) { w.Can, w.Why = false, why }
	switch {
	case to && m.known.to[m.to].refused:
		refuse(m.known.to[m.to].Trouble)
	case f.Settings.From.Address == "":
		refuse(d.Say("Enter the mail server and the library's address in the Settings first."))
	case f.Settings.Practice && f.Settings.TestTo == "":
		refuse(d.Say("Practice mode is on and no Test to address is set."))
	case f.Settings.Practice:
		w.Why = d.Say("Practice mode: it goes to {{.Address}}, saying for whom it was.", With("Address", f.Settings.TestTo))
	}
	return w
}

// Do takes one of the ways.
func (m *Direct) Do(key DirectKey) {
	for _, w := range m.Ways() {
		if w.Key != key || !w.Can {
			continue
		}
		m.said = Standing{}
		switch key {
		case DirectCopy:
			m.desk.Desktop().Copy(m.text)
			m.said = Standing{MoodGood, m.desk.Say("The text is on the clipboard.")}
			m.changed()
		case DirectSend:
			m.send()
		default:
			m.open(key)
		}
	}
}

// open hands it to another program. What is too long for that is on the clipboard as a whole.
func (m *Direct) open(key DirectKey) {
	d := m.desk
	write, name := mail.Mailto, m.known.mailer
	switch key {
	case DirectGmail:
		write, name = mail.GmailURL, "Gmail"
	case DirectOutlook:
		write, name = mail.OutlookURL, "Outlook"
	default:
	}
	link, cut, err := write([]string{m.known.to[m.to].Address}, m.subject, mail.ParseNote(m.text, m.known.words().more))
	if err != nil {
		m.end(Standing{MoodBad, asError(err).Error()})
		return
	}
	if name == "" {
		name = d.Say("the mail program")
	}
	done := Standing{MoodGood, d.Say("{{.Program}} opens with the letter. It goes when you send it there.", With("Program", name))}
	if cut {
		d.Desktop().Copy(m.text)
		done = Standing{MoodWarn, d.Say("The text is too long to hand over, so {{.Program}} opens with a shorter one. The whole text is on the clipboard: paste it in its place.", With("Program", name))}
	}
	m.busy = true
	m.changed()
	Go(d, func(context.Context) (struct{}, error) { return struct{}{}, d.Desktop().Open(link) }, func(_ struct{}, err error) {
		if err != nil {
			done = Standing{MoodBad, d.Say("It could not be opened. Copy the text, or send it from here.")}
		}
		m.end(done)
	})
}

func (m *Direct) end(said Standing) {
	m.busy, m.said = false, said
	m.changed()
}

// send puts it in the queue as a mail of its own.
func (m *Direct) send() {
	d := m.desk
	to, subject, text := m.known.to[m.to], m.subject, m.text
	m.busy, m.sent = true, 0
	m.changed()
	GoStore(d, func(ctx context.Context, s *store.Store) (int64, error) {
		values, _, err := s.Settings(ctx) // as they are now: practice may have been switched on a moment ago
		if err != nil {
			return 0, err
		}
		set, _ := data.ParseSettings(values)
		if _, err := s.Patron(ctx, m.patron); err != nil {
			return 0, err
		}
		role := data.RolePatron
		if to.Guardian {
			role = data.RoleGuardian
		}
		return mailing.New(mailing.Options{Store: s, Now: d.Now}).Send(ctx, &set, mailing.Direct{Patron: m.patron, Role: role, To: to.Address, Subject: subject, Text: text})
	}, func(id int64, err error) {
		if err != nil {
			m.end(Standing{MoodBad, asError(err).Error()})
			return
		}
		m.sent = id
		d.Wake()
		said := d.Say("It is in the queue and goes out with the next check.")
		if !d.Facts().Service.Running() {
			said = d.Say("It is in the queue and goes out when the service runs.")
		}
		m.end(Standing{MoodGood, said})
	})
}
