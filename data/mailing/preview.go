package mailing

import (
	"context"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mail"
	"smtpgateway/data/notice"
)

// Preview is one letter as its reader would have it.
type Preview struct {
	From    string `json:"from"`
	To      string `json:"to"` // empty: on paper
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
}

// Preview writes one letter as it would leave, without the banner of practice.
func (m *Mailer) Preview(ctx context.Context, s *data.Settings, one *notice.Mail) (Preview, error) {
	w, err := m.previewer(ctx, s)
	if err != nil {
		return Preview{}, err
	}
	r, err := w.render(one, false)
	return previewOf(s, one, r), err
}

// PreviewText is Preview with a text that is not saved yet, as its writer sees it.
func (m *Mailer) PreviewText(s *data.Settings, text data.Template, one *notice.Mail) (Preview, error) {
	w := &writer{s: s, now: m.o.Now(), texts: &texts{
		own: map[textID]data.Template{{text.Key, text.Language}: text}, compiled: make(map[textID]*letter.Compiled), library: text.Language,
	}}
	as := *one
	as.Template, as.Language = text.Key, text.Language
	r, err := w.render(&as, false)
	return previewOf(s, one, r), err
}

func previewOf(s *data.Settings, one *notice.Mail, r letter.Rendered) Preview {
	from := s.From.Address
	if s.From.Name != "" {
		from = s.From.Name + " <" + from + ">"
	}
	return Preview{From: from, To: strings.Join(one.To, ", "), Subject: r.Subject, Text: r.Text, HTML: r.HTML}
}

func (m *Mailer) previewer(ctx context.Context, s *data.Settings) (*writer, error) {
	texts, err := m.texts(ctx, s)
	return &writer{s: s, texts: texts, now: m.o.Now(), class: data.ClassDirect, door: data.DoorDirect}, err
}

// SendPreview sends one letter to the Test to address, with the banner that says for whom it would be. The number of the
// message comes back.
func (m *Mailer) SendPreview(ctx context.Context, s *data.Settings, one *notice.Mail) (int64, error) {
	if s.TestTo == "" {
		return 0, noTestTo()
	}
	w, err := m.previewer(ctx, s)
	if err != nil {
		return 0, err
	}
	as := *one
	as.Keys = nil
	l, err := w.write(&as, true)
	if err != nil {
		return 0, err
	}
	l.Patron = 0 // it tells the patron nothing
	return m.queueOne(ctx, l)
}

func noTestTo() error {
	return &data.Error{Code: data.CodeNotConfigured, Sentence: "There is no address to send a test to.", Next: "Fill in the Test to address."}
}

func (m *Mailer) queueOne(ctx context.Context, l data.Letter) (int64, error) {
	ids, err := m.o.Store.QueueLetters(ctx, []data.Letter{l})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// Direct is what a person writes to one patron.
type Direct struct {
	Patron  int64
	Role    data.Role // whose address To is
	To      string
	Subject string
	Text    string
}

// Send queues a message to one patron, ahead of letters and notices. While practice mode is on for everything it goes to the
// Test to address. The number of the message comes back. Errors: CodeBadAddress, CodeUsage for one without a word in it.
func (m *Mailer) Send(ctx context.Context, s *data.Settings, d Direct) (int64, error) {
	if strings.TrimSpace(d.Subject) == "" && strings.TrimSpace(d.Text) == "" {
		return 0, &data.Error{Code: data.CodeUsage, Sentence: "The message is empty.", Next: "Write a subject or some words."}
	}
	if s.From.Address == "" {
		return 0, noFrom()
	}
	to, err := data.ParseAddress(d.To)
	if err != nil {
		return 0, err
	}
	t := mail.Text{From: s.From, To: []string{to.String()}, Subject: strings.TrimSpace(d.Subject), Text: d.Text, Class: data.ClassDirect, Now: m.o.Now(), ByHand: true}
	if s.Practice {
		if s.TestTo == "" {
			return 0, noTestTo()
		}
		t.To, t.Subject, t.Practice = []string{s.TestTo}, practiceMark+t.Subject, true
		t.Text = letter.PracticeBanner("", []string{to.String()}) + "\n\n" + t.Text
	}
	msg, err := mail.Compose(t)
	if err != nil {
		return 0, err
	}
	msg.Door, msg.NoReturn = data.DoorDirect, t.Practice
	return m.queueOne(ctx, data.Letter{Message: msg, Patron: d.Patron, Role: d.Role})
}
