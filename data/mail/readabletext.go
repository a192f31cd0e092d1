package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// decodeText undoes transfer encoding and charset. What cannot be decoded stays as it stands: a person sees more in a
// broken text than in none.
func decodeText(raw []byte, encoding, charset string) string {
	switch strings.TrimSpace(encoding) {
	case "base64":
		raw = fromBase64(raw)
	case "quoted-printable":
		if b, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw))); err == nil {
			raw = b
		}
	}
	label := strings.ToLower(charset)
	if (label == "" || label == "us-ascii" || label == "utf-8") && utf8.Valid(raw) {
		return string(raw)
	}
	e, err := htmlindex.Get(label)
	if err != nil || label == "utf-8" && !utf8.Valid(raw) {
		e = charmap.Windows1252 // what old library programs write without saying so
	}
	b, err := e.NewDecoder().Bytes(raw)
	if err != nil {
		return string(raw)
	}
	return string(b)
}

// fromBase64 decodes what stands before the first mistake.
func fromBase64(raw []byte) []byte {
	kept := bytes.Map(func(r rune) rune {
		if base64Octet(r) && r != '=' {
			return r
		}
		return -1
	}, raw)
	kept = kept[:len(kept)-len(kept)%4+[...]int{0, 0, 2, 3}[len(kept)%4]]
	b := make([]byte, base64.RawStdEncoding.DecodedLen(len(kept)))
	n, _ := base64.RawStdEncoding.Decode(b, kept)
	return b[:n]
}

// tidy makes text fit for a screen: line ends of one kind, no more than two blank lines running, nothing invisible.
func tidy(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	var b strings.Builder
	blank := 0
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(visible(strings.ReplaceAll(line, "\t", "    ")), " ")
		if line == "" {
			if blank++; blank > 2 {
				continue
			}
		} else {
			blank = 0
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// visible leaves out what no person sees but what changes what they see: controls, and marks that turn the direction
// of writing about, so that "fdp.exe" cannot show as "exe.pdf".
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return '?'
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufeff',
			r >= '\u200e' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
}

// textOfHTML gives the words of an HTML text in lines. Nothing is fetched and nothing is run.
func textOfHTML(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(maxReadableRaw)
	t := &flowing{}
	var skip atom.Atom
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return t.b.String()
		case html.TextToken:
			if skip == 0 {
				t.words(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			if skip != 0 {
				if kind == html.EndTagToken && tag == skip {
					skip = 0
				}
				continue
			}
			switch tag {
			case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript:
				if kind == html.StartTagToken {
					skip = tag
				}
			case atom.Img:
				for more {
					var key, value []byte
					if key, value, more = z.TagAttr(); string(key) == "alt" {
						t.words(string(value))
					}
				}
			default:
				t.tag(tag, kind == html.EndTagToken)
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// flowing is text as a browser flows it: blanks run together, blocks begin on a line of their own.
type flowing struct {
	b     strings.Builder
	blank bool // a blank stands before the next word
	fresh int  // line breaks at the end of what is written
}

func (t *flowing) words(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			t.blank = true
			continue
		}
		if t.blank && t.fresh == 0 && t.b.Len() > 0 {
			t.b.WriteByte(' ')
		}
		t.b.WriteRune(r)
		t.blank, t.fresh = false, 0
	}
}

func (t *flowing) lines(n int) {
	for t.b.Len() > 0 && t.fresh < n {
		t.b.WriteByte('\n')
		t.fresh++
	}
	t.blank = false
}

func (t *flowing) tag(tag atom.Atom, end bool) {
	switch tag {
	case atom.Br:
		t.b.WriteByte('\n')
		t.fresh++
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Ul, atom.Ol, atom.Blockquote, atom.Hr:
		t.lines(2)
	case atom.Div, atom.Tr, atom.Pre, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address, atom.Dt, atom.Dd:
		t.lines(1)
	case atom.Li:
		if t.lines(1); !end {
			t.words("- ")
		}
	case atom.Td, atom.Th:
		if end {
			t.words("  ")
		}
	default:
	}
}
