package mail

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"smtpgateway/data"
)

// maxLink is the longest address handed to another program, in encoded characters: some mail programs and the shells
// before them cut off what is longer, without a word.
const maxLink = 1800

// The parts of a link that come before its text leave room for some of it.
const (
	maxLinkTo      = 900
	maxLinkSubject = 400
)

// Note is a short text for a person's own mail program: lines before a list, the list, and lines after it. It is shortened
// at lines of the list first, because greeting and signature belong to any letter.
type Note struct {
	Head  []string
	Items []string
	Tail  []string
	More  string // said in place of items left out, with %d for how many: "... and %d more"
}

// bullet is how the lines of a list begin.
const bullet = "- "

// ParseNote finds the list in a text: the longest run of lines that begin with a dash and a blank. Line ends become \n, and
// what no program could show is dropped.
func ParseNote(text, more string) Note {
	lines := strings.Split(plainText(text), "\n")
	first, last, begin := 0, 0, -1
	for i := 0; i <= len(lines); i++ {
		listed := i < len(lines) && strings.HasPrefix(lines[i], bullet)
		switch {
		case listed && begin < 0:
			begin = i
		case !listed && begin >= 0:
			if i-begin > last-first {
				first, last = begin, i
			}
			begin = -1
		}
	}
	if last == 0 {
		return Note{Head: lines, More: more}
	}
	return Note{Head: lines[:first], Items: lines[first:last], Tail: lines[last:], More: more}
}

// String is the whole text, lines parted by \n.
func (n *Note) String() string {
	return strings.Join(append(append(append([]string(nil), n.Head...), n.Items...), n.Tail...), "\n")
}

// Mailto is the address that makes the default mail program write a message (RFC 6068): to, subject and body and no other
// field, at most 1,800 characters. cut: the text did not fit and is shorter in it. Errors: CodeBadAddress when one of to is
// no address, or they are too many.
func Mailto(to []string, subject string, n Note) (link string, cut bool, err error) {
	list, err := linkTo(to, "@")
	if err != nil {
		return "", false, err
	}
	link, cut = n.fit("mailto:" + list + "?subject=" + linkSubject(subject) + "&body=")
	return link, cut, nil
}

// GmailURL is the page on which Gmail writes a message, filled in as Mailto fills it.
func GmailURL(to []string, subject string, n Note) (link string, cut bool, err error) {
	list, err := linkTo(to, "%40")
	if err != nil {
		return "", false, err
	}
	link, cut = n.fit("https://mail.google.com/mail/?view=cm&fs=1&to=" + list + "&su=" + linkSubject(subject) + "&body=")
	return link, cut, nil
}

// OutlookURL is the page on which Outlook on the web writes a message, filled in as Mailto fills it.
func OutlookURL(to []string, subject string, n Note) (link string, cut bool, err error) {
	list, err := linkTo(to, "%40")
	if err != nil {
		return "", false, err
	}
	link, cut = n.fit("https://outlook.office.com/mail/deeplink/compose?to=" + list + "&subject=" + linkSubject(subject) + "&body=")
	return link, cut, nil
}

// linkTo lists addresses by comma, which is the one sign that stays as it is between them.
func linkTo(to []string, at string) (string, error) {
	parts := make([]string, len(to))
	for i, s := range to {
		a, err := data.ParseAddress(s)
		if err != nil {
			return "", err
		}
		parts[i] = escape(a.Local) + at + escape(a.Domain)
	}
	list := strings.Join(parts, ",")
	if list == "" {
		return "", &data.Error{Code: data.CodeBadAddress, Sentence: "The message has no recipient.", Next: "Enter an address."}
	}
	if len(list) > maxLinkTo {
		return "", &data.Error{Code: data.CodeBadAddress, Sentence: "These are more addresses than a mail program takes at once.", Next: "Write to fewer of them, or use \"Send from here\"."}
	}
	return list, nil
}

// linkSubject is the subject on one line, cut where it is longer than anybody reads.
func linkSubject(s string) string {
	return escape(clipped(data.Clean(s, maxShown), maxLinkSubject))
}

// escape writes UTF-8 percent-encoded, as a query wants it but for the plus sign: RFC 6068 5 knows %20 only.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// clipped gives as much of a text as fits into so many encoded characters, with three dots where something is missing.
func clipped(s string, most int) string {
	if len(escape(s)) <= most {
		return s
	}
	const dots = "..."
	room := most - len(dots)
	for i, r := range s {
		if room -= len(escape(string(r))); room < 0 {
			return strings.TrimRight(s[:i], " ") + dots
		}
	}
	return s
}

// lineEnd parts the lines of a body (RFC 6068 5).
const lineEnd = "%0D%0A"

// fit puts as much of the text as there is room for behind the beginning of a link.
func (n *Note) fit(begin string) (link string, cut bool) {
	room := maxLink - len(begin)
	if body := encoded(n.Head, n.Items, n.Tail); len(body) <= room {
		return begin + body, false
	}
	for keep := min(len(n.Items)-1, room/len(lineEnd)); keep >= 0; keep-- {
		more := []string{strings.ReplaceAll(n.More, "%d", strconv.Itoa(len(n.Items)-keep))}
		if body := encoded(n.Head, n.Items[:keep], more, n.Tail); len(body) <= room {
			return begin + body, true
		}
	}
	// Without a list, or with too long a text around it, it ends where the room ends.
	const dots = "..."
	var body strings.Builder
	for line := range strings.SplitSeq(n.String(), "\n") {
		next := escape(line) + lineEnd
		if body.Len()+len(next)+len(dots) > room {
			left := room - body.Len() - len(lineEnd) - len(dots)
			if body.Len() == 0 || left > room/4 {
				body.WriteString(escape(clipped(line, left)))
				return begin + body.String(), true
			}
			break
		}
		body.WriteString(next)
	}
	return begin + body.String() + dots, true
}

func encoded(parts ...[]string) string {
	var all []string
	for _, p := range parts {
		for _, line := range p {
			all = append(all, escape(line))
		}
	}
	return strings.Join(all, lineEnd)
}

// plainText is a text whose lines end with \n, without what cannot be read and without control characters but the tab.
func plainText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, string(utf8.RuneError)))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
