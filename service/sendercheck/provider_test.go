package sendercheck_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/relay/relaytest"
	"smtpgateway/service/sendercheck"
	"smtpgateway/service/sendercheck/dnstest"
)

func TestFindProvider(t *testing.T) {
	zone := dnstest.Zone{
		"new.test":    {dnstest.MX(1, "smtp.google.com")},
		"dane.test":   {dnstest.MX(1, "dane-test.o-v1.mx.microsoft")},
		"filter.test": {dnstest.MX(1, "mx1.filter.example"), dnstest.TXT("v=spf1 include:spf.protection.outlook.com -all")},
		"two.test":    {dnstest.MX(1, "mx1.filter.example"), dnstest.TXT("v=spf1 include:spf.protection.outlook.com include:_spf.google.com -all")},
		"own.test":    {dnstest.MX(1, "mail.own.test")},
		"moved.test":  {dnstest.MX(20, "aspmx.l.google.com"), dnstest.MX(5, "moved-test.mail.protection.outlook.com")},
		"fake.test":   {dnstest.MX(1, "google.com.evil.test")},
		"fail.test":   {dnstest.ServFail()},
	}.And(dnstest.Google(), dnstest.Microsoft())
	for _, c := range []struct{ address, id, how, words string }{
		{"library@gmail.com", "gmail", "good", "belong to Gmail"},
		{"library@google.test", "google-workspace", "good", "goes to Google Workspace (aspmx.l.google.com)"},
		{"library@new.test", "google-workspace", "good", "smtp.google.com"},
		{"library@microsoft.test", "microsoft-365", "good", "goes to Microsoft 365"},
		{"library@dane.test", "microsoft-365", "good", "goes to Microsoft 365"},
		{"library@filter.test", "microsoft-365", "look", "leaves through Microsoft 365"},
		{"library@two.test", "", "bad", "mx1.filter.example"},
		{"library@own.test", "", "bad", "Ask IT"},
		{"library@moved.test", "microsoft-365", "good", "moved-test"},
		{"library@fake.test", "", "bad", "Ask IT"},
		{"library@fail.test", "", "unknown", "could not be looked up now"},
		{"library@nobody.test", "", "bad", "No server takes mail"},
		{"library", "", "bad", "not an e-mail address"},
	} {
		t.Run(c.address+" is "+c.how+": "+c.words, func(t *testing.T) {
			s := dnstest.Start(t, zone)
			f := sendercheck.New(sendercheck.Options{Resolver: s.Resolver()}).FindProvider(t.Context(), c.address)
			if f.ID != c.id || string(f.Finding) != c.how || !strings.Contains(f.How, c.words) || f.Known() != (c.id != "") || f.Provider.ID != c.id {
				t.Fatalf("%+v", f)
			}
			for _, name := range s.Names() {
				if strings.Contains(name, "library") {
					t.Error("asked for", name)
				}
			}
		})
	}
}

func TestPorts(t *testing.T) {
	secure := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS})
	starttls := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"STARTTLS", "AUTH PLAIN"}})
	open := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"8BITMIME"}})
	refusing := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, _ string) string {
		if verb == "GREETING" {
			return "554 No SMTP service here"
		}
		return relaytest.Default
	}})
	var lc net.ListenConfig
	mute, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = mute.Close() }()
	at := func(s *relaytest.RawServer) string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }
	look := func(t *testing.T, where map[string]string) (data.PortsLook, []string) {
		t.Helper()
		var dialled []string
		c := sendercheck.New(sendercheck.Options{Each: 300 * time.Millisecond, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialled = append(dialled, address)
			_, port, _ := net.SplitHostPort(address)
			to, ok := where[port]
			if !ok {
				return nil, &net.OpError{Op: "dial", Net: network, Err: net.ErrClosed}
			}
			return new(net.Dialer).DialContext(ctx, network, to)
		}})
		return c.Ports(t.Context(), "mail.school.test"), dialled
	}
	for _, c := range []struct {
		promise  string
		where    map[string]string
		best     int
		security data.Security
		words    string
	}{
		{"587 with STARTTLS is the first choice", map[string]string{"587": at(starttls), "25": at(starttls)}, 587, data.SecuritySTARTTLS, "port 587 with STARTTLS"},
		{"465 with TLS is found, whoever vouches for its certificate", map[string]string{"465": at(secure), "25": at(open)}, 465, data.SecurityTLS, "port 465 with TLS"},
		{"protection is more than the usual port", map[string]string{"587": at(open), "25": at(starttls)}, 25, data.SecuritySTARTTLS, "port 25 with STARTTLS"},
		{"a port without protection is told as that", map[string]string{"25": at(open)}, 25, data.SecurityNone, "without protection"},
		{"a server that refuses this computer is none", map[string]string{"587": at(refusing)}, 0, "", "Nothing answers"},
		{"a server that never greets is given up", map[string]string{"465": mute.Addr().String(), "587": mute.Addr().String()}, 0, "", "Nothing answers"},
		{"a port that is no TLS is not taken for 465", map[string]string{"465": at(starttls), "587": at(starttls)}, 587, data.SecuritySTARTTLS, "587"},
		{"nothing at all is told with what to ask", nil, 0, "", "Nothing answers at mail.school.test"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			l, dialled := look(t, c.where)
			if l.Best != c.best || l.Security != c.security || !strings.Contains(l.Sentence, c.words) || len(l.Ports) != 3 {
				t.Fatalf("%+v", l)
			}
			if strings.Join(dialled, " ") != "mail.school.test:587 mail.school.test:465 mail.school.test:25" {
				t.Error("dialled", dialled)
			}
		})
	}
}
