package sendercheck

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// weakKey is the length below which receivers do not heed an RSA key (RFC 8301 3.2), in bits.
const weakKey = 1024

// checkDKIM looks for the keys with which mail of the school is signed (RFC 6376). Under which names they lie only the sender
// knows, so those of the provider and those IT named are asked for.
func (k *check) checkDKIM(ctx context.Context) {
	domain := k.from.Domain
	f := data.SenderFinding{Part: data.SenderDKIM}
	selectors, keysIn := slices.Clone(k.q.Selectors), ""
	for i := range k.senders {
		p := k.senders[i].provider
		selectors = append(selectors, p.DKIM...)
		if keysIn == "" {
			keysIn = p.KeysIn
		}
	}
	selectors = slices.Compact(selectors)
	var good, bad, lost []string
	for _, s := range selectors {
		s = strings.Trim(data.Clean(s, 63), ". ")
		if s == "" || strings.ContainsAny(s, " /") {
			continue
		}
		for _, at := range slices.Compact([]string{domain, organisation(domain)}) { // a key of the whole school serves its parts, too
			name := s + "._domainkey." + at
			answer := k.txt(ctx, name)
			if answer.alias != "" {
				f.Raw = append(f.Raw, raw(name, "CNAME", answer.alias+" (nothing is there)"))
			}
			if answer.status == unknown {
				lost = append(lost, s)
			}
			for _, txt := range answer.values {
				f.Raw = append(f.Raw, raw(name, "TXT", txt))
				if why := key(txt); why == "" {
					good = append(good, s)
				} else {
					bad = append(bad, s+" "+why)
				}
			}
		}
	}
	next := "IT switches on signing (DKIM) at the mail server and publishes its key."
	if keysIn != "" {
		next = "IT switches on signing (DKIM) in the " + keysIn + ", and publishes the records shown there."
	}
	switch {
	case len(good) > 0:
		f.Finding, f.Sentence = data.FindingGood, fmt.Sprintf("A key for signing the mail of %s is published (selector %s).", domain, strings.Join(slices.Compact(good), ", "))
	case len(lost) > 0:
		f.Finding, f.Sentence, f.Next = data.FindingUnknown, "The keys for signing the mail of "+domain+" could not be looked up now.", nextAgain
	case len(bad) > 0:
		f.Finding, f.Sentence = data.FindingBad, fmt.Sprintf("The key for signing the mail of %s cannot be used: %s.", domain, strings.Join(bad, "; "))
		f.Next = next
		k.publishKeys(keysIn)
	case len(selectors) == 0:
		f.Finding, f.Sentence = data.FindingUnknown, "Whether mail of "+domain+" is signed (DKIM) cannot be told: the name of the key (selector) is not known."
		f.Next = "Ask IT for the selector and enter it here. " + nextReceived
	default:
		f.Finding, f.Sentence = data.FindingLook, fmt.Sprintf("No key for signing the mail of %s was found (looked for %s): mail that is not signed lands in junk more easily.", domain, strings.Join(selectors, ", "))
		f.Next = next
		k.publishKeys(keysIn)
	}
	k.add(f)
}

// publishKeys lists the records a provider shows to its administrators. Their values are made there for this school.
func (k *check) publishKeys(keysIn string) {
	if keysIn == "" {
		return
	}
	for i := range k.senders {
		p := k.senders[i].provider
		kind := "TXT"
		if len(p.DKIM) > 1 { // Microsoft keeps the keys itself, so that it can change them
			kind = "CNAME"
		}
		for _, s := range p.DKIM {
			r := data.DNSRecord{Name: s + "._domainkey." + k.from.Domain, Type: kind, Why: "Signs the mail of the school (DKIM). Its value is shown in the " + p.KeysIn + "."}
			if !slices.ContainsFunc(k.report.Publish, func(o data.DNSRecord) bool { return o.Name == r.Name }) {
				k.report.Publish = append(k.report.Publish, r)
			}
		}
	}
}

// tags takes apart a list of tags (RFC 6376 3.2); names are in lower case.
func tags(txt string) map[string]string {
	m := make(map[string]string)
	for part := range strings.SplitSeq(txt, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			m[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
	return m
}

// key says why a key record cannot be used (RFC 6376 3.6.1); empty: it can.
func key(txt string) string {
	m := tags(txt)
	if v, ok := m["v"]; ok && v != "DKIM1" {
		return "is no DKIM key"
	}
	p, ok := m["p"]
	switch {
	case !ok:
		return "holds no key"
	case p == "":
		return "was withdrawn: it holds an empty key"
	}
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(p), ""))
	if err != nil {
		return "is damaged, perhaps while it was copied"
	}
	if strings.EqualFold(m["k"], "ed25519") { // RFC 8463
		if len(b) != 32 {
			return "is damaged, perhaps while it was copied"
		}
		return ""
	}
	public, err := x509.ParsePKIXPublicKey(b)
	if err != nil {
		public, err = x509.ParsePKCS1PublicKey(b)
	}
	r, isRSA := public.(*rsa.PublicKey)
	switch {
	case err != nil || !isRSA:
		return "is damaged, perhaps while it was copied"
	case r.N.BitLen() < weakKey:
		return fmt.Sprintf("is too short (%d bits)", r.N.BitLen())
	}
	return ""
}
