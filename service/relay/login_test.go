package relay_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay"
	"smtpgateway/service/relay/relaytest"
)

func TestSignIn(t *testing.T) {
	all := []string{"GSSAPI", "CRAM-MD5", "LOGIN", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2"}
	for name, c := range map[string]struct {
		auth    data.Auth
		offered []string
		want    string
	}{
		"auto takes the strongest":        {data.AuthAuto, all, "SCRAM-SHA-256"},
		"auto then takes SCRAM-SHA-1":     {data.AuthAuto, []string{"LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1"}, "SCRAM-SHA-1"},
		"auto then takes PLAIN":           {data.AuthAuto, []string{"LOGIN", "PLAIN", "CRAM-MD5"}, "PLAIN"},
		"auto then takes LOGIN":           {data.AuthAuto, []string{"LOGIN", "CRAM-MD5"}, "LOGIN"},
		"auto takes CRAM-MD5 last":        {data.AuthAuto, []string{"CRAM-MD5"}, "CRAM-MD5"},
		"plain when chosen":               {data.AuthPlain, all, "PLAIN"},
		"login when chosen":               {data.AuthLogin, all, "LOGIN"},
		"cram-md5 when chosen":            {data.AuthCRAMMD5, all, "CRAM-MD5"},
		"scram when chosen":               {data.AuthSCRAM, all, "SCRAM-SHA-256"},
		"scram is SHA-1 if that is there": {data.AuthSCRAM, []string{"PLAIN", "SCRAM-SHA-1"}, "SCRAM-SHA-1"},
	} {
		for _, security := range []data.Security{data.SecuritySTARTTLS, data.SecurityTLS} {
			t.Run(name+" over "+string(security), func(t *testing.T) {
				server := relaytest.Start(t, relaytest.Script{Security: security, Auth: c.offered, AuthInTLS: true})
				s := server.Config()
				s.Auth = c.auth
				want(t, send(t, dial(t, options(), s), "a@school.test")[0], data.KindSent, data.PhaseDot)
				if !slices.Equal(server.Logins(), []string{c.want}) || server.Auths() != 1 {
					t.Fatalf("%v, %d tries", server.Logins(), server.Auths())
				}
			})
		}
	}

	for _, m := range []string{"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"} {
		t.Run("a wrong password is tried once with "+m+" and told without it", func(t *testing.T) {
			server := relaytest.Start(t, relaytest.Script{Security: data.SecurityTLS, Auth: []string{m}})
			s := server.Config()
			s.Password = "wrong but secret"
			o, told := refused(t, options(), s)
			wantServer(t, o, data.PhaseAuth, data.PauseAuth)
			if server.Auths() != 1 || o.Code != 535 || o.Advice != "sign-in" || !strings.Contains(o.Sentence, "User name or password is wrong") {
				t.Fatalf("%d tries: %+v", server.Auths(), o)
			}
			noSecret(t, "wrong but secret", o, told.all)
		})
	}

	t.Run("without protection", func(t *testing.T) {
		t.Run("the password stays here", func(t *testing.T) {
			server := relaytest.Start(t, relaytest.Script{Auth: []string{"PLAIN", "CRAM-MD5"}})
			o, _ := refused(t, options(), server.Config())
			wantServer(t, o, data.PhaseAuth, data.PauseAuth)
			if server.Auths() != 0 || o.Advice != "starttls" {
				t.Fatalf("%d tries: %+v", server.Auths(), o)
			}
		})
		t.Run("it goes when non-secure connections are allowed, hidden if it can be", func(t *testing.T) {
			server := relaytest.Start(t, relaytest.Script{Auth: []string{"PLAIN", "CRAM-MD5"}})
			s := server.Config()
			s.AllowInsecure = true
			dial(t, options(), s)
			if !slices.Equal(server.Logins(), []string{"CRAM-MD5"}) {
				t.Fatal(server.Logins())
			}
		})
	})

	t.Run("no user, no sign-in", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Auth: []string{"PLAIN"}})
		s := server.Config()
		s.User, s.Password = "", ""
		dial(t, options(), s)
		s.User, s.Auth = "x", data.AuthNone
		dial(t, options(), s)
		if server.Auths() != 0 {
			t.Fatal("signed in")
		}
	})

	// Row 26.
	for name, c := range map[string]struct {
		offered string
		auth    data.Auth
		says    string
	}{
		"sign-in not offered":             {"HELP", data.AuthAuto, "offers no sign-in"},
		"only unknown ways":               {"AUTH GSSAPI NTLM", data.AuthAuto, "does not know"},
		"only tokens":                     {"AUTH XOAUTH2 OAUTHBEARER", data.AuthAuto, "takes no passwords"},
		"the chosen way is not offered":   {"AUTH PLAIN", data.AuthCRAMMD5, "does not offer the way"},
		"AUTH with nothing behind it":     {"AUTH", data.AuthAuto, "offers no sign-in"},
		"the chosen way among foreigners": {"AUTH NTLM", data.AuthPlain, "does not know"},
	} {
		t.Run(name+": a clear sentence, and the server is paused", func(t *testing.T) {
			server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS, Extensions: []string{c.offered}})
			s := server.Config()
			s.User, s.Password, s.Auth = relaytest.User, relaytest.Password, c.auth
			o, told := refused(t, options(), s)
			wantServer(t, o, data.PhaseAuth, data.PauseAuth)
			if !strings.Contains(o.Sentence, c.says) || server.Auths() != 0 || told.find("sign-in").Text != o.Sentence {
				t.Fatalf("%+v", o)
			}
		})
	}

	t.Run("the AUTH= of old servers is understood", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS, Extensions: []string{"AUTH=LOGIN PLAIN"}})
		s := server.Config()
		s.User, s.Password = relaytest.User, relaytest.Password
		dial(t, options(), s)
		if server.Auths() != 1 {
			t.Fatal("not signed in")
		}
	})

	t.Run("a user without a password that can be opened", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS, Extensions: []string{"AUTH PLAIN"}})
		s := server.Config()
		s.User = relaytest.User
		o, _ := refused(t, options(), s)
		wantServer(t, o, data.PhaseAuth, data.PauseAuth)
		if server.Auths() != 0 {
			t.Fatal("signed in with nothing")
		}
	})

	t.Run("a server that would have us hash for hours is left", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{
			Security: data.SecurityTLS, Extensions: []string{"AUTH SCRAM-SHA-256"},
			Answer: hashForever(),
		})
		s := server.Config()
		s.User, s.Password = relaytest.User, relaytest.Password
		o, _ := refused(t, options(), s)
		wantServer(t, o, data.PhaseAuth, data.PauseAuth)
	})

	t.Run("whatever a server repeats of the sign-in, nothing of it is kept", func(t *testing.T) {
		for _, password := range []string{"hunter2 hunter2", "x9!", "two  blanks", "pa\u00df\u00a7wort", "abc\tdef"} {
			for _, m := range []string{"PLAIN", "LOGIN"} {
				t.Run(fmt.Sprintf("%s %q", m, password), func(t *testing.T) {
					server := relaytest.Raw(t, relaytest.RawScript{
						Security: data.SecurityTLS, Extensions: []string{"AUTH " + m},
						Answer: func(verb, line string) string {
							switch {
							case verb == "AUTH" && m == "LOGIN":
								return "334 VXNlcm5hbWU6"
							case verb == "AUTH" || verb == relaytest.AuthLine:
								return "535 5.7.8 I know that " + line + " means " + password + " and pa\x1b[31m" + password + "\x1b[0m"
							}
							return relaytest.Default
						},
					})
					s := server.Config()
					s.User, s.Password = relaytest.User, data.Secret(password)
					o, told := refused(t, options(), s)
					wantServer(t, o, data.PhaseAuth, data.PauseAuth)
					noSecret(t, password, o, told.all)
					noSecret(t, data.Clean(password, 100), o, told.all)
				})
			}
		}
	})
}

// hashForever plays SCRAM as far as the count of iterations.
func hashForever() func(verb, line string) string {
	step := 0
	return func(verb, line string) string {
		switch verb {
		case "AUTH":
			return "334 "
		case relaytest.AuthLine:
			if step++; step == 1 {
				nonce := relaytest.ScramNonce(line)
				return "334 " + relaytest.Base64("r="+nonce+"x,s=c2FsdA==,i=2147483647")
			}
		}
		return relaytest.Default
	}
}

func TestProbe(t *testing.T) {
	t.Run("each step is told, with the certificate, and nothing is sent", func(t *testing.T) {
		for security, order := range map[data.Security]string{
			data.SecuritySTARTTLS: "name connection greeting protection sign-in sender",
			data.SecurityTLS:      "name connection protection greeting sign-in sender",
		} {
			server := relaytest.Start(t, relaytest.Script{Security: security, Auth: []string{"PLAIN"}})
			var told steps
			o := relay.New(options()).Probe(t.Context(), server.Config(), sender, told.add)
			want(t, o, data.KindSent, data.PhaseMail)
			if told.names() != order || len(server.Messages()) != 0 || server.Connections() != 1 {
				t.Fatalf("%s: %s", security, told.names())
			}
			detail := told.find("protection").Detail
			for _, part := range []string{"mail.school.test", "Test authority", "valid until", relaytest.Fingerprint(server.Certificate)} {
				if !strings.Contains(detail, part) {
					t.Fatalf("%q is not in %q", part, detail)
				}
			}
			noSecret(t, relaytest.Password, o, told.all)
		}
	})
	t.Run("it goes as far as it can and stops with advice", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{Mail: func(string) error { return relaytest.Reply(553, "5.7.1", "Sender address rejected: not owned by user") }})
		var told steps
		o := relay.New(options()).Probe(t.Context(), server.Config(), sender, told.add)
		wantServer(t, o, data.PhaseMail, data.PauseQuota)
		if told.names() != "name connection greeting protection sign-in !sender" || told.find("sender").Advice != "sender" || !strings.Contains(o.Sentence, sender) {
			t.Fatalf("%s %+v", told.names(), o)
		}
	})
	t.Run("a From address that cannot be one is told as such", func(t *testing.T) {
		server := relaytest.Start(t, relaytest.Script{})
		var told steps
		o := relay.New(options()).Probe(t.Context(), server.Config(), "library", told.add)
		if o.Kind == data.KindSent || !strings.Contains(o.Sentence, "From address") || len(server.Mails()) != 0 {
			t.Fatalf("%+v", o)
		}
	})
}
