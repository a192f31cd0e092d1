package sendercheck_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/sendercheck"
	"smtpgateway/service/sendercheck/dnstest"
)

func gmail() data.Server     { return data.Server{Number: 1, Host: "smtp.gmail.com", Port: 465, User: "x"} }
func microsoft() data.Server { return data.Server{Number: 1, Host: "smtp.office365.com", Port: 587} }
func relay(host string) data.Server {
	return data.Server{Number: 1, Host: host, Port: 25, Auth: data.AuthNone}
}

// checked runs a check of library@domain against a zone.
func checked(t *testing.T, z dnstest.Zone, domain string, v ...data.Server) data.SenderReport {
	t.Helper()
	return asked(t, z, data.SenderQuestion{From: "library@" + domain, Servers: v})
}

func asked(t *testing.T, z dnstest.Zone, q data.SenderQuestion) data.SenderReport {
	t.Helper()
	c := sendercheck.New(sendercheck.Options{Resolver: dnstest.Start(t, z).Resolver()})
	return whole(t, c.Check(t.Context(), q))
}

// whole looks whether every finding says something a person can read.
func whole(t *testing.T, r data.SenderReport) data.SenderReport {
	t.Helper()
	for _, f := range r.Findings {
		if !strings.HasSuffix(f.Sentence, ".") || strings.Contains(f.Sentence, "  ") || f.Finding == "" {
			t.Errorf("%s says %q", f.Part, f.Sentence)
		}
		if f.Finding != data.FindingGood && f.Next == "" {
			t.Errorf("%s says %q and not what to do", f.Part, f.Sentence)
		}
	}
	if r.Sentence == "" || r.Finding == "" {
		t.Errorf("no sum: %+v", r)
	}
	return r
}

func part(t *testing.T, r data.SenderReport, p data.SenderPart) data.SenderFinding {
	t.Helper()
	i := slices.IndexFunc(r.Findings, func(f data.SenderFinding) bool { return f.Part == p })
	if i < 0 {
		t.Fatalf("nothing about %s in %+v", p, r)
	}
	return r.Findings[i]
}

// want looks for a finding whose sentence holds words.
func want(t *testing.T, r data.SenderReport, p data.SenderPart, f data.Finding, words string) data.SenderFinding {
	t.Helper()
	got := part(t, r, p)
	if got.Finding != f || !strings.Contains(got.Sentence, words) {
		t.Errorf("%s is %s, not %s with %q: %q", p, got.Finding, f, words, got.Sentence)
	}
	return got
}

// published is the value to publish at a name; empty: none.
func published(r data.SenderReport, name, kind string) string {
	for _, p := range r.Publish {
		if p.Name == name && p.Type == kind {
			return p.Value
		}
	}
	return ""
}

func TestCheck(t *testing.T) {
	t.Run("a school on Google with everything in place is good, and nothing is to be published", func(t *testing.T) {
		r := checked(t, dnstest.Google(), "google.test", gmail())
		if r.Finding != data.FindingGood || len(r.Publish) != 0 || r.Provider != "Google Workspace" {
			t.Fatalf("%+v", r)
		}
		f := want(t, r, data.SenderSPF, data.FindingGood, "4 of 10")
		if f.Lookups != 4 || !slices.Contains(f.Raw, "google.test TXT v=spf1 include:_spf.google.com ~all") {
			t.Errorf("%+v", f)
		}
		want(t, r, data.SenderMX, data.FindingGood, "goes to Google Workspace")
		want(t, r, data.SenderDKIM, data.FindingGood, "selector google")
		want(t, r, data.SenderDMARC, data.FindingGood, "do nothing with it")
	})
	t.Run("a school on Microsoft with everything in place is good, also when one of two keys is not there yet", func(t *testing.T) {
		r := checked(t, dnstest.Microsoft(), "microsoft.test", microsoft())
		if r.Finding != data.FindingGood || len(r.Publish) != 0 {
			t.Fatalf("%+v", r)
		}
		want(t, r, data.SenderDKIM, data.FindingGood, "selector1")
		want(t, r, data.SenderDMARC, data.FindingGood, "put it into junk")
	})
	t.Run("a school without records reads what is missing, and which to publish", func(t *testing.T) {
		r := checked(t, dnstest.Bare(), "bare.test", gmail())
		want(t, r, data.SenderSPF, data.FindingBad, "has no SPF record")
		want(t, r, data.SenderDKIM, data.FindingLook, "No key")
		want(t, r, data.SenderDMARC, data.FindingLook, "has no DMARC record")
		for name, value := range map[string]string{
			"bare.test": "v=spf1 include:_spf.google.com ~all", "_dmarc.bare.test": "v=DMARC1; p=none; rua=mailto:postmaster@bare.test", "google._domainkey.bare.test": "",
		} {
			if got := published(r, name, "TXT"); got != value {
				t.Errorf("%s: %q", name, got)
			}
		}
		if r.Finding != data.FindingBad || len(r.Publish) != 3 {
			t.Errorf("%+v", r.Publish)
		}
	})
	t.Run("the keys of Microsoft are other names, and their values stand in its portal", func(t *testing.T) {
		r := checked(t, dnstest.Bare(), "bare.test", microsoft())
		for _, p := range r.Publish {
			if strings.HasPrefix(p.Name, "selector") && (p.Type != "CNAME" || p.Value != "" || !strings.Contains(p.Why, "Defender")) {
				t.Errorf("%+v", p)
			}
		}
		if len(r.Publish) != 4 {
			t.Errorf("%+v", r.Publish)
		}
	})
	t.Run("where people's mail comes from stays allowed when the library gets its first record", func(t *testing.T) {
		z := dnstest.Zone{"both.test": {dnstest.MX(0, "both-test.mail.protection.outlook.com")}}
		r := checked(t, z, "both.test", gmail())
		if got := published(r, "both.test", "TXT"); got != "v=spf1 include:_spf.google.com include:spf.protection.outlook.com ~all" {
			t.Error(got)
		}
	})
	t.Run("what the school registered is asked for DMARC when the address lies below it", func(t *testing.T) {
		z := dnstest.Zone{"lib.relay.test": {dnstest.MX(1, "mail.relay.test"), dnstest.TXT("v=spf1 ip4:203.0.113.9 -all")}}.And(dnstest.Relay())
		want(t, checked(t, z, "lib.relay.test", relay("mail.relay.test")), data.SenderDMARC, data.FindingGood, "relay.test has a DMARC record")
	})
	t.Run("a strict DMARC record without SPF and DKIM is the worst of all", func(t *testing.T) {
		z := dnstest.Zone{"_dmarc.bare.test": {dnstest.TXT("v=DMARC1; p=reject")}}.And(dnstest.Bare())
		want(t, checked(t, z, "bare.test", gmail()), data.SenderDMARC, data.FindingBad, "refuse such mail")
	})
	for words, txt := range map[string][]dnstest.RR{
		"2 DMARC records": {dnstest.TXT("v=DMARC1; p=none"), dnstest.TXT("v=DMARC1; p=reject")},
		"cannot be read":  {dnstest.TXT("v=DMARC1; p=nothing")},
	} {
		t.Run("a DMARC record nobody heeds is told: "+words, func(t *testing.T) {
			z := dnstest.Zone{"_dmarc.bare.test": txt}.And(dnstest.Bare())
			want(t, checked(t, z, "bare.test", gmail()), data.SenderDMARC, data.FindingBad, words)
		})
	}
	for words, rr := range map[string]dnstest.RR{
		"was withdrawn": dnstest.TXT("v=DKIM1; p="),
		"is damaged":    dnstest.TXT("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIB"),
		"too short":     dnstest.TXT("k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ=="),
		"no DKIM key":   dnstest.TXT("v=spf1 -all"),
	} {
		t.Run("a key that cannot be used is told: "+words, func(t *testing.T) {
			z := dnstest.Zone{"google._domainkey.bare.test": {rr}}.And(dnstest.Bare())
			want(t, checked(t, z, "bare.test", gmail()), data.SenderDKIM, data.FindingBad, words)
		})
	}
	t.Run("selectors IT names are looked for", func(t *testing.T) {
		r := asked(t, dnstest.Relay(), data.SenderQuestion{From: "library@relay.test", Servers: []data.Server{relay("mail.relay.test")}, Selectors: []string{"k1"}})
		want(t, r, data.SenderDKIM, data.FindingGood, "k1")
		if r.Finding != data.FindingGood {
			t.Errorf("%+v", r)
		}
	})
	t.Run("a key of the whole school serves a part of it", func(t *testing.T) {
		z := dnstest.Zone{"lib.google.test": {dnstest.MX(1, "aspmx.l.google.com"), dnstest.TXT("v=spf1 include:_spf.google.com ~all")}}.And(dnstest.Google())
		if r := checked(t, z, "lib.google.test", gmail()); r.Finding != data.FindingGood || len(r.Publish) != 0 {
			t.Errorf("%+v", r)
		}
	})
	t.Run("for a domain that is not there nothing is to be published: it is a typing mistake", func(t *testing.T) {
		if r := checked(t, nil, "nowhere.test", gmail()); len(r.Publish) != 0 || len(r.Findings) != 2 || r.Finding != data.FindingBad {
			t.Errorf("%+v", r)
		}
	})
	t.Run("a domain that takes no mail is told", func(t *testing.T) {
		z := dnstest.Zone{"null.test": {dnstest.MX(0, ".")}}
		want(t, checked(t, z, "null.test", gmail()), data.SenderMX, data.FindingBad, "takes no mail at all")
		want(t, checked(t, z, "nowhere.test", gmail()), data.SenderMX, data.FindingBad, "no mail at nowhere.test")
	})
	t.Run("without a server and with it empty nothing breaks", func(t *testing.T) {
		want(t, checked(t, dnstest.Google(), "google.test"), data.SenderSPF, data.FindingGood, "when a mail server is set")
		r := asked(t, nil, data.SenderQuestion{})
		want(t, r, data.SenderFrom, data.FindingUnknown, "no From address")
		if r.Finding != data.FindingUnknown || !strings.Contains(r.Sentence, "no From address") {
			t.Errorf("the sum is %q: %s", r.Finding, r.Sentence)
		}
	})
}

func TestFrom(t *testing.T) {
	for _, c := range []struct {
		promise, from, account string
		server                 data.Server
		finding                data.Finding
		words                  string
	}{
		{"a private address through the school's relay is bad", "somebody@gmail.com", "", relay("relay.school.test"), data.FindingBad, "only the servers of Gmail"},
		{"a private address through Microsoft is bad", "somebody@gmail.com", "library@school.test", microsoft(), data.FindingBad, "only the servers of Gmail"},
		{"a private address through its own service is good", "somebody@gmail.com", "somebody@gmail.com", gmail(), data.FindingGood, "nothing to publish"},
		{"an address of a provider through its own server is good", "library@web.de", "library", data.Server{Host: "smtp.web.de"}, data.FindingGood, "nothing to publish"},
		{"an account of another domain is bad", "library@google.test", "scanner@elsewhere.test", gmail(), data.FindingBad, "elsewhere.test"},
		{"an account of another part of the school is worth a look", "library@lib.google.test", "scanner@google.test", gmail(), data.FindingLook, "one school"},
		{"an account of the same domain is good", "library@google.test", "scanner@google.test", gmail(), data.FindingGood, "both of google.test"},
		{"a name only the school's network knows is bad", "library@school.local", "", relay("relay.school.local"), data.FindingBad, "no name that others"},
		{"a number in place of a name is bad", "library@[192.0.2.1]", "", relay("192.0.2.1"), data.FindingBad, "no name that others"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			r := asked(t, dnstest.Google(), data.SenderQuestion{From: c.from, Account: c.account, Servers: []data.Server{c.server}})
			want(t, r, data.SenderFrom, c.finding, c.words)
		})
	}
}

func TestRelay(t *testing.T) {
	t.Run("a relay whose address the record lets send, and whose name leads back, is good", func(t *testing.T) {
		r := checked(t, dnstest.Relay(), "relay.test", relay("mail.relay.test"))
		want(t, r, data.SenderSPF, data.FindingGood, "lets the relay mail.relay.test send")
		want(t, r, data.SenderPTR, data.FindingGood, "leads back")
		want(t, r, data.SenderDKIM, data.FindingUnknown, "selector")
	})
	t.Run("the address IT named counts, not the one the name has inside the school", func(t *testing.T) {
		r := asked(t, dnstest.Relay(), data.SenderQuestion{From: "library@relay.test", Servers: []data.Server{relay("10.0.0.5")}, PublicIP: "198.51.100.7"})
		want(t, r, data.SenderSPF, data.FindingBad, "does not let the relay 10.0.0.5 (198.51.100.7) send")
		want(t, r, data.SenderPTR, data.FindingBad, "has no name")
		if got := published(r, "relay.test", "TXT"); got != "v=spf1 ip4:203.0.113.0/28 ip4:198.51.100.7 -all" {
			t.Error(got)
		}
	})
	t.Run("an address that is not known is told as that, and nothing is to be published", func(t *testing.T) {
		r := checked(t, dnstest.Relay(), "relay.test", relay("10.0.0.5"))
		want(t, r, data.SenderSPF, data.FindingUnknown, "not known")
		want(t, r, data.SenderPTR, data.FindingUnknown, "not known")
		if len(r.Publish) != 0 {
			t.Error(r.Publish)
		}
	})
	t.Run("a name that does not lead back is bad", func(t *testing.T) {
		z := dnstest.Zone{dnstest.Reverse("198.51.100.7"): {dnstest.PTR("other.test")}, "other.test": {dnstest.A("198.51.100.8")}}.And(dnstest.Relay())
		r := asked(t, z, data.SenderQuestion{From: "library@relay.test", Servers: []data.Server{relay("10.0.0.5")}, PublicIP: "198.51.100.7"})
		want(t, r, data.SenderPTR, data.FindingBad, "does not lead back")
	})
	t.Run("a second server counts as much as the first", func(t *testing.T) {
		r := checked(t, dnstest.Google(), "google.test", gmail(), microsoft())
		want(t, r, data.SenderSPF, data.FindingBad, "does not name Microsoft 365")
		if got := published(r, "google.test", "TXT"); got != "v=spf1 include:_spf.google.com include:spf.protection.outlook.com ~all" {
			t.Error(got)
		}
	})
}

// TestNoAnswer: what cannot be looked up is never called missing, and no record is suggested that may be there.
func TestNoAnswer(t *testing.T) {
	deaf := func(rr dnstest.RR) dnstest.Zone {
		z := dnstest.Zone{}
		for _, name := range []string{"deaf.test", "_dmarc.deaf.test", "google._domainkey.deaf.test"} {
			z[name] = []dnstest.RR{rr}
		}
		return z
	}
	circle := dnstest.Zone{}
	for _, name := range []string{"deaf.test", "_dmarc.deaf.test", "google._domainkey.deaf.test"} {
		circle[name] = []dnstest.RR{dnstest.CNAME("x." + name)}
		circle["x."+name] = []dnstest.RR{dnstest.CNAME(name)}
	}
	for promise, z := range map[string]dnstest.Zone{"out of order": deaf(dnstest.ServFail()), "cut off": deaf(dnstest.Cut()), "in a circle": circle, "silent": deaf(dnstest.Silent())} {
		t.Run("an answer "+promise+" is told as that", func(t *testing.T) {
			c := sendercheck.New(sendercheck.Options{Resolver: dnstest.Start(t, z).Resolver(), Each: 300 * time.Millisecond})
			r := whole(t, c.Check(t.Context(), data.SenderQuestion{From: "library@deaf.test", Servers: []data.Server{gmail()}}))
			for _, p := range []data.SenderPart{data.SenderSPF, data.SenderDKIM, data.SenderDMARC} {
				want(t, r, p, data.FindingUnknown, "could not be looked up now")
			}
			if len(r.Publish) != 0 {
				t.Errorf("%+v", r.Publish)
			}
		})
	}
	t.Run("a dead name service is told, and the check ends", func(t *testing.T) {
		c := sendercheck.New(sendercheck.Options{Resolver: dnstest.Dead(t)})
		r := whole(t, c.Check(t.Context(), data.SenderQuestion{From: "library@deaf.test", Servers: []data.Server{relay("mail.deaf.test")}}))
		for _, p := range []data.SenderPart{data.SenderMX, data.SenderSPF, data.SenderDMARC} {
			want(t, r, p, data.FindingUnknown, "could not be looked up now")
		}
		if r.Finding != data.FindingUnknown || len(r.Publish) != 0 {
			t.Errorf("%+v", r)
		}
	})
	t.Run("the whole check has one limit of time", func(t *testing.T) {
		c := sendercheck.New(sendercheck.Options{Resolver: dnstest.Start(t, deaf(dnstest.Silent())).Resolver(), Each: time.Hour, Whole: 300 * time.Millisecond})
		want(t, whole(t, c.Check(t.Context(), data.SenderQuestion{From: "library@deaf.test", Servers: []data.Server{gmail()}})), data.SenderSPF, data.FindingUnknown, "now")
	})
	t.Run("an answer cut off by UDP is taken whole by TCP", func(t *testing.T) {
		z := dnstest.Google()
		z["google.test"] = append(z["google.test"], dnstest.Truncated())
		s := dnstest.Start(t, z)
		c := sendercheck.New(sendercheck.Options{Resolver: s.Resolver()})
		r := c.Check(t.Context(), data.SenderQuestion{From: "library@google.test", Servers: []data.Server{gmail()}})
		if _, tcp := s.Asked(); r.Finding != data.FindingGood || tcp == 0 {
			t.Errorf("%d by TCP: %+v", tcp, r)
		}
	})
	t.Run("a part of the record that does not answer leaves open what it would have said", func(t *testing.T) {
		z := dnstest.Zone{"part.test": {dnstest.MX(1, "aspmx.l.google.com"), dnstest.TXT("v=spf1 include:_spf.part.test ~all")}, "_spf.part.test": {dnstest.ServFail()}}
		r := checked(t, z, "part.test", gmail())
		want(t, r, data.SenderSPF, data.FindingUnknown, "its part _spf.part.test")
		if published(r, "part.test", "TXT") != "" {
			t.Error(r.Publish)
		}
	})
}

func TestSPF(t *testing.T) {
	eleven := dnstest.Zone{}
	record := "v=spf1"
	for i := range 11 {
		name := fmt.Sprintf("s%d.test", i)
		record += " include:" + name
		eleven[name] = []dnstest.RR{dnstest.TXT("v=spf1 ip4:192.0.2.1 ~all")}
	}
	eleven["school.test"] = []dnstest.RR{dnstest.TXT(record + " ~all")}
	of := func(txt ...string) dnstest.Zone {
		z := dnstest.Zone{"school.test": {dnstest.MX(1, "aspmx.l.google.com")}}
		for _, one := range txt {
			z["school.test"] = append(z["school.test"], dnstest.TXT(one))
		}
		return z
	}
	for _, c := range []struct {
		promise   string
		zone      dnstest.Zone
		finding   data.Finding
		words     string
		published string // empty: nothing
	}{
		{"two records are merged into one", of("v=spf1 include:_spf.google.com ~all", "v=spf1 ip4:192.0.2.7 -all"), data.FindingBad, "has 2 SPF records", "v=spf1 include:_spf.google.com ip4:192.0.2.7 ~all"},
		{"two records without the provider are merged with it", of("v=spf1 a -all", "v=spf1 mx -all"), data.FindingBad, "has 2 SPF records", "v=spf1 a mx include:_spf.google.com -all"},
		{"a record that does not name the provider gets its entry before the end", of("v=spf1 ip4:192.0.2.7 mx -all"), data.FindingBad, "does not name Google Workspace", "v=spf1 ip4:192.0.2.7 mx include:_spf.google.com -all"},
		{"an entry behind the end counts as not there and is moved before it", of("v=spf1 mx -all include:_spf.google.com"), data.FindingBad, "does not name Google", "v=spf1 mx include:_spf.google.com -all"},
		{"an entry behind the end that does not matter is told", of("v=spf1 include:_spf.google.com -all ip4:192.0.2.7"), data.FindingLook, "behind its -all", "v=spf1 include:_spf.google.com ip4:192.0.2.7 -all"},
		{"eleven look-ups are one too many", eleven, data.FindingBad, "needs 11 look-ups", "*"},
		{"a provider named by a record within the record is found", dnstest.Zone{"_spf.school.test": {dnstest.TXT("v=spf1 include:_spf.google.com ~all")}}.And(of("v=spf1 include:_spf.school.test ~all")), data.FindingGood, "5 of 10", ""},
		{"a redirect is followed", of("v=spf1 redirect=_spf.google.com"), data.FindingGood, "4 of 10", ""},
		{"a redirect stays at the end", of("v=spf1 redirect=spf.protection.outlook.com"), data.FindingBad, "does not name Google", "v=spf1 include:_spf.google.com redirect=spf.protection.outlook.com"},
		{"a redirect beside an end is not read", of("v=spf1 ip4:192.0.2.7 redirect=_spf.google.com ~all"), data.FindingBad, "does not name Google", "v=spf1 ip4:192.0.2.7 include:_spf.google.com ~all"},
		{"an entry with a question mark lets nobody pass", of("v=spf1 ?include:_spf.google.com ~all"), data.FindingBad, "does not name Google", "v=spf1 ?include:_spf.google.com include:_spf.google.com ~all"},
		{"a record that leads to itself is told", dnstest.Zone{"a.test": {dnstest.TXT("v=spf1 include:school.test ~all")}}.And(of("v=spf1 include:a.test include:_spf.google.com ~all")), data.FindingBad, "in a circle", ""},
		{"an entry that leads to nothing makes the record useless", of("v=spf1 include:gone.test include:_spf.google.com ~all"), data.FindingBad, "leads to nothing", ""},
		{"an entry without a record behind it makes the record useless", dnstest.Zone{"x.test": {dnstest.TXT("hello")}}.And(of("v=spf1 include:x.test include:_spf.google.com ~all")), data.FindingBad, "leads to no SPF record", ""},
		{"three names without an address are one too many", of("v=spf1 a:v1.test a:v2.test a:v3.test include:_spf.google.com ~all"), data.FindingBad, "3 entries that lead to nothing", ""},
		{"a word nobody knows is named and left out", of("v=spf1 include:_spf.google.com inclde:x.test ~all"), data.FindingBad, `"inclde:x.test"`, "v=spf1 include:_spf.google.com ~all"},
		{"an address that is none is named", of("v=spf1 ip4:192.0.2.300 include:_spf.google.com ~all"), data.FindingBad, "192.0.2.300", "v=spf1 include:_spf.google.com ~all"},
		{"everybody may send: worth a look", of("v=spf1 include:_spf.google.com +all"), data.FindingLook, "everybody in the world", "v=spf1 include:_spf.google.com ~all"},
		{"no end: worth a look", of("v=spf1 include:_spf.google.com"), data.FindingLook, "lacks ~all", "v=spf1 include:_spf.google.com ~all"},
		{"a record in quotation marks is no record", of(`"v=spf1 include:_spf.google.com ~all"`), data.FindingBad, "begins wrongly", "v=spf1 include:_spf.google.com ~all"},
		{"capital letters do not matter", of("V=SPF1 INCLUDE:_SPF.Google.com ~ALL"), data.FindingGood, "4 of 10", ""},
		{"an entry that depends on the mail is counted", of("v=spf1 exists:%{i}._spf.school.test include:_spf.google.com ~all"), data.FindingGood, "5 of 10", ""},
		{"another version is none", of("v=spf10 include:_spf.google.com ~all"), data.FindingBad, "begins wrongly", "v=spf1 include:_spf.google.com ~all"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			r := checked(t, c.zone, "school.test", gmail())
			want(t, r, data.SenderSPF, c.finding, c.words)
			if got := published(r, "school.test", "TXT"); got != c.published && c.published != "*" {
				t.Errorf("published would be %q", got)
			}
		})
	}
	t.Run("a record of more than 255 characters is read whole, and the long one to publish says how", func(t *testing.T) {
		long := "v=spf1"
		for i := range 20 {
			long += fmt.Sprintf(" ip4:192.0.2.%d", 100+i)
		}
		r := checked(t, of(long+" -all"), "school.test", gmail())
		if len(r.Publish) == 0 || r.Publish[0].Value != long+" include:_spf.google.com -all" || !strings.Contains(r.Publish[0].Why, "255") || r.Publish[0].Replaces[0] != long+" -all" {
			t.Errorf("%+v", r.Publish)
		}
	})
	t.Run("what is to be published is good once it is", func(t *testing.T) {
		for _, old := range [][]string{nil, {"v=spf1 mx:aspmx.l.google.com -all", "v=spf1 ip4:192.0.2.7 +all"}, {"v=spf1 redirect=spf.protection.outlook.com"}, {"v=spf1 bad ~all"}} {
			r := checked(t, of(old...), "school.test", gmail())
			again := checked(t, of(published(r, "school.test", "TXT")).And(dnstest.Zone{"aspmx.l.google.com": {dnstest.A("192.0.2.1")}}), "school.test", gmail())
			want(t, again, data.SenderSPF, data.FindingGood, "lets Google Workspace send")
			if published(again, "school.test", "TXT") != "" {
				t.Errorf("%q: %+v", old, again.Publish)
			}
		}
	})
}
