package itsheet

import "smtpgateway/data"

// trusted tells the sender check in words, as it was read, and what to publish.
func (f *Facts) trusted() []Line {
	c := f.Check
	if c == nil {
		return []Line{line("Sender check", "not made yet (smtp-gateway sendercheck)"), filter(f.Settings.From.Address)}
	}
	all := []Line{line(c.At.Local().Format("2 January 2006"), clean(c.Sentence))}
	for _, one := range c.Findings {
		if one.Sentence == c.Sentence {
			continue // it is all there is to say, and was said
		}
		l := line(short(one.Part)+": "+one.Finding.Words(), data.Clean(one.Sentence, 600))
		l.Bold = one.Finding == data.FindingBad || one.Finding == data.FindingLook
		for _, r := range one.Raw[:min(len(one.Raw), 4)] {
			l.Raw = append(l.Raw, data.Clean(r, 160)) // of a key its beginning is enough
		}
		all = append(all, l)
	}
	for i, r := range c.Publish {
		value := r.Value
		if value == "" {
			value = "(value as shown there)"
		}
		stands := data.Clean(r.Name+" "+r.Type+" "+value, 1000)
		if i > 0 && c.Publish[i-1].Why == r.Why {
			last := &all[len(all)-1]
			last.Raw = append(last.Raw, stands)
			continue
		}
		l := line("", r.Why)
		if i == 0 {
			l.Label, l.Bold = "Please publish", true
		}
		l.Raw = []string{stands}
		for _, old := range r.Replaces {
			l.Raw = append(l.Raw, "in place of: "+data.Clean(old, 300))
		}
		all = append(all, l)
	}
	return append(all, filter(f.Settings.From.Address))
}

func filter(from string) Line {
	return line("Spam filter", "please let mail from "+orNot(from, "our From address")+" through")
}

// short is a part as IT calls it.
func short(p data.SenderPart) string {
	switch p {
	case data.SenderFrom:
		return "From"
	case data.SenderMX:
		return "MX"
	case data.SenderSPF:
		return "SPF"
	case data.SenderDKIM:
		return "DKIM"
	case data.SenderDMARC:
		return "DMARC"
	default:
		return "PTR"
	}
}
