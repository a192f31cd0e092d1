package relay_test

import (
	"crypto/sha256"
	"io"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

func TestSevenBit(t *testing.T) {
	m, b := letter("J\xc3\xbcrgen\r\n")
	m.Sender = sender

	t.Run("a server without 8BITMIME gets the message written anew", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"SIZE 100000"}})
		o := options()
		var header string
		var body [32]byte
		o.SevenBit = func(h []byte, open func() (io.ReadCloser, error)) ([]byte, io.ReadCloser, error) {
			f, err := open()
			if err != nil {
				return nil, nil, err
			}
			defer f.Close()
			raw, err := io.ReadAll(f)
			header, body = string(h), sha256.Sum256(raw)
			return []byte("Subject: new\r\n\r\n"), io.NopCloser(strings.NewReader("J=C3=BCrgen\r\n")), err
		}
		s := dial(t, o, server.Config())
		got, _ := s.Send(t.Context(), m, []string{"a@school.test"}, b)
		want(t, got[0], data.KindSent, data.PhaseDot)
		arrived := server.Messages()[0]
		if string(arrived.Raw) != "Subject: new\r\n\r\nJ=C3=BCrgen\r\n" || arrived.Args != "" {
			t.Fatalf("%q %q", arrived.Raw, arrived.Args)
		}
		if !strings.HasSuffix(header, "\r\n\r\n") || body != sha256.Sum256([]byte("J\xc3\xbcrgen\r\n")) {
			t.Fatalf("header %q", header)
		}
	})

	t.Run("where that cannot be, it fails in words without MAIL and others go on", func(t *testing.T) {
		for name, rewrite := range map[string]relay.SevenBit{
			"nothing can rewrite": nil,
			"a signed message": func([]byte, func() (io.ReadCloser, error)) ([]byte, io.ReadCloser, error) {
				return nil, nil, &data.Error{Code: data.CodeBadMessage, Sentence: "A signed message cannot be changed."}
			},
		} {
			t.Run(name, func(t *testing.T) {
				server := relaytest.Raw(t, relaytest.RawScript{})
				o := options()
				o.SevenBit = rewrite
				s := dial(t, o, server.Config())
				got, handed := s.Send(t.Context(), m, []string{"a@school.test"}, b)
				want(t, got[0], data.KindPermanent, data.PhaseLocal)
				if handed || len(server.Mails()) != 0 {
					t.Fatal("MAIL was spoken")
				}
				want(t, send(t, s, "a@school.test")[0], data.KindSent, data.PhaseDot)
			})
		}
	})
}
