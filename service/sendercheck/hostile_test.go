package sendercheck_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"smtpgateway/data"
	"smtpgateway/service/sendercheck"
	"smtpgateway/service/sendercheck/dnstest"
)

func school(txt ...string) dnstest.Zone {
	z := dnstest.Zone{"school.test": {dnstest.MX(1, "aspmx.l.google.com")}}
	for _, one := range txt {
		z["school.test"] = append(z["school.test"], dnstest.TXT(one))
	}
	return z
}

func TestMacros(t *testing.T) {
	for _, record := range []string{
		"v=spf1 include:%{ir}.%{v}.%{d}.spf.has.filter.test ~all",
		"v=spf1 exists:%{i}._spf.school.test -all",
		"v=spf1 include:hub.test -all",
	} {
		t.Run("who may send by a record that asks for each mail anew is not known from outside: "+record, func(t *testing.T) {
			z := school(record).And(dnstest.Zone{"hub.test": {dnstest.TXT("v=spf1 redirect=%{d2}.hub2.test")}})
			r := checked(t, z, "school.test", gmail())
			f := want(t, r, data.SenderSPF, data.FindingUnknown, "asks for each mail anew")
			if p := published(r, "school.test", "TXT"); p != "" || !strings.Contains(f.Next, "sure proof") {
				t.Errorf("%q %+v", p, f)
			}
		})
	}
}

func TestFlattened(t *testing.T) {
	all := "ip4:35.190.247.0/24 ip4:64.233.160.0/19 ip4:66.102.0.0/20 ip4:66.249.80.0/20 ip4:72.14.192.0/18 ip4:74.125.0.0/16 ip6:2001:4860:4000::/36 ip6:2404:6800:4000::/36 ip6:2607:f8b0:4000::/36 ip4:172.217.0.0/19 ip4:172.217.32.0/20"
	t.Run("a record with all of the provider's addresses in place of its name lets it send, but not for ever", func(t *testing.T) {
		r := checked(t, school("v=spf1 "+all+" -all"), "school.test", gmail())
		want(t, r, data.SenderSPF, data.FindingLook, "addresses")
	})
	t.Run("one with some of them does not", func(t *testing.T) {
		r := checked(t, school("v=spf1 "+strings.ReplaceAll(all, "ip4:74.125.0.0/16 ", "")+" -all"), "school.test", gmail())
		want(t, r, data.SenderSPF, data.FindingBad, "does not name Google Workspace")
	})
}

func TestTooManyWithTheProvider(t *testing.T) {
	z, record := dnstest.Zone{}, "v=spf1"
	for i := range 8 {
		name := fmt.Sprintf("s%d.test", i)
		record += " include:" + name
		z[name] = []dnstest.RR{dnstest.TXT("v=spf1 ip4:192.0.2.1 ~all")}
	}
	r := checked(t, z.And(school(record+" ~all")), "school.test", gmail())
	f := want(t, r, data.SenderSPF, data.FindingBad, "does not name Google Workspace")
	if !strings.Contains(f.Next, "12 look-ups") || len(r.Publish) == 0 || !strings.Contains(r.Publish[0].Why, "10 look-ups") {
		t.Errorf("nobody is warned that the record to publish is useless: %+v %+v", f, r.Publish)
	}
	t.Run("a record with too many already says so of the one to publish, too", func(t *testing.T) {
		z["s8.test"], z["s9.test"], z["s10.test"] = z["s0.test"], z["s0.test"], z["s0.test"]
		r := checked(t, z.And(school(record+" include:s8.test include:s9.test include:s10.test ~all")), "school.test", gmail())
		want(t, r, data.SenderSPF, data.FindingBad, "11 look-ups")
		if len(r.Publish) > 0 && r.Publish[0].Type == "TXT" && r.Publish[0].Name == "school.test" && !strings.Contains(r.Publish[0].Why, "10 look-ups") {
			t.Errorf("%+v", r.Publish)
		}
	})
}

// TestHostileRecords: whoever looks after a domain, or took it over, writes what he likes; none of it may act on a terminal,
// a page or a sheet.
func TestHostileRecords(t *testing.T) {
	hostile := "x=\x1b[31mred\x1b]0;title\x07\u202eoverride<script>alert(1)</script>\xff\xfe\x00\u009b31m"
	for promise, txt := range map[string][]string{
		"in an entry of its own": {"v=spf1 " + hostile + " include:_spf.google.com ~all"},
		"in two records":         {"v=spf1 a:" + hostile + " ~all", "v=spf1 " + hostile + "=1 ~all"},
		"in a name":              {"v=spf1 include:\x1b[2J.test redirect=\x1b[31m.test"},
		"where none is":          {"\"v=spf1 " + hostile},
		"of 64 kB":               {"v=spf1 " + strings.Repeat("include:a\x1b[31m.test ", 2000) + "~all"},
		"without end":            {"v=spf1 " + strings.Repeat("a", 60_000)},
	} {
		t.Run("codes for terminals "+promise+" are shown by nobody", func(t *testing.T) {
			z := school(txt...)
			z["_dmarc.school.test"] = []dnstest.RR{dnstest.TXT("v=DMARC1; p=\x1b[31mnone; rua=mailto:" + hostile)}
			z["google._domainkey.school.test"] = []dnstest.RR{dnstest.TXT("v=DKIM1; k=" + hostile + "; p=" + hostile)}
			r := checked(t, z, "school.test", gmail())
			var shown []string
			for _, f := range r.Findings {
				shown = append(append(shown, f.Sentence, f.Next), f.Raw...)
			}
			for _, p := range r.Publish {
				shown = append(append(shown, p.Name, p.Value, p.Why), p.Replaces...)
			}
			for _, text := range append(shown, r.Sentence, r.Next) {
				if i := strings.IndexFunc(text, func(r rune) bool {
					return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
				}); i >= 0 {
					t.Errorf("%q", text[i:min(len(text), i+60)])
				}
				if len(text) > 4000 {
					t.Errorf("%d octets are shown", len(text))
				}
			}
		})
	}
}

func TestReceivedFromPages(t *testing.T) {
	header := "Delivered-To: me@gmail.com\nReceived: by 2002:a05:1; Sun, 22 Nov 2026 01:00:00 -0800 (PST)\n" +
		"Authentication-Results: mx.google.com;\n       dkim=pass header.i=@school.test header.s=google;\n       spf=pass smtp.mailfrom=library@school.test;\n       dmarc=pass header.from=school.test\n" +
		"From: Library <library@school.test>\nSubject: Test\nMessage-ID: <1@school.test>\nDate: Sun, 22 Nov 2026 09:00:00 +0000\n\nHello\n"
	t.Run("Gmail's whole page of the original is read, with its table in front", func(t *testing.T) {
		page := "Original Message\n\nMessage ID\t<1@school.test>\nCreated at:\tSun, Nov 22, 2026 at 9:00 AM (Delivered after 1 second)\nFrom:\tLibrary <library@school.test>\nTo:\tme@gmail.com\nSubject:\tTest\n" +
			"SPF:\tPASS with IP 209.85.220.41 Learn more\nDKIM:\t'PASS' with domain school.test Learn more\nDMARC:\t'PASS' Learn more\nDownload Original\tCopy to clipboard\n\n" + header
		e := sendercheck.Received(strings.NewReader(page))
		if e.Finding != data.FindingGood || e.By != "mx.google.com" || e.From != "library@school.test" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("what stands in the text of a mail is not taken for its header", func(t *testing.T) {
		sent := "From: library@school.test\nDate: Sun, 22 Nov 2026 09:00:00 +0000\nMessage-ID: <1@school.test>\n\nHere is another mail:\n\n" + header
		if e := sendercheck.Received(strings.NewReader(sent)); e.Finding != data.FindingUnknown || !strings.Contains(e.Sentence, "not received yet") {
			t.Errorf("%+v", e)
		}
	})
	t.Run("a receiver that found nothing out is believed before those below it", func(t *testing.T) {
		forged := "Received: from x by mx.other.test; Sun, 22 Nov 2026 01:00:00 -0800\nAuthentication-Results: mx.other.test; none\n" + strings.TrimPrefix(header, "Delivered-To: me@gmail.com\n")
		if e := sendercheck.Received(strings.NewReader(forged)); e.Finding == data.FindingGood || e.By != "" && e.By != "mx.other.test" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("nothing that a stranger wrote acts on a terminal or a page", func(t *testing.T) {
		e := sendercheck.Received(strings.NewReader("Received: x\nAuthentication-Results: \x1b[31mmx\u202e.test; spf=\x1b[2Jfail reason=\"\x1b]0;x\x07<b>\" smtp.mailfrom=\x1b[31m@school.test\nFrom: \x1b[31m <a\x1b@b>\n\n"))
		for _, text := range append(append([]string{e.By, e.From, e.Sentence, e.Next, e.Source}, e.Raw...), fmt.Sprint(e.Results)) {
			if strings.ContainsAny(text, "\x1b\x07\u202e") {
				t.Errorf("%q", text)
			}
		}
	})
	t.Run("a page's source is no header", func(t *testing.T) {
		e := sendercheck.Received(strings.NewReader("<!DOCTYPE html>\n<html><head>\n<style>a{color:red}</style>\n<script>var x=\"Authentication-Results: mx.google.com; spf=pass\";</script>\n</head><body><pre>Authentication-Results: mx.google.com; spf=pass; dkim=pass; dmarc=pass</pre></body></html>"))
		if e.Finding == data.FindingGood {
			t.Errorf("%+v", e)
		}
	})
}
