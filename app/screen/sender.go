package screen

import (
	"context"
	"io"
	"net/netip"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// SenderChecker tells whether mail from the library will be trusted by those who receive it.
type SenderChecker interface {
	// Check reads the entries of the school's domain. It takes less than a minute and always gives a report.
	Check(ctx context.Context, q data.SenderQuestion) data.SenderReport
	// Received reads what the server that received a test mail thought of it.
	Received(mail io.Reader) data.Evidence
}

// Sender is the sender check: whether others will trust the library's mail, what IT is to publish, and what a received test
// mail shows.
type Sender struct {
	OnChange func()

	desk     *Desk
	publicIP string
	keys     string

	stop   context.CancelFunc // of a check under way; nil: none
	round  int
	said   string // what stands against a check, or that it was stopped
	loaded bool   // the report of an earlier time was looked for

	received received
}

// NewSender makes the screen.
func NewSender(d *Desk) *Sender { return &Sender{desk: d} }

// Refresh takes in what a look found new.
func (s *Sender) Refresh(Change) { s.changed() }

// Load reads the report of an earlier time, once.
func (s *Sender) Load() {
	if s.loaded {
		return
	}
	s.loaded = true
	Go(s.desk, func(ctx context.Context) (*data.SenderReport, error) {
		return patient(ctx, func(context.Context) (*data.SenderReport, error) { return s.desk.readReport() })
	}, func(r *data.SenderReport, err error) {
		if err != nil {
			s.desk.o.Log.Info("the last sender check cannot be read", "error", err)
		}
		if s.desk.report == nil {
			s.desk.report = r
		}
		s.changed()
	})
}

// Running reports whether a check is under way.
func (s *Sender) Running() bool { return s.stop != nil }

// Report is the last check; nil: there was none.
func (s *Sender) Report() *data.SenderReport { return s.desk.report }

// About says what the check is for, as long as there was none.
func (s *Sender) About() string {
	return s.desk.Say("Mail that others cannot trust lands in junk, or is refused. This check reads what the school's domain tells the world about its mail, says in words what that means, and shows what IT should publish. It changes nothing and sends nothing.")
}

// ButtonText is what starts it.
func (s *Sender) ButtonText() string {
	if s.desk.report != nil {
		return s.desk.Say("Check again")
	}
	return s.desk.Say("Check the sender")
}

// PublicIP is the address under which others see the school's own relay, as typed.
func (s *Sender) PublicIP() string { return s.publicIP }

// SetPublicIP takes what was typed.
func (s *Sender) SetPublicIP(v string) { s.publicIP = strings.TrimSpace(v) }

// SetKeys takes the names of signing keys, with commas or blanks between.
func (s *Sender) SetKeys(v string) { s.keys = v }

// Note says what is going on, or what stands against a check; empty: nothing.
func (s *Sender) Note() Standing {
	switch {
	case s.stop != nil:
		return Standing{MoodBusy, s.desk.Say("Asking the name service (DNS) about the school's domain. It takes up to a minute.")}
	case s.said != "":
		return Standing{MoodWarn, s.said}
	case s.Changed():
		return Standing{MoodWarn, s.desk.Say("The From address, the account or the mail server was changed since. Check again.")}
	default:
		return Standing{}
	}
}

// From is whose mail is checked now; empty: the settings name nobody yet.
func (s *Sender) From() string { return s.desk.Facts().Settings.From.Address }

// When says when the last check was, and of whose mail.
func (s *Sender) When() string {
	r := s.desk.report
	if r == nil {
		return ""
	}
	if r.Provider != "" {
		return s.desk.Say("Checked {{.When}} for {{.From}}, sent through {{.Provider}}.", With("When", s.desk.When(r.At), "From", r.From, "Provider", r.Provider))
	}
	return s.desk.Say("Checked {{.When}} for {{.From}}.", With("When", s.desk.When(r.At), "From", r.From))
}

// Changed reports whether the last check was of another sender than the settings name now.
func (s *Sender) Changed() bool {
	r := s.desk.report
	if r == nil || s.desk.Facts().Problem != nil || s.desk.Facts().At.IsZero() {
		return false
	}
	return !strings.EqualFold(r.From, s.From()) || s.desk.asked != "" && s.desk.asked != senderKey(data.QuestionOf(&s.desk.facts.Settings))
}

// senderKey tells one sender from another.
func senderKey(q data.SenderQuestion) string {
	parts := []string{q.From, q.Account}
	for i := range q.Servers {
		parts = append(parts, q.Servers[i].Host)
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

// Check reads the entries anew. With what is stored: what is typed in the settings and not saved is not asked about.
func (s *Sender) Check() {
	if s.stop != nil || s.desk.o.Sender == nil {
		return
	}
	s.said = ""
	ip := s.publicIP
	if _, err := netip.ParseAddr(ip); ip != "" && err != nil {
		s.said = s.desk.Say("{{.Text}} is no internet address, such as 203.0.113.9.", With("Text", data.Clean(ip, 60)))
		s.changed()
		return
	}
	keys := strings.FieldsFunc(s.keys, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	ctx, stop := context.WithCancel(s.desk.ctx)
	s.stop = stop
	s.round++
	round := s.round
	type answer struct {
		report *data.SenderReport
		asked  string
		kept   error
	}
	GoStore(s.desk, func(_ context.Context, st *store.Store) (data.SenderQuestion, error) {
		set, err := storedSettings(ctx, st)
		if err == nil && set.From.Address == "" {
			err = &data.Error{Code: data.CodeNotConfigured, Sentence: s.desk.Say("There is no From address yet, so there is no sender to check."), Next: s.desk.Say("Fill it in under Settings.")}
		}
		q := data.QuestionOf(&set)
		q.PublicIP, q.Selectors = ip, keys
		return q, err
	}, func(q data.SenderQuestion, err error) {
		if s.round != round {
			return
		}
		if err != nil {
			stop()
			s.stop, s.said = nil, asError(err).Error()
			s.changed()
			return
		}
		Go(s.desk, func(context.Context) (answer, error) {
			r := s.desk.o.Sender.Check(ctx, q)
			if ctx.Err() != nil {
				return answer{}, ctx.Err()
			}
			return answer{report: &r, asked: senderKey(q), kept: s.desk.keepReport(&r)}, nil
		}, func(a answer, err error) {
			stop()
			if s.round != round {
				return
			}
			s.stop = nil
			if err == nil {
				s.desk.report, s.desk.asked = a.report, a.asked
			}
			if a.kept != nil {
				s.desk.o.Log.Info("the sender check cannot be kept for the next time", "error", a.kept)
			}
			s.changed()
		})
	})
	s.changed()
}

// Stop gives up a check under way.
func (s *Sender) Stop() {
	if s.stop == nil {
		return
	}
	s.stop()
	s.stop, s.said = nil, s.desk.Say("The check was stopped.")
	s.round++
	s.changed()
}

// SenderRow is one part of what was found.
type SenderRow struct {
	Mood                      Mood
	State, Title, Words, Next string
	Raw                       []string
}

func moodOf(f data.Finding) Mood {
	switch f {
	case data.FindingGood:
		return MoodGood
	case data.FindingLook:
		return MoodWarn
	case data.FindingBad:
		return MoodBad
	default:
		return MoodOff
	}
}

// Whole is what the last check comes to, in a sentence, and what to do.
func (s *Sender) Whole() (standing Standing, next string) {
	r := s.desk.report
	if r == nil {
		return Standing{}, ""
	}
	return Standing{moodOf(r.Finding), r.Sentence}, r.Next
}

// Findings are the parts of the last check.
func (s *Sender) Findings() []SenderRow {
	r := s.desk.report
	if r == nil {
		return nil
	}
	out := make([]SenderRow, 0, len(r.Findings))
	for i := range r.Findings {
		f := &r.Findings[i]
		out = append(out, SenderRow{Mood: moodOf(f.Finding), State: s.desk.Say(f.Finding.Words()), Title: s.desk.Say(f.Part.Title()), Words: f.Sentence, Next: f.Next, Raw: slices.Clone(f.Raw)})
	}
	return out
}

// Publish are the records that should be published.
func (s *Sender) Publish() []data.DNSRecord {
	if s.desk.report == nil {
		return nil
	}
	return s.desk.report.Publish
}

// CopyPublish puts all records on the clipboard, for a message to whoever looks after the domain.
func (s *Sender) CopyPublish() {
	var b strings.Builder
	for i, r := range s.Publish() {
		if i > 0 {
			b.WriteString("\n")
		}
		writeRecord(&b, r)
	}
	s.desk.Desktop().Copy(b.String())
}

func writeRecord(b *strings.Builder, r data.DNSRecord) {
	value := r.Value
	if value == "" {
		value = "(as shown there)"
	}
	b.WriteString(r.Why + "\n" + r.Name + " " + r.Type + " " + value + "\n")
	for _, old := range r.Replaces {
		b.WriteString("in place of: " + old + "\n")
	}
}

func (s *Sender) changed() {
	if s.OnChange != nil {
		s.OnChange()
	}
}
