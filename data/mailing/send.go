package mailing

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// Sent is what became of a batch.
type Sent struct {
	Queued  int  `json:"queued"`            // messages in the queue
	Held    int  `json:"left_for_practice"` // ticked, but practice sends only MostPractice
	Stopped bool `json:"stopped"`           // a person stopped it: what is queued stays queued
	Rest    int  `json:"rest"`              // ticked and not queued because of that
	Waiting int  `json:"waiting_already"`   // ticked and not queued: the reader has the same letter of today, or it waits
}

// String is what happened in one sentence.
func (r Sent) String() string {
	what := fmt.Sprintf("%d letters wait to be sent", r.Queued)
	if r.Queued == 1 {
		what = "1 letter waits to be sent"
	}
	if r.Queued == 0 && r.Waiting > 0 {
		what = "no letter was queued"
	}
	if r.Waiting > 0 {
		what += fmt.Sprintf(" (besides %d that waited or were sent today already)", r.Waiting)
	}
	switch {
	case r.Stopped:
		return fmt.Sprintf("Stopped: %s, %d were not queued.", what, r.Rest)
	case r.Held > 0:
		return fmt.Sprintf("Practice: %s to the Test to address; %d more were not queued, the first ones show what they look like.", what, r.Held)
	}
	return strings.ToUpper(what[:1]) + what[1:] + "."
}

// Queue puts the ticked letters of a batch into the queue, slice by slice, and tells how far it is. When ctx ends it stops
// after the slice in hand: what is queued stays queued and Sent says so, without an error. Queued again, the same batch goes
// on where it stopped; another one passes over readers who have the same letter already, see data.Letter.Once and
// Batch.Again. Errors: CodeNotConfigured without a From or, in practice, a Test to address; CodeNotNow for the free letter
// before somebody wrote it; a letter that cannot be written.
func (m *Mailer) Queue(ctx context.Context, s *data.Settings, b *Batch, progress func(done, total int)) (Sent, error) {
	var sent Sent
	if err := ready(s); err != nil {
		return sent, err
	}
	texts, err := m.texts(ctx, s)
	if err != nil {
		return sent, err
	}
	if err := texts.wordless(b.Choice.Template); err != nil {
		return sent, err
	}
	var mails []notice.Mail
	var lines []*Line
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.Way == ByMail && l.Ticked && !l.Queued {
			mail := l.Mail
			mail.With = len(mails) // a letter has no place in the ledger that it could share
			mails, lines = append(mails, mail), append(lines, l)
		}
	}
	q := &queuer{
		store: m.o.Store, w: &writer{s: s, texts: texts, now: m.o.Now(), class: data.ClassLetter, door: data.DoorLetter}, progress: progress, again: b.Again,
	}
	q.most = q.limit(mails, 0)
	err = q.all(ctx, mails)
	for i := range q.queued + q.known {
		lines[i].Queued = true
	}
	sent.Queued, sent.Held, sent.Waiting = q.queued, q.passed, q.known
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		sent.Stopped, sent.Rest, err = true, len(mails)-q.queued-q.known, nil
	}
	if q.queued == 0 {
		return sent, err
	}
	text := fmt.Sprintf("Letters (%s): %d queued.", data.Clean(b.Choice.Template, 60), q.queued)
	if Practising(s) {
		text = "Practice: " + text
	}
	return sent, errors.Join(err, m.o.Store.Note(context.WithoutCancel(ctx), data.JournalLine{At: m.o.Now(), Kind: data.JournalPerson, Text: text}))
}
