package mail

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"strings"
	"time"

	"smtpgateway/data"
)

// ComposePractice writes what practice mode sends in a message's place: to testTo, with a banner saying for whom it
// was, the message attached untouched. raw gives the message as it would be sent, header included; nil: the octets of
// original itself. It is streamed, so it stays open until the store has read the copy.
func ComposePractice(original *Draft, raw io.Reader, recipients []string, testTo string, from data.From, now time.Time) (*data.NewMessage, error) {
	t := Text{
		From: from, To: []string{testTo}, Subject: "[Practice] " + original.Subject, Class: original.Class, Now: now, Practice: true,
	}
	m, h, err := t.envelope("auto-generated")
	if err != nil {
		return nil, err
	}
	m.NoReturn = true // a practice copy that fails is no reader's letter
	if raw == nil {
		raw = bytes.NewReader(original.Header)
		if original.Body != nil {
			raw = io.MultiReader(raw, original.Body)
		}
	}
	boundary := newBoundary()
	h.set("MIME-Version", []byte("MIME-Version: 1.0\r\n"))
	h.set("Content-Type", []byte("Content-Type: multipart/mixed;\r\n boundary=\""+boundary+"\"\r\n"))
	encoding, media := "7bit", "message/rfc822"
	if original.EightBit {
		encoding = "8bit"
		h.set("Content-Transfer-Encoding", []byte("Content-Transfer-Encoding: 8bit\r\n"))
	}
	if original.UTF8 {
		media = "message/global" // RFC 6532 3.7
	}
	var head bytes.Buffer
	textPart(&head, boundary, practiceBanner(original, recipients))
	fmt.Fprintf(&head, "--%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: %s\r\nContent-Disposition: attachment; filename=\"message.eml\"\r\n\r\n",
		boundary, media, encoding)
	m.Header = h.bytes()
	m.EightBit = original.EightBit || m.UTF8
	m.Body = io.MultiReader(&head, newCanonical(raw), strings.NewReader("\r\n--"+boundary+"--\r\n"))
	return m, nil
}

func practiceBanner(original *Draft, recipients []string) string {
	var b strings.Builder
	b.WriteString("PRACTICE MODE: this message was not sent to the people it is for.\n\nIt would have gone to:\n")
	for i, r := range recipients {
		if i == 100 {
			fmt.Fprintf(&b, "  and %d more\n", len(recipients)-i)
			break
		}
		fmt.Fprintf(&b, "  %s\n", data.Clean(r, maxShown))
	}
	fmt.Fprintf(&b, "\nSubject: %s\n\nThe message itself is attached. To send messages for real, switch practice mode off in the settings.\n", original.Subject)
	return b.String()
}

func newBoundary() string { return "=_" + rand.Text() }
