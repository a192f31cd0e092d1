package roster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is one way letters are written as octets.
type Encoding struct{ Name, Label string }

const (
	utf8Name    = "utf-8"
	windows1252 = "windows-1252"
)

var encodings = []struct {
	Encoding
	how encoding.Encoding
}{
	{Encoding{utf8Name, "UTF-8"}, nil},
	{Encoding{windows1252, "Western European (Windows-1252)"}, charmap.Windows1252},
	{Encoding{"windows-1250", "Central European (Windows-1250)"}, charmap.Windows1250},
	{Encoding{"iso-8859-2", "Central European (ISO-8859-2)"}, charmap.ISO8859_2},
	{Encoding{"macintosh", "Western European (Macintosh)"}, charmap.Macintosh},
	{Encoding{"windows-1251", "Cyrillic (Windows-1251)"}, charmap.Windows1251},
	{Encoding{"windows-1253", "Greek (Windows-1253)"}, charmap.Windows1253},
	{Encoding{"windows-1254", "Turkish (Windows-1254)"}, charmap.Windows1254},
	{Encoding{"windows-1257", "Baltic (Windows-1257)"}, charmap.Windows1257},
	{Encoding{"ibm850", "Western European (DOS)"}, charmap.CodePage850},
	{Encoding{"utf-16le", "Unicode text (UTF-16)"}, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
	{Encoding{"utf-16be", "Unicode text (UTF-16, big-endian)"}, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
}

// Encodings are those a person may choose from.
func Encodings() []Encoding {
	all := make([]Encoding, len(encodings))
	for i, e := range encodings {
		all[i] = e.Encoding
	}
	return all
}

// sniffed is how a text file is written.
type sniffed struct {
	encoding string
	others   []string
	comma    byte
	told     bool // a first row "sep=;" names the separator: it is no data
	macEnds  bool // lines end in CR alone
	plain    bool // no octet beyond ASCII
	lines    int  // about so many
	nuls     int64
	broken   int64 // letters that are not UTF-8, in a text that is
}

func (s *sniffed) separator() string {
	if s.comma == 0 {
		return ""
	}
	return string(s.comma)
}

// sniff reads a text once to tell its encoding: by its mark, by the zeros of UTF-16, by being valid UTF-8, or nearly: in
// other encodings hardly any letter looks like it. What is none of these is taken for Windows-1252, which nobody can tell
// from its relatives; a person is offered those.
func sniff(ctx context.Context, r io.Reader) (sniffed, error) {
	var s sniffed
	var zeros [2]int64
	var size int64
	var head, tail []byte     // the first octets; what of a letter the last block ended in
	var letters, broken int64 // beyond ASCII: in UTF-8, and not
	breaks, returns := 0, 0
	s.plain = true
	buf := make([]byte, 256<<10)
	for {
		if err := ctx.Err(); err != nil {
			return s, err
		}
		n, err := io.ReadFull(r, buf)
		b := buf[:n]
		if size == 0 {
			head = bytes.Clone(b[:min(n, 4)])
		}
		for i, c := range b {
			switch {
			case c == 0:
				zeros[(size+int64(i))&1]++
			case c >= utf8.RuneSelf:
				s.plain = false
			}
		}
		breaks += bytes.Count(b, []byte{'\n'})
		if breaks == 0 {
			returns += bytes.Count(b, []byte{'\r'})
		}
		tail = append(tail, b...)
		whole, bad, rest := lettersIn(tail)
		letters, broken, tail = letters+whole, broken+bad, rest
		size += int64(n)
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				break
			}
			return s, err
		}
	}
	s.macEnds = breaks == 0 && returns > 0
	s.lines = breaks + returns + 1
	s.nuls = zeros[0] + zeros[1]
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		s.encoding, s.nuls, s.plain = "utf-16le", 0, false
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		s.encoding, s.nuls, s.plain = "utf-16be", 0, false
	case zeros[1] > size/8 && zeros[0] < zeros[1]/8:
		s.encoding, s.nuls, s.plain = "utf-16le", 0, false
	case zeros[0] > size/8 && zeros[1] < zeros[0]/8:
		s.encoding, s.nuls, s.plain = "utf-16be", 0, false
	case broken == 0 && len(tail) == 0:
		s.encoding = utf8Name
	default:
		if s.encoding = windows1252; letters > mostLetters*broken {
			s.encoding, s.broken = utf8Name, max(broken, 1)
		}
		for _, e := range encodings {
			if e.how != nil && e.Name != s.encoding && e.Name[:3] != "utf" {
				s.others = append(s.others, e.Name)
			}
		}
	}
	if s.nuls > size/100+1 {
		return s, refuse("The file is not text.", "Export the list as CSV or as an Excel workbook (.xlsx).")
	}
	return s, nil
}

// mostLetters is how many letters of a text must be UTF-8 for each that is not.
const mostLetters = 4

// lettersIn counts the letters of b beyond ASCII that are UTF-8 and those that are not. rest is a last one that is not whole.
func lettersIn(b []byte) (whole, broken int64, rest []byte) {
	cut := len(b)
	for i := 1; i <= min(utf8.UTFMax-1, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				cut = len(b) - i
			}
			break
		}
	}
	rest, b = b[cut:], b[:cut]
	if utf8.Valid(b) {
		for _, c := range b {
			if c >= utf8.RuneSelf && utf8.RuneStart(c) {
				whole++
			}
		}
		return whole, 0, append(b[:0:0], rest...)
	}
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			broken++
		case n > 1:
			whole++
		}
		b = b[n:]
	}
	return whole, broken, bytes.Clone(rest)
}

// decode gives the text as UTF-8 with lines that end in \n, without a mark at its beginning.
func (s *sniffed) decode(r io.Reader) (*bufio.Reader, error) {
	var how encoding.Encoding
	known := false
	for _, e := range encodings {
		if e.Name == s.encoding {
			how, known = e.how, true
		}
	}
	if !known {
		return nil, refuse(fmt.Sprintf("%q is no encoding known here.", s.encoding), "Choose one of the list.")
	}
	if how != nil {
		r = transform.NewReader(r, how.NewDecoder())
	}
	if s.macEnds {
		r = &returnsToBreaks{r}
	}
	b := bufio.NewReaderSize(r, 256<<10)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	return b, nil
}

// returnsToBreaks makes the line ends of old Macintosh programs those of everybody else.
type returnsToBreaks struct{ r io.Reader }

func (m *returnsToBreaks) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
