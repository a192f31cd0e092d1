package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay/relaytest"
	"smtpgateway/service/sendercheck"
	"smtpgateway/service/sendercheck/dnstest"
)

// asks runs one command line with a name service of the test's own.
func (d *desk) asks(names sendercheck.Options, in string, args ...string) (int, string, string) {
	d.t.Helper()
	var out, errs bytes.Buffer
	code := Main(context.WithoutCancel(d.t.Context()), append([]string{"--data", d.data}, args...), Streams{In: strings.NewReader(in), Out: &out, Err: &errs, Names: names})
	return code, out.String(), errs.String()
}

func dns(t *testing.T, z dnstest.Zone) sendercheck.Options {
	t.Helper()
	return sendercheck.Options{Resolver: dnstest.Start(t, z).Resolver()}
}

const receivedGood = "Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=library@google.test; dkim=pass header.d=google.test; dmarc=pass header.from=google.test\nFrom: library@google.test\n\nHello\n"

func TestSendercheckCommand(t *testing.T) {
	google := []string{"server1.host=smtp.gmail.com", "server1.port=465", "server1.security=tls", "from.address=library@google.test", "server1.user=library@google.test", "server1.password=hunter2hunter2"}
	t.Run("a good sender is told with every part, and the exit code is 0", func(t *testing.T) {
		d := newDesk(t, google...)
		code, out, errs := d.asks(dns(t, dnstest.Google()), "", "sendercheck")
		if code != exitOK || errs != "" {
			t.Fatal(code, out, errs)
		}
		for _, words := range []string{"ok   Allowed to send (SPF)", "ok   Signed (DKIM)", "lets Google Workspace send (4 of 10", "should be trusted", "google.test TXT v=spf1"} {
			if !strings.Contains(out, words) {
				t.Errorf("%q is missing in\n%s", words, out)
			}
		}
	})
	t.Run("a bad one has exit code 1, and the records to publish", func(t *testing.T) {
		d := newDesk(t, "server1.host=smtp.gmail.com", "from.address=library@bare.test")
		code, out, _ := d.asks(dns(t, dnstest.Bare()), "", "sendercheck")
		if code != exitNo || !strings.Contains(out, "bare.test TXT v=spf1 include:_spf.google.com ~all") || !strings.Contains(out, "NO   Allowed to send") {
			t.Fatal(code, out)
		}
	})
	t.Run("without a From address there is nothing to check, and what to set is told", func(t *testing.T) {
		code, _, errs := newDesk(t, "server1.host=smtp.gmail.com").asks(dns(t, nil), "", "sendercheck")
		if code != exitConfig || !strings.Contains(errs, "no From address yet") || !strings.Contains(errs, "settings set from.address=") {
			t.Error(code, errs)
		}
	})
	t.Run("JSON holds the same for programs, and no secret", func(t *testing.T) {
		d := newDesk(t, google...)
		code, out, errs := d.asks(dns(t, dnstest.Google()), "", "sendercheck", "--json")
		if code != exitOK || !strings.Contains(out, `"finding": "good"`) || !strings.Contains(out, `"lookups": 4`) || strings.Contains(out, "hunter2") || strings.Contains(out, data.SealedPrefix) {
			t.Fatal(code, out, errs)
		}
	})
	t.Run("the address of the school's relay is taken from the flag", func(t *testing.T) {
		d := newDesk(t, "server1.host=10.0.0.5", "server1.port=25", "server1.auth=none", "from.address=library@relay.test")
		code, out, _ := d.asks(dns(t, dnstest.Relay()), "", "sendercheck", "--public-ip", "203.0.113.9", "--selector", "k1")
		if code != exitOK || !strings.Contains(out, "lets the relay 10.0.0.5 send") || !strings.Contains(out, "leads back") || !strings.Contains(out, "selector k1") {
			t.Fatal(code, out)
		}
		if code, _, errs := d.asks(dns(t, nil), "", "sendercheck", "--public-ip", "nonsense"); code != exitUsage || !strings.Contains(errs, "no internet address") {
			t.Fatal(code, errs)
		}
	})
	t.Run("a name service that is dead is told, and nothing is called missing", func(t *testing.T) {
		d := newDesk(t, google...)
		code, out, _ := d.asks(sendercheck.Options{Resolver: dnstest.Dead(t)}, "", "sendercheck")
		if code != exitOK || !strings.Contains(out, "could not be looked up now") || strings.Contains(out, "has no") || strings.Contains(out, "Records to publish") {
			t.Fatal(code, out)
		}
	})
	t.Run("a received mail is read from a file and from standard input", func(t *testing.T) {
		d := newDesk(t)
		file := filepath.Join(t.TempDir(), "received.eml")
		if err := os.WriteFile(file, []byte(receivedGood), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, c := range [][]string{{file, ""}, {"-", receivedGood}} {
			code, out, errs := d.pipe(c[1], "sendercheck", "--received", c[0])
			if code != exitOK || !strings.Contains(out, "SPF pass, DKIM pass, DMARC pass - good") || !strings.Contains(out, "mx.google.com says") {
				t.Fatal(code, out, errs)
			}
		}
		if code, out, _ := d.pipe("Dear reader", "sendercheck", "--received", "-"); code != exitNo || !strings.Contains(out, "no mail header") {
			t.Fatal(code, out)
		}
		if code, _, errs := d.run("sendercheck", "--received", file+".gone"); code != exitNoInput || !strings.Contains(errs, "There is no file") {
			t.Fatal(code, errs)
		}
		if code, _, errs := d.run("sendercheck", "--received", filepath.Dir(file)); code != exitNoInput || !strings.Contains(errs, "is a folder") {
			t.Fatal(code, errs)
		}
		if code, out, _ := d.pipe(receivedGood, "sendercheck", "--received", "-", "--json"); code != exitOK || !strings.Contains(out, `"result": "pass"`) {
			t.Fatal(code, out)
		}
	})
}

func TestItsheetCommand(t *testing.T) {
	const password = "correct horse battery"
	d := newDesk(t, "server1.host=smtp.office365.com", "from.address=library@microsoft.test", "library.name=Oak School", "server1.user=library@microsoft.test", "server1.password="+password)
	names := dns(t, dnstest.Microsoft())
	t.Run("it is printed as text, filled in from settings and sender check", func(t *testing.T) {
		for _, args := range [][]string{{"itsheet"}, {"itsheet", "-"}} {
			code, out, errs := d.asks(names, "", args...)
			if code != exitOK || !strings.Contains(out, "OAK SCHOOL") || !strings.Contains(strings.Join(strings.Fields(out), " "), "lets Microsoft 365 send") || !strings.Contains(out, "9. Answer") {
				t.Fatal(code, out, errs)
			}
			if strings.Contains(out, password) || strings.Contains(out, data.SealedPrefix) {
				t.Fatal("the password is on it")
			}
		}
	})
	t.Run("the name of the file says what it is", func(t *testing.T) {
		dir := t.TempDir()
		for name, begins := range map[string]string{"request.pdf": "%PDF-", "request.txt": "REQUEST TO"} {
			file := filepath.Join(dir, name)
			code, out, errs := d.asks(names, "", "itsheet", file, "--paper", "Letter")
			b, err := os.ReadFile(file)
			if code != exitOK || err != nil || !strings.HasPrefix(string(b), begins) || !strings.Contains(out, name) {
				t.Fatal(code, out, errs, err)
			}
			if bytes.Contains(b, []byte(password)) || bytes.Contains(b, []byte(data.SealedPrefix)) {
				t.Fatal("the password is in it")
			}
		}
	})
	t.Run("offline nobody is asked", func(t *testing.T) {
		s := dnstest.Start(t, nil)
		code, out, _ := d.asks(sendercheck.Options{Resolver: s.Resolver()}, "", "itsheet", "--offline")
		if udp, tcp := s.Asked(); code != exitOK || udp+tcp != 0 || !strings.Contains(out, "not made yet") {
			t.Fatal(code, udp, tcp, out)
		}
	})
	t.Run("JSON holds its parts", func(t *testing.T) {
		if code, out, _ := d.asks(names, "", "itsheet", "--json"); code != exitOK || !strings.Contains(out, `"title": "Firewall"`) {
			t.Fatal(code, out)
		}
	})
	t.Run("what cannot be written is told", func(t *testing.T) {
		if code, _, errs := d.asks(names, "", "itsheet", filepath.Join(t.TempDir(), "gone", "a.pdf"), "--offline"); code != exitNoAccess || !strings.Contains(errs, "cannot be written") {
			t.Fatal(code, errs)
		}
		if code, _, _ := d.asks(names, "", "itsheet", "--paper", "A3"); code != exitUsage {
			t.Fatal(code)
		}
	})
}

func TestSettingsSuggest(t *testing.T) {
	t.Run("DNS decides Google or Microsoft, and the settings that fit are shown and not saved", func(t *testing.T) {
		d := newDesk(t)
		code, out, errs := d.asks(dns(t, dnstest.Google()), "", "settings", "suggest", "library@google.test")
		if code != exitOK || !strings.Contains(out, "goes to Google Workspace") || !strings.Contains(out, "server1.host=smtp.gmail.com") || !strings.Contains(out, "server1.recipients_per_day=1800") {
			t.Fatal(code, out, errs)
		}
		if got := d.ok("settings", "get", "server1.host"); got != "\n" {
			t.Fatal(got)
		}
	})
	t.Run("with --save they are saved, and a pace the service does not take is slowed", func(t *testing.T) {
		d := newDesk(t, "messages_each_check=200")
		code, out, errs := d.asks(dns(t, dnstest.Microsoft()), "", "settings", "suggest", "library@microsoft.test", "--save")
		if code != exitOK || !strings.Contains(out, "server1.user=library@microsoft.test server1.password=-") {
			t.Fatal(code, out, errs)
		}
		for name, want := range map[string]string{"server1.host": "smtp.office365.com", "server1.user": "", "server1.recipients_per_day": "9000", "messages_each_check": "25", "server1.connections": "1", "from.address": "library@microsoft.test"} {
			if got := d.ok("settings", "get", name); got != want+"\n" {
				t.Errorf("%s is %q", name, got)
			}
		}
	})
	t.Run("nobody known is told, with exit code 1, and nothing is saved", func(t *testing.T) {
		d := newDesk(t)
		if code, out, _ := d.asks(dns(t, dnstest.Bare()), "", "settings", "suggest", "library@bare.test"); code != exitNo || !strings.Contains(out, "Ask IT") {
			t.Fatal(code, out)
		}
		if code, _, errs := d.asks(dns(t, dnstest.Bare()), "", "settings", "suggest", "library@bare.test", "--save"); code == exitOK || !strings.Contains(errs, "nothing was saved") {
			t.Fatal(code, errs)
		}
	})
	t.Run("the relay of Google wants no secret", func(t *testing.T) {
		d := newDesk(t)
		code, out, errs := d.asks(dns(t, nil), "", "settings", "suggest", "library@google.test", "--provider", "google-relay")
		if code != exitOK || !strings.Contains(out, "server1.host=smtp-relay.gmail.com") || !strings.Contains(out, "server1.auth=none") || !strings.Contains(out, "server1.user=\n") {
			t.Fatal(code, out, errs)
		}
		if code, _, _ := d.asks(dns(t, nil), "", "settings", "suggest", "library@google.test", "--provider", "nobody"); code != exitNoInput {
			t.Fatal(code)
		}
	})
	t.Run("the ports of a server that IT named are looked at", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"STARTTLS"}})
		names := dns(t, nil)
		names.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if address != "mail.school.test:587" {
				return nil, net.ErrClosed
			}
			return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(server.Host, strconv.Itoa(server.Port)))
		}
		d := newDesk(t)
		code, out, errs := d.asks(names, "", "settings", "suggest", "library@school.test", "--host", "mail.school.test", "--save")
		if code != exitOK {
			t.Fatal(code, out, errs)
		}
		if got := d.ok("settings", "get", "server1.port") + d.ok("settings", "get", "server1.security"); got != "587\nstarttls\n" {
			t.Fatal(got)
		}
		if code, out, _ := d.asks(names, "", "settings", "suggest", "library@school.test", "--host", "other.school.test"); code != exitNo || !strings.Contains(out, "Nothing answers") {
			t.Fatal(code, out)
		}
		if code, _, errs := d.asks(names, "", "settings", "suggest", "library@school.test", "--host", "a b"); code != exitUsage || !strings.Contains(errs, "blank") {
			t.Fatal(code, errs)
		}
	})
}
