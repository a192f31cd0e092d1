package relay_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

func TestSend(t *testing.T) {
	t.Run("bodies arrive octet for octet", func(t *testing.T) {
		for name, body := range map[string]string{
			"plain":               "Hello.\r\n",
			"empty":               "",
			"dots":                ".\r\n..\r\n.a\r\na.\r\n.\r\n\r\n.\r\n",
			"8-bit":               "J\xc3\xbcrgen \xff\xfe\r\n",
			"null":                "a\x00b\r\n",
			"blank lines":         "\r\n\r\n\r\n",
			"long lines":          strings.Repeat("x", 998) + "\r\n" + strings.Repeat(".", 998) + "\r\n",
			"looks like commands": "\r\nQUIT\r\nRSET\r\n",
		} {
			t.Run(name, func(t *testing.T) {
				server := relaytest.Start(t, relaytest.Script{})
				s := dial(t, options(), server.Config())
				m, b := letter(body)
				outcomes, handed := s.Send(t.Context(), m, []string{"a@school.test"}, b)
				want(t, outcomes[0], data.KindSent, data.PhaseDot)
				got := server.Messages()
				if !handed || len(got) != 1 || !bytes.Equal(got[0].Raw, b) || got[0].From != sender {
					t.Fatalf("arrived %+v, handed %v; want %q", got, handed, b)
				}
			})
		}
	})

	t.Run("one connection and one sign-in carry many messages", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Security: data.SecuritySTARTTLS, Auth: []string{"PLAIN"}})
		s := dial(t, options(), server.Config())
		for range 20 {
			want(t, send(t, s, "a@school.test", "b@school.test")[0], data.KindSent, data.PhaseDot)
		}
		if server.Connections() != 1 || server.Auths() != 1 || len(server.Messages()) != 20 || !s.Alive() {
			t.Fatalf("%d connections, %d sign-ins, %d messages", server.Connections(), server.Auths(), len(server.Messages()))
		}
	})

	t.Run("each recipient has an outcome of its own", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Rcpt: func(to string) error {
			switch to {
			case "gone@school.test":
				return relaytest.Reply(550, "5.1.1", "User unknown")
			case "later@school.test":
				return relaytest.Reply(451, "4.3.0", "Try again")
			}
			return nil
		}})
		s := dial(t, options(), server.Config())
		got := send(t, s, "a@school.test", "gone@school.test", "later@school.test", "b@school.test")
		want(t, got[0], data.KindSent, data.PhaseDot)
		want(t, got[1], data.KindPermanent, data.PhaseRcpt)
		want(t, got[2], data.KindTemporary, data.PhaseRcpt)
		want(t, got[3], data.KindSent, data.PhaseDot)
		if to := server.Messages()[0].To; len(to) != 2 || got[1].Blame != data.BlameRecipient || got[1].Code != 550 || got[1].Enhanced != "5.1.1" {
			t.Fatalf("took %v, said %+v", to, got[1])
		}
	})

	t.Run("when all are refused nothing is sent, and the next message goes", func(t *testing.T) {
		refuse := true
		server := relaytest.Start(t, relaytest.Script{Rcpt: func(string) error {
			if refuse {
				return relaytest.Reply(550, "5.1.1", "User unknown")
			}
			return nil
		}})
		s := dial(t, options(), server.Config())
		want(t, send(t, s, "a@school.test")[0], data.KindPermanent, data.PhaseRcpt)
		refuse = false
		want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
		if n := len(server.Messages()); n != 1 {
			t.Fatalf("%d messages", n)
		}
	})

	t.Run("too many recipients for the server: the rest is untouched and goes next", func(t *testing.T) {
		taken := 0
		server := relaytest.Start(t, relaytest.Script{
			Rcpt: func(string) error {
				if taken++; taken > 2 {
					return relaytest.Reply(452, "4.5.3", "Too many recipients")
				}
				return nil
			},
			Data: func(relaytest.Message) error { taken = 0; return nil },
		})
		s := dial(t, options(), server.Config())
		got := send(t, s, "a@x.test", "b@x.test", "c@x.test", "d@x.test")
		want(t, got[1], data.KindSent, data.PhaseDot)
		want(t, got[2], data.KindUntouched, data.PhaseLocal)
		want(t, got[3], data.KindUntouched, data.PhaseLocal)
		if !s.Alive() {
			t.Fatal("the session is gone")
		}
		want(t, send(t, s, "c@x.test", "d@x.test")[1], data.KindSent, data.PhaseDot)
	})

	t.Run("never more than a hundred recipients at once", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{})
		s := dial(t, options(), server.Config())
		var to []string
		for i := range 103 {
			to = append(to, fmt.Sprintf("r%d@school.test", i))
		}
		got := send(t, s, to...)
		want(t, got[99], data.KindSent, data.PhaseDot)
		want(t, got[100], data.KindUntouched, data.PhaseLocal)
		if n := len(server.Messages()[0].To); n != relay.MaxRecipients {
			t.Fatalf("%d recipients", n)
		}
	})

	t.Run("MAIL says size and 8-bit, and SMTPUTF8 only when needed", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"SIZE 1000", "8BITMIME", "SMTPUTF8"}})
		s := dial(t, options(), server.Config())
		m, b := letter("J\xc3\xbcrgen\r\n")
		s.Send(t.Context(), m, []string{"a@school.test"}, b)
		m, b = letter("plain\r\n")
		s.Send(t.Context(), m, []string{"a@school.test"}, b)
		s.Send(t.Context(), m, []string{"j\u00fcrgen@school.test"}, b)
		got := server.Messages()
		if len(got) != 3 || !strings.HasSuffix(got[0].Args, " BODY=8BITMIME") || strings.Contains(got[1].Args, " ") ||
			!strings.HasPrefix(got[1].Args, "SIZE=") || !strings.HasSuffix(got[2].Args, " SMTPUTF8") {
			t.Fatalf("%+v", got)
		}
	})

	t.Run("the null sender of a return mail is written as such", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{})
		s := dial(t, options(), server.Config())
		m, b := letter("x\r\n")
		m.Sender = ""
		s.Send(t.Context(), m, []string{"a@school.test"}, b)
		if c := server.Commands(); c[1] != "MAIL FROM:<>" {
			t.Fatalf("%q", c)
		}
	})

	t.Run("a server that refuses the null sender fails the return mail, not the queue", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Mail: func(from string) error {
			if from == "" {
				return relaytest.Reply(501, "5.5.4", "Syntax")
			}
			return nil
		}})
		s := dial(t, options(), server.Config())
		m, b := letter("x\r\n")
		m.Sender = ""
		got, _ := s.Send(t.Context(), m, []string{"a@school.test"}, b)
		want(t, got[0], data.KindPermanent, data.PhaseMail)
		want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
	})

	t.Run("no input makes a line of its own on the wire", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{})
		s := dial(t, options(), server.Config())
		bad := []string{"a@x.test>\r\nRCPT TO:<b@x.test", "a@x.test SIZE=9", "a@x.test\nDATA", "", "a@x.test\x00"}
		for i, o := range send(t, s, append(bad, "good@x.test")...) {
			if i < len(bad) {
				want(t, o, data.KindPermanent, data.PhaseLocal)
			} else {
				want(t, o, data.KindSent, data.PhaseDot)
			}
		}
		m, b := letter("x\r\n")
		m.Sender = "a@x.test>\r\nRCPT TO:<b@x.test"
		got, handed := s.Send(t.Context(), m, []string{"good@x.test"}, b)
		want(t, got[0], data.KindPermanent, data.PhaseLocal)
		if handed || len(server.Mails()) != 1 {
			t.Fatalf("%q", server.Commands())
		}
		for _, c := range server.Commands() {
			if strings.Contains(c, "b@x.test") || strings.Contains(c, "SIZE=9") {
				t.Fatalf("on the wire: %q", c)
			}
		}
	})

	t.Run("errors at RSET after the message was taken change nothing", func(t *testing.T) {
		for name, answer := range map[string]string{
			"refused": "502 5.5.1 not here", "temporary": "450 later", "closing": "421 4.0.0 bye", "dropped": relaytest.Drop, "reset": relaytest.Abort,
		} {
			t.Run(name, func(t *testing.T) {
				server := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, _ string) string {
					if verb == "RSET" {
						return answer
					}
					return relaytest.Default
				}})
				s := dial(t, options(), server.Config())
				want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
				next := send(t, s, "a@school.test")[0]
				if next.Kind != data.KindSent && next.Kind != data.KindUntouched {
					t.Fatalf("%+v", next)
				}
				if s.Alive() != (next.Kind == data.KindSent) {
					t.Fatalf("alive %v after %s", s.Alive(), next.Kind)
				}
			})
		}
	})

	t.Run("bare codes without a word are answers", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, line string) string {
			switch {
			case strings.Contains(line, "<bad@"):
				return "550"
			case verb == "DATA":
				return "354"
			case verb == "MAIL" || verb == "RCPT" || verb == "RSET" || verb == relaytest.Dot:
				return "250"
			}
			return relaytest.Default
		}})
		s := dial(t, options(), server.Config())
		got := send(t, s, "a@school.test", "bad@school.test")
		want(t, got[0], data.KindSent, data.PhaseDot)
		want(t, got[1], data.KindPermanent, data.PhaseRcpt)
		want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
	})

	t.Run("a server that closes after some messages is no trouble", func(t *testing.T) {
		mails := 0
		server := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, _ string) string {
			if verb == "MAIL" {
				if mails++; mails == 2 {
					return relaytest.Drop
				}
			}
			return relaytest.Default
		}})
		s := dial(t, options(), server.Config())
		want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
		want(t, send(t, s, "a@school.test")[0], data.KindUntouched, data.PhaseLocal)
		if s.Alive() {
			t.Fatal("still alive")
		}
	})

	t.Run("a stored message that breaks while it is read is never half accepted", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{})
		for name, b := range map[string]data.Body{
			"an error in the middle": broken{100_000, errors.New("disk")},
			"shorter than it says":   broken{100_000, nil},
		} {
			t.Run(name, func(t *testing.T) {
				s := dial(t, options(), server.Config())
				m, _ := letter("")
				m.Size = b.Size()
				got, handed := s.Send(t.Context(), m, []string{"a@school.test"}, b)
				want(t, got[0], data.KindTemporary, data.PhaseLocal)
				if s.Alive() || !handed || len(server.Messages()) != 0 {
					t.Fatalf("alive %v, handed %v, %d messages", s.Alive(), handed, len(server.Messages()))
				}
			})
		}
	})

	t.Run("a message that cannot be opened is not begun", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{})
		s := dial(t, options(), server.Config())
		m, _ := letter("")
		b := unopened{&data.Error{Code: data.CodeDamaged, Sentence: "The stored message is damaged.", Next: "Ask IT."}}
		got, handed := s.Send(t.Context(), m, []string{"a@school.test"}, b)
		want(t, got[0], data.KindTemporary, data.PhaseLocal)
		if handed || got[0].Sentence != "The stored message is damaged." || !s.Alive() || len(server.Mails()) != 0 {
			t.Fatalf("%+v", got)
		}
	})

	t.Run("a message of 35 MB streams in little memory", func(t *testing.T) {
		sum := make(chan [32]byte, 1)
		server := relaytest.Start(t, relaytest.Script{Discard: true, Data: func(m relaytest.Message) error {
			sum <- [32]byte{byte(m.Size >> 24), byte(m.Size >> 16), byte(m.Size >> 8), byte(m.Size)}
			return nil
		}})
		s := dial(t, options(), server.Config())
		m, _ := letter("")
		b := stream(35 << 20)
		m.Size = b.Size()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, _ := s.Send(t.Context(), m, []string{"a@school.test"}, b)
		runtime.ReadMemStats(&after)
		want(t, got[0], data.KindSent, data.PhaseDot)
		if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
			t.Fatalf("%d octets were allocated", n)
		}
		size := <-sum
		if n := int64(size[0])<<24 | int64(size[1])<<16 | int64(size[2])<<8 | int64(size[3]); n != b.Size() {
			t.Fatalf("%d octets arrived", n)
		}
	})
}

// broken says it is longer than what it gives, or ends in an error.
type broken struct {
	n   int
	err error
}

func (b broken) Size() int64 { return int64(b.n) * 2 }
func (b broken) Open() (io.ReadCloser, error) {
	r := io.Reader(strings.NewReader(strings.Repeat("0123456\r\n", b.n/9)))
	if b.err != nil {
		r = io.MultiReader(r, failing{b.err})
	}
	return io.NopCloser(r), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type unopened struct{ err error }

func (unopened) Size() int64                    { return 9 }
func (b unopened) Open() (io.ReadCloser, error) { return nil, b.err }

// stream is a body of so many octets that exists nowhere.
type stream int64

func (b stream) Size() int64 { return int64(b) / 64 * 64 }
func (b stream) Open() (io.ReadCloser, error) {
	return io.NopCloser(io.LimitReader(&lineSource{}, b.Size())), nil
}

type lineSource struct{ at int }

func (l *lineSource) Read(p []byte) (int, error) {
	const line = "." + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" + "\r\n"
	for i := range p {
		p[i] = line[l.at]
		l.at = (l.at + 1) % len(line)
	}
	return len(p), nil
}
