package sendercheck

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// FindProvider finds out who carries the mail of an address: by its domain, else by the servers that take mail for it (MX),
// else by its SPF record, for a school that has a filter in front. Only the domain is asked for; the address stays here.
func (c *Checker) FindProvider(ctx context.Context, address string) data.FoundProvider {
	ctx, cancel := context.WithTimeout(ctx, 2*c.o.Each)
	defer cancel()
	a, err := data.ParseAddress(address)
	if err != nil {
		sentence, _ := data.Words(err)
		return data.FoundProvider{Finding: data.FindingBad, How: sentence}
	}
	if p, ok := data.ProviderFor(a.String()); ok {
		return named(p, data.FindingGood, "Addresses of "+a.Domain+" belong to "+p.Name+".")
	}
	l := c.look()
	all, s := l.mx(ctx, a.Domain)
	var f data.FoundProvider
	switch s {
	case unknown:
		return data.FoundProvider{Finding: data.FindingUnknown, How: "Who carries the mail of " + a.Domain + " could not be looked up now. Choose it yourself, or try again later."}
	case missing:
		return data.FoundProvider{Finding: data.FindingBad, How: "No server takes mail for " + a.Domain + ". Look for a typing mistake, or ask IT."}
	case found:
	}
	var lines []string
	for _, mx := range all {
		lines = append(lines, raw(a.Domain, "MX", fmt.Sprintf("%d %s", mx.Pref, strings.TrimSuffix(mx.Host, "."))))
	}
	first := strings.TrimSuffix(data.Clean(all[0].Host, 100), ".")
	if p, ok := data.ProviderForMX(all[0].Host); ok {
		f = named(p, data.FindingGood, fmt.Sprintf("The mail of %s goes to %s (%s).", a.Domain, p.Name, first))
	} else {
		f = l.bySPF(ctx, a.Domain, first)
	}
	f.Raw = append(lines, f.Raw...)
	return f
}

func named(p data.Provider, how data.Finding, sentence string) data.FoundProvider {
	return data.FoundProvider{Provider: p, ID: p.ID, Name: p.Name, Finding: how, How: sentence}
}

// bySPF looks which of the large providers the SPF record names: there people's own mail leaves.
func (l *look) bySPF(ctx context.Context, domain, server string) data.FoundProvider {
	answer := l.txt(ctx, domain)
	w := &walk{look: l}
	for _, txt := range answer.values {
		if isSPF(txt) {
			w.raw = append(w.raw, raw(domain, "TXT", txt))
			terms, _ := parseSPF(txt)
			w.record(ctx, domain, terms, nil, true)
		}
	}
	var likely []data.Provider
	for _, p := range data.ProvidersForSchool() {
		if p.SPF != "" && w.lets(p.SPF) && !slices.ContainsFunc(likely, func(o data.Provider) bool { return o.SPF == p.SPF }) {
			likely = append(likely, p)
		}
	}
	if len(likely) == 1 {
		f := named(likely[0], data.FindingLook, fmt.Sprintf("The mail of %s goes to %s first, most likely a filter; it leaves through %s.", domain, server, likely[0].Name))
		f.Raw = w.raw
		return f
	}
	return data.FoundProvider{Finding: data.FindingBad, How: fmt.Sprintf("The mail of %s goes to %s, which is no mail service this program knows. Ask IT through which server the library may send.", domain, server), Raw: w.raw}
}
