package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"slices"
	"strings"
)

const (
	maxDepth      = 20       // of multiparts and attached messages in one another
	maxPartHeader = 64 << 10 // octets of the header of one body part
	maxParts      = 100000
)

// partKind says whether a part holds others.
type partKind int

const (
	leaf      partKind = iota
	multipart          // parts between boundaries
	embedded           // message/rfc822: a header and a body again
)

// part is one body part of a MIME message (RFC 2045), or the message itself.
type part struct {
	h        header
	raw      []byte // the header as it stood; nil: the header of the message itself
	kind     partKind
	media    string // "text/plain", in lower case
	boundary string
	encoding string // Content-Transfer-Encoding in lower case; empty: none given
	number   int    // in the order of the message, from 0
	frozen   bool   // inside something signed or encrypted: not to be touched
}

func newPart(h header) *part {
	p := &part{h: h}
	v, ok := h.get("Content-Type")
	if !ok || v == "" {
		v = "text/plain"
	}
	media, params, err := mime.ParseMediaType(v)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		media, _, _ = strings.Cut(strings.ToLower(v), ";")
		media = strings.TrimSpace(media)
	}
	p.media, p.boundary = media, params["boundary"]
	v, _ = h.get("Content-Transfer-Encoding")
	p.encoding = strings.ToLower(v)
	switch {
	case !p.plain():
	case strings.HasPrefix(media, "multipart/") && p.boundary != "" && len(p.boundary) < boundaryLine/2:
		p.kind = multipart
	case media == "message/rfc822" || media == "message/global":
		p.kind = embedded
	}
	return p
}

// plain reports whether the octets of the part stand there as they are meant.
func (p *part) plain() bool {
	switch p.encoding {
	case "", "7bit", "8bit", "binary":
		return true
	}
	return false
}

// visitor is told of the parts of a message as they come by.
type visitor interface {
	open(p *part) error                            // its header has been read
	content(p *part, chunk []byte, end bool) error // a stretch of a leaf, without line end
	close(p *part, last bool) error                // the leaf has ended; last: with the message
	between(chunk []byte, end, mark bool) error    // boundaries (mark) and what stands around parts
}

// walker takes a body apart into its parts, stretch by stretch. It bends to broken MIME as readers do: a missing
// boundary ends with an outer one or with the message.
type walker struct {
	l      *lines
	v      visitor
	stack  []level
	at     *part // leaf under way; nil: between parts
	block  []byte
	inHead bool
	inLine bool // the line under way has begun
	depth  int
	frozen bool
	parts  int
}

type level struct {
	boundary string
	depth    int
	frozen   bool
}

func newWalker(top header, body io.Reader, v visitor) (*walker, error) {
	w := &walker{l: newLines(body), v: v}
	return w, w.begin(newPart(top))
}

// begin takes up a part whose header is known.
func (w *walker) begin(p *part) error {
	p.number, p.frozen = w.parts, w.frozen
	w.parts++
	if w.parts > maxParts {
		return refuse(nextWriter, "The message has more than %d parts.", maxParts)
	}
	if p.kind != leaf {
		w.depth++
		if w.depth > maxDepth {
			return refuse(nextWriter, "The message has parts within parts, more than %d deep.", maxDepth)
		}
	}
	if err := w.v.open(p); err != nil {
		return err
	}
	w.at, w.inHead, w.block = nil, false, nil
	switch p.kind {
	case multipart:
		w.frozen = w.frozen || p.media == "multipart/signed" || p.media == "multipart/encrypted"
		w.stack = append(w.stack, level{boundary: p.boundary, depth: w.depth, frozen: w.frozen})
	case embedded:
		w.inHead = true
	case leaf:
		w.at = p
	}
	return nil
}

// step goes on by one stretch; io.EOF says the message has ended.
func (w *walker) step() error {
	if w.inHead {
		return w.head()
	}
	chunk, end, err := w.l.next()
	if errors.Is(err, io.EOF) {
		if err := w.leave(true); err != nil {
			return err
		}
		return io.EOF
	}
	if err != nil {
		return err
	}
	first := !w.inLine
	w.inLine = !end
	if first && end {
		if done, err := w.mark(chunk); done {
			return err
		}
	}
	if w.at != nil {
		return w.v.content(w.at, chunk, end)
	}
	return w.v.between(chunk, end, false)
}

// head reads one line of the header of a part.
func (w *walker) head() error {
	line, err := w.l.line(maxPartHeader)
	switch {
	case errors.Is(err, io.EOF):
		return w.begin(w.headed())
	case errors.Is(err, errLineTooLong):
		return refuse(nextWriter, "The header of an attachment before line %d is too large.", w.l.ended+1)
	case err != nil:
		return err
	}
	if i, _ := w.boundary(line); i >= 0 {
		if err := w.begin(w.headed()); err != nil {
			return err
		}
		w.inHead = false
		_, err := w.mark(line)
		return err
	}
	w.block = append(append(w.block, line...), crlf...)
	if len(line) == 0 {
		return w.begin(w.headed())
	}
	if len(w.block) > maxPartHeader {
		return refuse(nextWriter, "The header of an attachment before line %d is too large.", w.l.ended)
	}
	return nil
}

func (w *walker) headed() *part {
	p := newPart(parseHeader(w.block))
	p.raw = append([]byte{}, w.block...)
	return p
}

// mark takes a whole line that may be a boundary.
func (w *walker) mark(line []byte) (bool, error) {
	i, closing := w.boundary(line)
	if i < 0 {
		return false, nil
	}
	if err := w.leave(false); err != nil {
		return true, err
	}
	w.depth, w.frozen = w.stack[i].depth, w.stack[i].frozen
	w.stack = w.stack[:i+1]
	if closing {
		w.stack = w.stack[:i]
	}
	w.inHead = !closing
	return true, w.v.between(line, true, true)
}

func (w *walker) leave(last bool) error {
	p := w.at
	w.at = nil
	if p == nil {
		return nil
	}
	return w.v.close(p, last)
}

// boundary gives the level whose boundary the line is, the innermost first; negative: none.
func (w *walker) boundary(line []byte) (int, bool) {
	if !bytes.HasPrefix(line, []byte("--")) {
		return -1, false
	}
	for i, l := range slices.Backward(w.stack) {
		rest, ok := bytes.CutPrefix(line[2:], []byte(l.boundary))
		if !ok {
			continue
		}
		switch rest = bytes.TrimRight(rest, " \t"); string(rest) {
		case "":
			return i, false
		case "--":
			return i, true
		}
	}
	return -1, false
}
