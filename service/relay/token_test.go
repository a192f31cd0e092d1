package relay_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/relay/relaytest"
)

// token is one of n characters, with nothing in it that repeats.
func token(n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
	b := make([]byte, n)
	x := uint32(2463534242)
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = letters[x%uint32(len(letters))]
	}
	return string(b)
}

// holder is a server that takes XOAUTH2 with this token, and the setting that has another.
func holder(t *testing.T, script relaytest.Script, at, ours string) (*relaytest.Server, data.Server) {
	t.Helper()
	script.Token = func(user, token string) bool { return user == relaytest.User && token == at }
	if script.Auth == nil {
		script.Auth = []string{"PLAIN", "XOAUTH2"}
	}
	if script.Security == "" {
		script.Security = data.SecurityTLS
	}
	server := relaytest.Start(t, script)
	s := server.Config()
	s.Password, s.SignIn, s.Token = "", data.SignInGoogle, data.Secret(ours)
	return server, s
}

func TestToken(t *testing.T) {
	for name, n := range map[string]int{"short": 150, "3,000-character": 3000} {
		for _, security := range []data.Security{data.SecuritySTARTTLS, data.SecurityTLS} {
			for _, auth := range []data.Auth{data.AuthAuto, data.AuthXOAUTH2} {
				t.Run("a "+name+" token signs in over "+string(security)+" with "+string(auth), func(t *testing.T) {
					server, s := holder(t, relaytest.Script{Security: security, AuthInTLS: true}, token(n), token(n))
					s.Auth = auth
					want(t, send(t, dial(t, options(), s), "a@school.test")[0], data.KindSent, data.PhaseDot)
					if !slices.Equal(server.Logins(), []string{"XOAUTH2"}) || server.Auths() != 1 {
						t.Fatalf("%v, %d tries", server.Logins(), server.Auths())
					}
				})
			}
		}
	}

	t.Run("the token goes with the command only while the line stays short", func(t *testing.T) {
		for _, n := range []int{100, 300, 330, 340, 400, 3000} {
			var command, answer string
			server := relaytest.Raw(t, relaytest.RawScript{
				Security: data.SecurityTLS, Extensions: []string{"AUTH XOAUTH2"},
				Answer: func(verb, line string) string {
					switch verb {
					case "AUTH":
						if command = line; line == "AUTH XOAUTH2" {
							return "334 "
						}
					case relaytest.AuthLine:
						answer = line
						return "235 welcome"
					}
					return relaytest.Default
				},
			})
			s := server.Config()
			s.User, s.Token = relaytest.User, data.Secret(token(n))
			dial(t, options(), s)
			sent := base64.StdEncoding.EncodeToString([]byte("user=" + relaytest.User + "\x01auth=Bearer " + token(n) + "\x01\x01"))
			whole := "AUTH XOAUTH2 " + sent
			if len(whole)+2 < 512 {
				if command != whole || answer != "" {
					t.Errorf("%d: %q, then %q", n, command, answer)
				}
			} else if command != "AUTH XOAUTH2" || answer != sent {
				t.Errorf("%d: %q, then %q", n, command, answer)
			}
		}
	})

	t.Run("a refusal is one try, and says to sign in again; its reason is kept, the token is not", func(t *testing.T) {
		for _, n := range []int{150, 3000} {
			for way, remedy := range map[data.SignInWay]string{
				data.SignInGoogle:       "Sign in again in the settings, as library",
				data.SignInMicrosoft:    "Sign in again in the settings, as library",
				data.SignInMicrosoftApp: "SMTP.SendAsApp",
			} {
				server, s := holder(t, relaytest.Script{}, "another", token(n))
				s.SignIn = way
				o, told := refused(t, options(), s)
				wantServer(t, o, data.PhaseAuth, data.PauseAuth)
				if server.Auths() != 1 || o.Code != 535 || !strings.Contains(o.Sentence, "did not accept the sign-in of library") || !strings.Contains(o.Remedy, remedy) || strings.Contains(o.Sentence+o.Remedy, "password") {
					t.Fatalf("%d tries: %+v", server.Auths(), o)
				}
				if advice := map[data.SignInWay]string{data.SignInMicrosoftApp: "it-sheet"}[way]; (advice != "" || o.Advice != "browser") && o.Advice != advice {
					t.Fatal(o.Advice)
				}
				if !strings.Contains(o.Line, `"status":"401"`) || !strings.Contains(o.Line, "not accepted") {
					t.Fatalf("the reason is lost: %q", o.Line)
				}
				noToken(t, s.Token, o, told.all)
			}
		}
	})

	t.Run("without protection the token stays here, whatever is allowed", func(t *testing.T) {
		for _, allowed := range []bool{false, true} {
			server := relaytest.Raw(t, relaytest.RawScript{Extensions: []string{"AUTH XOAUTH2 PLAIN"}})
			s := server.Config()
			s.User, s.Token, s.AllowInsecure = relaytest.User, data.Secret(token(150)), allowed
			o, told := refused(t, options(), s)
			wantServer(t, o, data.PhaseAuth, data.PauseAuth)
			if server.Auths() != 0 || o.Advice != "starttls" || !strings.Contains(o.Sentence, "unprotected") {
				t.Fatalf("%d tries: %+v", server.Auths(), o)
			}
			noToken(t, s.Token, o, told.all)
		}
	})

	for name, c := range map[string]struct {
		offered, password, token string
		auth                     data.Auth
		host                     string
		says, do, advice         string
	}{
		"only tokens are taken and a password is set": {"AUTH XOAUTH2 OAUTHBEARER", "x y z", "", data.AuthAuto, "", "takes no passwords", "Sign in with Google or Microsoft", "browser"},
		"XOAUTH2 is chosen and nobody signed in":      {"AUTH XOAUTH2 PLAIN", "x y z", "", data.AuthXOAUTH2, "", "Nobody has signed in", "Sign in with Google or Microsoft", "browser"},
		"a token, and a server that takes none":       {"AUTH PLAIN LOGIN", "", token(150), data.AuthAuto, "", "offers no sign-in with Google or Microsoft", "server name", "sign-in"},
		"a token, and a server without sign-in":       {"HELP", "", token(150), data.AuthAuto, "", "offers no sign-in", "port 587", "sign-in"},
	} {
		t.Run(name+": a clear sentence, and no try", func(t *testing.T) {
			server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS, Extensions: []string{c.offered}})
			s := server.Config()
			s.User, s.Password, s.Token, s.Auth = relaytest.User, data.Secret(c.password), data.Secret(c.token), c.auth
			o, told := refused(t, options(), s)
			wantServer(t, o, data.PhaseAuth, data.PauseAuth)
			if server.Auths() != 0 || !strings.Contains(o.Sentence, c.says) || !strings.Contains(o.Remedy, c.do) || o.Advice != c.advice || told.find("sign-in").Text != o.Sentence {
				t.Fatalf("%d tries: %+v", server.Auths(), o)
			}
			noToken(t, s.Token, o, told.all)
		})
	}

	t.Run("servers that do not keep to the rules", func(t *testing.T) {
		sent := func(n int) string {
			return base64.StdEncoding.EncodeToString([]byte("user=" + relaytest.User + "\x01auth=Bearer " + token(n) + "\x01\x01"))
		}
		for name, answer := range map[string]func(verb, line string) string{
			"repeats the whole command":     func(_, line string) string { return "500 5.5.2 I do not know " + line },
			"repeats a part of a long line": func(_, line string) string { return "500 5.5.2 Line too long: " + line[:min(len(line), 300)] },
			"repeats the token in another base64": func(string, string) string {
				return "535 5.7.8 " + base64.StdEncoding.EncodeToString([]byte("x"+token(150)))
			},
			"puts the token into the JSON": func(verb, _ string) string {
				if verb == "AUTH" {
					return "334 " + relaytest.Base64(`{"status":"400","token":"`+token(150)+`"}`)
				}
				return "535 5.7.8 no"
			},
			"asks without end":                 func(string, string) string { return "334 " },
			"asks with a question":             func(string, string) string { return "334 VXNlcm5hbWU6" },
			"says no base64":                   func(string, string) string { return "334 {status:401}" },
			"refuses with a 334 and leaves":    leaves(`{"status":"401"}`),
			"takes the connection for a joke":  func(string, string) string { return relaytest.Drop },
			"says what is wrong with one line": func(_, line string) string { return "501 " + sent(150) + " " + line },
			"colours the token":                func(string, string) string { return "535 \x1b[31m" + token(150)[:80] + "\x1b[0m" + token(150)[80:] },
		} {
			t.Run(name, func(t *testing.T) {
				for _, n := range []int{150, 3000} {
					server := relaytest.Raw(t, relaytest.RawScript{
						Security: data.SecurityTLS, Extensions: []string{"AUTH XOAUTH2"},
						Answer: func(verb, line string) string {
							if verb == "AUTH" || verb == relaytest.AuthLine {
								return answer(verb, line)
							}
							return relaytest.Default
						},
					})
					s := server.Config()
					s.User, s.Token, s.SignIn = relaytest.User, data.Secret(token(n)), data.SignInMicrosoft
					o, told := refused(t, options(), s)
					want(t, o, data.KindServer, data.PhaseAuth)
					if server.Auths() != 1 {
						t.Errorf("%d tries", server.Auths())
					}
					noToken(t, s.Token, o, told.all)
					noToken(t, data.Secret(token(150)[:80]), o, told.all)
				}
			})
		}
	})
}

func leaves(why string) func(verb, line string) string {
	return func(verb, _ string) string {
		if verb == "AUTH" {
			return "334 " + relaytest.Base64(why)
		}
		return relaytest.Drop
	}
}

// TestTokenReplies: what servers say of a sign-in with a token is not taken for a wrong password.
func TestTokenReplies(t *testing.T) {
	for says, c := range map[string]struct{ sentence, remedy, advice string }{
		"535 5.7.3 Authentication unsuccessful [AM0PR10CA0001.EURPRD10.PROD.OUTLOOK.COM]":                        {"did not accept the sign-in of library", "Sign in again", "browser"},
		"535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8  BadCredentials": {"did not accept the sign-in of library", "Sign in again", "browser"},
		"535 5.7.8 Error: authentication failed: (reason unavailable)":                                           {"did not accept the sign-in of library", "Sign in again", "browser"},
		"534-5.7.14 Please log in via your web browser and then try again.\r\n534 5.7.14 Learn more":             {"did not accept the sign-in of library", "Sign in again", "browser"},
		"550 5.7.1 no": {"did not accept the sign-in of library", "Sign in again", "browser"},
		"571 zork":     {"did not accept the sign-in of library", "Sign in again", "browser"},
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https:":  {"Microsoft has switched off this kind of sign-in for your whole school", "request sheet", "it-sheet"},
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.":              {"for this mailbox", "request sheet", "it-sheet"},
		"535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [AM0PR10CA0001]":               {"did not accept the sign-in of library", "Sign in again", "browser"},
		"535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.":    {"by the security defaults", "Give IT the request sheet", "it-sheet"},
		"535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated. Contact": {"by a rule of your school", "Give IT the request sheet", "it-sheet"},
		"550 5.7.30 Basic authentication is not supported for Client Submission.":                                     {"did not accept the sign-in of library", "Sign in again", "browser"},
		"454 4.7.0 Temporary authentication failure":                                                                  {"briefly out of order", "tried again by itself", ""},
		"421 4.3.0 try again":                             {"is busy", "tried again by itself", ""},
		"432 4.3.2 Concurrent connections limit exceeded": {"Too many connections", "one connection", ""},
	} {
		t.Run(says, func(t *testing.T) {
			server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS, Extensions: []string{"AUTH XOAUTH2"}, Answer: at("AUTH", says)})
			s := server.Config()
			s.User, s.Token, s.SignIn = relaytest.User, data.Secret(token(150)), data.SignInMicrosoft
			o, _ := refused(t, options(), s)
			want(t, o, data.KindServer, data.PhaseAuth)
			if strings.Contains(o.Remedy, "password") || strings.HasPrefix(o.Remedy, "Sign in with") {
				t.Errorf("there is no password, and a sign-in was made: %s", o.Remedy)
			}
			if !strings.Contains(o.Sentence, c.sentence) || !strings.Contains(o.Remedy, c.remedy) || o.Advice != c.advice {
				t.Fatalf("%+v", o)
			}
		})
	}
	t.Run("a server that forgets who signed in wants it again", func(t *testing.T) {
		server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS, Extensions: []string{"AUTH XOAUTH2"}, Answer: at("MAIL", "530 5.7.57 Client not authenticated to send mail.")})
		s := server.Config()
		s.User, s.Token, s.SignIn = relaytest.User, data.Secret(token(150)), data.SignInMicrosoft
		o := send(t, dial(t, options(), s), "a@school.test")[0]
		wantServer(t, o, data.PhaseMail, data.PauseAuth)
		if o.Advice != "browser" {
			t.Fatalf("%+v", o)
		}
	})
	for host, who := range map[string]string{"smtp.gmail.com": "Google", "smtp.office365.com": "Microsoft", "mail.school.test": "Google or Microsoft"} {
		t.Run("no password for "+host+": the sentence names whom to sign in with", func(t *testing.T) {
			server := relaytest.Raw(t, relaytest.RawScript{Security: data.SecurityTLS, Extensions: []string{"AUTH XOAUTH2"}, TLS: nil})
			s := server.Config()
			o := options()
			o.Resolver = names{host: {server.Host}}
			s.Host, s.User, s.Auth, s.Certificate = host, relaytest.User, data.AuthXOAUTH2, relaytest.Fingerprint(server.Certificate)
			got, _ := refused(t, o, s)
			if !strings.HasSuffix(got.Remedy, "Sign in with "+who+" in the settings.") {
				t.Fatalf("%+v", got)
			}
		})
	}
}

// noToken fails when twelve characters of the token in a row, plain or as they are sent, are in what is said.
func noToken(t *testing.T, secret data.Secret, said ...any) {
	t.Helper()
	raw := secret.Reveal()
	if raw == "" {
		return
	}
	all := saidText(t, said...)
	forms := []string{raw}
	for k := range 3 {
		forms = append(forms, base64.StdEncoding.EncodeToString([]byte(raw[min(k, len(raw)):])))
	}
	forms = append(forms, base64.StdEncoding.EncodeToString([]byte("user="+relaytest.User+"\x01auth=Bearer "+raw+"\x01\x01")))
	for _, form := range forms {
		for i := 0; i+12 <= len(form); i++ {
			if strings.Contains(all, form[i:i+12]) {
				t.Fatalf("%q of the token is in %s", form[i:i+12], all)
			}
		}
	}
}
