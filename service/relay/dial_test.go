package relay_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

// names is a resolver that knows these.
type names map[string][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	list, ok := n[host]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if list == nil {
		return nil, &net.DNSError{Err: "i/o timeout", Name: host, IsTimeout: true}
	}
	var all []netip.Addr
	for _, a := range list {
		all = append(all, netip.MustParseAddr(a))
	}
	return all, nil
}

func refused(t *testing.T, o relay.Options, s data.Server) (data.Outcome, *steps) {
	t.Helper()
	var told steps
	session, outcome := relay.New(o).Dial(t.Context(), s, told.add)
	if session != nil {
		session.Close()
		t.Fatalf("connected: %s", session.Protection())
	}
	return outcome, &told
}

// Row 23: certificates and old protection.
func TestProtection(t *testing.T) {
	for _, security := range []data.Security{data.SecuritySTARTTLS, data.SecurityTLS} {
		t.Run(string(security), func(t *testing.T) {
			t.Run("a proved server is spoken to, encrypted", func(t *testing.T) {
				server := relaytest.Start(t, relaytest.Script{Security: security})
				s := dial(t, options(), server.Config())
				if !strings.Contains(s.Protection(), "TLS 1.3, the server proved who it is") {
					t.Fatal(s.Protection())
				}
				want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
			})
			for name, c := range map[string]struct {
				script relaytest.Script
				says   string
				advice string
			}{
				"an expired certificate":  {relaytest.Script{Identity: relaytest.Identity{Expired: true}}, "expired", "trust"},
				"another name":            {relaytest.Script{Identity: relaytest.Identity{Host: "other.test"}}, "not for 127.0.0.1", "trust"},
				"signed by itself":        {relaytest.Script{Identity: relaytest.Identity{SelfSigned: true}}, "does not know who issued", "trust"},
				"outdated protection":     {oldTLS(t), "outdated", ""},
				"expired and self-signed": {relaytest.Script{Identity: relaytest.Identity{SelfSigned: true, Expired: true}}, "confirmed", "trust"},
			} {
				t.Run(name, func(t *testing.T) {
					script := c.script
					script.Security, script.Auth = security, []string{"PLAIN"}
					server := relaytest.Start(t, script)
					t.Run("pauses the server with the reason, and nothing is said in clear", func(t *testing.T) {
						o, told := refused(t, options(), server.Config())
						wantServer(t, o, data.PhaseTLS, data.PauseShort)
						if !strings.Contains(o.Sentence, c.says) || o.Advice != c.advice || server.Auths() != 0 || len(server.Mails()) != 0 {
							t.Fatalf("%+v, %d sign-ins", o, server.Auths())
						}
						last := told.find("protection")
						if c.advice == "trust" && (last.OK || !strings.Contains(last.Detail, relaytest.Fingerprint(server.Certificate))) {
							t.Fatalf("%+v", last)
						}
					})
					t.Run("goes on, and says so, when non-secure connections are allowed", func(t *testing.T) {
						config := server.Config()
						config.AllowInsecure = true
						s := dial(t, options(), config)
						if !strings.Contains(s.Protection(), "did not prove") && !strings.Contains(s.Protection(), "outdated TLS 1.0") {
							t.Fatal(s.Protection())
						}
						want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
					})
					if c.advice != "trust" {
						return
					}
					t.Run("is accepted when this very certificate is trusted", func(t *testing.T) {
						config := server.Config()
						config.Certificate = relaytest.Fingerprint(server.Certificate)
						s := dial(t, options(), config)
						if !strings.Contains(s.Protection(), "you trust") {
							t.Fatal(s.Protection())
						}
					})
					t.Run("is refused when another one is trusted", func(t *testing.T) {
						config := server.Config()
						config.Certificate = strings.Repeat("ab", 32)
						o, _ := refused(t, options(), config)
						wantServer(t, o, data.PhaseTLS, data.PauseShort)
					})
				})
			}
		})
	}

	t.Run("TLS at once on a port that starts unprotected: the other setting is offered", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{})
		c := server.Config()
		c.Security = data.SecurityTLS
		o, _ := refused(t, options(), c)
		wantServer(t, o, data.PhaseTLS, data.PauseShort)
		if o.Advice != "starttls" || o.Blame != data.BlameSettings {
			t.Fatalf("%+v", o)
		}
	})
	t.Run("unprotected at a server that is protected from the first byte: the other setting is offered", func(t *testing.T) {
		for _, security := range []data.Security{data.SecuritySTARTTLS, data.SecurityNone} {
			server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS})
			c := server.Config()
			c.Security = security
			hurried := options()
			hurried.Timeouts.Connect = 300 * time.Millisecond // decides when to look
			o, _ := refused(t, hurried, c)
			wantServer(t, o, data.PhaseGreeting, data.PauseShort)
			if o.Advice != "tls" || o.Blame != data.BlameSettings {
				t.Fatalf("%s: %+v", security, o)
			}
			if len(server.Commands()) != 0 {
				t.Fatalf("%q", server.Commands())
			}
		}
	})
	t.Run("a server that is just slow to greet is waited for", func(t *testing.T) {
		var connections atomic.Int32
		second, hurried := make(chan struct{}), options()
		hurried.Timeouts.Connect = 300 * time.Millisecond
		server := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, _ string) string {
			if verb != relaytest.Greeting {
				return relaytest.Default
			}
			if connections.Add(1) == 2 {
				close(second)
			}
			select {
			case <-second:
			case <-t.Context().Done():
			}
			return relaytest.Default
		}})
		want(t, send(t, dial(t, hurried, server.Config()), "a@school.test")[0], data.KindSent, data.PhaseDot)
	})
	t.Run("silence without TLS, whatever the port, offers no other setting", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Answer: silentAt(relaytest.Greeting)})
		c := server.Config()
		o, _ := refused(t, quick(), c)
		wantServer(t, o, data.PhaseGreeting, data.PauseShort)
		silent := relay.Classify(data.PhaseGreeting, data.Server{Host: "mail.test", Port: 465, Security: data.SecuritySTARTTLS}, context.DeadlineExceeded)
		if o.Advice != "" || silent.Advice != "" {
			t.Fatalf("%+v %+v", o, silent)
		}
	})

	// Row 24.
	t.Run("STARTTLS taken out on the way is refused", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecuritySTARTTLS, Extensions: []string{"AUTH PLAIN"}})
		c := server.Config()
		c.User, c.Password = relaytest.User, relaytest.Password
		o, _ := refused(t, options(), c)
		wantServer(t, o, data.PhaseTLS, data.PauseShort)
		if server.Auths() != 0 || len(server.Mails()) != 0 {
			t.Fatalf("%q", server.Commands())
		}
		c.AllowInsecure = true
		s := dial(t, options(), c)
		if s.Protection() != "not encrypted" {
			t.Fatal(s.Protection())
		}
	})
	t.Run("STARTTLS refused by the server is its trouble", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecuritySTARTTLS, Extensions: []string{"STARTTLS"}, Answer: func(verb, _ string) string {
			if verb == "STARTTLS" {
				return "454 4.7.0 TLS not available due to local problem"
			}
			return relaytest.Default
		}})
		o, _ := refused(t, options(), server.Config())
		wantServer(t, o, data.PhaseTLS, data.PauseShort)
	})
	t.Run("without protection wanted, what is offered is used when non-secure connections are allowed", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Security: data.SecuritySTARTTLS, Identity: relaytest.Identity{SelfSigned: true}})
		c := server.Config()
		c.Security = data.SecurityNone
		if s := dial(t, options(), c); s.Protection() != "not encrypted" {
			t.Fatal(s.Protection())
		}
		c.AllowInsecure = true
		if s := dial(t, options(), c); !strings.Contains(s.Protection(), "did not prove") {
			t.Fatal(s.Protection())
		}
	})

	// Row 25.
	t.Run("what is put in before the handshake is discarded", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{
			Security: data.SecuritySTARTTLS, Extensions: []string{"STARTTLS", "SIZE 12345"},
			Answer: func(verb, _ string) string {
				if verb == "STARTTLS" {
					return "!220 go ahead\r\n250-evil.test\r\n250-AUTH PLAIN\r\n250 SIZE 1\r\n"
				}
				return relaytest.Default
			},
		})
		s := dial(t, options(), server.Config())
		want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
	})
}

func oldTLS(t *testing.T) relaytest.Script {
	t.Helper()
	return relaytest.Script{TLS: &tls.Config{
		Certificates: []tls.Certificate{relaytest.Certificate(t, relaytest.Identity{})},
		MinVersion:   tls.VersionTLS10, MaxVersion: tls.VersionTLS10,
	}}
}

// Row 29, and what stands before a greeting.
func TestConnect(t *testing.T) {
	t.Run("a name that does not exist", func(t *testing.T) {
		o := options()
		o.Resolver = names{}
		got, told := refused(t, o, data.Server{Host: "mial.school.test", Port: 587})
		wantServer(t, got, data.PhaseDNS, data.PauseShort)
		if got.Sentence != "The server name mial.school.test does not exist." || got.Blame != data.BlameSettings || told.names() != "!name" {
			t.Fatalf("%+v %s", got, told.names())
		}
	})
	t.Run("a name service that does not answer", func(t *testing.T) {
		o := options()
		o.Resolver = names{"mail.school.test": nil}
		got, _ := refused(t, o, data.Server{Host: "mail.school.test", Port: 587})
		wantServer(t, got, data.PhaseDNS, data.PauseShort)
		if strings.Contains(got.Sentence, "does not exist") {
			t.Fatal(got.Sentence)
		}
	})
	t.Run("the second address is used when the first is dead", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{})
		o := options()
		o.Resolver = names{"mail.school.test": {"127.0.0.9", "127.0.0.1"}}
		c := server.Config()
		c.Host = "mail.school.test"
		want(t, send(t, dial(t, o, c), "a@school.test")[0], data.KindSent, data.PhaseDot)
	})
	t.Run("nothing listens", func(t *testing.T) {
		got, _ := refused(t, options(), data.Server{Host: "127.0.0.1", Port: closedPort(t)})
		wantServer(t, got, data.PhaseConnect, data.PauseShort)
		if !strings.Contains(got.Sentence, "Nothing answers at 127.0.0.1 port") || got.Blame != data.BlameIT {
			t.Fatalf("%+v", got)
		}
	})
	t.Run("no other port is ever tried", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{})
		c := server.Config()
		c.Port, c.Security = closedPort(t), data.SecurityTLS
		refused(t, options(), c)
		if server.Connections() != 0 {
			t.Fatal("another port was tried")
		}
	})
	t.Run("port 25 shut: 587 is proposed", func(t *testing.T) {
		if o := relay.Classify(data.PhaseConnect, data.Server{Host: "m.test", Port: 25}, context.DeadlineExceeded); o.Advice != "port-587" {
			t.Fatalf("%+v", o)
		}
	})
}

func closedPort(t *testing.T) int {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func TestEHLO(t *testing.T) {
	for name, c := range map[string]struct{ setting, computer, want string }{
		"the setting is used":                         {"lib.school.test", "desk.school.test", "lib.school.test"},
		"this computer's name if it is a whole one":   {"", "Desk.School.Test", "desk.school.test"},
		"a bare computer name becomes the address":    {"", "DESKTOP-1", "[127.0.0.1]"},
		"an impossible name becomes the address":      {"", "my_desk.school.test", "[127.0.0.1]"},
		"a name everybody has becomes the address":    {"", "localhost.localdomain", "[127.0.0.1]"},
		"a name made of numbers becomes the address":  {"", "10.0.0.7", "[127.0.0.1]"},
		"no name at all becomes the address":          {"", "", "[127.0.0.1]"},
		"a setting may be an address in brackets too": {"[192.0.2.1]", "x", "[192.0.2.1]"},
	} {
		t.Run(name, func(t *testing.T) {
			server := relaytest.Raw(t, relaytest.RawScript{})
			o := options()
			o.LocalName = func() string { return c.computer }
			s := server.Config()
			s.EHLO = c.setting
			dial(t, o, s)
			if got := server.Commands()[0]; got != "EHLO "+c.want {
				t.Fatal(got)
			}
		})
	}
}
