package relay_test

import (
	"errors"
	"io"
	"net"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"smtpgateway/data"
	"smtpgateway/service/relay"
)

func portOf(t *testing.T, address string) int {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var phases = []data.Phase{
	data.PhaseDNS, data.PhaseConnect, data.PhaseTLS, data.PhaseGreeting, data.PhaseEHLO, data.PhaseAuth,
	data.PhaseMail, data.PhaseRcpt, data.PhaseData, data.PhaseBody, data.PhaseDot, data.PhaseLocal,
}

// check holds for every outcome whatever a server said.
func check(t *testing.T, phase data.Phase, code int, o data.Outcome) {
	t.Helper()
	switch o.Kind {
	case data.KindTemporary, data.KindPermanent, data.KindUncertain, data.KindServer:
	default:
		t.Fatalf("kind %q", o.Kind)
	}
	switch phase {
	case data.PhaseDNS, data.PhaseConnect, data.PhaseTLS, data.PhaseGreeting, data.PhaseEHLO, data.PhaseAuth:
		if o.Kind != data.KindServer {
			t.Fatalf("%s at %s: the place did not outrank the code", o.Kind, phase)
		}
	case data.PhaseMail:
		if o.Kind != data.KindServer && (o.Kind != data.KindPermanent || o.Blame != data.BlameMessage) {
			t.Fatalf("%s, blamed on %q, at MAIL", o.Kind, o.Blame)
		}
	}
	if (o.Kind == data.KindServer) != (o.Pause != data.PauseNone) {
		t.Fatalf("%s with pause %q", o.Kind, o.Pause)
	}
	if o.Kind == data.KindPermanent && code/100 != 5 {
		t.Fatalf("%d is permanent", code)
	}
	if code == 421 && o.Kind != data.KindServer {
		t.Fatalf("421 is %s", o.Kind)
	}
	if d := code / 100; code != 0 && d != 4 && d != 5 && (phase == data.PhaseRcpt || phase == data.PhaseDot) && o.Kind != data.KindTemporary && o.Kind != data.KindServer {
		t.Fatalf("unknown %d is %s", code, o.Kind)
	}
	if o.Sentence == "" || strings.Contains(o.Sentence, "{") || o.Phase != phase {
		t.Fatalf("%+v", o)
	}
	if !utf8.ValidString(o.Line) || strings.ContainsFunc(o.Line, unicode.IsControl) || utf8.RuneCountInString(o.Line) > 510 {
		t.Fatalf("%q", o.Line)
	}
}

func TestClassify(t *testing.T) {
	server := data.Server{Number: 1, Host: "mail.school.test", Port: 587}
	t.Run("every code at every place has one class", func(t *testing.T) {
		for _, phase := range phases {
			for code := 100; code < 1000; code++ {
				for _, class := range []string{"", "4.2.2 ", "5.1.1 ", "5.7.1 ", "5.2.2 ", "5.4.5 "} {
					check(t, phase, code, relay.Classify(phase, server, &textproto.Error{Code: code, Msg: class + "zork"}))
				}
			}
		}
	})
	t.Run("without an answer the place alone decides", func(t *testing.T) {
		for _, phase := range phases {
			for _, err := range []error{io.EOF, os.ErrDeadlineExceeded, errors.New("?"), textproto.ProtocolError("short"), net.ErrClosed} {
				o := relay.Classify(phase, server, err)
				check(t, phase, 0, o)
				want := map[data.Phase]data.Kind{
					data.PhaseMail: data.KindServer, data.PhaseRcpt: data.KindTemporary, data.PhaseData: data.KindTemporary,
					data.PhaseBody: data.KindTemporary, data.PhaseDot: data.KindUncertain, data.PhaseLocal: data.KindTemporary,
				}[phase]
				if want != "" && o.Kind != want {
					t.Fatalf("%v at %s is %s", err, phase, o.Kind)
				}
			}
		}
	})
	t.Run("an enhanced code that contradicts the reply is not believed", func(t *testing.T) {
		o := relay.Classify(data.PhaseRcpt, server, &textproto.Error{Code: 450, Msg: "5.1.1 zork"})
		if o.Enhanced != "" || o.Kind != data.KindTemporary {
			t.Fatalf("%+v", o)
		}
	})
	t.Run("two refusals of the same cause are alike", func(t *testing.T) {
		a := relay.Classify(data.PhaseRcpt, server, &textproto.Error{Code: 550, Msg: "5.7.1 Relaying denied for a"})
		b := relay.Classify(data.PhaseRcpt, server, &textproto.Error{Code: 550, Msg: "5.7.1 Relaying denied for b"})
		if a.Alike() != b.Alike() {
			t.Fatal(a.Alike(), b.Alike())
		}
	})
}

func FuzzClassify(f *testing.F) {
	for _, row := range replies {
		code, _ := strconv.Atoi(row.says[:3])
		f.Add(7, code, row.says[4:])
	}
	f.Add(10, 250, "\x1b[31m\xff")
	server := data.Server{Host: "mail.school.test", Port: 587, User: "library", Password: "hunter2 hunter2", Token: data.Secret(token(150))}
	f.Fuzz(func(t *testing.T, where, code int, text string) {
		if code < 100 || code > 999 {
			t.Skip("no reply has such a code")
		}
		phase := phases[uint(where)%uint(len(phases))]
		o := relay.Classify(phase, server, &textproto.Error{Code: code, Msg: text + server.Password.Reveal() + text + server.Token.Reveal()[20:120] + text})
		check(t, phase, code, o)
		if strings.Contains(o.Line+o.Sentence+o.Remedy, server.Password.Reveal()) {
			t.Fatalf("the password is in %+v", o)
		}
		for i := 20; i+20 <= 120; i++ {
			if strings.Contains(o.Line+o.Sentence+o.Remedy, server.Token.Reveal()[i:i+20]) {
				t.Fatalf("a part of the token is in %+v", o)
			}
		}
	})
}
