package relay_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

// Row 69.
func TestHostileServer(t *testing.T) {
	t.Run("what a server says is cleaned and cut", func(t *testing.T) {
		for name, says := range map[string]string{
			"terminal codes":      "550 5.1.1 \x1b[31mred\x1b[0m \x1b]0;title\x07and \x1b(Bplain",
			"invalid UTF-8":       "550 5.1.1 \xff\xfe\xc3\x28 end",
			"control characters":  "550 5.1.1 a\x00b\x08c\x7f\td\u202ee",
			"as long as may be":   "550 5.1.1 " + strings.Repeat("long ", 10_000),
			"many lines":          strings.Repeat("550-5.1.1 again\r\n", 1000) + "550 5.1.1 end",
			"line separators":     "550 5.1.1 a\u2028b\u2029c\x85d",
			"a reply of nothing":  "550",
			"markup for a window": "550 5.1.1 <b>&lt;{host}{to}",
		} {
			t.Run(name, func(t *testing.T) {
				got, _ := meet(t, "RCPT", says)
				want(t, got, data.KindPermanent, data.PhaseRcpt)
				for _, r := range got.Line {
					if r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == '\u202e' || r == '\u2028' {
						t.Fatalf("%q", got.Line)
					}
				}
				if n := len([]rune(got.Line)); n > 510 {
					t.Fatalf("%d characters", n)
				}
			})
		}
	})
	t.Run("a megabyte of text is cut off", func(t *testing.T) {
		got, _ := meet(t, "RCPT", "550 "+strings.Repeat("x", 1<<20))
		want(t, got, data.KindServer, data.PhaseRcpt)
	})
	t.Run("codes that do not exist are temporary, and the connection is left", func(t *testing.T) {
		for _, says := range []string{"999 what", "199 hm", "354 go on", "600 x"} {
			for _, verb := range []string{"RCPT", relaytest.Dot} {
				got, _ := meet(t, verb, says)
				if got.Kind != data.KindTemporary {
					t.Fatalf("%s at %s: %+v", says, verb, got)
				}
			}
			got, _ := meet(t, "MAIL", says)
			wantServer(t, got, data.PhaseMail, data.PauseShort)
			got, _ = meet(t, relaytest.Greeting, says)
			wantServer(t, got, data.PhaseGreeting, data.PauseShort)
		}
	})
	t.Run("the wrong kind of code to DATA is no leave to send", func(t *testing.T) {
		got, server := meet(t, "DATA", "250 ok")
		want(t, got, data.KindTemporary, data.PhaseData)
		if len(server.Messages()) != 0 {
			t.Fatal("taken")
		}
	})
	t.Run("text before the greeting", func(t *testing.T) {
		got, _ := meet(t, relaytest.Greeting, "Welcome, stranger\r\n220 mail.school.test")
		wantServer(t, got, data.PhaseGreeting, data.PauseShort)
		if !strings.Contains(got.Sentence, "not a mail server") {
			t.Fatal(got.Sentence)
		}
	})
	t.Run("no connection stays open after any of it", func(t *testing.T) {
		for _, verb := range []string{relaytest.Greeting, "EHLO", "STARTTLS", "AUTH"} {
			gone := make(chan struct{})
			server := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"STARTTLS", "AUTH PLAIN"}, Answer: at(verb, "554 no")})
			c := server.Config()
			c.Security, c.User, c.Password = data.SecuritySTARTTLS, relaytest.User, relaytest.Password
			o := relay.New(options())
			go func() { defer close(gone); server.WaitClosed(1) }()
			if s, _ := o.Dial(t.Context(), c, nil); s != nil {
				t.Fatal("connected")
			}
			<-gone
		}
	})
}
