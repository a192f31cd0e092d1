package screen

import (
	"context"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// Direct is the panel in which a person writes to one patron, or to a guardian: to whom, subject and text filled in from
// what the patron has at home, and the ways it can go. It goes to one address at a time: two guardians need not see each
// other's.
type Direct struct {
	OnChange func() // something shown changed; nil: nobody looks

	desk    *Desk
	patron  int64
	known   acquainted
	loaded  bool
	problem *data.Error
	asked   int64

	to               int    // index of known.to
	subject, text    string // as they stand
	proposed, filled string // as they were filled in; equal: nobody edited them
	busy             bool
	said             Standing
	sent             int64
}

// acquainted is what is known of the patron.
type acquainted struct {
	patron data.Patron
	loans  []data.Loan
	to     []DirectTo
	set    data.Settings
	tell   data.Disclosure // how much a guardian is told
	mailer string          // the program for addresses of mail; may be empty though there is one
	mails  bool            // there is one
	looked bool            // the desktop was asked
}

// DirectTo is one address it can go to.
type DirectTo struct {
	Words    string // name and address
	Address  string
	Guardian bool
	Name     string // of the reader; empty: not known
	Trouble  string // why mail there is no good idea; empty: it is well
	refused  bool
}

// NewDirect makes the panel for one patron; nothing is asked before Refresh.
func NewDirect(d *Desk, patron int64) *Direct { return &Direct{desk: d, patron: patron} }

func (m *Direct) changed() {
	if m.OnChange != nil {
		m.OnChange()
	}
}

// Refresh reads the patron, or reads again what may have changed; a zero Change also asks the desktop for its mail program.
// A text that a person edited stays.
func (m *Direct) Refresh(c Change) {
	ask := c == Change{} || !m.known.looked
	if m.loaded && !c.Store && !ask {
		return
	}
	m.asked++
	number := m.asked
	GoStore(m.desk, func(ctx context.Context, s *store.Store) (acquainted, error) {
		got, err := m.read(ctx, s)
		if err == nil && ask {
			got.mailer, got.mails = m.desk.Desktop().MailProgram()
			got.looked = true
		}
		return got, err
	}, func(got acquainted, err error) {
		if number != m.asked {
			return
		}
		if m.problem = nil; err != nil {
			m.problem = asError(err)
			m.changed()
			return
		}
		if !got.looked {
			got.mailer, got.mails, got.looked = m.known.mailer, m.known.mails, m.known.looked
		}
		m.take(got)
	})
}

func (m *Direct) read(ctx context.Context, s *store.Store) (acquainted, error) {
	var got acquainted
	var err error
	if got.patron, err = s.Patron(ctx, m.patron); err != nil {
		return got, err
	}
	if got.loans, err = s.Loans(ctx, m.patron, false); err != nil {
		return got, err
	}
	bad, err := s.Addresses(ctx)
	if err != nil {
		return got, err
	}
	rules, err := s.GroupRules(ctx)
	if err != nil {
		return got, err
	}
	values, _, err := s.Settings(ctx)
	if err != nil {
		return got, err
	}
	got.set, _ = data.ParseSettings(values)
	got.tell = got.set.Overdue.Disclosure
	for _, r := range rules {
		if strings.EqualFold(r.Group, got.patron.Group) && r.Disclosure != "" {
			got.tell = r.Disclosure
		}
	}
	got.to = m.desk.directTo(&got.patron, bad)
	return got, nil
}

// directTo lists the addresses of a patron and the guardians, each once.
func (d *Desk) directTo(p *data.Patron, bad []data.AddressState) []DirectTo {
	var all []DirectTo
	add := func(t DirectTo) {
		a, err := data.ParseAddress(t.Address)
		if t.Address == "" || slices.ContainsFunc(all, func(o DirectTo) bool { return err == nil && o.Address == a.String() }) {
			return
		}
		if err != nil {
			t.Trouble, t.refused = asError(err).Sentence, true
		} else {
			t.Address = a.String()
		}
		for _, b := range bad {
			if err != nil || b.Address != a.Key() {
				continue
			}
			if t.refused = b.Health == data.AddressRefused; t.refused {
				t.Trouble = d.Say("The owner of this address wants no e-mail from the library.")
			} else {
				t.Trouble = d.Say("Mail to this address failed: {{.Reason}}", With("Reason", b.Reason))
			}
		}
		all = append(all, t)
	}
	add(DirectTo{Words: p.Name() + " <" + p.Email + ">", Address: p.Email, Name: p.Name()})
	for _, g := range p.Guardians {
		t := DirectTo{Address: g.Email, Guardian: true, Name: g.Name}
		who := g.Name
		if g.Role != "" && who != "" {
			who += " (" + g.Role + ")"
		}
		if t.Words = d.Say("Guardian: {{.Name}}", With("Name", who+" <"+g.Email+">")); who == "" {
			t.Words = d.Say("Guardian: {{.Name}}", With("Name", g.Email))
		}
		if !g.Notices {
			t.Trouble = d.Say("This guardian gets no letters and notices.")
		}
		add(t)
	}
	return all
}

// take puts what was read in force, and keeps what a person did.
func (m *Direct) take(got acquainted) {
	before := ""
	if m.loaded && m.to < len(m.known.to) {
		before = m.known.to[m.to].Address
	}
	m.known = got
	m.to = slices.IndexFunc(got.to, func(t DirectTo) bool { return t.Address == before })
	if m.to < 0 {
		m.to = max(0, slices.IndexFunc(got.to, func(t DirectTo) bool { return t.Trouble == "" }))
	}
	m.loaded = true
	m.fill()
	m.changed()
}

// fill writes subject and text anew where nobody edited them.
func (m *Direct) fill() {
	subject, text := directText(&m.known, m.to, data.DateOf(m.desk.Now()))
	if m.subject == m.proposed {
		m.subject = subject
	}
	if m.text == m.filled {
		m.text = text
	}
	m.proposed, m.filled = subject, text
}

// Loaded reports whether there is something to show.
func (m *Direct) Loaded() bool { return m.loaded }

// Problem is why nothing can be shown; nil: nothing is wrong.
func (m *Direct) Problem() *data.Error { return m.problem }

// Title names the patron.
func (m *Direct) Title() string {
	if !m.loaded {
		return m.desk.Say("E-mail")
	}
	return m.desk.Say("E-mail {{.Name}}", With("Name", m.known.patron.Name()))
}

// To are the addresses it can go to, the patron's own first.
func (m *Direct) To() []DirectTo { return m.known.to }

// Chosen is the one it goes to, an index of To.
func (m *Direct) Chosen() int { return m.to }

// Choose takes another address. The text follows, unless it was edited.
func (m *Direct) Choose(i int) {
	if i < 0 || i >= len(m.known.to) || i == m.to {
		return
	}
	m.to, m.said = i, Standing{}
	m.fill()
	m.changed()
}

// Subject is what stands in the subject.
func (m *Direct) Subject() string { return m.subject }

// SetSubject takes what was typed.
func (m *Direct) SetSubject(s string) { m.subject = s }

// Text is the text, lines parted by \n.
func (m *Direct) Text() string { return m.text }

// SetText takes what was typed.
func (m *Direct) SetText(s string) { m.text = s }

// Busy reports whether it is on one of its ways.
func (m *Direct) Busy() bool { return m.busy }

// Said is what came of the last way; no words: none was taken.
func (m *Direct) Said() Standing { return m.said }

// Sent is the number of the message that Send from here queued; 0: none.
func (m *Direct) Sent() int64 { return m.sent }

// Note says what a person should know before writing; no words: nothing.
func (m *Direct) Note() Standing {
	d, p := m.desk, &m.known.patron
	switch {
	case !m.loaded:
		return Standing{}
	case len(m.known.to) == 0:
		return Standing{MoodBad, d.Say("No e-mail address is known, neither of {{.Name}} nor of a guardian. Enter one, or write on paper.", With("Name", p.Name()))}
	case m.known.to[m.to].Trouble != "":
		return Standing{MoodWarn, m.known.to[m.to].Trouble}
	case p.Left != 0:
		return Standing{MoodWarn, d.Say("{{.Name}} is no longer in the list of patrons.", With("Name", p.Name()))}
	case p.Held(data.DateOf(d.Now())):
		return Standing{MoodWarn, d.Say("Letters and notices about {{.Name}} are held at the moment.", With("Name", p.Name()))}
	case p.Email == "":
		return Standing{MoodWarn, d.Say("{{.Name}} has no e-mail address. A guardian's is offered instead.", With("Name", p.Name()))}
	case m.known.to[m.to].Guardian && m.known.tell != data.DiscloseTitles && len(m.known.loans) > 0:
		return Standing{MoodWaiting, d.Say("Guardians of this group are not told titles, so the text names none.")}
	}
	return Standing{}
}
