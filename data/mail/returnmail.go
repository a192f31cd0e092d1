package mail

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"smtpgateway/data"
)

// Return asks for the mail that tells a sender what could not be delivered.
type Return struct {
	From          data.From // of the settings
	To            string    // who is told: the From address of the settings, never one out of a file
	ReportingHost string    // this computer's name
	Now           time.Time // its location is the one times are written in
	Items         []ReturnItem
}

// ReturnItem is one message with the deliveries that failed.
type ReturnItem struct {
	Message        data.Message
	OriginalHeader []byte // as stored; empty: gone already
	Failed         []data.Delivery
	ServerHost     string    // host or host:port that answered; empty: nobody
	LastAttempt    time.Time // zero: unknown
}

// ComposeReturn writes a return mail: for one message a report of RFC 3464 in a multipart/report (RFC 6522), for
// several one digest with such a report for each. Its envelope sender is empty, so it is never answered itself. Errors
// are those of Compose.
func ComposeReturn(r Return) (*data.NewMessage, error) {
	if len(r.Items) == 0 {
		return nil, &data.Error{Code: data.CodeUsage, Sentence: "There is nothing to return."}
	}
	t := Text{From: data.From{Address: r.From.Address, Name: "Mail delivery"}, To: []string{r.To}, Class: data.ClassReturn, Now: r.Now}
	if len(r.Items) == 1 {
		t.Subject = "Not delivered: " + r.Items[0].Message.Subject
		t.InReplyTo = r.Items[0].Message.MessageID
	} else {
		t.Subject = fmt.Sprintf("Not delivered: %d messages", len(r.Items))
	}
	m, h, err := t.envelope("auto-replied")
	if err != nil {
		return nil, err
	}
	m.Sender, m.NoReturn = "", true
	h.set("MIME-Version", []byte("MIME-Version: 1.0\r\n"))
	var body bytes.Buffer
	if len(r.Items) == 1 {
		h.set("Content-Type", r.report(&body, r.Items[0], true))
	} else {
		h.set("Content-Type", r.digest(&body))
	}
	m.Header, m.Body, m.EightBit = h.bytes(), bytes.NewReader(body.Bytes()), m.UTF8
	return m, nil
}

// digest writes the parts of a mail about several messages and gives its Content-Type.
func (r Return) digest(b *bytes.Buffer) []byte {
	boundary := newBoundary()
	var words strings.Builder
	fmt.Fprintf(&words, "%d messages could not be delivered. A report for each is attached.\n\n", len(r.Items))
	for i, item := range r.Items {
		fmt.Fprintf(&words, "%d. ", i+1)
		r.words(&words, item)
		words.WriteString("\n")
	}
	words.WriteString(closingWords)
	textPart(b, boundary, words.String())
	for _, item := range r.Items {
		var one bytes.Buffer
		kind := r.report(&one, item, false)
		fmt.Fprintf(b, "--%s\r\n%s\r\n", boundary, kind)
		b.Write(one.Bytes())
		b.WriteString("\r\n")
	}
	fmt.Fprintf(b, "--%s--\r\n", boundary)
	return []byte("Content-Type: multipart/mixed;\r\n boundary=\"" + boundary + "\"\r\n")
}

const closingWords = "The messages are kept. Once the reason is mended, open SMTP Gateway Manager, choose Queue and press \"Send again\".\n" +
	"This mail was written by the SMTP Gateway itself; nobody reads answers to it.\n"

// report writes the three parts of one report and gives its Content-Type.
func (r Return) report(b *bytes.Buffer, item ReturnItem, alone bool) []byte {
	boundary := newBoundary()
	var words strings.Builder
	if alone {
		words.WriteString("This message could not be delivered:\n\n")
	}
	r.words(&words, item)
	if alone {
		words.WriteString("\n" + closingWords)
	}
	textPart(b, boundary, words.String())
	fmt.Fprintf(b, "--%s\r\nContent-Type: message/delivery-status\r\n\r\n", boundary)
	r.status(b, item)
	headerPart(b, boundary, item.OriginalHeader)
	fmt.Fprintf(b, "--%s--\r\n", boundary)
	return []byte("Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"" + boundary + "\"\r\n")
}

// words says for a librarian which message it is, what happened to it and what to do.
func (r Return) words(b *strings.Builder, item ReturnItem) {
	m := item.Message
	subject := m.Subject
	if subject == "" {
		subject = "(no subject)"
	}
	fmt.Fprintf(b, "Subject: %s\n", data.Clean(subject, maxShown))
	if m.To != "" {
		fmt.Fprintf(b, "To: %s\n", data.Clean(m.To, maxShown))
	}
	if !m.Queued.IsZero() {
		fmt.Fprintf(b, "Written: %s\n", m.Queued.In(r.Now.Location()).Format("Monday, 2 January 2006, 15:04"))
	}
	for _, d := range item.Failed {
		fmt.Fprintf(b, "\nNot delivered to %s\n", data.Clean(d.Recipient, maxShown))
		if d.Reason != "" {
			fmt.Fprintf(b, "  What happened: %s\n", data.Clean(d.Reason, 500))
		}
		if d.Code != 0 {
			fmt.Fprintf(b, "  The mail server said: %s\n", serverLine(d))
		}
		if d.Remedy != "" {
			fmt.Fprintf(b, "  What to do: %s\n", data.Clean(d.Remedy, 500))
		}
	}
}

func textPart(b *bytes.Buffer, boundary, text string) {
	fmt.Fprintf(b, "--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", boundary)
	b.Write(quoted(text))
	b.WriteString("\r\n")
}

// headerReturned is how much of the original header a report carries: enough to know the letter again, and a digest
// of a thousand stays small.
const headerReturned = 16 << 10

// headerPart returns the header of the message (RFC 6522 4) without what only this gateway should know.
func headerPart(b *bytes.Buffer, boundary string, original []byte) {
	h := parseHeader(original)
	for _, name := range append(envelopeFields, "Authorization", "Proxy-Authorization") {
		h.del(name)
	}
	var kept header
	size, plain := 0, true
	for _, f := range h {
		if size += len(f.raw); size > headerReturned {
			break
		}
		kept = append(kept, f)
		plain = plain && ascii(f.raw)
	}
	block := kept.bytes()
	fmt.Fprintf(b, "--%s\r\nContent-Type: text/rfc822-headers", boundary)
	if plain {
		b.WriteString("\r\n\r\n")
		b.Write(block)
		return
	}
	b.WriteString("; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	b.Write(quoted(string(block)))
}
