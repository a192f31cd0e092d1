// Package sendercheck is in charge of telling whether mail from the library's address will be trusted by those who receive
// it: it reads the school's entries in DNS (SPF, DKIM, DMARC, MX, PTR), says in words what they mean and which to publish,
// and reads what a receiving server thought of a test mail. Along the way it finds out who carries a school's mail, and on
// which ports a mail server answers.
//
// What could not be looked up now is never called missing: a librarian would have records published that are there already.
package sendercheck

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"smtpgateway/data"
)

// Resolver looks names up; *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
	LookupCNAME(ctx context.Context, host string) (string, error)
}

// Options are what a Checker stands on. The zero value works.
type Options struct {
	Resolver Resolver                                                             // nil: the system's
	Dial     func(ctx context.Context, network, address string) (net.Conn, error) // for Ports; nil: the system's
	Now      func() time.Time                                                     // nil: time.Now
	Each     time.Duration                                                        // for one look-up or one port; zero: 6 seconds
	Whole    time.Duration                                                        // for a whole check; zero: 45 seconds
}

// Checker looks at senders. It keeps no state and may be used by several at a time.
type Checker struct{ o Options }

// New prepares a Checker.
func New(o Options) *Checker {
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Each == 0 {
		o.Each = 6 * time.Second
	}
	if o.Whole == 0 {
		o.Whole = 45 * time.Second
	}
	return &Checker{o: o}
}

// sender is one server that sends for the school.
type sender struct {
	server   data.Server
	provider data.Provider // the zero value: the school's own relay
	ips      []netip.Addr  // of an own relay, as others see it; none: not known
}

func (s *sender) own() bool { return s.provider.ID == "" }

// name is how sentences call it.
func (s *sender) name() string {
	if s.own() {
		return "the relay " + data.Clean(s.server.Host, 80)
	}
	return s.provider.Name
}

// check is one Check under way.
type check struct {
	*look

	q       data.SenderQuestion
	from    data.Address
	senders []sender
	carrier data.Provider // who takes the domain's mail; the zero value: not known
	report  data.SenderReport

	spf    []string // the SPF records; set when spfRead
	walk   *walk    // through the only one of them
	spfOut status
	strict bool // DMARC asks receivers to act
}

// Check looks at the sender of q. It always gives a report: what could not be looked up is told in it. It takes no longer
// than Options.Whole.
func (c *Checker) Check(ctx context.Context, q data.SenderQuestion) data.SenderReport {
	ctx, cancel := context.WithTimeout(ctx, c.o.Whole)
	defer cancel()
	k := &check{look: c.look(), q: q}
	k.report = data.SenderReport{At: c.o.Now(), From: data.Clean(q.From, 320), Publish: []data.DNSRecord{}}
	var err error
	if k.from, err = data.ParseAddress(q.From); err != nil {
		if q.From == "" {
			// Nothing is wrong with a sender that nobody has chosen.
			sentence, next := "There is no From address yet, so there is no sender to check.", "Enter it in the settings."
			k.add(data.SenderFinding{Part: data.SenderFrom, Finding: data.FindingUnknown, Sentence: sentence, Next: next})
			k.report.Finding, k.report.Sentence, k.report.Next = data.FindingUnknown, sentence, next
			return k.report
		}
		sentence, next := data.Words(err)
		k.add(data.SenderFinding{Part: data.SenderFrom, Finding: data.FindingBad, Sentence: sentence, Next: next})
		return k.end()
	}
	k.report.Domain = k.from.Domain
	k.findSenders(ctx)
	if k.checkFrom() && k.checkMX(ctx) {
		k.checkSPF(ctx)
		k.checkDKIM(ctx)
		k.checkDMARC(ctx)
		k.checkPTR(ctx)
		k.publish(ctx)
	}
	return k.end()
}

func (k *check) add(f data.SenderFinding) { k.report.Findings = append(k.report.Findings, f) }

// findSenders tells providers from relays of the school, and finds the addresses of those.
func (k *check) findSenders(ctx context.Context) {
	for _, v := range k.q.Servers {
		s := sender{server: v}
		if p, ok := data.ProviderForHost(v.Host); ok {
			s.provider = p
		} else if ip, err := netip.ParseAddr(strings.TrimSpace(k.q.PublicIP)); err == nil {
			s.ips = []netip.Addr{ip.Unmap()}
		} else if ip, err := netip.ParseAddr(v.Host); err == nil {
			s.ips = public(ip)
		} else {
			all, _ := k.addresses(ctx, v.Host)
			s.ips = public(all...)
		}
		k.senders = append(k.senders, s)
	}
	var names []string
	for i := range k.senders {
		if name := k.senders[i].name(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	k.report.Provider = strings.Join(names, " and ")
}

// public keeps the addresses that others on the internet can see.
func public(all ...netip.Addr) []netip.Addr {
	shared := netip.MustParsePrefix("100.64.0.0/10") // RFC 6598
	var out []netip.Addr
	for _, ip := range all {
		if ip = ip.Unmap(); ip.IsGlobalUnicast() && !ip.IsPrivate() && !shared.Contains(ip) {
			out = append(out, ip)
		}
	}
	return out
}

// names says who sends, for a sentence.
func (k *check) names() string {
	if k.report.Provider == "" {
		return "your mail server"
	}
	return k.report.Provider
}

// end sums the findings up.
func (k *check) end() data.SenderReport {
	r := &k.report
	count := map[data.Finding]int{}
	for _, f := range r.Findings {
		count[f.Finding]++
	}
	switch {
	case count[data.FindingBad] > 0:
		r.Finding, r.Sentence = data.FindingBad, "Mail from "+r.From+" may be refused or land in junk: "+things(count[data.FindingBad])+" not good."
		r.Next = "Give the request for IT to whoever looks after your mail and your domain."
	case count[data.FindingLook] > 0:
		r.Finding, r.Sentence = data.FindingLook, "Mail from "+r.From+" goes out, but "+things(count[data.FindingLook])+" worth a look."
		r.Next = "Show it to IT when there is time."
	case count[data.FindingUnknown] > 0:
		r.Finding, r.Sentence = data.FindingUnknown, "Nothing bad was found about mail from "+r.From+", but not all could be told from here."
		r.Next = nextReceived
	default:
		r.Finding, r.Sentence = data.FindingGood, "Mail from "+r.From+" should be trusted."
		r.Next = nextReceived
	}
	return *r
}

// The steps that several findings share.
const (
	nextReceived = "The sure proof: send a test message to a mailbox outside the school, open it there, and paste what was received here."
	nextAgain    = "Try again in a few minutes. If it stays so, IT should look at the name service (DNS) of this computer."
	nextPublish  = "Whoever looks after the domain must publish the record shown under \"Records to publish\"."
)

func things(n int) string {
	if n == 1 {
		return "one thing is"
	}
	return fmt.Sprintf("%d things are", n)
}
