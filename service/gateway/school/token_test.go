package school_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/gateway/school"
	"smtpgateway/service/relay"
)

// TestTokens signs in to Dovecot with XOAUTH2; who says whether a token is good is a table here.
func TestTokens(t *testing.T) {
	const mailbox = "library@example.org"
	good := map[string]string{"short-" + strings.Repeat("s", 140): mailbox, "long-" + strings.Repeat("l", 2995): mailbox, "of-somebody-else-" + strings.Repeat("o", 40): "other@example.org"}
	var asked atomic.Int32
	says := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		sub, ok := good[r.FormValue("token")]
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"active": ok, "mailbox": sub})
	}))
	t.Cleanup(says.Close)
	s := school.Start(t, school.Tokens(strings.Replace(says.URL, "http://", "http://id:secret@", 1), mailbox))
	with := func(token string) data.Server {
		v := server(s, s.SubmissionPort, data.SecuritySTARTTLS, data.AuthAuto)
		v.Password, v.SignIn, v.Token = "", data.SignInMicrosoft, data.Secret(token)
		return v
	}
	for token, whose := range good {
		name, _, _ := strings.Cut(token, "-")
		if whose != mailbox {
			continue
		}
		t.Run("a "+name+" token signs in and the message arrives as it was stored", func(t *testing.T) {
			recipient := name + "@example.org"
			letter := carry(t, s, with(token), recipient)
			s.Said(t, letter.QueueID()+": client=unknown[127.0.0.1], sasl_method=XOAUTH2, sasl_username="+mailbox)
		})
	}
	for name, token := range map[string]string{"nobody knows": "unknown-" + strings.Repeat("u", 3000), "of another account": "of-somebody-else-" + strings.Repeat("o", 40)} {
		t.Run("a token "+name+" is refused with its reason, and the sentence says to sign in again", func(t *testing.T) {
			session, o := relay.New(relay.Options{RootCAs: s.CA}).Dial(t.Context(), with(token), nil)
			if session != nil || o.Kind != data.KindServer || o.Phase != data.PhaseAuth || o.Pause != data.PauseAuth || o.Code != 535 || o.Advice != "browser" {
				t.Fatalf("got %+v", o)
			}
			if !strings.Contains(o.Sentence, mailbox) || !strings.Contains(o.Remedy, "Sign in again") || !strings.Contains(o.Line, `"status":"`) || strings.Contains(o.Line, token[:20]) {
				t.Fatalf("got %+v", o)
			}
		})
	}
	t.Run("a password signs in as before", func(t *testing.T) {
		carry(t, s, server(s, s.SubmissionPort, data.SecuritySTARTTLS, data.AuthAuto), "password@example.org")
	})
	if asked.Load() == 0 {
		t.Error("nobody was asked about a token")
	}
}
