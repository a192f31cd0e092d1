package data

import "strings"

// Provider is a mail service as a school meets it: what to fill in for it, and what to know before.
type Provider struct {
	ID        string // for programs; never shown
	Name      string // as people call it
	Host      string // empty: IT tells
	Port      int
	Security  Security
	Insecure  bool         // Server.AllowInsecure
	NoLogin   bool         // it knows the school's computers and wants no user
	LocalPart bool         // the user is what stands before the @
	SignIn    SignInWay    // in the browser, to be offered first; SignInNone: it has none this program knows
	Password  PasswordKind // what it takes where nobody signs in by browser
	Limits    Limits
	SPF       string   // what an SPF record says that lets it send (RFC 7208 5), such as include:_spf.example.org; empty: not known
	DKIM      []string // selectors under which it publishes its signing keys (RFC 6376 3.1); none: not known
	KeysIn    string   // where its administrator switches signing on and reads the records; empty: not known
	Note      string

	domains     []string // of addresses; "*" stands for one or more last labels
	mx          []string // names under which the servers lie that take mail for its customers
	hosts       []string // names under which its sending servers lie, beside Host
	forAnything bool     // may carry the mail of a school's own domain, so that its address cannot tell
}

// PasswordKind is what a provider takes as a password.
type PasswordKind string

// The kinds of password.
const (
	PasswordUsual PasswordKind = ""     // the one people know
	PasswordApp   PasswordKind = "app"  // one made for this program in the account's security settings
	PasswordNone  PasswordKind = "none" // none at all: sign in by browser, or a server that knows this computer
)

// Limits is how much a provider takes from one account, as it publishes it. 0: not known.
type Limits struct {
	PerDay      int // recipients in 24 hours
	PerMessage  int // recipients of one message
	PerMinute   int // messages
	Connections int // at a time
}

// PerDay is the cap to fill in: a tenth is left for people's own mail. 0: none.
func (p Provider) PerDay() int { return p.Limits.PerDay * 9 / 10 }

// EachCheck is how many messages a check may hand over: as many as were set, but no more than the provider takes in a minute
// with some room, because a check hands them over at once and the next one is a minute away at least.
func (p Provider) EachCheck(set int) int {
	if p.Limits.PerMinute == 0 {
		return set
	}
	return min(set, p.Limits.PerMinute*5/6)
}

// Connections is how many at a time to fill in: one, which every server takes.
func (p Provider) Connections() int { return 1 }

// Providers lists all that are known, those a school is likely to have first.
func Providers() []Provider { return append([]Provider(nil), providers...) }

// ProviderFor tells the provider of an address by its domain. False: the domain is the school's own or an unknown one,
// and a person must say who carries its mail; ProvidersForSchool are the likely answers.
func ProviderFor(address string) (Provider, bool) {
	a, err := ParseAddress(address)
	if err != nil {
		return Provider{}, false
	}
	for _, p := range providers {
		for _, pattern := range p.domains {
			if matchDomain(pattern, a.Domain) {
				return p, true
			}
		}
	}
	return Provider{}, false
}

// ProviderForHost tells the provider of a mail server by its name. False: it is the school's own or an unknown one. Gmail
// and Google Workspace share a server: it is the second, as the first has addresses of its own.
func ProviderForHost(host string) (Provider, bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" {
		return Provider{}, false
	}
	for _, school := range []bool{true, false} {
		for _, p := range providers {
			if p.forAnything == school && p.sendsFrom(host) {
				return p, true
			}
		}
	}
	return Provider{}, false
}

func (p Provider) sendsFrom(host string) bool {
	if p.Host != "" && host == p.Host {
		return true
	}
	for _, name := range p.hosts {
		if matchDomain(name, host) {
			return true
		}
	}
	return false
}

// ProviderForMX tells the provider by the name of a server that takes mail for a domain. False: the school's own server, a
// filter before it, or an unknown one.
func ProviderForMX(host string) (Provider, bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range providers {
		for _, name := range p.mx {
			if matchDomain(name, host) {
				return p, true
			}
		}
	}
	return Provider{}, false
}

// ProviderByID finds a provider.
func ProviderByID(id string) (Provider, bool) {
	for _, p := range providers {
		if p.ID == id {
			return p, true
		}
	}
	return Provider{}, false
}

// Own reports whether the addresses of a domain are the provider's own, such as gmail.com: nobody at a school can publish
// records for it, and only the provider's servers may send from it.
func (p Provider) Own(domain string) bool {
	for _, pattern := range p.domains {
		if matchDomain(pattern, domain) {
			return true
		}
	}
	return false
}

// ProvidersForSchool lists those that may carry the mail of a school's own domain.
func ProvidersForSchool() []Provider {
	var out []Provider
	for _, p := range providers {
		if p.forAnything {
			out = append(out, p)
		}
	}
	return out
}

// matchDomain holds a domain against a name, under which it may lie, or against name.*, which is the name under any
// country: hotmail.co.uk, but neither hotmail.school.org, which is a school's, nor nothotmail.com.
func matchDomain(pattern, domain string) bool {
	name, anywhere := strings.CutSuffix(pattern, ".*")
	if !anywhere {
		return domain == pattern || strings.HasSuffix(domain, "."+pattern)
	}
	rest, ok := strings.CutPrefix(domain, name+".")
	if !ok {
		return false
	}
	first, second, two := strings.Cut(rest, ".")
	if !two {
		return first == "com" || first == "org" || len(first) == 2
	}
	return (first == "co" || first == "com" || first == "net") && len(second) == 2
}

// User is what the provider wants as user for an address; empty: no login.
func (p Provider) User(a Address) string {
	switch {
	case p.NoLogin:
		return ""
	case p.LocalPart:
		return a.Local
	default:
		return a.String()
	}
}
