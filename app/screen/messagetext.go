package screen

import (
	"fmt"
	"regexp"
	"strings"

	"smtpgateway/data"
)

// textShown is how much of a text is drawn: laying out more makes a window stand still.
const textShown = 12_000

// Header are the fields of the message a person cares about.
func (m *Message) Header() []Line {
	if m.letter == nil {
		return nil
	}
	var lines []Line
	for _, f := range m.letter.Fields {
		lines = append(lines, Line{Label: m.fieldName(f.Name), Text: f.Value})
	}
	return lines
}

func (m *Message) fieldName(name string) string {
	say := m.desk.Say
	switch name {
	case "From":
		return say("From")
	case "To":
		return say("To")
	case "Cc":
		return say("Copy to")
	case "Reply-To":
		return say("Answers to")
	case "Subject":
		return say("Subject")
	case "Date":
		return say("Date")
	}
	return name
}

// Text is what the message says, and a note about it: cut, taken from a web page, or why there is none.
func (m *Message) Text() (text, note string) {
	say := m.desk.Say
	switch {
	case m.noText != nil:
		return "", sentences(m.noText.Sentence, m.noText.Next)
	case m.letter == nil:
		return "", say("Reading the text.")
	case m.letter.Text == "":
		return "", say("The message has no text.")
	}
	text = m.letter.Text
	if len(text) > textShown {
		return strings.ToValidUTF8(text[:textShown], ""), say("Only the beginning of the text is shown.")
	}
	if m.letter.Cut {
		return text, say("Only the beginning of the text is shown.")
	}
	if m.letter.FromHTML {
		return text, say("The words of a message that was made like a web page; pictures and layout are not shown.")
	}
	return text, ""
}

// Attachments are the names of what is attached; empty: nothing.
func (m *Message) Attachments() string {
	if m.letter == nil || len(m.letter.Attachments) == 0 {
		return ""
	}
	names := strings.Join(m.letter.Attachments, ", ")
	if m.letter.More > 0 {
		return m.desk.Say("{{.Names}} and {{.N}} more", With("Names", names, "N", m.letter.More))
	}
	return names
}

// addresses are mail addresses in a server's own words.
var addresses = regexp.MustCompile(`[^\s<>"',;:()\[\]]+@[^\s<>"',;:()\[\]]+`)

// ForIT is what an IT person needs to find out why: the server's replies with their times. It holds no word of the
// message, no secret, and no address but the one concerned.
func (m *Message) ForIT() string {
	e, d := &m.known.entry, m.desk
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	only := func(s string) string {
		return addresses.ReplaceAllStringFunc(s, func(a string) string {
			if strings.EqualFold(strings.TrimRight(a, "."), e.Recipient) {
				return a
			}
			return "(another address)"
		})
	}
	line("SMTP Gateway %s", d.Version())
	line("Message %d, delivery %d, to %s", e.Message, e.ID, e.Recipient)
	line("Message-ID: %s", data.Clean(e.Letter.MessageID, 200))
	line("State: %s since %s", string(e.State), d.stamp(e.Changed))
	line("Queued: %s, %d octets, class %s, by way of %s", d.stamp(e.Letter.Queued), e.Letter.Size, e.Letter.Class, e.Letter.Door)
	if e.Reason != "" {
		line("Reason: %s", only(e.Reason))
	}
	if e.State == data.Waiting {
		line("Due: %s", d.stamp(e.Due))
	}
	line("Tries that count: %d, uncertain: %d, bound to server: %d", e.Attempts, e.Uncertain, e.Bound)
	for i := range m.known.tries {
		a := &m.known.tries[i]
		ended := "not ended"
		if !a.Ended.IsZero() {
			ended = fmt.Sprintf("%d ms", a.Ended.Sub(a.Started).Milliseconds())
		}
		line("Try %d: %s, %s, server %d (%s), counts: %t", i+1, d.stamp(a.Started), ended, a.Server, only(a.Host), a.Charged)
		o := &a.Outcome
		if o.Kind != "" {
			line("  %s in %s: %d %s %s", o.Kind, o.Phase, o.Code, o.Enhanced, only(o.Line))
		}
		if o.Sentence != "" {
			line("  %s", only(o.Sentence))
		}
	}
	return b.String()
}

// CopyForIT puts ForIT on the clipboard.
func (m *Message) CopyForIT() {
	m.desk.Desktop().Copy(m.ForIT())
	m.tell(m.desk.Say("Copied. Paste it into a message to your IT person."), nil)
}
