package mail

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// work is a re-encoding: planned on a first look through the body, done on a second. Only leaves that need it are
// touched.
type work struct {
	seven     bool // 8-bit octets must go as well as lines over 998 and NUL
	before    int  // lines of the file before the body, for line numbers
	top       header
	needs     []bool // by part number
	eightLeft bool   // 8-bit octets are left after it
	walker    *walker
	now       finding
}

// finding is what the leaf under way holds.
type finding struct {
	eight, long, nul, odd bool // odd: something that is no base64
	line                  int  // length of the line so far
	first                 int  // number of the first line that needs work
	valid                 *transform.Writer
	latin                 bool // not UTF-8
}

// plan looks through a body and changes the header h as its re-encoding will need. Errors: *data.Error where MIME does
// not allow it.
func (w *work) plan(h *header, body io.Reader) error {
	w.top = append(header{}, *h...)
	var err error
	w.walker, err = newWalker(w.top, body, w)
	for err == nil {
		err = w.walker.step()
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	p := newPart(w.top)
	switch {
	case w.needs[0]:
		setEncoding(h, p)
		if !h.has("Content-Type") {
			h.set("Content-Type", []byte("Content-Type: text/plain; charset="+w.charset()+"\r\n"))
		}
		if !h.has("MIME-Version") {
			h.set("MIME-Version", []byte("MIME-Version: 1.0\r\n"))
		}
	case w.seven && p.kind != leaf:
		sevenContainer(h)
	}
	return nil
}

// charset names what the octets of a message that says nothing of them are.
func (w *work) charset() string {
	switch {
	case !w.now.eight:
		return "us-ascii"
	case w.now.latin:
		return "unknown-8bit" // RFC 1428
	}
	return "utf-8"
}

// setEncoding notes in the header of a part how its octets will stand there.
func setEncoding(h *header, p *part) {
	h.set("Content-Transfer-Encoding", []byte("Content-Transfer-Encoding: "+p.target()+"\r\n"))
}

func sevenContainer(h *header) {
	if h.has("Content-Transfer-Encoding") {
		h.set("Content-Transfer-Encoding", []byte("Content-Transfer-Encoding: 7bit\r\n"))
	}
}

// target is the encoding a leaf gets; empty: MIME allows none (RFC 2045 6.4, RFC 2046 5.2).
func (p *part) target() string {
	switch {
	case p.encoding == "base64" || p.encoding == "quoted-printable":
		return p.encoding
	case !p.plain() || strings.HasPrefix(p.media, "message/") || strings.HasPrefix(p.media, "multipart/"):
		return ""
	case strings.HasPrefix(p.media, "text/"):
		return "quoted-printable"
	}
	return "base64"
}

// open implements visitor.
func (w *work) open(p *part) error {
	w.needs = append(w.needs, false)
	w.now = finding{valid: transform.NewWriter(io.Discard, encoding.UTF8Validator)}
	if p.raw == nil {
		return nil
	}
	_, err := w.mendPart(p)
	return err
}

// mendPart gives the header of a body part as it will be sent.
func (w *work) mendPart(p *part) ([]byte, error) {
	if bytes.IndexByte(p.raw, 0) >= 0 {
		return nil, refuse(nextWriter, "There is a NUL character in the header of an attachment.")
	}
	for i := range p.h {
		f := &p.h[i]
		if f.longest() <= maxLine && (!w.seven || ascii(f.raw)) {
			continue
		}
		if p.frozen {
			return nil, signed(0)
		}
		if _, err := f.mend(); err != nil {
			return nil, err
		}
		if w.seven && !ascii(f.raw) {
			return nil, refuse(nextWriter, "An attachment's header holds letters this mail server does not take.")
		}
	}
	block := p.h.bytes()
	if !bytes.HasSuffix(p.raw, []byte("\r\n\r\n")) && string(p.raw) != "\r\n" {
		block = block[:len(block)-len(crlf)] // it had no blank line: a boundary follows at once
	}
	w.eightLeft = w.eightLeft || !ascii(block)
	return block, nil
}

// content implements visitor.
func (w *work) content(_ *part, chunk []byte, end bool) error {
	f := &w.now
	f.line += len(chunk)
	f.long = f.long || f.line > maxLine
	f.nul = f.nul || bytes.IndexByte(chunk, 0) >= 0
	if !ascii(chunk) {
		f.eight = true
	}
	if _, err := f.valid.Write(chunk); err != nil {
		f.latin = true
	}
	if !f.odd {
		f.odd = bytes.IndexFunc(chunk, func(r rune) bool { return !base64Octet(r) }) >= 0
	}
	if f.first == 0 && w.wants(f) {
		f.first = w.before + w.walker.l.ended
		if !end {
			f.first++
		}
	}
	if end {
		f.line = 0
	}
	return nil
}

func (w *work) wants(f *finding) bool { return f.long || f.nul || w.seven && f.eight }

func base64Octet(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '/' || r == '=' || r == ' ' || r == '\t'
}

// close implements visitor.
func (w *work) close(p *part, _ bool) error {
	f := &w.now
	if w.now.valid.Close() != nil {
		f.latin = true
	}
	if !w.wants(f) {
		w.eightLeft = w.eightLeft || f.eight
		return nil
	}
	switch {
	case p.frozen:
		return signed(f.first)
	case p.target() == "" || p.encoding == "base64" && f.odd:
		return refuse(nextWriter, "Line %d is longer than %d characters or holds what no mail server takes, and its part of the message must not be encoded anew.",
			f.first, maxLine)
	}
	w.needs[p.number] = true
	return nil
}

func signed(line int) error {
	where := ""
	if line > 0 {
		where = " Line " + itoa(line) + " needs it."
	}
	return refuse("Send it unsigned, or through a mail server that takes 8-bit text.",
		"The message is signed or encrypted, so it must not be encoded anew.%s", where)
}

// between implements visitor.
func (w *work) between(chunk []byte, _, _ bool) error {
	w.eightLeft = w.eightLeft || !w.seven && !ascii(chunk)
	return nil
}
