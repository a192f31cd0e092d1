package sendercheck

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"smtpgateway/data"
)

// checkFrom holds the From address against the account and the server. False: nothing else can be looked at.
func (k *check) checkFrom() bool {
	f := data.SenderFinding{Part: data.SenderFrom, Finding: data.FindingGood}
	defer func() { k.add(f) }()
	domain := k.from.Domain
	if strings.HasPrefix(domain, "[") || !strings.Contains(domain, ".") || inside(domain) {
		f.Finding = data.FindingBad
		f.Sentence = domain + " is no name that others on the internet know: they cannot answer, and many refuse such mail."
		f.Next = "Use an address of the school as From, one that people outside write to."
		return false
	}
	if p, ok := data.ProviderFor(k.from.String()); ok && p.Own(domain) && p.ID != data.ProviderMicrosoft {
		for i := range k.senders {
			if s := &k.senders[i]; s.provider.SPF != p.SPF || s.provider.Host != p.Host && !sameHouse(s.provider, p) {
				f.Finding = data.FindingBad
				f.Sentence = fmt.Sprintf("The From address is one of %s, but %s sends: only the servers of %s may send for %s, so others refuse this mail or take it for junk.", p.Name, s.name(), p.Name, domain)
				f.Next = "Use an address of the school as From, or send through " + p.Host + "."
				return false
			}
		}
		f.Sentence = fmt.Sprintf("%s looks after everything for addresses of %s; there is nothing to publish.", p.Name, domain)
		return false
	}
	account, err := data.ParseAddress(k.q.Account)
	switch {
	case k.q.Account == "" || err != nil:
		f.Sentence = "Nobody signs in with an address at the mail server, so From need not fit one."
	case account.Domain == domain:
		f.Sentence = "From and the account that signs in are both of " + domain + "."
	case organisation(account.Domain) == organisation(domain):
		f.Finding = data.FindingLook
		f.Sentence = fmt.Sprintf("From is of %s, the account that signs in of %s. That is one school, but the mail server must let the account send for the other.", domain, account.Domain)
		f.Next = "Use an address of " + account.Domain + " as From, or ask IT whether this account may send as " + k.from.String() + "."
	default:
		f.Finding = data.FindingBad
		f.Sentence = fmt.Sprintf("From is of %s, but the account that signs in is of %s: receivers hold such mail for forged, and the server may refuse it.", domain, account.Domain)
		f.Next = "Use an address of " + account.Domain + " as From, or an account of " + domain + " to sign in."
	}
	return true
}

// sameHouse: Gmail and Google Workspace send from the same servers, as do the two of Microsoft.
func sameHouse(a, b data.Provider) bool {
	return a.SPF != "" && a.SPF == b.SPF && a.SignIn == b.SignIn && a.SignIn != ""
}

// inside reports whether a domain is one that only the school's own network knows (RFC 6762, RFC 8375 and habit).
func inside(domain string) bool {
	top := domain[strings.LastIndexByte(domain, '.')+1:]
	return slices.Contains([]string{"local", "lan", "internal", "intranet", "home", "corp", "localdomain", "arpa", "invalid"}, top)
}

// organisation is the domain under which a school registered, such as school.org for library.school.org (RFC 7489 3.2).
func organisation(domain string) string {
	o, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return o
}

// checkMX looks whether answers and returned mail can arrive. False: there is no such domain, most likely a typing mistake, and
// nothing is to be published for it.
func (k *check) checkMX(ctx context.Context) bool {
	domain := k.from.Domain
	f := data.SenderFinding{Part: data.SenderMX}
	all, s := k.mx(ctx, domain)
	for _, mx := range all {
		f.Raw = append(f.Raw, raw(domain, "MX", fmt.Sprintf("%d %s", mx.Pref, strings.TrimSuffix(mx.Host, "."))))
		if p, ok := data.ProviderForMX(mx.Host); ok && k.carrier.ID == "" {
			k.carrier = p
		}
	}
	switch {
	case s == unknown:
		f.Finding, f.Sentence, f.Next = data.FindingUnknown, "Who takes mail for "+domain+" could not be looked up now.", nextAgain
	case s == missing:
		k.withoutMX(ctx, &f)
	case len(all) == 1 && strings.TrimSuffix(all[0].Host, ".") == "": // RFC 7505
		f.Finding, f.Sentence = data.FindingBad, domain+" says that it takes no mail at all: answers and returned mail are lost."
		f.Next = "Use an address as From that people can answer to."
	case k.carrier.ID != "":
		f.Finding, f.Sentence = data.FindingGood, fmt.Sprintf("Mail for %s goes to %s.", domain, k.carrier.Name)
	default:
		f.Finding, f.Sentence = data.FindingGood, fmt.Sprintf("Mail for %s goes to %s.", domain, strings.TrimSuffix(data.Clean(all[0].Host, 100), "."))
	}
	k.add(f)
	return s != missing || f.Finding != data.FindingBad || k.txt(ctx, domain).status != missing || organisation(domain) != domain
}

// withoutMX: a server of the domain's own name may take the mail (RFC 5321 5.1).
func (k *check) withoutMX(ctx context.Context, f *data.SenderFinding) {
	domain := k.from.Domain
	ips, s := k.addresses(ctx, domain)
	switch s {
	case found:
		f.Finding, f.Sentence = data.FindingLook, fmt.Sprintf("No server is named for the mail of %s (no MX record); others try the computer %s itself.", domain, ips[0])
		f.Next = "Write a mail to " + k.from.String() + " from outside. If it does not arrive, IT must publish an MX record."
	case missing:
		f.Finding, f.Sentence = data.FindingBad, "There is no mail at "+domain+": answers and returned mail cannot arrive, and many refuse such a sender."
		f.Next = "Look for a typing mistake in the From address."
	case unknown:
		f.Finding, f.Sentence, f.Next = data.FindingUnknown, "Who takes mail for "+domain+" could not be looked up now.", nextAgain
	}
}

// checkPTR looks at the name of each relay of the school; Gmail and others refuse mail from computers without one.
func (k *check) checkPTR(ctx context.Context) {
	for i := range k.senders {
		s := &k.senders[i]
		if !s.own() {
			continue
		}
		if len(s.ips) == 0 {
			k.add(data.SenderFinding{
				Part: data.SenderPTR, Finding: data.FindingUnknown,
				Sentence: "The internet address under which others see " + s.name() + " is not known, so its name cannot be checked.",
				Next:     "Ask IT for that address and enter it here, or look at a received test message.",
			})
		}
		for _, ip := range s.ips {
			k.add(k.reverse(ctx, s, ip))
		}
	}
}

// reverse looks whether ip has a name that leads back to it (RFC 1912 2.1).
func (k *check) reverse(ctx context.Context, s *sender, ip netip.Addr) data.SenderFinding {
	f := data.SenderFinding{Part: data.SenderPTR, Finding: data.FindingBad}
	names, st := k.ptr(ctx, ip)
	switch st {
	case unknown:
		f.Finding, f.Sentence, f.Next = data.FindingUnknown, fmt.Sprintf("The name of %s could not be looked up now.", ip), nextAgain
		return f
	case missing:
		f.Sentence = fmt.Sprintf("The internet address %s of %s has no name (no PTR record): Gmail and others refuse mail from there.", ip, s.name())
		f.Next = "IT asks the internet provider to publish a PTR record for it."
		k.report.Publish = append(k.report.Publish, data.DNSRecord{Name: ip.String(), Type: "PTR", Value: s.server.Host, Why: "Gives the sending server a name; only the internet provider can publish it."})
		return f
	case found:
	}
	lost := false
	for _, name := range names {
		f.Raw = append(f.Raw, raw(ip.String(), "PTR", strings.TrimSuffix(name, ".")))
		back, s := k.addresses(ctx, name)
		if slices.Contains(back, ip) {
			f.Finding, f.Sentence = data.FindingGood, fmt.Sprintf("The internet address %s has the name %s, and the name leads back to it.", ip, strings.TrimSuffix(data.Clean(name, 100), "."))
			return f
		}
		lost = lost || s == unknown
	}
	if lost {
		f.Finding, f.Sentence, f.Next = data.FindingUnknown, fmt.Sprintf("Whether the name of %s leads back to it could not be looked up now.", ip), nextAgain
		return f
	}
	f.Sentence = fmt.Sprintf("The internet address %s of %s has a name, %s, but that name does not lead back to it: Gmail and others may refuse mail from there.", ip, s.name(), strings.TrimSuffix(data.Clean(names[0], 100), "."))
	f.Next = "IT makes the name and the address point to each other."
	return f
}
