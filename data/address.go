package data

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Address is a mailbox as SMTP speaks of it (RFC 5321 4.1.2, RFC 6531): the part before the @ as it was given, the
// domain in lower case with A-labels (RFC 5890), or an address literal.
type Address struct {
	Local  string // quoted form kept: "a b"
	Domain string
}

// Longest parts of an address, in octets (RFC 5321 4.5.3.1).
const (
	maxLocal   = 64
	maxDomain  = 255
	maxAddress = 320 // 64, the @, 255
)

// ParseAddress reads one bare address, with or without angle brackets. What it accepts holds no control character,
// no bracket and no blank outside quotes, so it can stand in a command as it is, and it parses again to itself.
// A source route (RFC 5321 F.2) and the trailing dot of a domain are dropped. Errors have CodeBadAddress.
func ParseAddress(s string) (Address, error) {
	raw := s
	refuse := func(why string) (Address, error) {
		return Address{}, &Error{
			Code: CodeBadAddress, Sentence: fmt.Sprintf("%q is not an e-mail address: %s.", Clean(raw, 80), why),
			Next: "Look for a typing mistake.",
		}
	}
	s = strings.Trim(s, " \t")
	if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") {
		s = s[1 : len(s)-1]
	}
	if strings.HasPrefix(s, "@") {
		_, rest, ok := strings.Cut(s, ":")
		if !ok {
			return refuse("nothing stands before the @")
		}
		s = rest
	}
	if s == "" {
		return refuse("it is empty")
	}
	if len(s) > maxAddress {
		return refuse(fmt.Sprintf("it is longer than %d characters", maxAddress))
	}
	if !utf8.ValidString(s) {
		return refuse("it holds characters that cannot be read")
	}
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return refuse("there is no @ in it")
	}
	local, domain := s[:at], s[at+1:]
	if err := checkLocal(local); err != nil {
		return refuse(err.Error())
	}
	domain, err := canonicalDomain(domain)
	if err != nil {
		return refuse(err.Error())
	}
	return Address{Local: local, Domain: domain}, nil
}

// String is the address as a command or header takes it, without brackets.
func (a Address) String() string { return a.Local + "@" + a.Domain }

// Key is equal for addresses that mean the same mailbox to everybody but the pedantic: letter case aside.
func (a Address) Key() string { return strings.ToLower(a.String()) }

// UTF8 reports whether the address needs SMTPUTF8: only the part before the @ can, domains are A-labels here.
func (a Address) UTF8() bool { return !isASCII(a.Local) }

// Dotless reports whether the domain has no dot, which is allowed but most often a typing mistake.
func (a Address) Dotless() bool {
	return !strings.Contains(a.Domain, ".") && !strings.HasPrefix(a.Domain, "[")
}

func checkLocal(s string) error {
	switch {
	case s == "":
		return errors.New("nothing stands before the @")
	case len(s) > maxLocal:
		return fmt.Errorf("more than %d characters stand before the @", maxLocal)
	case strings.HasPrefix(s, `"`):
		return checkQuoted(s)
	}
	for _, r := range s {
		switch {
		case r == ' ' || unicode.IsSpace(r):
			return errors.New("there is a blank in it")
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return errors.New("there is an invisible character in it")
		case strings.ContainsRune(`()<>[]:;@\,"`, r):
			return fmt.Errorf("%q cannot stand before the @", r)
		}
	}
	if s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return errors.New("a dot stands in the wrong place before the @")
	}
	return nil
}

// checkQuoted accepts a quoted-string (RFC 5321 4.1.2) of printable characters. Angle brackets are refused inside
// quotes too: legal, never seen in a school, and the favourite of those who forge commands.
func checkQuoted(s string) error {
	if len(s) < 3 || !strings.HasSuffix(s, `"`) {
		return errors.New("a quotation mark is missing")
	}
	in := s[1 : len(s)-1]
	for i := 0; i < len(in); {
		r, n := utf8.DecodeRuneInString(in[i:])
		switch {
		case r == '\\':
			if i+n >= len(in) {
				return errors.New("a quotation mark is missing")
			}
			if c := in[i+n]; c < ' ' || c > '~' || c == '<' || c == '>' {
				return errors.New("there is an invisible character in it")
			}
			n++
		case r == '"':
			return errors.New("a quotation mark stands in the wrong place")
		case r == '<' || r == '>':
			return fmt.Errorf("%q cannot stand before the @", r)
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || (unicode.IsSpace(r) && r != ' '):
			return errors.New("there is an invisible character in it")
		}
		i += n
	}
	return nil
}

func canonicalDomain(s string) (string, error) {
	if s == "" {
		return "", errors.New("nothing stands after the @")
	}
	if strings.HasPrefix(s, "[") {
		return literal(s)
	}
	name, err := CanonicalHost(s)
	if err != nil {
		return "", err
	}
	if len(name) > maxDomain {
		return "", fmt.Errorf("more than %d characters stand after the @", maxDomain)
	}
	return name, nil
}

func literal(s string) (string, error) {
	in, ok := strings.CutSuffix(s[1:], "]")
	if !ok {
		return "", errors.New("a bracket is missing")
	}
	if v6, ok := strings.CutPrefix(strings.ToLower(in), "ipv6:"); ok {
		if ip, err := netip.ParseAddr(v6); err == nil && ip.Is6() && ip.Zone() == "" {
			return "[IPv6:" + ip.String() + "]", nil
		}
	} else if ip, err := netip.ParseAddr(in); err == nil && ip.Is4() {
		return "[" + ip.String() + "]", nil
	}
	return "", errors.New("the numbers in the brackets are no internet address")
}

// hostProfile is IDNA 2008 for look-ups, underscores refused as in host names (RFC 5891 5).
var hostProfile = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// CanonicalHost gives a host name in lower case with A-labels and without its trailing dot.
func CanonicalHost(s string) (string, error) {
	s = strings.TrimSuffix(s, ".")
	if s == "" {
		return "", errors.New("the name is empty")
	}
	for _, r := range s {
		if unicode.IsSpace(r) {
			return "", errors.New("there is a blank in it")
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '<' || r == '>' {
			return "", errors.New("there is a character in it that cannot stand in a name")
		}
	}
	name, err := hostProfile.ToASCII(s)
	if err != nil {
		return "", errors.New("the name is not a valid one")
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return "", errors.New("the name is not a valid one")
		}
	}
	return name, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Clean makes foreign text fit to be shown on one line: control characters and what cannot be read become a blank or
// a question mark, and at most limit characters stay.
func Clean(s string, limit int) string {
	var b strings.Builder
	n, blank := 0, false
	for _, r := range s {
		switch {
		case r == utf8.RuneError:
			r = '?'
		case r == '\u2028' || r == '\u2029' || unicode.IsSpace(r) || unicode.IsControl(r):
			r = ' '
		case unicode.Is(unicode.Cf, r):
			continue
		}
		if r == ' ' {
			blank = b.Len() > 0
			continue
		}
		if blank {
			b.WriteByte(' ')
			n++
			blank = false
		}
		if n >= limit {
			return b.String() + "..."
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
