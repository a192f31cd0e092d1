package sendercheck

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"

	"smtpgateway/data"
)

// checkSPF looks whether the school's SPF record (RFC 7208) lets its senders send.
func (k *check) checkSPF(ctx context.Context) {
	domain := k.from.Domain
	answer := k.txt(ctx, domain)
	f := data.SenderFinding{Part: data.SenderSPF, Finding: data.FindingBad}
	defer func() { k.add(f) }()
	nearly := ""
	for _, txt := range answer.values {
		switch {
		case isSPF(txt):
			k.spf = append(k.spf, txt)
			f.Raw = append(f.Raw, raw(domain, "TXT", txt))
		case nearlySPF(txt):
			nearly = txt
			f.Raw = append(f.Raw, raw(domain, "TXT", txt))
		}
	}
	k.spfOut = answer.status
	switch {
	case answer.status == unknown:
		f.Finding, f.Sentence, f.Next = data.FindingUnknown, "The SPF record of "+domain+" could not be looked up now.", nextAgain
	case len(k.spf) == 0 && nearly != "":
		f.Sentence = "An entry of " + domain + " was meant as its SPF record, but it begins wrongly, so receivers see none: they cannot tell that " + k.names() + " may send for the school."
		f.Next = nextPublish + " It takes the place of the wrong one."
	case len(k.spf) == 0:
		f.Sentence = domain + " has no SPF record: receivers cannot tell that " + k.names() + " may send for the school, so mail may land in junk."
		f.Next = nextPublish
	case len(k.spf) > 1:
		f.Sentence = fmt.Sprintf("%s has %d SPF records, and there may be only one: receivers then heed none of them.", domain, len(k.spf))
		f.Next = nextPublish + " It takes the place of all of them."
	default:
		k.oneSPF(ctx, &f)
	}
}

// oneSPF judges the only SPF record.
func (k *check) oneSPF(ctx context.Context, f *data.SenderFinding) {
	domain := k.from.Domain
	terms, bad := parseSPF(k.spf[0])
	if bad != "" {
		f.Sentence = fmt.Sprintf("The SPF record of %s has an entry nobody can read, %q: receivers then do not heed the record at all.", domain, data.Clean(bad, 80))
		f.Next = "Whoever looks after the domain must correct or remove that entry."
		return
	}
	k.walk = &walk{look: k.look}
	k.walk.record(ctx, domain, slices.Clone(terms), nil, true)
	f.Raw = append(f.Raw, k.walk.raw...)
	f.Lookups, f.Voids = k.walk.lookups, k.walk.voids
	switch w := k.walk; {
	case w.broken != "":
		f.Sentence = fmt.Sprintf("The SPF record of %s cannot be used: %s. Receivers then do not heed the record at all.", domain, data.Clean(w.broken, 200))
		f.Next = "Whoever looks after the domain must correct or remove that entry."
	case w.lookups > maxLookups:
		f.Sentence = fmt.Sprintf("The SPF record of %s needs %s look-ups to be read, and receivers stop after 10: then they do not heed it at all.", domain, atLeast(w.lookups))
		f.Next = "Whoever looks after the domain removes entries of services the school does not use any more."
	case w.voids > maxVoids:
		f.Sentence = fmt.Sprintf("The SPF record of %s has %d entries that lead to nothing, and receivers stop after 2: then they do not heed it at all.", domain, w.voids)
		f.Next = "Whoever looks after the domain removes these entries."
	default:
		k.letsSend(ctx, f, terms)
	}
}

func atLeast(n int) string {
	if n > stopLookups {
		return fmt.Sprintf("more than %d", stopLookups)
	}
	return fmt.Sprint(n)
}

// letsSend looks whether the record names each sender. The worst of them is told.
func (k *check) letsSend(ctx context.Context, f *data.SenderFinding, terms []term) {
	domain := k.from.Domain
	f.Finding = data.FindingGood
	f.Sentence = fmt.Sprintf("The SPF record of %s lets %s send (%d of 10 allowed look-ups).", domain, k.names(), k.walk.lookups)
	if len(k.senders) == 0 {
		f.Sentence = fmt.Sprintf("%s has one SPF record (%d of 10 allowed look-ups). Whom it must name is known when a mail server is set.", domain, k.walk.lookups)
	}
	switch i := ending(terms); {
	case i < 0:
		f.Finding, f.Sentence = data.FindingLook, "The SPF record of "+domain+" says nothing of servers it does not name: it lacks ~all at its end, so forgers are not kept away."
		f.Next = nextPublish
	case terms[i].name == "all" && terms[i].qualifier == '+':
		f.Finding, f.Sentence = data.FindingLook, "The SPF record of "+domain+" lets everybody in the world send in the name of the school: it ends in +all."
		f.Next = nextPublish
	case terms[i].name == "all" && i < len(terms)-1:
		f.Finding, f.Sentence = data.FindingLook, "The SPF record of "+domain+" has entries behind its "+terms[i].raw+", where nobody reads them."
		f.Next = nextPublish
	}
	for i := range k.senders {
		s := &k.senders[i]
		one := data.SenderFinding{Finding: data.FindingGood}
		if s.own() {
			k.relayMay(ctx, &one, s)
		} else {
			k.providerMay(ctx, &one, s)
		}
		if rank(one.Finding) > rank(f.Finding) {
			f.Finding, f.Sentence, f.Next = one.Finding, one.Sentence, one.Next
		}
	}
}

func rank(f data.Finding) int {
	return slices.Index([]data.Finding{data.FindingGood, data.FindingUnknown, data.FindingLook, data.FindingBad}, f)
}

// providerMay looks for the provider's entry. From which of its computers a mail will leave, nobody outside can know.
func (k *check) providerMay(ctx context.Context, f *data.SenderFinding, s *sender) {
	domain := k.from.Domain
	switch {
	case s.provider.SPF == "":
		f.Finding, f.Sentence = data.FindingUnknown, fmt.Sprintf("%s has an SPF record, but which entry lets %s send is not known here.", domain, s.provider.Name)
		f.Next = "The help pages of " + s.provider.Name + " tell it. " + nextReceived
	case k.walk.lets(s.provider.SPF):
	case k.walk.unread != "":
		f.Finding, f.Sentence, f.Next = data.FindingUnknown, fmt.Sprintf("The SPF record of %s is there, but its part %s could not be looked up now.", domain, data.Clean(k.walk.unread, 100)), nextAgain
	case k.walk.macros:
		f.Finding, f.Sentence = data.FindingUnknown, fmt.Sprintf("The SPF record of %s asks for each mail anew who may send, so whether it lets %s cannot be told from outside.", domain, s.provider.Name)
		f.Next = nextReceived
	case k.walk.has(k.provided(ctx, s.provider.SPF)):
		f.Finding, f.Sentence = data.FindingLook, fmt.Sprintf("The SPF record of %s lets %s send by its internet addresses, which change now and then: one day mail is refused without a warning.", domain, s.provider.Name)
		f.Next = "Unless a service keeps these addresses up to date for the school, IT should write " + s.provider.SPF + " in their place."
	default:
		f.Finding, f.Sentence = data.FindingBad, fmt.Sprintf("The SPF record of %s does not name %s: receivers hold mail of the school that comes from there for forged.", domain, s.provider.Name)
		f.Next = nextPublish + " It is the one that is there, with " + s.provider.SPF + " added."
	}
}

// provided is the provider's own record.
func (k *check) provided(ctx context.Context, entry string) *walk {
	w := &walk{look: k.look}
	w.record(ctx, k.from.Domain, []term{{raw: entry, qualifier: '+', name: "include", value: strings.TrimPrefix(entry, "include:")}}, nil, true)
	return w
}

// relayMay asks as a receiver would (RFC 7208 4) whether mail from the relay's address passes.
func (k *check) relayMay(ctx context.Context, f *data.SenderFinding, s *sender) {
	domain := k.from.Domain
	if len(s.ips) == 0 {
		f.Finding, f.Sentence = data.FindingUnknown, fmt.Sprintf("%s has one SPF record. Whether it lets %s send cannot be told, because the internet address under which others see it is not known.", domain, s.name())
		f.Next = "Ask IT for that address and enter it here. " + nextReceived
		return
	}
	for _, ip := range s.ips {
		result, why := k.hostMay(ctx, ip, s.server)
		switch result {
		case spf.Pass:
			return // a relay with several addresses most often sends from one of them
		case spf.TempError:
			f.Finding, f.Sentence, f.Next = data.FindingUnknown, fmt.Sprintf("Whether the SPF record of %s lets %s send could not be looked up now.", domain, s.name()), nextAgain
		default:
			f.Finding, f.Sentence = data.FindingBad, fmt.Sprintf("The SPF record of %s does not let %s (%s) send: receivers answer %q.", domain, s.name(), ip, result)
			f.Next = nextPublish
			if why != "" {
				f.Raw = append(f.Raw, why)
			}
		}
	}
}

func (k *check) hostMay(ctx context.Context, ip netip.Addr, v data.Server) (spf.Result, string) {
	result, err := spf.CheckHostWithSender(net.IP(ip.AsSlice()), v.Host, k.from.String(), spf.WithContext(ctx), spf.WithResolver(rootedResolver{k.look}))
	why := ""
	if err != nil && !errors.Is(err, spf.ErrMatchedAll) {
		why = data.Clean(err.Error(), 200)
	}
	if ctx.Err() != nil {
		result = spf.TempError
	}
	return result, why
}

// rootedResolver gives the SPF library names as this check looks them up: each with its limit of time, and without the search
// list of this computer.
type rootedResolver struct{ *look }

func (r rootedResolver) LookupTXT(ctx context.Context, name string) ([]string, error) {
	switch t := r.txt(ctx, name); t.status {
	case found:
		return t.values, nil
	case missing:
		return nil, &net.DNSError{Err: "no such record", Name: name, IsNotFound: true}
	default:
		return nil, &net.DNSError{Err: "no answer now", Name: name, IsTemporary: true}
	}
}

func (r rootedResolver) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	ctx, cancel := context.WithTimeout(ctx, r.each)
	defer cancel()
	return r.r.LookupMX(ctx, rooted(name))
}

func (r rootedResolver) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	ctx, cancel := context.WithTimeout(ctx, r.each)
	defer cancel()
	return r.r.LookupIPAddr(ctx, rooted(host))
}

func (r rootedResolver) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, r.each)
	defer cancel()
	return r.r.LookupAddr(ctx, addr)
}

// mechanism is how an SPF record names a sender; empty: that is not known.
func (s *sender) mechanisms() []string {
	if !s.own() {
		if s.provider.SPF == "" {
			return nil
		}
		return []string{s.provider.SPF}
	}
	var all []string
	for _, ip := range s.ips {
		family := "ip4:"
		if ip.Is6() {
			family = "ip6:"
		}
		all = append(all, family+ip.String())
	}
	return all
}

// spfTerms are the entries of a record that may be kept when it is written anew, without its end.
func spfTerms(record string) []string {
	var kept []string
	for _, f := range strings.Fields(record)[1:] {
		if name := strings.ToLower(strings.TrimLeft(f, "+-~?")); name == "all" {
			continue
		}
		kept = append(kept, f)
	}
	return kept
}
