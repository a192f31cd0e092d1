package data

import "strings"

// Provider is a mail service as a school meets it: what to fill in for it, and what to know before.
type Provider struct {
	ID          string // for programs; never shown
	Name        string // as people call it
	Host        string // empty: IT tells
	Port        int
	Security    Security
	Insecure    bool // Server.AllowInsecure
	NoLogin     bool // it knows the school's computers and wants no user
	LocalPart   bool // the user is what stands before the @
	PerDay      int  // recipients in 24 hours that leave room for people's own mail; 0: no cap known
	Note        string
	domains     []string // of addresses; "*" stands for one or more last labels
	forAnything bool     // may carry the mail of a school's own domain, so that its address cannot tell
}

// Providers whose servers carry mail of domains that do not bear their name.
const (
	ProviderWorkspace = "google-workspace"
	ProviderMicrosoft = "microsoft-365"
	ProviderRelay     = "school-relay"
)

// The notes that several share.
const (
	noteApp       = "It wants an app password, made for this program in the account's security settings, and not the usual password."
	noteGoogle    = "Google wants an app password of 16 letters and not the usual one. Switch on 2-step verification for the account, then make an app password in its security settings."
	noteMicrosoft = "Microsoft switches off signing in with a password at the end of December 2026. IT must allow \"Authenticated SMTP\" for this mailbox, or offer a school relay."
)

var providers = []Provider{
	{ID: "gmail", Name: "Gmail", Host: "smtp.gmail.com", Port: 465, Security: SecurityTLS, PerDay: 450, Note: noteGoogle, domains: []string{"gmail.com", "googlemail.com"}},
	{
		ID: ProviderWorkspace, Name: "Google Workspace", Host: "smtp.gmail.com", Port: 465, Security: SecurityTLS, PerDay: 1800, forAnything: true,
		Note: noteGoogle + " If IT does not allow app passwords, ask for a relay.",
	},
	{
		ID: "outlook", Name: "Outlook.com", Host: "smtp-mail.outlook.com", Port: 587, Security: SecuritySTARTTLS,
		Note:    "Microsoft takes no password from programs for private addresses any more. Use an address of the school, or ask IT for a school relay.",
		domains: []string{"outlook.*", "hotmail.*", "live.*", "msn.com"},
	},
	{
		ID: ProviderMicrosoft, Name: "Microsoft 365", Host: "smtp.office365.com", Port: 587, Security: SecuritySTARTTLS, PerDay: 9000, forAnything: true,
		Note: noteMicrosoft, domains: []string{"office365.com", "onmicrosoft.com"},
	},
	{
		ID: ProviderRelay, Name: "School relay", Port: 25, Security: SecuritySTARTTLS, Insecure: true, NoLogin: true, forAnything: true,
		Note: "The relay knows this computer by its internet address and wants no password. Ask IT for the relay's name, and to let this computer in.",
	},
	{ID: "icloud", Name: "iCloud Mail", Host: "smtp.mail.me.com", Port: 587, Security: SecuritySTARTTLS, Note: noteApp, domains: []string{"icloud.com", "me.com", "mac.com"}},
	{ID: "yahoo", Name: "Yahoo Mail", Host: "smtp.mail.yahoo.com", Port: 465, Security: SecurityTLS, Note: noteApp, domains: []string{"yahoo.*", "ymail.com"}},
	{ID: "aol", Name: "AOL", Host: "smtp.aol.com", Port: 465, Security: SecurityTLS, Note: noteApp, domains: []string{"aol.*", "verizon.net"}},
	tls("gmx", "GMX", "mail.gmx.net", "gmx.net", "gmx.de"),
	local(tls("web.de", "WEB.DE", "smtp.web.de", "web.de")),
	tls("zoho", "Zoho Mail", "smtp.zoho.com", "zoho.com"),
	tls("zoho-eu", "Zoho Mail (Europe)", "smtp.zoho.eu", "zoho.eu"),
	{ID: "fastmail", Name: "Fastmail", Host: "smtp.fastmail.com", Port: 465, Security: SecurityTLS, Note: noteApp, domains: []string{"fastmail.*", "messagingengine.com"}},
	tls("ionos", "IONOS", "smtp.1und1.de", "1und1.de", "ionos.de", "online.de"),
	tls("strato", "STRATO", "smtp.strato.de", "strato.de"),
	tls("ovh", "OVH", "ssl0.ovh.net", "ovh.net"),
	tls("orange", "Orange", "smtp.orange.fr", "orange.fr", "wanadoo.fr"),
	local(tls("free", "Free", "smtp.free.fr", "free.fr")),
	local(tls("laposte", "La Poste", "smtp.laposte.net", "laposte.net")),
	tls("sfr", "SFR", "smtp.sfr.fr", "sfr.fr"),
	tls("t-online", "Telekom", "securesmtp.t-online.de", "t-online.de"),
	tls("bt", "BT", "mail.btinternet.com", "btinternet.com"),
	tls("telstra", "Telstra", "smtp.telstra.com", "bigpond.com"),
	tls("xtra", "Xtra", "send.xtra.co.nz", "xtra.co.nz"),
	tls("gandi", "Gandi", "mail.gandi.net", "gandi.net"),
	tls("one.com", "one.com", "send.one.com", "one.com"),
	tls("hetzner", "Hetzner", "mail.your-server.de", "hetzner.de", "your-server.de"),
	tls("rackspace", "Rackspace", "secure.emailsrvr.com", "emailsrvr.com"),
	tls("godaddy", "GoDaddy", "smtpout.secureserver.net", "secureserver.net"),
	local(tls("educamadrid", "EducaMadrid", "smtp01.educa.madrid.org", "educa.madrid.org")),
}

func tls(id, name, host string, domains ...string) Provider {
	return Provider{ID: id, Name: name, Host: host, Port: 465, Security: SecurityTLS, domains: domains}
}

func local(p Provider) Provider {
	p.LocalPart = true
	return p
}

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
