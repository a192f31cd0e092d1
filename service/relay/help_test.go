package relay_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

// patient is for tests in which nothing is expected to time out.
func patient() relay.Timeouts {
	const long = 30 * time.Second
	return relay.Timeouts{Connect: long, Greeting: long, Command: long, Data: long, Body: long, Dot: long}
}

// hasty is for servers that fall silent.
func hasty() relay.Timeouts {
	const short = 500 * time.Millisecond
	return relay.Timeouts{Connect: short, Greeting: short, Command: short, Data: short, Body: short, Dot: short}
}

func options() relay.Options {
	return relay.Options{Timeouts: patient(), RootCAs: relaytest.Roots(), LocalName: func() string { return "desk.school.test" }}
}

func quick() relay.Options {
	o := options()
	o.Timeouts = hasty()
	return o
}

type memory []byte

func (b memory) Size() int64                  { return int64(len(b)) }
func (b memory) Open() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }

const sender = "library@school.test"

// letter is a message with this body.
func letter(body string) (data.Message, memory) {
	raw := memory("From: " + sender + "\r\nTo: a@school.test\r\nSubject: Book\r\nMessage-ID: <1@school.test>\r\n\r\n" + body)
	m := data.Message{ID: 1, MessageID: "<1@school.test>", Sender: sender, Size: raw.Size()}
	for _, c := range raw {
		m.EightBit = m.EightBit || c >= 0x80
	}
	return m, raw
}

func dial(t *testing.T, o relay.Options, s data.Server) *relay.Session {
	t.Helper()
	session, outcome := relay.New(o).Dial(t.Context(), s, nil)
	if session == nil {
		t.Fatalf("not connected: %+v", outcome)
	}
	t.Cleanup(session.Close)
	return session
}

func send(t *testing.T, s *relay.Session, to ...string) []data.Outcome {
	t.Helper()
	m, b := letter("Hello.\r\n")
	outcomes, _ := s.Send(t.Context(), m, to, b)
	if len(outcomes) != len(to) {
		t.Fatalf("%d outcomes for %d recipients", len(outcomes), len(to))
	}
	return outcomes
}

func want(t *testing.T, got data.Outcome, kind data.Kind, phase data.Phase) {
	t.Helper()
	if got.Kind != kind || got.Phase != phase {
		t.Fatalf("outcome is %s at %s (%q, %q), want %s at %s", got.Kind, got.Phase, got.Sentence, got.Line, kind, phase)
	}
	if got.Sentence == "" {
		t.Fatalf("nothing is said: %+v", got)
	}
	if strings.ContainsAny(got.Sentence+got.Remedy, "{}") {
		t.Fatalf("a name was not filled in: %q %q", got.Sentence, got.Remedy)
	}
}

func wantServer(t *testing.T, got data.Outcome, phase data.Phase, pause data.Pause) {
	t.Helper()
	want(t, got, data.KindServer, phase)
	if got.Pause != pause {
		t.Fatalf("pause is %q, want %q (%q)", got.Pause, pause, got.Sentence)
	}
}

// steps collects what is reported.
type steps struct {
	mu  sync.Mutex
	all []data.Step
}

func (s *steps) add(one data.Step) { s.mu.Lock(); defer s.mu.Unlock(); s.all = append(s.all, one) }

func (s *steps) names() string {
	var names []string
	for _, one := range s.all {
		mark := ""
		if !one.OK {
			mark = "!"
		}
		names = append(names, mark+one.Name)
	}
	return strings.Join(names, " ")
}

func (s *steps) find(name string) data.Step {
	for _, one := range s.all {
		if one.Name == name {
			return one
		}
	}
	return data.Step{}
}

// noSecret fails when the password, in any form in which it is sent, is in what is said.
func noSecret(t *testing.T, password string, said ...any) {
	t.Helper()
	text := saidText(t, said...)
	for _, form := range []string{
		password,
		base64.StdEncoding.EncodeToString([]byte(password)),
		base64.StdEncoding.EncodeToString([]byte("\x00" + relaytest.User + "\x00" + password)),
	} {
		if strings.Contains(text, form) {
			t.Fatalf("%q is in %s", form, text)
		}
	}
}

func saidText(t *testing.T, said ...any) string {
	t.Helper()
	b, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func background() context.Context { return context.Background() }
