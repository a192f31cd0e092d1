package mailing

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mail"
	"smtpgateway/data/notice"
)

// practiceMark stands before the subject of what is only practice.
const practiceMark = "[Practice] "

// writer writes the mails of one batch.
type writer struct {
	s     *data.Settings
	texts *texts
	now   time.Time
	class data.Class
	door  data.Door
	run   int64
	id    string // Message-ID of the letter whose text this is; empty: a new one
}

// render writes the words of one letter, with the banner of practice on top where it is practice.
func (w *writer) render(m *notice.Mail, practice bool) (letter.Rendered, error) {
	r, _, err := w.rendered(m, practice)
	return r, err
}

func (w *writer) rendered(m *notice.Mail, practice bool) (letter.Rendered, letter.Facts, error) {
	c, text, err := w.texts.compile(m.Template, m.Language)
	if err != nil {
		return letter.Rendered{}, letter.Facts{}, err
	}
	f := letter.Facts{
		Patron: m.Patron, Role: m.Role, Disclosure: m.Disclosure, Loans: m.Loans, Also: m.Also,
		Library: w.s.Library, From: w.s.From, Today: data.DateOf(w.now), Language: text.Language,
	}
	if m.Guardian != nil {
		f.Guardian = m.Guardian.Name
	}
	if practice {
		f.Practice = letter.PracticeBanner(forWhom(m), m.To)
	}
	r, err := c.Render(f)
	return r, f, err
}

// write makes the mail of one letter, ready for the queue; in practice it goes to the Test to address.
func (w *writer) write(m *notice.Mail, practice bool) (data.Letter, error) {
	r, err := w.render(m, practice)
	if err != nil {
		return data.Letter{}, err
	}
	text := mail.Text{
		From: w.s.From, To: m.To, Subject: r.Subject, Text: r.Text, HTML: r.HTML, Class: w.class, Now: w.now, Practice: practice,
		MessageID: w.id,
	}
	if practice {
		text.To, text.Subject = []string{w.s.TestTo}, practiceMark+r.Subject
	}
	msg, err := mail.Compose(text)
	if err != nil {
		return data.Letter{}, err
	}
	msg.Door = w.door
	msg.NoReturn = practice // a practice copy that fails is no reader's letter
	return data.Letter{
		Message: msg, Patron: m.Patron.ID, Run: w.run, Notices: m.Keys, Loans: m.LoanKeys(), Letter: m.Template, Role: cmp.Or(m.Role, data.RolePatron),
		Disclosure: m.Disclosure, Digest: digest(r),
	}, nil
}

// digest is by what the same words are known again.
func digest(r letter.Rendered) string {
	sum := sha256.Sum256([]byte(r.Subject + "\x00" + r.Text + "\x00" + r.HTML))
	return hex.EncodeToString(sum[:16])
}

// forWhom names the reader of a letter for the banner of practice.
func forWhom(m *notice.Mail) string {
	if m.Role == data.RoleGuardian && m.Guardian != nil && m.Guardian.Name != "" {
		return fmt.Sprintf("%s (%s)", m.Guardian.Name, m.Patron.Name())
	}
	return m.Patron.Name()
}
