package mail

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"path"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"smtpgateway/data"
)

// Text is a mail the program writes itself.
type Text struct {
	From      data.From
	To        []string // bare addresses; envelope and To field
	Subject   string
	Text      string // plain text; empty: HTML only
	HTML      string // empty: plain text only
	Class     data.Class
	MessageID string // with brackets; empty: a new one
	Now       time.Time
	Practice  bool
	Attach    []Attachment
	InReplyTo string // Message-ID with brackets; empty: none
	ByHand    bool   // a person wrote it: no program answers for it, so Auto-Submitted is left out
}

// Attachment is a small file that goes along; it is held in memory.
type Attachment struct {
	Name string // shown to the reader, never a path
	Type string // "text/csv"; empty or nonsense: application/octet-stream
	Data []byte
}

// Compose writes a mail with Date, Message-ID in From's domain and, unless a person wrote it, Auto-Submitted:
// auto-generated (RFC 3834). Nothing in its fields can make a header line of its own. Errors: CodeBadSettings for From,
// CodeBadAddress for To.
func Compose(t Text) (*data.NewMessage, error) {
	m, h, err := t.envelope("auto-generated")
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	switch {
	case t.HTML == "":
		msg.SetBodyString(gomail.TypeTextPlain, t.Text)
	case t.Text == "":
		msg.SetBodyString(gomail.TypeTextHTML, t.HTML)
	default:
		msg.SetBodyString(gomail.TypeTextPlain, t.Text)
		msg.AddAlternativeString(gomail.TypeTextHTML, t.HTML)
	}
	for _, a := range t.Attach {
		media, params, err := mime.ParseMediaType(a.Type)
		if err != nil {
			media = "application/octet-stream"
		}
		delete(params, "name") // go-mail writes its own
		name := path.Base(strings.ReplaceAll(oneLine(a.Name), `\`, "/"))
		if err := msg.AttachReader(name, bytes.NewReader(a.Data),
			gomail.WithFileContentType(gomail.ContentType(mime.FormatMediaType(media, params)))); err != nil {
			return nil, fmt.Errorf("attach %q: %w", name, err)
		}
	}
	var out bytes.Buffer
	if _, err := msg.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	l := newLines(&out)
	built, _, err := readHeader(l)
	if err != nil {
		return nil, err
	}
	for i := range built {
		if f := &built[i]; f.is("MIME-Version") || strings.HasPrefix(strings.ToLower(f.name), "content-") {
			if _, err := f.mend(); err != nil {
				return nil, err
			}
			h = append(h, *f)
		}
	}
	body, err := io.ReadAll(&canonical{l: l})
	if err != nil {
		return nil, err
	}
	m.Header, m.Body, m.EightBit = h.bytes(), bytes.NewReader(body), m.UTF8 || !ascii(body)
	return m, nil
}

// envelope checks the addresses and gives the message without its bytes, and the header as far as it does not depend
// on the body.
func (t Text) envelope(submitted string) (*data.NewMessage, header, error) {
	from, err := sender(t.From)
	if err != nil {
		return nil, nil, err
	}
	m := &data.NewMessage{Message: data.Message{
		Class: t.Class, Door: data.DoorOwn, MessageID: t.MessageID, Sender: from.String(), NoReturn: t.Class.Own(),
		Subject: data.Clean(t.Subject, maxShown), Practice: t.Practice, UTF8: from.UTF8(),
	}}
	var to []mailbox
	seen := map[string]bool{}
	for _, s := range t.To {
		a, err := data.ParseAddress(s)
		if err != nil {
			return nil, nil, err
		}
		if seen[a.Key()] {
			continue
		}
		seen[a.Key()] = true
		to = append(to, mailbox{addr: a})
		m.Recipients = append(m.Recipients, a.String())
		m.UTF8 = m.UTF8 || a.UTF8()
	}
	if len(to) == 0 {
		return nil, nil, &data.Error{Code: data.CodeBadAddress, Sentence: "The message has no recipient.", Next: "Enter an address."}
	}
	if m.MessageID == "" {
		m.MessageID = newMessageID(from.String(), "")
	}
	var h header
	c := changes{}
	h.set("Date", []byte("Date: "+t.Now.Format(time.RFC1123Z)+"\r\n"))
	h.setFrom(t.From.Name, from, c)
	h.set("To", addressField("To", to))
	if err := h.replyTo(t.From, c); err != nil {
		return nil, nil, err
	}
	h.set("Subject", unstructured("Subject", t.Subject))
	h.set("Message-ID", fold("Message-ID", []string{oneWord(m.MessageID)}))
	if id := oneWord(t.InReplyTo); id != "" {
		h.set("In-Reply-To", fold("In-Reply-To", []string{id}))
		h.set("References", fold("References", []string{id}))
	}
	if !t.ByHand {
		h.set("Auto-Submitted", []byte("Auto-Submitted: "+submitted+"\r\n"))
	}
	name, _ := h.get("From")
	m.From, m.To = shown(name), data.Clean(strings.Join(m.Recipients, ", "), maxShown)
	return m, h, nil
}

// oneWord makes a Message-ID that some program made up fit for a field: plain, without blanks.
func oneWord(id string) string {
	id = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, id)
	return id[:min(len(id), 900)]
}

// quoted gives a text as a body part in quoted-printable, ended by a line end.
func quoted(text string) []byte {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = io.Copy(w, newCanonical(strings.NewReader(text))) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}
