package mail

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	foldAt  = 78 // octets a line should not pass (RFC 5322 2.1.1)
	maxWord = 60 // octets of an encoded word: shorter than RFC 2047's 75, so that "Reply-To: " fits before it
)

// fold writes a field out of words that must stay whole, one blank between them, lines of 78 octets where they fit.
func fold(name string, words []string) []byte {
	b := append([]byte(name), ':')
	line := len(b)
	for i, w := range words {
		if i > 0 && line+1+len(w) > foldAt {
			b = append(b, crlf...)
			line = 0
		}
		b = append(append(b, ' '), w...)
		line += 1 + len(w)
	}
	return append(b, crlf...)
}

// unstructured writes a field of free text: as it is where it can be, else as encoded words (RFC 2047). No text makes a
// second line of its own, whatever is in it.
func unstructured(name, text string) []byte {
	text = oneLine(text)
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })
	plain := ascii(text) && !strings.Contains(text, "=?")
	for _, w := range words {
		plain = plain && len(w) <= foldAt
	}
	if !plain {
		words = encodeWords(text)
	}
	return fold(name, words)
}

// oneLine makes breaks, controls and what cannot be read into blanks and question marks, and trims the ends.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return '?'
		case r == '\u2028' || r == '\u2029' || unicode.IsControl(r):
			return ' '
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", " "))
	return strings.Trim(s, " ")
}

// encodeWords gives text as encoded words of RFC 2047, in UTF-8, Q or B, whichever is shorter. It is fit for names too
// (RFC 2047 5 (3)).
func encodeWords(text string) []string {
	var (
		words []string
		q, b  strings.Builder
	)
	long := 0
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			long++
		}
	}
	useB := long*3 > len(text)
	flush := func() {
		switch {
		case b.Len() == 0:
			return
		case useB:
			words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(b.String()))+"?=")
		default:
			words = append(words, "=?utf-8?q?"+q.String()+"?=")
		}
		q.Reset()
		b.Reset()
	}
	const frame = len("=?utf-8?q??=")
	for _, r := range text {
		e := encodeQ(r)
		if useB && frame+(b.Len()+utf8.RuneLen(r)+2)/3*4 > maxWord || !useB && frame+q.Len()+len(e) > maxWord {
			flush()
		}
		q.WriteString(e)
		b.WriteRune(r)
	}
	flush()
	return words
}

func encodeQ(r rune) string {
	switch {
	case r == ' ':
		return "_"
	case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("!*+-/", r)):
		return string(r)
	}
	var s strings.Builder
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(&s, "=%02X", c)
	}
	return s.String()
}

// nameWords gives a display name as it may stand before an address.
func nameWords(name string) []string {
	name = oneLine(name)
	switch {
	case name == "":
		return nil
	case len(name) > maxWord || !ascii(name) || strings.Contains(name, "=?"):
		return encodeWords(name)
	case strings.IndexFunc(name, func(r rune) bool { return r != ' ' && !atext(r) }) >= 0 || strings.Contains(name, "  "):
		return []string{`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`}
	}
	return strings.Fields(name)
}

// atext are the letters of an atom (RFC 5322 3.2.3), ASCII only.
func atext(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r))
}
