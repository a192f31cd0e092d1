package relay_test

import (
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

// wire is a proxy between us and a server, for what no server does by itself.
func wire(t *testing.T, server data.Server) (data.Server, *toxiproxy.Proxy) {
	t.Helper()
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	proxy := toxiproxy.NewProxy(api, "smtp", "127.0.0.1:0", server.Address())
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	server.Port = portOf(t, proxy.Listen)
	return server, proxy
}

func poison(t *testing.T, proxy *toxiproxy.Proxy, toxic string) {
	t.Helper()
	if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
		t.Error(err)
	}
}

const swallow = `{"name":"swallow","type":"timeout","stream":"downstream","attributes":{"timeout":0}}`

func silentAt(verb string) func(v, line string) string { return at(verb, relaytest.Silence) }

func at(verb, answer string) func(v, line string) string {
	return func(v, _ string) string {
		if v == verb {
			return answer
		}
		return relaytest.Default
	}
}

func TestWire(t *testing.T) {
	// Row 7.
	t.Run("the answer to the final dot is swallowed: uncertain", func(t *testing.T) {
		var proxy *toxiproxy.Proxy
		server := relaytest.Start(t, relaytest.Script{Data: func(relaytest.Message) error { poison(t, proxy, swallow); return nil }})
		config, p := wire(t, server.Config())
		proxy = p
		o := options()
		o.Timeouts.Dot = 300 * time.Millisecond
		s := dial(t, o, config)
		got := send(t, s, "a@school.test", "b@school.test")
		for _, one := range got {
			want(t, one, data.KindUncertain, data.PhaseDot)
		}
		if s.Alive() || len(server.Messages()) != 1 || !strings.Contains(got[0].Sentence, "may have arrived") {
			t.Fatalf("alive %v, %d messages, %q", s.Alive(), len(server.Messages()), got[0].Sentence)
		}
	})

	// Row 8.
	t.Run("a reset before the dot: nothing accepted, plain retry, not uncertain", func(t *testing.T) {
		for _, how := range []string{relaytest.Abort, relaytest.Drop} {
			server := relaytest.Raw(t, relaytest.RawScript{Answer: at(relaytest.Body, how)})
			s := dial(t, options(), server.Config())
			m, _ := letter("")
			b := stream(16 << 20) // cannot be on its way whole before the reset is seen
			m.Size = b.Size()
			got, handed := s.Send(t.Context(), m, []string{"a@school.test"}, b)
			if got[0].Kind != data.KindTemporary || (got[0].Phase != data.PhaseBody && got[0].Phase != data.PhaseData) || !handed {
				t.Fatalf("%+v", got)
			}
			if s.Alive() || len(server.Messages()) != 0 {
				t.Fatal("half a message was taken")
			}
		}
	})

	// Row 9.
	t.Run("a reset after the server wrote 250 and before we read it: uncertain", func(t *testing.T) {
		var proxy *toxiproxy.Proxy
		accepted := make(chan relaytest.Message, 1)
		server := relaytest.Start(t, relaytest.Script{Accepted: accepted, Data: func(relaytest.Message) error { poison(t, proxy, swallow); return nil }})
		config, p := wire(t, server.Config())
		proxy = p
		s := dial(t, options(), config)
		done := make(chan []data.Outcome, 1)
		go func() {
			m, b := letter("x\r\n")
			got, _ := s.Send(background(), m, []string{"a@school.test"}, b)
			done <- got
		}()
		<-accepted
		proxy.Stop()
		want(t, (<-done)[0], data.KindUncertain, data.PhaseDot)
		if len(server.Messages()) != 1 {
			t.Fatal("not taken")
		}
	})
	t.Run("closed without an answer to the dot: uncertain", func(t *testing.T) {
		for _, how := range []string{relaytest.Drop, relaytest.Abort, "!25", "!\x00\xff\r\n"} {
			server := relaytest.Raw(t, relaytest.RawScript{Answer: at(relaytest.Dot, how)})
			o := quick()
			s := dial(t, o, server.Config())
			want(t, send(t, s, "a@school.test")[0], data.KindUncertain, data.PhaseDot)
			if s.Alive() {
				t.Fatal("still alive")
			}
		}
	})

	// Row 10.
	t.Run("a server that never greets is paused", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Answer: silentAt(relaytest.Greeting)})
		o, _ := refused(t, quick(), server.Config())
		wantServer(t, o, data.PhaseGreeting, data.PauseShort)
	})

	// Row 11.
	t.Run("a server that stalls is left in time", func(t *testing.T) {
		for verb, phase := range map[string]data.Phase{"EHLO": data.PhaseEHLO, "STARTTLS": data.PhaseTLS, "AUTH": data.PhaseAuth} {
			t.Run(verb, func(t *testing.T) {
				server := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"STARTTLS", "AUTH PLAIN"}, Answer: silentAt(verb)})
				c := server.Config()
				c.Security, c.User, c.Password = data.SecuritySTARTTLS, relaytest.User, relaytest.Password
				o, told := refused(t, quick(), c)
				wantServer(t, o, phase, data.PauseShort)
				noSecret(t, relaytest.Password, o, told.all)
			})
		}
		for verb, phase := range map[string]data.Phase{"MAIL": data.PhaseMail, "RCPT": data.PhaseRcpt, "DATA": data.PhaseData, relaytest.Dot: data.PhaseDot} {
			t.Run(verb, func(t *testing.T) {
				server := relaytest.Raw(t, relaytest.RawScript{Answer: silentAt(verb)})
				s := dial(t, quick(), server.Config())
				kind := map[string]data.Kind{"MAIL": data.KindServer, relaytest.Dot: data.KindUncertain}[verb]
				if kind == "" {
					kind = data.KindTemporary
				}
				want(t, send(t, s, "a@school.test")[0], kind, phase)
				if s.Alive() {
					t.Fatal("still alive")
				}
			})
		}
	})

	// Row 12.
	t.Run("one byte at a time gains a server nothing", func(t *testing.T) {
		for verb, phase := range map[string]data.Phase{
			relaytest.Greeting: data.PhaseGreeting, "EHLO": data.PhaseEHLO, "MAIL": data.PhaseMail, "RCPT": data.PhaseRcpt, relaytest.Dot: data.PhaseDot,
		} {
			server := relaytest.Raw(t, relaytest.RawScript{Answer: at(verb, relaytest.Drip)})
			session, o := relay.New(quick()).Dial(t.Context(), server.Config(), nil)
			if session != nil {
				o = send(t, session, "a@school.test")[0]
				session.Close()
			}
			if o.Phase != phase || o.Kind == data.KindSent || o.Kind == data.KindPermanent {
				t.Fatalf("%s: %+v", verb, o)
			}
		}
	})

	// Row 13.
	t.Run("an answer without end is cut off and the server paused", func(t *testing.T) {
		for name, flood := range map[string]string{
			"a multi-line reply": "!" + strings.Repeat("250-and more\r\n", 1<<20),
			"a line of 10 MB":    "!250 " + strings.Repeat("x", 10<<20),
		} {
			for verb, phase := range map[string]data.Phase{
				relaytest.Greeting: data.PhaseGreeting, "EHLO": data.PhaseEHLO, "MAIL": data.PhaseMail, "RCPT": data.PhaseRcpt, relaytest.Dot: data.PhaseDot,
			} {
				t.Run(name+" at "+verb, func(t *testing.T) {
					flood := flood
					if verb == relaytest.Greeting {
						flood = strings.ReplaceAll(flood, "250", "220")
					}
					got, server := meet(t, verb, flood)
					if phase == data.PhaseDot {
						want(t, got, data.KindUncertain, phase)
					} else {
						wantServer(t, got, phase, data.PauseShort)
					}
					if len(server.Messages()) != 0 {
						t.Fatal("taken")
					}
				})
			}
		}
	})

	// Row 14.
	t.Run("421 anywhere is the server's, and its connection is left", func(t *testing.T) {
		const bye = "421 4.3.2 closing"
		for _, verb := range []string{relaytest.Greeting, "EHLO", "AUTH", "MAIL", "RCPT", "DATA", relaytest.Dot} {
			t.Run(verb, func(t *testing.T) {
				got, _ := meet(t, verb, bye)
				if got.Kind != data.KindServer || got.Pause != data.PauseShort || got.Code != 421 {
					t.Fatalf("%+v", got)
				}
			})
		}
		t.Run("of several recipients", func(t *testing.T) {
			rcpts := 0
			server := relaytest.Raw(t, relaytest.RawScript{Answer: func(v, _ string) string {
				if v == "RCPT" {
					if rcpts++; rcpts == 1 {
						return "550 5.1.1 no such user"
					} else if rcpts == 3 {
						return bye
					}
				}
				return relaytest.Default
			}})
			s := dial(t, options(), server.Config())
			got := send(t, s, "a@x.test", "b@x.test", "c@x.test", "d@x.test")
			want(t, got[0], data.KindPermanent, data.PhaseRcpt)
			wantServer(t, got[1], data.PhaseRcpt, data.PauseShort)
			wantServer(t, got[2], data.PhaseRcpt, data.PauseShort)
			want(t, got[3], data.KindUntouched, data.PhaseLocal)
			if s.Alive() {
				t.Fatal("still alive")
			}
		})
	})

	// Row 15.
	t.Run("4xx for the second of three: two are sent, one waits, the two never again", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Rcpt: func(to string) error {
			if strings.HasPrefix(to, "b@") {
				return relaytest.Reply(451, "4.7.1", "Greylisted")
			}
			return nil
		}})
		got := send(t, dial(t, options(), server.Config()), "a@x.test", "b@x.test", "c@x.test")
		want(t, got[0], data.KindSent, data.PhaseDot)
		want(t, got[1], data.KindTemporary, data.PhaseRcpt)
		want(t, got[2], data.KindSent, data.PhaseDot)
	})

	// Row 16.
	t.Run("5xx for one: that one is refused, the others sent", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Rcpt: func(to string) error {
			if strings.HasPrefix(to, "b@") {
				return relaytest.Reply(550, "5.1.1", "No such user")
			}
			return nil
		}})
		got := send(t, dial(t, options(), server.Config()), "a@x.test", "b@x.test", "c@x.test")
		want(t, got[0], data.KindSent, data.PhaseDot)
		want(t, got[1], data.KindPermanent, data.PhaseRcpt)
		want(t, got[2], data.KindSent, data.PhaseDot)
		if n := server.Counts()["<1@school.test> b@x.test"]; n != 0 {
			t.Fatal("sent all the same")
		}
	})

	// Row 17.
	t.Run("5xx to DATA and to the dot is told in the server's words, and the next message goes", func(t *testing.T) {
		for verb, phase := range map[string]data.Phase{"DATA": data.PhaseData, relaytest.Dot: data.PhaseDot} {
			refuse := true
			server := relaytest.Raw(t, relaytest.RawScript{Answer: func(v, _ string) string {
				if v == verb && refuse {
					refuse = false
					return "554 5.6.0 Zork is not allowed"
				}
				return relaytest.Default
			}})
			s := dial(t, options(), server.Config())
			got := send(t, s, "a@x.test", "b@x.test")
			want(t, got[1], data.KindPermanent, phase)
			if got[1].Line != "5.6.0 Zork is not allowed" || got[1].Code != 554 {
				t.Fatalf("%+v", got)
			}
			want(t, send(t, s, "a@x.test")[0], data.KindSent, data.PhaseDot)
		}
	})
	t.Run("a server that says why before it closes in the middle of the body is heard", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Answer: at(relaytest.Body, "552 5.3.4 too big")})
		s := dial(t, options(), server.Config())
		got := send(t, s, "a@school.test")
		want(t, got[0], data.KindPermanent, data.PhaseDot)
	})

	// Row 27.
	t.Run("larger than the server takes: refused in words without MAIL, smaller ones go", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{MaxBytes: 1 << 20})
		s := dial(t, options(), server.Config())
		m, _ := letter("")
		b := stream(3 << 20)
		m.Size = b.Size()
		got, handed := s.Send(t.Context(), m, []string{"a@school.test", "b@school.test"}, b)
		want(t, got[1], data.KindPermanent, data.PhaseLocal)
		if handed || len(server.Mails()) != 0 || got[1].Blame != data.BlameMessage || !strings.Contains(got[1].Sentence, "3.0 MB") {
			t.Fatalf("%+v", got)
		}
		want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
	})

	// Row 28.
	t.Run("no SMTPUTF8: the address that needs it is refused in words, the others go", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{})
		s := dial(t, options(), server.Config())
		m, b := letter("x\r\n")
		m.UTF8 = true
		got, _ := s.Send(t.Context(), m, []string{"j\u00fcrgen@school.test", "a@school.test"}, b)
		want(t, got[0], data.KindPermanent, data.PhaseLocal)
		want(t, got[1], data.KindSent, data.PhaseDot)
		if got[0].Blame != data.BlameRecipient || !strings.Contains(got[0].Sentence, "j\u00fcrgen@school.test") {
			t.Fatalf("%+v", got[0])
		}
		m.Sender = "b\u00fccherei@school.test"
		got, handed := s.Send(t.Context(), m, []string{"a@school.test"}, b)
		want(t, got[0], data.KindPermanent, data.PhaseLocal)
		if handed {
			t.Fatal("MAIL was spoken")
		}
		server = relaytest.Start(t, relaytest.Script{SMTPUTF8: true})
		got, _ = dial(t, options(), server.Config()).Send(t.Context(), m, []string{"j\u00fcrgen@school.test"}, b)
		want(t, got[0], data.KindSent, data.PhaseDot)
	})
}
