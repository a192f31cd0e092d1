package sendercheck

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// spfVersion begins every SPF record (RFC 7208 4.5).
const spfVersion = "v=spf1"

// isSPF reports whether a TXT record is an SPF record.
func isSPF(txt string) bool {
	txt = strings.ToLower(txt)
	return txt == spfVersion || strings.HasPrefix(txt, spfVersion+" ")
}

// nearlySPF reports whether somebody meant an SPF record and receivers see none: quotation marks or a blank in front, a
// semicolon behind the version.
func nearlySPF(txt string) bool {
	return !isSPF(txt) && strings.HasPrefix(strings.TrimLeft(strings.ToLower(txt), " \t\"'“”"), spfVersion)
}

// term is one entry of an SPF record (RFC 7208 4.6.1).
type term struct {
	raw       string // as it stands
	qualifier byte   // + - ~ ?
	name      string // include, a, mx, redirect ... in lower case
	value     string // what follows : or = or /, without that sign where it is : or =
}

// targeted are the mechanisms that name a domain.
var targeted = []string{"include", "exists"}

var modifier = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9._-]*)=(.*)$`)

// parseSPF takes a record apart. bad is the first entry that receivers cannot read; empty: none.
func parseSPF(record string) (terms []term, bad string) {
	redirects := 0
	for _, f := range strings.Fields(record)[1:] {
		if strings.ContainsFunc(f, func(r rune) bool { return r < '!' || r > '~' }) { // RFC 7208 12 has visible ASCII only
			return terms, f
		}
		if m := modifier.FindStringSubmatch(f); m != nil {
			t := term{raw: f, qualifier: '+', name: strings.ToLower(m[1]), value: m[2]}
			terms = append(terms, t)
			if t.name == "redirect" {
				if redirects++; redirects > 1 || t.value == "" {
					return terms, f
				}
			}
			continue
		}
		t := term{raw: f, qualifier: '+'}
		rest := f
		if strings.IndexByte("+-~?", f[0]) >= 0 {
			t.qualifier, rest = f[0], f[1:]
		}
		i := strings.IndexAny(rest, ":/")
		if i < 0 {
			i = len(rest)
		}
		t.name, t.value = strings.ToLower(rest[:i]), strings.TrimPrefix(rest[i:], ":")
		terms = append(terms, t)
		if !readable(t, strings.HasPrefix(rest[i:], ":")) {
			return terms, f
		}
	}
	return terms, ""
}

// readable reports whether receivers know what a mechanism means (RFC 7208 5).
func readable(t term, colon bool) bool {
	switch t.name {
	case "all":
		return t.value == "" && !colon
	case "include", "exists":
		return colon && t.value != "" && !strings.Contains(t.value, "/")
	case "a", "mx":
		return !colon || t.value != "" && t.value[0] != '/'
	case "ptr":
		return !colon || t.value != ""
	case "ip4", "ip6":
		return colon && isNetwork(t.value, t.name == "ip4")
	default:
		return false
	}
}

// isNetwork reports whether v is an address of the right family, with or without the length of a network.
func isNetwork(v string, four bool) bool {
	ip, err := netip.ParseAddr(v)
	if err != nil {
		p, err := netip.ParsePrefix(v)
		if err != nil {
			return false
		}
		ip = p.Addr()
	}
	return ip.Zone() == "" && ip.Is4() == four
}

// network is what an ip4 or ip6 entry names. False: it is another entry.
func (t *term) network() (netip.Prefix, bool) {
	if t.name != "ip4" && t.name != "ip6" {
		return netip.Prefix{}, false
	}
	if p, err := netip.ParsePrefix(t.value); err == nil {
		return p.Masked(), true
	}
	ip, err := netip.ParseAddr(t.value)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(ip, ip.BitLen()), true
}

// host is the domain a term asks DNS for; empty: it holds a macro, which depends on the mail (RFC 7208 7).
func (t *term) host(domain string) string {
	h, _, _ := strings.Cut(t.value, "/")
	switch {
	case strings.Contains(h, "%"):
		return ""
	case h == "" && !slices.Contains(targeted, t.name):
		return domain
	default:
		return strings.ToLower(strings.TrimSuffix(h, "."))
	}
}

// looksUp reports whether a term costs one of the ten look-ups (RFC 7208 4.6.4).
func (t *term) looksUp() bool {
	return slices.Contains([]string{"include", "a", "mx", "ptr", "exists", "redirect"}, t.name)
}

// ending is where a record ends: at its "all", behind which nothing is read, else at the redirect; -1: it has neither.
func ending(terms []term) int {
	if i := slices.IndexFunc(terms, func(t term) bool { return t.name == "all" }); i >= 0 {
		return i
	}
	return slices.IndexFunc(terms, func(t term) bool { return t.name == "redirect" })
}
