package relay_test

import (
	"context"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

func TestStop(t *testing.T) {
	t.Run("before the dot the message is plainly untouched", func(t *testing.T) {
		for _, verb := range []string{"MAIL", "RCPT", "DATA", relaytest.Body} {
			t.Run(verb, func(t *testing.T) {
				ctx, stop := context.WithCancel(background())
				defer stop()
				server := relaytest.Raw(t, relaytest.RawScript{Answer: func(v, _ string) string {
					if v == verb {
						stop()
						return relaytest.Silence
					}
					return relaytest.Default
				}})
				s := dial(t, options(), server.Config())
				m, _ := letter("")
				b := stream(64 << 20) // more than any buffer on the way holds
				m.Size = b.Size()
				got, _ := s.Send(ctx, m, []string{"a@school.test"}, b)
				if got[0].Kind != data.KindUntouched || s.Alive() || len(server.Messages()) != 0 {
					t.Fatalf("%+v", got)
				}
			})
		}
	})
	t.Run("after the dot it is uncertain", func(t *testing.T) {
		ctx, stop := context.WithCancel(background())
		defer stop()
		server := relaytest.Raw(t, relaytest.RawScript{Answer: func(v, _ string) string {
			if v == relaytest.Dot {
				stop()
				return relaytest.Silence
			}
			return relaytest.Default
		}})
		s := dial(t, options(), server.Config())
		m, b := letter("x\r\n")
		got, _ := s.Send(ctx, m, []string{"a@school.test"}, b)
		want(t, got[0], data.KindUncertain, data.PhaseDot)
	})
	t.Run("while dialling it ends at once and pauses nobody", func(t *testing.T) {
		for _, verb := range []string{relaytest.Greeting, "EHLO", "STARTTLS", "AUTH"} {
			t.Run(verb, func(t *testing.T) {
				ctx, stop := context.WithCancel(background())
				defer stop()
				server := relaytest.Raw(t, relaytest.RawScript{
					Extensions: []string{"STARTTLS", "AUTH PLAIN"},
					Answer: func(v, _ string) string {
						if v == verb {
							stop()
							return relaytest.Silence
						}
						return relaytest.Default
					},
				})
				c := server.Config()
				c.Security, c.User, c.Password = data.SecuritySTARTTLS, relaytest.User, relaytest.Password
				session, o := relay.New(options()).Dial(ctx, c, nil)
				if session != nil || o.Kind != data.KindServer || o.Pause != data.PauseNone {
					t.Fatalf("%+v", o)
				}
			})
		}
	})
}
