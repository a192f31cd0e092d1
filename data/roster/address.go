package roster

import (
	"slices"
	"strings"

	"smtpgateway/data"
)

// bigDomains are where most private mail lives. The short ones are told apart from the rest by nothing, so they are only here
// so that nobody takes them for a slip.
var bigDomains = []string{
	"gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.es", "hotmail.de", "hotmail.it", "outlook.com", "outlook.fr", "outlook.de", "outlook.es",
	"yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "yahoo.es", "yahoo.com.au", "icloud.com", "live.com", "live.fr", "msn.com", "aol.com", "protonmail.com", "bigpond.com", "bigpond.net.au", "optusnet.com.au", "btinternet.com",
	"comcast.net", "verizon.net", "t-online.de", "freenet.de", "orange.fr", "wanadoo.fr", "laposte.net", "bluewin.ch", "telefonica.net",
}

// realDomains are one letter away from a big one, and as real.
var realDomains = []string{
	"ymail.com", "email.com", "mail.com", "hmail.com", "gmail.de", "outlook.it", "outlook.at", "outlook.be", "outlook.pt", "hotmail.be", "hotmail.se", "hotmail.no", "hotmail.at",
	"yahoo.it", "yahoo.ie", "yahoo.se", "yahoo.be", "yahoo.at", "live.de", "live.it", "live.be", "live.nl", "live.se", "live.no", "live.at", "live.ca", "aol.de", "aol.fr", "orange.es", "gmx.com", "gmx.net", "gmx.de", "web.de", "me.com",
}

// slip gives the domain that was probably meant; empty: none.
func slip(domain string) string {
	if slices.Contains(bigDomains, domain) || slices.Contains(realDomains, domain) {
		return ""
	}
	for _, big := range bigDomains {
		if len(big) >= 7 && oneSlip(domain, big) {
			return big
		}
	}
	return ""
}

// oneSlip reports whether one letter more, less or other, or two that changed places, make a of b.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return a[i+1:] == b[i+1:] || i+2 <= len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// splitAddresses takes a cell apart that may hold several addresses, at commas, semicolons and blanks. A blank that stands
// inside of an address stays, and is refused with it.
func splitAddresses(cell string) []string {
	if !strings.ContainsAny(cell, ",; ") {
		if cell == "" {
			return nil
		}
		return []string{cell}
	}
	var all []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ';' }) {
		words := strings.Fields(part)
		if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(strings.Trim(w, "@"), "@") }) {
			words = []string{strings.Join(words, " ")}
		}
		for _, w := range words {
			if w != "" {
				all = append(all, w)
			}
		}
	}
	return all
}

// address checks one address. What is wrong with it comes back as a problem without row and column; the address is then
// not to be used.
func address(s string) (string, *data.RowProblem) {
	if _, rest, ok := strings.Cut(s, "<"); ok && strings.HasSuffix(rest, ">") { // Jane Doe <jane@example.org>
		s = strings.TrimSuffix(rest, ">")
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "mailto:"), "MAILTO:")
	a, err := data.ParseAddress(s)
	if err != nil || strings.HasSuffix(s, ".") || a.Dotless() {
		p := &data.RowProblem{Value: s}
		switch {
		case err != nil:
			p.Sentence, _ = data.Words(err)
		case strings.HasSuffix(s, "."):
			p.Sentence = "The address ends in a dot."
		default:
			p.Sentence = "The address has no dot behind the @."
		}
		p.Remedy = "Look for a typing mistake."
		if better := mended(s); better != "" {
			p.Remedy = "Is " + better + " meant? Correct it in the library system."
		}
		return "", p
	}
	if meant := slip(a.Domain); meant != "" {
		return "", &data.RowProblem{
			Value: s, Sentence: "The address looks like a typing mistake: " + a.Domain + ".",
			Remedy: "Is " + a.Local + "@" + meant + " meant? Correct it in the library system.",
		}
	}
	return a.String(), nil
}

// mended is the address without blanks and dots that stand in the wrong place, if that makes one.
func mended(s string) string {
	s = strings.Join(strings.Fields(s), "")
	s = strings.Trim(s, ".,;:<>()'\"")
	s = strings.ReplaceAll(strings.ReplaceAll(s, ".@", "@"), "@.", "@")
	for strings.Contains(s, "..") {
		s = strings.ReplaceAll(s, "..", ".")
	}
	a, err := data.ParseAddress(s)
	if err != nil || a.Dotless() {
		return ""
	}
	if meant := slip(a.Domain); meant != "" {
		a.Domain = meant
	}
	return a.String()
}
