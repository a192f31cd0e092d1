package sendercheck

import (
	"context"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dmarc"

	"smtpgateway/data"
)

// checkDMARC looks what the school asks receivers to do with mail that is neither let by SPF nor signed (RFC 7489 6.6.3).
func (k *check) checkDMARC(ctx context.Context) {
	f := data.SenderFinding{Part: data.SenderDMARC, Finding: data.FindingBad}
	defer func() { k.add(f) }()
	domain := k.from.Domain
	at := domain
	records, st := k.policies(ctx, &f, at)
	if o := organisation(domain); st != unknown && len(records) == 0 && o != domain {
		at = o
		records, st = k.policies(ctx, &f, at)
	}
	switch {
	case st == unknown:
		f.Finding, f.Sentence, f.Next = data.FindingUnknown, "The DMARC record of "+domain+" could not be looked up now.", nextAgain
		return
	case len(records) == 0:
		f.Finding = data.FindingLook
		f.Sentence = domain + " has no DMARC record: large mail services trust its mail less, and forgers more easily pass for the school."
		f.Next = nextPublish + " With p=none nothing is refused because of it."
		k.report.Publish = append(k.report.Publish, data.DNSRecord{
			Name: "_dmarc." + organisation(domain), Type: "TXT", Value: "v=DMARC1; p=none; rua=mailto:postmaster@" + organisation(domain),
			Why: "Says what receivers do with forged mail (DMARC): to begin with nothing. Reports go to postmaster, a mailbox IT reads.",
		})
		return
	case len(records) > 1:
		f.Sentence = fmt.Sprintf("%s has %d DMARC records, and there may be only one: receivers then heed none of them.", at, len(records))
		f.Next = "Whoever looks after the domain removes all but one."
		return
	}
	r, err := dmarc.Parse(records[0])
	if err != nil {
		f.Sentence = fmt.Sprintf("The DMARC record of %s cannot be read: %s.", at, data.Clean(strings.TrimPrefix(err.Error(), "dmarc: "), 120))
		f.Next = "Whoever looks after the domain must correct it, for example to v=DMARC1; p=none"
		return
	}
	k.judgeDMARC(&f, r, at)
}

// policies gives the DMARC records that lie at a domain.
func (k *check) policies(ctx context.Context, f *data.SenderFinding, domain string) ([]string, status) {
	name := "_dmarc." + domain
	answer := k.txt(ctx, name)
	var out []string
	for _, txt := range answer.values {
		if v, _, _ := strings.Cut(txt, ";"); strings.EqualFold(strings.ReplaceAll(strings.TrimSpace(v), " ", ""), "v=DMARC1") {
			out = append(out, txt)
			f.Raw = append(f.Raw, raw(name, "TXT", txt))
		}
	}
	return out, answer.status
}

// judgeDMARC weighs the policy against what SPF and DKIM can give: where both fail, a strict one throws the mail away.
func (k *check) judgeDMARC(f *data.SenderFinding, r *dmarc.Record, at string) {
	policy := r.Policy
	if at != k.from.Domain && r.SubdomainPolicy != "" {
		policy = r.SubdomainPolicy
	}
	does := map[dmarc.Policy]string{dmarc.PolicyNone: "do nothing with it but tell the school", dmarc.PolicyQuarantine: "put it into junk", dmarc.PolicyReject: "refuse it"}[policy]
	k.strict = policy != dmarc.PolicyNone
	f.Finding = data.FindingGood
	f.Sentence = fmt.Sprintf("%s has a DMARC record. It asks others to check mail of the school, and if it seems forged, to %s.", at, does)
	spf, dkim := k.finding(data.SenderSPF), k.finding(data.SenderDKIM)
	if k.strict && spf == data.FindingBad && dkim != data.FindingGood {
		f.Finding = data.FindingBad
		f.Sentence = fmt.Sprintf("The DMARC record of %s asks others to %s when mail is neither let by SPF nor signed by DKIM, and that is how your mail looks.", at, strings.TrimSuffix(does, " it")+" such mail")
		if policy == dmarc.PolicyQuarantine {
			f.Sentence = fmt.Sprintf("The DMARC record of %s asks others to put mail into junk that is neither let by SPF nor signed by DKIM, and that is how your mail looks.", at)
		}
		f.Next = "Put SPF and DKIM right first, as told above."
	}
}

func (k *check) finding(p data.SenderPart) data.Finding {
	for _, f := range k.report.Findings {
		if f.Part == p {
			return f.Finding
		}
	}
	return data.FindingUnknown
}
