package sendercheck

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// publish says which SPF record to publish: one that keeps what is there. Where the present one could not be read none is
// said, because a second one would make both useless.
func (k *check) publish(ctx context.Context) {
	if k.spfOut == unknown || k.walk != nil && k.walk.unread != "" {
		return
	}
	var wanted []string
	complete := len(k.senders) > 0
	for i := range k.senders {
		m := k.senders[i].mechanisms()
		if s := &k.senders[i]; !s.own() && k.walk != nil && !k.walk.lets(s.provider.SPF) && (k.walk.macros || k.walk.has(k.provided(ctx, s.provider.SPF))) {
			return // it may be there in another form
		}
		complete = complete && len(m) > 0
		wanted = append(wanted, m...)
	}
	if len(k.spf) == 0 && k.carrier.SPF != "" {
		wanted = append(wanted, k.carrier.SPF) // people's own mail comes from there
	}
	if !complete {
		return
	}
	value := mergeSPF(k.spf, wanted, func(m string) bool { return k.walk != nil && len(k.spf) == 1 && k.covered(ctx, m) })
	if len(k.spf) == 1 && strings.EqualFold(value, strings.Join(strings.Fields(k.spf[0]), " ")) {
		return
	}
	r := data.DNSRecord{Name: k.from.Domain, Type: "TXT", Value: value, Why: "Lets " + k.names() + " send for the school (SPF). There must be only one such record."}
	for _, old := range k.spf {
		r.Replaces = append(r.Replaces, data.Clean(old, maxRaw))
	}
	for _, txt := range k.txt(ctx, k.from.Domain).values {
		if nearlySPF(txt) {
			r.Replaces = append(r.Replaces, data.Clean(txt, maxRaw))
		}
	}
	if n := k.needs(ctx, value); n > maxLookups {
		words := fmt.Sprintf(" As it stands it needs %s look-ups, and receivers stop after 10 look-ups: entries of services the school does not use any more have to go first.", atLeast(n))
		r.Why += words
		for i := range k.report.Findings {
			if f := &k.report.Findings[i]; f.Part == data.SenderSPF {
				f.Next += words
			}
		}
	}
	if len(value) > 255 {
		r.Why += " It is longer than 255 characters: where the form does not take it whole, it is entered as several strings of one record (RFC 7208 3.3)."
	}
	k.report.Publish = append([]data.DNSRecord{r}, k.report.Publish...)
}

// needs is how many look-ups a record would take.
func (k *check) needs(ctx context.Context, record string) int {
	terms, _ := parseSPF(record)
	w := &walk{look: k.look}
	w.record(ctx, k.from.Domain, terms, nil, true)
	return w.lookups
}

// covered reports whether the record that is there already lets a mechanism's servers send.
func (k *check) covered(ctx context.Context, mechanism string) bool {
	if strings.HasPrefix(mechanism, "include:") {
		return k.walk.lets(mechanism)
	}
	for i := range k.senders {
		s := &k.senders[i]
		for j, m := range s.mechanisms() {
			if m == mechanism && s.own() {
				result, _ := k.hostMay(ctx, s.ips[j], s.server)
				return result == "pass"
			}
		}
	}
	return false
}

// mergeSPF writes one record out of those that are there and the mechanisms that are wanted. The new ones stand before the
// end, because behind it nothing is read. Entries nobody can read are left out.
func mergeSPF(old, wanted []string, covered func(string) bool) string {
	var terms []string
	end, redirect := "", ""
	for _, record := range old {
		parsed, _ := parseSPF(record)
		for _, t := range parsed {
			switch {
			case t.name == "all" && t.qualifier != '+': // +all would let everybody
				if end != "" && end != t.raw {
					end = "~all"
				} else {
					end = t.raw
				}
			case t.name == "redirect":
				if redirect == "" {
					redirect = t.raw
				}
			}
		}
		for _, f := range spfTerms(record) {
			if _, bad := parseSPF(spfVersion + " " + f); bad == "" && !strings.HasPrefix(strings.ToLower(f), "redirect=") && !slices.Contains(terms, f) {
				terms = append(terms, f)
			}
		}
	}
	for _, m := range wanted {
		if !slices.Contains(terms, m) && !covered(m) {
			terms = append(terms, m)
		}
	}
	switch {
	case redirect != "" && end == "" && len(old) == 1:
		terms = append(terms, redirect)
	case redirect != "": // beside an end it would not be read
		if m := "include:" + strings.SplitN(redirect, "=", 2)[1]; len(old) > 1 && !slices.Contains(terms, m) {
			terms = append(terms, m)
		}
		fallthrough
	default:
		if end == "" {
			end = "~all"
		}
		terms = append(terms, end)
	}
	return strings.Join(append([]string{spfVersion}, terms...), " ")
}
