package screen

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/store"
)

// mostRecipients are shown of a message; a letter to a whole school has thousands.
const mostRecipients = 200

// Message is the screen of one message on its way to one recipient: everything known of it.
type Message struct {
	actor

	OnChange func() // something shown changed; nil: nobody looks

	delivery int64
	known    known
	letter   *mail.Letter // nil: not read yet
	noText   *data.Error  // why it cannot be read
	loaded   bool
	problem  *data.Error
	asked    int64
}

// known is what changes while a message is on its way.
type known struct {
	entry data.Entry
	all   []data.Delivery
	tries []data.Attempt
	file  string // where its file lies; empty: there is none any more
}

// NewMessage makes the screen of one delivery; nothing is asked before Refresh.
func NewMessage(d *Desk, delivery int64) *Message {
	m := &Message{actor: actor{desk: d}, delivery: delivery}
	m.progress = m.changed
	return m
}

func (m *Message) changed() {
	if m.OnChange != nil {
		m.OnChange()
	}
}

// Refresh reads it, or reads again what may have changed. Its text does not change and is read once.
func (m *Message) Refresh(c Change) {
	if !c.Store && m.loaded {
		m.changed()
		return
	}
	m.asked++
	number, folder, withText := m.asked, m.desk.facts.Folder, m.letter == nil && m.noText == nil
	type answer struct {
		known
		letter *mail.Letter
		noText *data.Error
	}
	GoStore(m.desk, func(ctx context.Context, s *store.Store) (answer, error) {
		var got answer
		var err error
		if got.known, err = readMessage(ctx, s, m.delivery, folder); err != nil || !withText {
			return got, err
		}
		letter, err := readLetter(ctx, s, got.entry.Letter)
		switch {
		case ctx.Err() != nil:
			return got, ctx.Err()
		case err != nil:
			got.noText = asError(err)
		default:
			got.letter = &letter
		}
		return got, nil
	}, func(got answer, err error) {
		if number != m.asked {
			return
		}
		if err != nil {
			m.problem = asError(err)
		} else {
			m.problem, m.loaded, m.known = nil, true, got.known
			if withText {
				m.letter, m.noText = got.letter, got.noText
			}
		}
		m.changed()
	})
}

func readMessage(ctx context.Context, s *store.Store, delivery int64, folder string) (known, error) {
	var k known
	var err error
	if k.entry, err = s.Entry(ctx, delivery); err != nil {
		return k, err
	}
	if k.all, err = s.Deliveries(ctx, k.entry.Message); err != nil {
		return k, err
	}
	if k.tries, err = s.Attempts(ctx, delivery); err != nil {
		return k, err
	}
	origin, found, err := s.OriginOf(ctx, k.entry.Message)
	name := k.entry.Letter.File
	if found && origin.Gone.IsZero() {
		name = origin.Name
	}
	if name != "" && folder != "" {
		path := filepath.Join(folder, filepath.Base(name))
		if _, err := os.Lstat(path); err == nil || !errors.Is(err, fs.ErrNotExist) && found && origin.Gone.IsZero() {
			k.file = path
		}
	}
	return k, err
}

// readLetter gives the text of a message for a person.
func readLetter(ctx context.Context, s *store.Store, m data.Message) (mail.Letter, error) {
	head, err := s.Header(ctx, m.ID)
	if err != nil {
		return mail.Letter{}, err
	}
	body, err := s.Body(ctx, m)
	if err != nil {
		return mail.Letter{}, err
	}
	r, err := body.Open()
	if err != nil {
		return mail.Letter{}, err
	}
	defer func() { _ = r.Close() }()
	if _, err := io.CopyN(io.Discard, r, int64(len(head))); err != nil {
		return mail.Letter{}, err
	}
	return mail.Readable(head, r)
}

// Problem is why nothing can be shown; nil: nothing is wrong. Loaded reports whether there is something to show.
func (m *Message) Problem() *data.Error { return m.problem }

// Loaded reports whether the message has been read.
func (m *Message) Loaded() bool { return m.loaded }

// Row is the message as its line in the queue.
func (m *Message) Row() Row { return m.desk.row(&m.known.entry) }

// Line is one thing known, with its name.
type Line struct{ Label, Text string }

// Lines are what is known of the message, in the order a person asks.
func (m *Message) Lines() []Line {
	e, d := &m.known.entry, m.desk
	lines := []Line{{d.Say("To"), e.Recipient}}
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, Line{label, text})
		}
	}
	add(d.Say("Since"), d.When(e.Changed))
	add(d.Say("Why"), e.Reason)
	add(d.Say("What to do"), e.Remedy)
	next := d.nextTry(&e.Delivery)
	if e.State == data.Waiting && !d.facts.Service.Running() {
		next = d.Say("When the service runs; it is stopped now.")
	}
	add(d.Say("Next try"), next)
	if e.Uncertain > 0 {
		add(d.Say("Note"), d.Say("It may have arrived already: the connection was lost before the server answered."))
	}
	add(d.Say("Came from"), d.source(&e.Letter))
	add(d.Say("Came in"), d.When(e.Letter.Queued))
	sender := e.Letter.Sender
	if sender == "" {
		sender = d.Say("nobody (answers go nowhere)")
	}
	add(d.Say("Sender"), sender)
	add(d.Say("Size"), size(d, e.Letter.Size))
	if e.Letter.Practice {
		add(d.Say("Practice"), d.Say("Goes to the test address, not to the person it names."))
	}
	add(d.Say("Number"), strconv.FormatInt(e.ID, 10))
	return lines
}

func size(d *Desk, octets int64) string {
	switch {
	case octets < 1000:
		return d.Say("{{.N}} bytes", With("N", octets))
	case octets < 1_000_000:
		return d.Say("{{.N}} KB", With("N", (octets+500)/1000))
	}
	return d.Say("{{.N}} MB", With("N", strconv.FormatFloat(float64(octets)/1e6, 'f', 1, 64)))
}

// Recipient is another line of the same message.
type Recipient struct {
	Delivery int64
	To       string
	State    string
	Mark     Mark
	Reason   string
}

// Recipients are all of the message, at most 200, and how many more there are.
func (m *Message) Recipients() (all []Recipient, more int) {
	for i := range m.known.all[:min(len(m.known.all), mostRecipients)] {
		r := &m.known.all[i]
		all = append(all, Recipient{Delivery: r.ID, To: r.Recipient, State: m.desk.stateWords(r.State), Mark: markOf(r.State), Reason: r.Reason})
	}
	return all, len(m.known.all) - len(all)
}

// Try is one try in words.
type Try struct {
	When   string // "today at 10:42"
	Server string // "server 1, mail.school.test:587"
	What   string // what it meant
	Remedy string
	Reply  string // "550 5.1.1" and the server's own line; empty: it said nothing
	Took   string
	Note   string // "does not count ..."; empty: nothing
}

// Tries is the whole history, the oldest first.
func (m *Message) Tries() []Try {
	d := m.desk
	all := make([]Try, 0, len(m.known.tries))
	for i := range m.known.tries {
		a := &m.known.tries[i]
		t := Try{When: d.When(a.Started), Server: data.ServerName(a.Server), What: a.Outcome.Sentence, Remedy: a.Outcome.Remedy, Reply: reply(&a.Outcome)}
		if a.Host != "" {
			t.Server += ", " + a.Host
		}
		switch {
		case a.Ended.IsZero() && i == len(m.known.tries)-1 && m.known.entry.State == data.Sending:
			t.What = d.Say("It is being sent at this moment.")
		case a.Ended.IsZero():
			t.What = d.Say("The program was ended in the middle of it.")
		default:
			t.Took = d.Say("took {{.N}} s", With("N", strconv.FormatFloat(a.Ended.Sub(a.Started).Seconds(), 'f', 1, 64)))
			if !a.Charged {
				t.Note = d.Say("This try does not count: the message was not to blame.")
			}
		}
		all = append(all, t)
	}
	return all
}

// reply is what the server answered: its own line, behind the codes it does not begin with.
func reply(o *data.Outcome) string {
	text, code := o.Line, ""
	if o.Code != 0 {
		code = strconv.Itoa(o.Code)
	}
	for _, part := range []string{o.Enhanced, code} {
		if !strings.HasPrefix(text, part) && (code == "" || !strings.HasPrefix(text, code)) {
			text = sentences(part, text)
		}
	}
	return text
}

// Actions says what can be done to it, and why not.
func (m *Message) Actions() []Offer {
	if !m.loaded {
		return m.desk.offers(nil)
	}
	return m.desk.offers([]data.State{m.known.entry.State})
}

// Plan works out what doing it would mean, as the message stands in the store now.
func (m *Message) Plan(a Action, then func(Plan)) { m.plan(a, these([]int64{m.delivery}), then) }

// CanOpenFolder reports whether its file still lies in the folder.
func (m *Message) CanOpenFolder() bool { return m.known.file != "" }

// OpenFolder shows the folder its file lies in.
func (m *Message) OpenFolder() {
	folder := filepath.Dir(m.known.file)
	Go(m.desk, func(context.Context) (struct{}, error) { return struct{}{}, m.desk.Desktop().Open(folder) }, func(_ struct{}, err error) {
		if err != nil {
			m.tell(m.desk.Say("The folder cannot be opened. It is {{.Folder}}", With("Folder", folder)), nil)
		}
	})
}

// stamp is a moment for IT people: exact, with its zone.
func (d *Desk) stamp(t time.Time) string { return d.local(t).Format("2006-01-02 15:04:05 -07:00") }
