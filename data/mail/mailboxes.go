package mail

import (
	"errors"
	"strings"

	"smtpgateway/data"
)

// mailbox is one entry of an address list.
type mailbox struct {
	name string // display name, or else the comment beside it; decoded, not cleaned
	addr data.Address
	text string // the entry as it stood, unfolded
	err  error  // it is no address: why
}

// mailboxes takes an address list apart (RFC 5322 3.4): groups are their members, comments and source routes go,
// semicolons separate as commas do, since Outlook users write them. data.ParseAddress alone says what is an address;
// nothing that was decoded is ever looked at as one.
func mailboxes(list string) []mailbox {
	var found []mailbox
	var e entry
	finish := func() {
		if m, ok := e.mailbox(); ok {
			found = append(found, m)
		}
		e = entry{}
	}
	quoted, angle, literal, depth := false, false, false, 0
	for i := 0; i < len(list); i++ {
		c := list[i]
		switch {
		case (quoted || depth > 0) && c == '\\' && i+1 < len(list):
			if angle {
				e.inside = append(e.inside, list[i:i+2]...)
				e.text = append(e.text, list[i:i+2]...)
			} else {
				e.put(list[i:i+2], depth > 0)
			}
			i++
			continue
		case quoted:
			quoted = c != '"'
		case c == '(' && !angle && !literal:
			depth++
			if depth == 1 {
				e.open()
				continue
			}
		case depth > 0:
			if c == ')' {
				depth--
				if depth == 0 {
					e.text = append(e.text, c)
					continue
				}
			}
		case c == '"':
			quoted = true
		case literal:
			literal = c != ']'
		case c == '[':
			literal = true
		case angle:
			angle = c != '>'
			if !angle {
				e.angles++
				e.text = append(e.text, c)
				continue
			}
			e.inside = append(e.inside, c)
			e.text = append(e.text, c)
			continue
		case c == '<':
			angle = true
			e.text = append(e.text, c)
			e.bracket = true
			continue
		case c == ',' || c == ';':
			finish()
			continue
		case c == ':':
			e = entry{} // the name of a group
			continue
		}
		if angle {
			e.inside = append(e.inside, c)
			e.text = append(e.text, c)
			continue
		}
		e.put(list[i:i+1], depth > 0)
	}
	e.broken = quoted || angle || literal || depth > 0
	finish()
	return found
}

// entry collects one mailbox while the list is read.
type entry struct {
	text, bare, inside, comment []byte
	bracket, broken             bool
	angles                      int
}

func (e *entry) open() {
	e.text = append(e.text, '(')
	e.bare = append(e.bare, ' ')
	if len(e.comment) > 0 {
		e.comment = append(e.comment, ' ')
	}
}

func (e *entry) put(s string, comment bool) {
	e.text = append(e.text, s...)
	if comment {
		e.comment = append(e.comment, s...)
	} else {
		e.bare = append(e.bare, s...)
	}
}

func (e *entry) mailbox() (mailbox, bool) {
	m := mailbox{text: strings.Trim(string(e.text), " \t")}
	if m.text == "" {
		return m, false
	}
	bare := strings.Trim(string(e.bare), " \t")
	switch {
	case e.broken:
		m.err = errors.New("a quotation mark or bracket is not closed")
	case e.angles > 1:
		m.err = errors.New("two addresses stand without a comma between them")
	case e.bracket:
		m.name = unquote(bare)
		m.addr, m.err = data.ParseAddress("<" + string(e.inside) + ">")
	case bare == "":
		return m, false // a comment and nothing else
	default:
		m.addr, m.err = data.ParseAddress(bare)
	}
	if m.name == "" {
		m.name = unescape(string(e.comment))
	}
	m.name = decode(m.name)
	return m, true
}

// unquote reads a phrase: quoted strings lose their marks.
func unquote(s string) string {
	if !strings.Contains(s, `"`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func unescape(s string) string { return unquote(strings.ReplaceAll(s, `"`, `\"`)) }

// addressField writes an address list. Entries that are no address are left out.
func addressField(name string, list []mailbox) []byte {
	var words []string
	for _, m := range list {
		if m.err != nil {
			continue
		}
		if len(words) > 0 {
			words[len(words)-1] += ","
		}
		words = append(words, mailboxWords(m.name, m.addr)...)
	}
	if len(words) == 0 {
		words = []string{"undisclosed-recipients:;"}
	}
	return fold(name, words)
}

func mailboxWords(name string, a data.Address) []string {
	words := nameWords(name)
	if len(words) == 0 {
		return []string{a.String()}
	}
	return append(words, "<"+a.String()+">")
}
