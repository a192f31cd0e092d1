package mail

import (
	"mime"
	"strings"
	"unicode/utf8"
)

// kind is how a field's value is built, which decides how it can be put otherwise without meaning something else.
type kind int

const (
	kindText       kind = iota // free text, and every field we do not know
	kindAddresses              // an address list
	kindParameters             // Content-Type and its like
	kindStructured             // tokens that no encoded word may stand in
)

func kindOf(name string) kind {
	switch n := strings.ToLower(name); n {
	case "from", "sender", "to", "cc", "bcc", "reply-to", "resent-from", "resent-sender", "resent-to", "resent-cc",
		"resent-reply-to", "disposition-notification-to", "return-receipt-to", "errors-to", "mail-followup-to":
		return kindAddresses
	case "content-type", "content-disposition":
		return kindParameters
	case "message-id", "in-reply-to", "references", "date", "received", "return-path", "mime-version", "content-id",
		"content-transfer-encoding", "dkim-signature", "authentication-results", "resent-date", "resent-message-id",
		"auto-submitted", "content-location", "content-language", "received-spf", "delivered-to", "original-recipient":
		return kindStructured
	default:
		if strings.HasPrefix(n, "arc-") || strings.HasPrefix(n, "list-") {
			return kindStructured
		}
		return kindText
	}
}

// mend makes a field fit to be sent: 8-bit octets become encoded words (RFC 2047) or parameters of RFC 2231 where a
// standard allows it, lines over 998 octets are folded anew. Where no standard does, valid UTF-8 stays and the message
// needs SMTPUTF8 (RFC 6532); everything else is refused.
func (f *field) mend() (changed bool, err error) {
	eight, long := !ascii(f.raw), f.longest() > maxLine
	if !eight && !long {
		return false, nil
	}
	if !utf8.Valid(f.raw) {
		return false, refuse("Write it in UTF-8, or have the program encode it as RFC 2047 says.",
			"The field %s%s holds letters that are neither plain nor UTF-8.", f.name, f.place())
	}
	old := string(f.raw)
	switch k := kindOf(f.name); {
	case f.name == "":
	case k == kindAddresses:
		f.raw = addressField(f.name, mailboxes(f.value()))
	case k == kindParameters && eight:
		if kind, params, err := mime.ParseMediaType(f.value()); err == nil {
			if v := mime.FormatMediaType(kind, params); v != "" {
				f.raw = fold(f.name, splitParameters(v))
			}
		}
		if !ascii(f.raw) {
			return false, refuse(nextWriter, "The field %s%s holds letters that cannot stand there.", f.name, f.place())
		}
	case k == kindText && eight:
		f.raw = unstructured(f.name, decode(f.value()))
	case long:
		f.raw = fold(f.name, blanks(f.value()))
		if k == kindText && f.longest() > maxLine {
			f.raw = unstructured(f.name, decode(f.value()))
		}
	}
	if f.longest() > maxLine {
		return false, refuse(nextWriter, "The field %s%s has a line of more than %d characters that cannot be folded.",
			f.name, f.place(), maxLine)
	}
	return string(f.raw) != old, nil
}

func blanks(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' })
}

// splitParameters cuts where mime.FormatMediaType has put "; ", which quoted values may hold too: those stay whole.
func splitParameters(v string) []string {
	var words []string
	quoted, start := false, 0
	for i := 0; i < len(v); i++ {
		switch {
		case quoted && v[i] == '\\':
			i++
		case v[i] == '"':
			quoted = !quoted
		case v[i] == ' ' && !quoted:
			words = append(words, v[start:i])
			start = i + 1
		}
	}
	return append(words, v[start:])
}

func (f *field) place() string {
	if f.line == 0 {
		return ""
	}
	return " in line " + itoa(f.line)
}
