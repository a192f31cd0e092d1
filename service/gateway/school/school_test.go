package school_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/gateway/school"
	"smtpgateway/service/relay"
)

const sender = "library@example.org"

// stored is a message as the store would hand it out.
type stored []byte

func (s stored) Size() int64                  { return int64(len(s)) }
func (s stored) Open() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(s)), nil }

// awkward is a body with everything that has ever been mangled on the way: dots at the start of lines, blanks at their
// end, an empty line first and last, long lines, octets over 127, "From " at the start of a line.
func awkward(subject string) []byte {
	return []byte(strings.Join([]string{
		"From: School Library <" + sender + ">",
		"To: reader@example.org",
		"Subject: " + subject,
		"Date: Mon, 02 Nov 2026 07:15:00 +0000",
		"Message-ID: <awkward@example.org>",
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=utf-8",
		"Content-Transfer-Encoding: 8bit",
		"X-Folded: one",
		"\ttwo",
		"",
		"",
		".",
		"..",
		".a line that begins with a dot",
		"From here a line begins that looks like an mbox",
		"blanks at the end  ",
		"\ttabs\t",
		"Bücher, préstamos, élèves",
		strings.Repeat("x", 990),
		"",
		"",
	}, "\r\n"))
}

func server(s *school.School, port int, security data.Security, auth data.Auth) data.Server {
	return data.Server{
		Number: 1, Host: s.Host, Port: port, Security: security, Auth: auth,
		User: s.User, Password: data.Secret(s.Password), Connections: 1,
	}
}

// carry sends one awkward message through the relay and compares what lies in the mailbox.
func carry(t *testing.T, s *school.School, to data.Server, recipient string) school.Letter {
	t.Helper()
	r := relay.New(relay.Options{RootCAs: s.CA, LocalName: func() string { return "desk.example.org" }})
	session, outcome := r.Dial(t.Context(), to, nil)
	if session == nil {
		t.Fatalf("dial: %+v", outcome)
	}
	defer session.Close()
	raw := awkward(recipient)
	m := data.Message{ID: 1, Sender: sender, Size: int64(len(raw)), SHA256: sha256.Sum256(raw), EightBit: true}
	outcomes, handed := session.Send(t.Context(), m, []string{recipient}, stored(raw))
	if !handed || len(outcomes) != 1 || outcomes[0].Kind != data.KindSent {
		t.Fatalf("send: handed %v, %+v", handed, outcomes)
	}
	letter := s.Arrived(t, recipient, 1)[0]
	want := bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	// Above it stands the servers' trace, and nothing else.
	if !bytes.HasSuffix(letter.Raw, want) {
		t.Fatalf("arrived as\n%q\nand not as\n%q", letter.Raw, want)
	}
	trace := letter.Raw[:len(letter.Raw)-len(want)]
	for line := range strings.SplitSeq(strings.TrimSpace(string(trace)), "\n") {
		name, _, _ := strings.Cut(line, ":")
		switch {
		case strings.HasPrefix(line, "\t"), name == "Return-Path", name == "X-Original-To", name == "Delivered-To", name == "Received":
		default:
			t.Errorf("the servers added %q", line)
		}
	}
	if got := letter.Field("Return-Path"); got != "<"+sender+">" {
		t.Errorf("the envelope sender arrived as %s", got)
	}
	return letter
}

func TestRelaySignsIn(t *testing.T) {
	type login struct {
		auth data.Auth
		used string
	}
	for _, at := range []struct {
		offered string
		logins  []login
	}{
		{"plain login cram-md5 scram-sha-1 scram-sha-256", []login{
			{data.AuthPlain, "PLAIN"},
			{data.AuthLogin, "LOGIN"},
			{data.AuthCRAMMD5, "CRAM-MD5"},
			{data.AuthSCRAM, "SCRAM-SHA-256"},
			{data.AuthAuto, "SCRAM-SHA-256"},
		}},
		{"plain scram-sha-1", []login{{data.AuthSCRAM, "SCRAM-SHA-1"}, {data.AuthAuto, "SCRAM-SHA-1"}}},
		{"plain login cram-md5", []login{{data.AuthAuto, "PLAIN"}}},
		{"login cram-md5", []login{{data.AuthAuto, "LOGIN"}}},
		{"cram-md5", []login{{data.AuthAuto, "CRAM-MD5"}}},
	} {
		t.Run("at a school that offers "+at.offered, func(t *testing.T) {
			s := school.Start(t, school.Offering(at.offered))
			for _, l := range at.logins {
				for security, port := range map[data.Security]int{data.SecuritySTARTTLS: s.SubmissionPort, data.SecurityTLS: s.TLSPort} {
					t.Run(fmt.Sprintf("%s over %s takes %s and the message arrives as it was stored", l.auth, security, l.used), func(t *testing.T) {
						recipient := fmt.Sprintf("%s-%s@example.org", security, l.auth)
						letter := carry(t, s, server(s, port, security, l.auth), recipient)
						trace := string(letter.Header)
						if !strings.Contains(trace, "(Authenticated sender: "+s.User+")") || !strings.Contains(trace, "(using TLSv1.") {
							t.Errorf("nobody signed in over TLS:\n%s", trace)
						}
						s.Said(t, letter.QueueID()+": client=unknown[127.0.0.1], sasl_method="+l.used+", sasl_username="+s.User)
					})
				}
			}
		})
	}
}

func TestRelayAtSchool(t *testing.T) {
	s := school.Start(t)
	t.Run("a school relay without sign-in and encryption takes the message when that is allowed", func(t *testing.T) {
		to := server(s, s.RelayPort, data.SecurityNone, data.AuthNone)
		to.AllowInsecure = true
		carry(t, s, to, "relay@example.org")
	})
	t.Run("a wrong password is the server's trouble and charges no message", func(t *testing.T) {
		to := server(s, s.SubmissionPort, data.SecuritySTARTTLS, data.AuthAuto)
		to.Password = "wrong"
		session, outcome := relay.New(relay.Options{RootCAs: s.CA}).Dial(t.Context(), to, nil)
		if session != nil || outcome.Kind != data.KindServer || outcome.Phase != data.PhaseAuth || outcome.Pause != data.PauseAuth {
			t.Fatalf("got %+v", outcome)
		}
	})
	t.Run("a certificate nobody vouches for is refused before the password is said", func(t *testing.T) {
		to := server(s, s.TLSPort, data.SecurityTLS, data.AuthPlain)
		session, outcome := relay.New(relay.Options{}).Dial(t.Context(), to, nil)
		if session != nil || outcome.Kind != data.KindServer || outcome.Phase != data.PhaseTLS {
			t.Fatalf("got %+v", outcome)
		}
	})
	t.Run("an unknown reader is refused for good, and the others get the message", func(t *testing.T) {
		session, outcome := relay.New(relay.Options{RootCAs: s.CA}).
			Dial(t.Context(), server(s, s.SubmissionPort, data.SecuritySTARTTLS, data.AuthAuto), nil)
		if session == nil {
			t.Fatalf("dial: %+v", outcome)
		}
		defer session.Close()
		raw := awkward("three readers")
		m := data.Message{ID: 1, Sender: sender, Size: int64(len(raw)), SHA256: sha256.Sum256(raw), EightBit: true}
		recipients := []string{"first@example.org", school.Unknown + "@example.org", "last@example.org"}
		outcomes, _ := session.Send(t.Context(), m, recipients, stored(raw))
		if len(outcomes) != 3 || outcomes[0].Kind != data.KindSent || outcomes[2].Kind != data.KindSent {
			t.Fatalf("got %+v", outcomes)
		}
		if o := outcomes[1]; o.Kind != data.KindPermanent || o.Code != 550 || o.Enhanced != "5.1.1" || o.Blame != data.BlameRecipient {
			t.Fatalf("the unknown reader: %+v", o)
		}
		s.Arrived(t, "first@example.org", 1)
		s.Arrived(t, "last@example.org", 1)
		if !session.Alive() {
			t.Error("the session ended with it")
		}
	})
	t.Run("a probe finds everything in order and sends nothing", func(t *testing.T) {
		outcome := relay.New(relay.Options{RootCAs: s.CA}).
			Probe(t.Context(), server(s, s.SubmissionPort, data.SecuritySTARTTLS, data.AuthAuto), sender, nil)
		if outcome.Kind != data.KindSent {
			t.Fatalf("got %+v", outcome)
		}
	})
}
