package data

import "time"

// Finding is how one part of a sender check came out.
type Finding string

// The findings. FindingUnknown is never bad news: it could not be looked up now.
const (
	FindingGood    Finding = "good"
	FindingLook    Finding = "look" // mail goes out, but somebody should look at it
	FindingBad     Finding = "bad"  // mail is refused or lands in junk because of it
	FindingUnknown Finding = "unknown"
)

// Words is the finding as a person says it.
func (f Finding) Words() string {
	switch f {
	case FindingGood:
		return "good"
	case FindingLook:
		return "look at it"
	case FindingBad:
		return "not good"
	default:
		return "not known"
	}
}

// SenderPart is one part of a sender check.
type SenderPart string

// The parts, in the order they are shown.
const (
	SenderFrom  SenderPart = "from"
	SenderMX    SenderPart = "mx"
	SenderSPF   SenderPart = "spf"
	SenderDKIM  SenderPart = "dkim"
	SenderDMARC SenderPart = "dmarc"
	SenderPTR   SenderPart = "ptr"
)

// Title is the part as a librarian reads it, with the word IT knows.
func (p SenderPart) Title() string {
	switch p {
	case SenderFrom:
		return "From address"
	case SenderMX:
		return "Answers arrive (MX)"
	case SenderSPF:
		return "Allowed to send (SPF)"
	case SenderDKIM:
		return "Signed (DKIM)"
	case SenderDMARC:
		return "What to do with forgeries (DMARC)"
	default:
		return "Name of the sending server (PTR)"
	}
}

// SenderFinding is what was found of one part, in words, with what DNS really said for IT.
type SenderFinding struct {
	Part     SenderPart `json:"part"`
	Finding  Finding    `json:"finding"`
	Sentence string     `json:"sentence"`
	Next     string     `json:"next,omitempty"` // what to do; empty: nothing
	Raw      []string   `json:"raw,omitempty"`  // "name TYPE value" as it was read, cleaned
	Lookups  int        `json:"lookups,omitempty"`
	Voids    int        `json:"void_lookups,omitempty"`
}

// DNSRecord is a record to publish. Whoever looks after the school's domain enters it.
type DNSRecord struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`            // TXT, CNAME or PTR
	Value    string   `json:"value,omitempty"` // empty: only the provider can tell it; Why says where
	Replaces []string `json:"replaces,omitempty"`
	Why      string   `json:"why"`
}

// SenderReport is a sender check from end to end.
type SenderReport struct {
	At       time.Time       `json:"at"`
	From     string          `json:"from"`
	Domain   string          `json:"domain"`
	Provider string          `json:"provider,omitempty"` // who sends, as people call it
	Finding  Finding         `json:"finding"`            // the worst that matters
	Sentence string          `json:"sentence"`
	Next     string          `json:"next,omitempty"`
	Findings []SenderFinding `json:"findings"`
	Publish  []DNSRecord     `json:"publish"`
}

// SenderQuestion is what a sender check goes by.
type SenderQuestion struct {
	From      string   // address in the From header
	Account   string   // address that signs in at the server; empty: none does
	Servers   []Server // those that are set, 1 first
	PublicIP  string   // of the school's own relay, as others see it; empty: what the relay's name tells
	Selectors []string // DKIM selectors to look for beside the provider's
}

// QuestionOf is the sender check of the settings.
func QuestionOf(s *Settings) SenderQuestion {
	q := SenderQuestion{From: s.From.Address}
	for n := 1; n <= 2; n++ {
		if v := *s.Server(n); v.Set() {
			q.Servers = append(q.Servers, v)
		}
	}
	if v := s.Server1; v.Set() && v.Login() {
		q.Account = v.User
	}
	return q
}

// Evidence is what the server that received a test mail thought of it.
type Evidence struct {
	By       string          `json:"by,omitempty"`     // the server that says so
	Source   string          `json:"source,omitempty"` // the header it was read from
	From     string          `json:"from,omitempty"`   // address in the From header of the mail
	Finding  Finding         `json:"finding"`
	Sentence string          `json:"sentence"`
	Next     string          `json:"next,omitempty"`
	Results  []SenderVerdict `json:"results,omitempty"` // SPF, DKIM, DMARC
	Raw      []string        `json:"raw,omitempty"`     // the headers, unfolded and cleaned
}

// SenderVerdict is one verdict of the receiving server.
type SenderVerdict struct {
	Part     SenderPart `json:"part"`
	Result   string     `json:"result"`           // pass, fail, softfail, none ...; empty: it said nothing
	Domain   string     `json:"domain,omitempty"` // the verdict is about it
	Finding  Finding    `json:"finding"`
	Sentence string     `json:"sentence"`
	Next     string     `json:"next,omitempty"`
}

// FoundProvider is who carries the mail of an address, and how that was found.
type FoundProvider struct {
	Provider Provider `json:"-"`
	ID       string   `json:"provider,omitempty"` // empty: not found
	Name     string   `json:"name,omitempty"`
	Finding  Finding  `json:"finding"` // good: certain; look: likely; unknown: DNS does not answer; bad: nobody that is known
	How      string   `json:"how"`     // a sentence
	Raw      []string `json:"raw,omitempty"`
}

// Known reports whether a provider was found.
func (f FoundProvider) Known() bool { return f.ID != "" }

// PortLook is how a mail server answers on one port.
type PortLook struct {
	Port     int      `json:"port"`
	Answers  bool     `json:"answers"`
	Security Security `json:"security,omitempty"` // what it offers there
	Sentence string   `json:"sentence"`
	Detail   string   `json:"detail,omitempty"` // the server's own line, or why not
}

// PortsLook is how a mail server answers on the usual ports, and which is the best.
type PortsLook struct {
	Host     string     `json:"host"`
	Ports    []PortLook `json:"ports"`
	Best     int        `json:"best"` // 0: none answers
	Security Security   `json:"security,omitempty"`
	Sentence string     `json:"sentence"`
	Next     string     `json:"next,omitempty"`
}
