package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// field is one header field with its octets as they stand, folding and all. A list of these is used instead of a map
// because what we do not change has to leave as it came, in its place.
type field struct {
	name string // as written; empty: a line that is no field (in the header of a body part only)
	raw  []byte // name, colon, value; every line ended by CRLF
	line int    // where it began in the file, from 1; 0: ours
}

func (f *field) is(name string) bool { return strings.EqualFold(f.name, name) }

// value is the field's text unfolded (RFC 5322 2.2.3) and trimmed.
func (f *field) value() string {
	_, v, _ := bytes.Cut(f.raw, []byte(":"))
	return strings.Trim(strings.ReplaceAll(string(v), "\r\n", ""), " \t")
}

// longest is the length of the field's longest line without its end.
func (f *field) longest() int {
	n := 0
	for line := range bytes.SplitSeq(f.raw, crlf) {
		n = max(n, len(line))
	}
	return n
}

// header is a header block in its order.
type header []field

func (h header) get(name string) (string, bool) {
	for i := range h {
		if h[i].is(name) {
			return h[i].value(), true
		}
	}
	return "", false
}

func (h header) has(name string) bool { _, ok := h.get(name); return ok }

func (h header) all(name string) []string {
	var values []string
	for i := range h {
		if h[i].is(name) {
			values = append(values, h[i].value())
		}
	}
	return values
}

func (h header) count(name string) int { return len(h.all(name)) }

// del removes every field of that name and says whether there was one.
func (h *header) del(name string) bool {
	kept := (*h)[:0]
	for _, f := range *h {
		if !f.is(name) {
			kept = append(kept, f)
		}
	}
	gone := len(kept) < len(*h)
	*h = kept
	return gone
}

// set puts a field where the first of its name stood, others of that name go; else at the end.
func (h *header) set(name string, raw []byte) {
	one := field{name: name, raw: raw}
	kept, done := make(header, 0, len(*h)+1), false
	for _, f := range *h {
		if f.is(name) {
			if done {
				continue
			}
			f, done = one, true
		}
		kept = append(kept, f)
	}
	if !done {
		kept = append(kept, one)
	}
	*h = kept
}

// bytes is the block as it is sent, with the blank line that ends it.
func (h header) bytes() []byte {
	var b bytes.Buffer
	for i := range h {
		b.Write(h[i].raw)
	}
	b.Write(crlf)
	return b.Bytes()
}

// readHeader reads up to the blank line that ends a header; ended says whether there was one. What mail programs put
// before a header is dropped: a byte order mark, blank lines, and the "From " line of a mailbox file.
func readHeader(l *lines) (h header, ended bool, err error) {
	if b, err := l.r.Peek(len(bom)); err == nil && string(b) == bom {
		l.take(len(bom))
	}
	mbox, size, receivers, fields := false, 0, 0, 0
	for {
		line, err := l.line(maxHeader)
		switch {
		case errors.Is(err, io.EOF):
			return h, false, nil
		case errors.Is(err, errLineTooLong):
			return nil, false, tooMuchHeader()
		case err != nil:
			return nil, false, err
		}
		blank := len(bytes.Trim(line, " \t")) == 0
		if len(h) == 0 {
			if blank {
				continue
			}
			if !mbox && bytes.HasPrefix(line, []byte("From ")) {
				mbox = true
				continue
			}
		}
		if len(line) == 0 {
			return h, true, nil
		}
		if blank {
			continue // a fold of nothing: forbidden (RFC 5322 3.2.2), and some servers take it for the end of the header
		}
		if err := h.add(line, l.ended); err != nil {
			return nil, false, err
		}
		if last := &h[len(h)-1]; last.is("X-Receiver") {
			receivers += len(line)
		} else {
			size += len(line) + len(crlf)
			if !folded(line) {
				fields++
			}
		}
		if size > maxHeader || fields > maxFields || receivers > maxReceivers || len(h) > maxFields+maxRecipients {
			return nil, false, tooMuchHeader()
		}
	}
}

const bom = "\xef\xbb\xbf"

func folded(line []byte) bool { return len(line) > 0 && (line[0] == ' ' || line[0] == '\t') }

func tooMuchHeader() error {
	return refuse(nextWriter, "The header of the message is too large: more than %d KB or %d lines.", maxHeader>>10, maxFields)
}

// add puts a line of the file to the header: a new field, or the folded rest of the last.
func (h *header) add(line []byte, number int) error {
	if bytes.Contains(line, []byte{0}) {
		if len(*h) == 0 {
			return notMail()
		}
		return refuse(nextWriter, "There is a NUL character in line %d, in the header of the message.", number)
	}
	if folded(line) {
		if len(*h) == 0 {
			return refuse(nextWriter, "Line %d begins with a blank, but no header field stands before it.", number)
		}
		last := &(*h)[len(*h)-1]
		last.raw = append(append(last.raw, line...), crlf...)
		return nil
	}
	name, rest, ok := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	if !ok || !fieldName(name) {
		if len(*h) == 0 && !printable(line) {
			return notMail()
		}
		return refuse(nextWriter, "Line %d is not a header field like \"Subject: ...\", and no blank line stands before it.", number)
	}
	raw := fmt.Appendf(make([]byte, 0, len(line)+len(crlf)), "%s:%s\r\n", name, rest)
	*h = append(*h, field{name: string(name), raw: raw, line: number})
	return nil
}

func notMail() error { return refuse(nextNotMail, "This file is not a mail message.") }

// fieldName reports whether a field may be called so (RFC 5322 3.6.8). Names longer than any real one are refused, so
// that a name always fits its line.
func fieldName(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return len(b) > 0 && len(b) <= 200
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' || c > '~' {
			return false
		}
	}
	return true
}

// parseHeader reads a block that is canonical already: a stored header, or the header of a body part. Lines that are
// no field are kept nameless.
func parseHeader(block []byte) header {
	var h header
	for line := range bytes.SplitAfterSeq(block, crlf) {
		if len(line) == 0 || bytes.Equal(line, crlf) {
			continue
		}
		if folded(line) && len(h) > 0 {
			last := &h[len(h)-1]
			last.raw = append(last.raw, line...)
			continue
		}
		f := field{raw: bytes.Clone(line)}
		if name, _, ok := bytes.Cut(line, []byte(":")); ok {
			if name = bytes.TrimRight(name, " \t"); fieldName(name) {
				f.name = string(name)
			}
		}
		h = append(h, f)
	}
	return h
}
