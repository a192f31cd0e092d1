package screen

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"smtpgateway/data"
)

// largestMail is how much of a received mail is looked at; what is wanted stands at its beginning.
const largestMail = 1 << 20

// received is what became of a received test mail.
type received struct {
	round    int
	busy     bool
	said     string // why there is nothing to show
	evidence *data.Evidence
}

// ReadText reads a received mail that was pasted.
func (s *Sender) ReadText(text string) {
	if strings.TrimSpace(text) == "" {
		s.received = received{round: s.received.round + 1, said: s.desk.Say("Paste the whole original of the mail first, or open the file it was saved in.")}
		s.changed()
		return
	}
	s.read(func(context.Context) (data.Evidence, error) {
		return s.desk.o.Sender.Received(strings.NewReader(text)), nil
	})
}

// ReadFile reads a received mail that was saved as a file (.eml).
func (s *Sender) ReadFile(path string) {
	path = strings.TrimSpace(path)
	if !filepath.IsAbs(path) {
		s.received = received{round: s.received.round + 1, said: s.desk.Say("Choose a file, or write its whole path.")}
		s.changed()
		return
	}
	s.read(func(ctx context.Context) (data.Evidence, error) {
		return patient(ctx, func(context.Context) (data.Evidence, error) { // a share may not answer
			info, err := os.Stat(path)
			if err == nil && !info.Mode().IsRegular() {
				err = os.ErrInvalid
			}
			if err != nil {
				return data.Evidence{}, s.unreadableMail(path, err)
			}
			f, err := os.Open(path) //nolint:gosec // a person chose it
			if err != nil {
				return data.Evidence{}, s.unreadableMail(path, err)
			}
			defer func() { _ = f.Close() }()
			return s.desk.o.Sender.Received(io.LimitReader(f, largestMail)), nil
		})
	})
}

func (s *Sender) unreadableMail(path string, err error) error {
	return &data.Error{Code: data.CodeNotFound, Sentence: s.desk.Say("The file {{.Path}} cannot be read.", With("Path", path)), Next: s.desk.Say("Choose another, or open it and paste what is in it."), Err: err}
}

func (s *Sender) read(work func(ctx context.Context) (data.Evidence, error)) {
	if s.desk.o.Sender == nil {
		return
	}
	round := s.received.round + 1
	s.received = received{round: round, busy: true}
	Go(s.desk, work, func(e data.Evidence, err error) {
		if s.received.round != round {
			return
		}
		s.received.busy = false
		if err != nil {
			s.received.said = asError(err).Error()
		} else {
			s.received.evidence = &e
		}
		s.changed()
	})
	s.changed()
}

// Reading says what is going on with the received mail, or why there is nothing to show; empty: nothing.
func (s *Sender) Reading() Standing {
	switch {
	case s.received.busy:
		return Standing{MoodBusy, s.desk.Say("Reading the mail.")}
	case s.received.said != "":
		return Standing{MoodWarn, s.received.said}
	default:
		return Standing{}
	}
}

// Evidence is what the received mail shows: what it comes to, what to do, who says so, and the verdicts. ok is false while
// none was read.
func (s *Sender) Evidence() (whole Standing, next, by string, rows []SenderRow, raw []string, ok bool) {
	e := s.received.evidence
	if e == nil {
		return Standing{}, "", "", nil, nil, false
	}
	whole = Standing{moodOf(e.Finding), e.Sentence}
	if e.By != "" {
		by = s.desk.Say("{{.Server}} received it and says so ({{.Source}}).", With("Server", e.By, "Source", e.Source))
	}
	for i := range e.Results {
		v := &e.Results[i]
		rows = append(rows, SenderRow{Mood: moodOf(v.Finding), State: s.desk.Say(v.Finding.Words()), Title: s.desk.Say(v.Part.Title()), Words: v.Sentence, Next: v.Next})
	}
	return whole, e.Next, by, rows, e.Raw, true
}

// OtherSender says that the received mail is not the library's; empty: it is, or nobody knows.
func (s *Sender) OtherSender() string {
	e, from := s.received.evidence, s.From()
	if e == nil || e.From == "" || from == "" || strings.EqualFold(e.From, from) {
		return ""
	}
	return s.desk.Say("This mail is from {{.Other}}, not from the library's address {{.From}}: what it shows is about that sender.", With("Other", e.From, "From", from))
}
