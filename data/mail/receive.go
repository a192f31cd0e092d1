package mail

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"smtpgateway/data"
)

// Receive reads a message as some program wrote it and makes of it what will be sent: line ends CRLF, envelope taken
// out, From of the settings in, and nothing else changed that could stay. src is read twice, the second time as the
// store reads Draft.Body, so it stays open until then. size is the file's, or negative when nobody knows. Errors are
// *data.Error: CodeBadMessage, CodeTooLarge, CodeBadAddress, CodeBadSettings; others come from src.
func Receive(src io.ReadSeeker, size int64, r Rules) (*Draft, error) {
	if r.MaxBytes > 0 && size > r.MaxBytes {
		return nil, tooLarge(size, r.MaxBytes)
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	l := newLines(src)
	if err := l.sniff(); err != nil {
		return nil, err
	}
	h, _, err := readHeader(l)
	if err != nil {
		return nil, err
	}
	if len(h) == 0 {
		return nil, refuse(nextWriter, "The message has no header: no To, no Subject, nothing.")
	}
	if h.count("Received") >= maxReceived {
		return nil, refuse("Look for two mail systems that hand the message back to each other.",
			"The message has gone through %d mail servers: a mail loop.", h.count("Received"))
	}
	d := &Draft{}
	c := changes{}
	if err := d.edit(&h, r, c); err != nil {
		return nil, err
	}
	offset, before := l.offset(), l.ended
	s, err := l.look(r.MaxBytes)
	switch {
	case errors.Is(err, errLineTooLong):
		return nil, tooLarge(max(size, l.read), r.MaxBytes)
	case err != nil:
		return nil, err
	}
	body := &later{src: src, offset: offset, make: func(r io.Reader) io.Reader { return newCanonical(r) }}
	if s.long > 0 || s.nul > 0 {
		w := work{before: before}
		if _, err := src.Seek(offset, io.SeekStart); err != nil {
			return nil, err
		}
		if err := w.plan(&h, src); err != nil {
			return nil, err
		}
		s.eightBit, body.make = w.eightLeft, w.rewrite
		d.notef("Lines over %d characters or with a NUL were encoded anew, since no mail server takes them.", maxLine)
	}
	for _, domain := range h.dropVoid(c, s.long > 0 || s.nul > 0) {
		d.notef("The DKIM signature of %s was removed: with another From it would no longer hold.", domain)
	}
	d.Header, d.EightBit = h.bytes(), s.eightBit
	if s.octets > 0 {
		d.Body = body
	}
	if !ascii(d.Header) {
		d.EightBit, d.UTF8 = true, true
	}
	return d, nil
}

// edit makes the header what it is sent as, and fills in what people and the store want to know of it.
func (d *Draft) edit(h *header, r Rules, c changes) error {
	if v, ok := h.get("From"); ok {
		d.OriginalFrom = shown(v)
	}
	hadBcc := h.has("Bcc")
	e, err := h.readEnvelope()
	if err != nil {
		return err
	}
	if hadBcc {
		c.add("Bcc")
	}
	if err := h.stampFrom(r.From, e, c); err != nil {
		return err
	}
	if !h.has("To") && !h.has("Cc") {
		h.set("To", []byte("To: undisclosed-recipients:;\r\n"))
		c.add("To")
	}
	for i := range *h {
		f := &(*h)[i]
		changed, err := f.mend()
		if err != nil {
			return err
		}
		if changed {
			c.add(f.name)
		}
	}
	d.complete(h, r, c)

	a, _ := sender(r.From)
	d.Class, d.Sender, d.NoReturn, d.UTF8 = data.ClassDropped, a.String(), e.null, a.UTF8()
	d.OriginalSender, d.BadRecipients = e.sender, e.bad
	for _, to := range e.to {
		d.Recipients = append(d.Recipients, to.String())
		d.UTF8 = d.UTF8 || to.UTF8()
		if to.Dotless() {
			d.notef("%s has no dot after the @: perhaps a typing mistake.", to)
		}
	}
	d.people(*h)
	return nil
}

// people fills in what lists show of the message.
func (d *Draft) people(h header) {
	from, _ := h.get("From")
	subject, _ := h.get("Subject")
	to := strings.Join(slices.Concat(h.all("To"), h.all("Cc")), ", ")
	if len(mailboxes(to)) == 0 {
		to = strings.Join(d.Recipients[:min(len(d.Recipients), 10)], ", ")
	}
	d.From, d.To, d.Subject = shown(from), shown(to), shown(subject)
}

// complete adds the fields no message may be without (RFC 5322 3.6; Message-ID only should be there, but we need one
// to be the same on every try).
func (d *Draft) complete(h *header, r Rules, c changes) {
	if v, _ := h.get("Date"); v == "" {
		h.set("Date", []byte("Date: "+r.Now.Format(time.RFC1123Z)+"\r\n"))
		c.add("Date")
	}
	if v, _ := h.get("Message-ID"); v != "" {
		d.MessageID = data.Clean(v, maxLine)
		if !strings.HasPrefix(d.MessageID, "<") {
			d.MessageID = "<" + d.MessageID + ">"
		}
		return
	}
	d.MessageID = newMessageID(r.From.Address, r.Host)
	h.set("Message-ID", []byte("Message-ID: "+d.MessageID+"\r\n"))
	c.add("Message-ID")
}

// newMessageID is random on the left and From's domain on the right, host where From has none to show.
func newMessageID(from, host string) string {
	if a, err := data.ParseAddress(from); err == nil && !strings.HasPrefix(a.Domain, "[") {
		host = a.Domain
	}
	name, err := data.CanonicalHost(host)
	if err != nil {
		name = "localhost.invalid"
	}
	return "<" + strings.ToLower(rand.Text()) + "@" + name + ">"
}

func tooLarge(size, limit int64) error {
	return &data.Error{
		Code:     data.CodeTooLarge,
		Sentence: "The message is too large: " + megabytes(size) + ", and at most " + megabytes(limit) + " are taken.",
		Next:     "Make its attachments smaller, or raise the limit in the settings if the mail server takes more.",
	}
}

// megabytes rounds up, so that what is too large never looks as if it just fitted.
func megabytes(n int64) string {
	tenths := (n*10 + 1<<20 - 1) >> 20
	s := itoa(int(tenths / 10))
	if tenths%10 != 0 {
		s += "." + itoa(int(tenths%10))
	}
	return s + " MB"
}

// sniff refuses what is plainly no mail by its first octets, so that a person reads that and not "line 1 is wrong".
func (l *lines) sniff() error {
	b, err := l.r.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(b) == 0 {
		return refuse(nextWriter, "The file is empty.")
	}
	if utf16(b) {
		return refuse("Save it as plain text or UTF-8.", "The file was saved as UTF-16, which no mail program reads.")
	}
	for _, magic := range []string{"\x89PNG", "MZ", "PK\x03\x04", "%PDF-", "\x7fELF", "GIF8", "\xff\xd8\xff", "\xd0\xcf\x11\xe0", "{\\rtf"} {
		if bytes.HasPrefix(b, []byte(magic)) && (magic != "MZ" || bytes.IndexByte(b, 0) >= 0) {
			return notMail()
		}
	}
	return nil
}

// utf16 knows the byte order mark, and without one the NUL beside every plain letter.
func utf16(b []byte) bool {
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return true
	}
	return len(b) >= 4 && (b[0] == 0 && b[2] == 0 && b[1] != 0 && b[3] != 0 || b[1] == 0 && b[3] == 0 && b[0] != 0 && b[2] != 0)
}
