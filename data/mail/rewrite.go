package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
)

// rewrite gives the body as plan has settled it.
func (w *work) rewrite(body io.Reader) io.Reader {
	r := &rewriter{w: w}
	r.walker, r.err = newWalker(append(header{}, w.top...), body, r)
	return r
}

// rewriter writes what the walker meets into a buffer that Read empties.
type rewriter struct {
	w      *work
	walker *walker
	out    bytes.Buffer
	err    error
	tail   byte // last octet written
	enc    io.WriteCloser
	held   bool // a line end that may belong to the boundary after it
	line   int  // length of the line between parts
}

// Read implements io.Reader.
func (r *rewriter) Read(p []byte) (int, error) {
	for r.out.Len() == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.err = r.walker.step()
		if errors.Is(r.err, io.EOF) && r.tail != '\n' && r.tail != 0 {
			r.write(crlf)
		}
	}
	return r.out.Read(p)
}

func (r *rewriter) write(b []byte) {
	if len(b) > 0 {
		r.out.Write(b)
		r.tail = b[len(b)-1]
	}
}

// Write implements io.Writer for the encoders.
func (r *rewriter) Write(b []byte) (int, error) {
	r.write(b)
	return len(b), nil
}

func (r *rewriter) open(p *part) error {
	r.enc, r.held = nil, false
	need := r.w.needs[p.number]
	if p.raw != nil {
		switch {
		case need:
			setEncoding(&p.h, p)
		case r.w.seven && p.kind != leaf:
			sevenContainer(&p.h)
		}
		block, err := r.w.mendPart(p)
		if err != nil {
			return err
		}
		r.write(block)
	}
	if need {
		r.enc = newEncoder(p, r)
	}
	return nil
}

func newEncoder(p *part, out io.Writer) io.WriteCloser {
	switch {
	case p.encoding == "base64":
		return &rewrap{wrap{out: out}}
	case p.encoding == "quoted-printable":
		return &requote{out: out}
	case strings.HasPrefix(p.media, "text/"):
		return quotedprintable.NewWriter(out)
	}
	return base64.NewEncoder(base64.StdEncoding, &wrap{out: out})
}

func (r *rewriter) content(_ *part, chunk []byte, end bool) error {
	if r.enc == nil {
		r.write(chunk)
		if end {
			r.write(crlf)
		}
		return nil
	}
	if r.held {
		if _, err := r.enc.Write(crlf); err != nil {
			return err
		}
	}
	r.held = end
	_, err := r.enc.Write(chunk)
	return err
}

func (r *rewriter) close(_ *part, last bool) error {
	if r.enc == nil {
		return nil
	}
	if r.held && last {
		if _, err := r.enc.Write(crlf); err != nil {
			return err
		}
	}
	err := r.enc.Close()
	if !last || r.tail != '\n' {
		r.write(crlf)
	}
	r.enc = nil
	return err
}

// between passes on boundaries, and what stands around parts for readers without MIME: there a line may be cut and an
// 8-bit octet become a question mark, since nobody sees it.
func (r *rewriter) between(chunk []byte, end, _ bool) error {
	for _, c := range chunk {
		if r.line >= maxLine {
			r.write(crlf)
			r.line = 0
		}
		if c == 0 || r.w.seven && c > '~' {
			c = '?'
		}
		r.write([]byte{c})
		r.line++
	}
	if end {
		r.write(crlf)
		r.line = 0
	}
	return nil
}

const encodedLine = 76 // octets of a line of base64 or quoted-printable (RFC 2045 6.7, 6.8)

// wrap breaks base64 into lines.
type wrap struct {
	out io.Writer
	n   int
}

func (w *wrap) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		if w.n == encodedLine {
			if _, err := w.out.Write(crlf); err != nil {
				return 0, err
			}
			w.n = 0
		}
		m := min(len(rest), encodedLine-w.n)
		if _, err := w.out.Write(rest[:m]); err != nil {
			return 0, err
		}
		w.n += m
		rest = rest[m:]
	}
	return len(p), nil
}

// rewrap breaks base64 that is there already into lines.
type rewrap struct{ wrap }

func (w *rewrap) Write(p []byte) (int, error) {
	kept := make([]byte, 0, len(p))
	for _, c := range p {
		if c > ' ' {
			kept = append(kept, c)
		}
	}
	_, err := w.wrap.Write(kept)
	return len(p), err
}

func (w *rewrap) Close() error { return nil }

// requote puts soft breaks into quoted-printable that is there already, and encodes what never should have stood there.
type requote struct {
	out    io.Writer
	n      int
	escape int // octets of =XX still to come
}

func (q *requote) Write(p []byte) (int, error) {
	var b bytes.Buffer
	for _, c := range p {
		switch {
		case c == '\r' || c == '\n':
			b.WriteByte(c)
			q.n, q.escape = 0, 0
			continue
		case q.escape > 0:
			q.escape--
		case q.n >= encodedLine-4:
			b.WriteString("=\r\n")
			q.n = 0
		}
		if c == 0 || c > '~' {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'=', hex[c>>4], hex[c&15]})
			q.n += 3
			continue
		}
		if c == '=' {
			q.escape = 2
		}
		b.WriteByte(c)
		q.n++
	}
	_, err := q.out.Write(b.Bytes())
	return len(p), err
}

func (q *requote) Close() error { return nil }
