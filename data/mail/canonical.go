package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lines takes octets apart into lines, whichever of CR, LF and CRLF ends them, without ever holding a whole line: a
// line of a megabyte comes in stretches.
type lines struct {
	r      *bufio.Reader
	skipLF bool  // the last line ended with CR: an LF now belongs to it
	begun  bool  // the line under way has octets already
	read   int64 // octets taken from the source
	ended  int   // lines that have ended
	cut    bool  // the last of them ended with the source
}

// stretch is as far as one look for a line end goes: small, so that a file of CRs only costs no quadratic search.
const stretch = 4 << 10

// boundaryLine is how many octets from its beginning are given at once of any line that has them: a boundary line of
// MIME always comes whole.
const boundaryLine = 256

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 4*stretch)} }

// next gives a stretch of the line under way, without its end, and whether the line ended there. The octets are good
// until the next call. A last line without an end gets one. io.EOF comes between lines only.
func (l *lines) next() (chunk []byte, end bool, err error) {
	for {
		if _, err := l.r.Peek(1); err != nil {
			if errors.Is(err, io.EOF) && l.begun {
				l.begun, l.cut = false, true
				l.ended++
				return nil, true, nil
			}
			return nil, false, err
		}
		_, _ = l.r.Peek(boundaryLine)
		b, _ := l.r.Peek(min(l.r.Buffered(), stretch))
		if l.skipLF {
			l.skipLF = false
			if b[0] == '\n' {
				l.take(1)
				continue
			}
		}
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			i = len(b)
		}
		if j := bytes.IndexByte(b[:i], '\r'); j >= 0 {
			i = j
		}
		if i == len(b) {
			l.take(i)
			l.begun = true
			return b, false, nil
		}
		l.skipLF = b[i] == '\r'
		l.take(i + 1)
		l.begun = false
		l.ended++
		return b[:i], true, nil
	}
}

func (l *lines) take(n int) {
	_, _ = l.r.Discard(n) // these octets are buffered
	l.read += int64(n)
}

// offset is where the next line begins in the source.
func (l *lines) offset() int64 {
	if l.skipLF {
		if b, err := l.r.Peek(1); err == nil && b[0] == '\n' {
			l.take(1)
		}
		l.skipLF = false
	}
	return l.read
}

var errLineTooLong = errors.New("line too long")

// line gives one whole line without its end, or errLineTooLong beyond limit octets.
func (l *lines) line(limit int) ([]byte, error) {
	var line []byte
	for {
		chunk, end, err := l.next()
		if err != nil {
			return line, err
		}
		if len(line)+len(chunk) > limit {
			return line, errLineTooLong
		}
		line = append(line, chunk...)
		if end {
			return line, nil
		}
	}
}

// canonical gives the octets of a source with every line ended by CRLF, the last one too.
type canonical struct {
	l    *lines
	rest []byte
	end  bool // after rest comes a CRLF
}

func newCanonical(r io.Reader) *canonical { return &canonical{l: newLines(r)} }

var crlf = []byte("\r\n")

// Read implements io.Reader.
func (c *canonical) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n := 0
	for n < len(p) {
		if len(c.rest) == 0 {
			if c.end {
				c.end, c.rest = false, crlf
				continue
			}
			chunk, end, err := c.l.next()
			if err != nil {
				if n > 0 && errors.Is(err, io.EOF) {
					return n, nil
				}
				return n, err
			}
			c.rest, c.end = chunk, end
			continue
		}
		m := copy(p[n:], c.rest)
		c.rest = c.rest[m:]
		n += m
	}
	return n, nil
}

// later is a reader that goes to its place in the source when it is first read, and makes of it what is wanted.
type later struct {
	src    io.ReadSeeker
	offset int64
	make   func(io.Reader) io.Reader
	r      io.Reader
}

// Read implements io.Reader.
func (b *later) Read(p []byte) (int, error) {
	if b.r == nil {
		if _, err := b.src.Seek(b.offset, io.SeekStart); err != nil {
			return 0, err
		}
		b.r = b.make(b.src)
	}
	return b.r.Read(p)
}

// scan is what one look through a body finds.
type scan struct {
	octets    int64 // canonical
	eightBit  bool
	long, nul int // number of the first line over 998 octets, with a NUL; 0: none
}

// look reads the rest of l, up to limit octets of the source (0: no limit).
func (l *lines) look(limit int64) (scan, error) {
	var s scan
	length := 0
	for {
		chunk, end, err := l.next()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		if limit > 0 && l.read > limit {
			return s, errLineTooLong
		}
		number := l.ended
		if !end {
			number++
		}
		length += len(chunk)
		s.octets += int64(len(chunk))
		if length > maxLine && s.long == 0 {
			s.long = number
		}
		s.eightBit = s.eightBit || !ascii(chunk)
		if s.nul == 0 && bytes.IndexByte(chunk, 0) >= 0 {
			s.nul = number
		}
		if end {
			length = 0
			s.octets += int64(len(crlf))
		}
	}
}

func ascii[T string | []byte](b T) bool {
	for i := range len(b) {
		if b[i] > '~'+1 {
			return false
		}
	}
	return true
}
