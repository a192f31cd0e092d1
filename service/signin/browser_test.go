package signin_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

// wants looks at an error for a person: its code, and words that must be in its sentence or its next step.
func wants(t *testing.T, err error, code data.Code, words ...string) {
	t.Helper()
	e := data.AsError(err)
	if e == nil || e.Code != code || e.Sentence == "" || e.Next == "" {
		t.Fatalf("want %s in words, got %#v", code, err)
	}
	for _, w := range words {
		if !strings.Contains(e.Error(), w) {
			t.Fatalf("%q does not say %q", e.Error(), w)
		}
	}
}

func TestBrowser(t *testing.T) {
	for _, way := range []data.SignInWay{data.SignInGoogle, data.SignInMicrosoft} {
		t.Run("a person signs in with "+string(way)+" and the page says so", func(t *testing.T) {
			s, b := signintest.New(t), signintest.NewBrowser(t)
			s.Behave(func(r *signintest.Rules) { r.Until = 604800 })
			g, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(way), "", b.Open)
			if err != nil {
				t.Fatal(err)
			}
			if user, ok := s.Valid(g.Access.Reveal()); !ok || user != signintest.Mailbox || g.User != user || g.Refresh == "" || len(g.Missing) != 0 || g.Until.IsZero() {
				t.Fatalf("%+v", g)
			}
			if page := b.Page(); !strings.Contains(page, "may now send as "+signintest.Mailbox) || !strings.Contains(page, "You may close this page") {
				t.Fatal(page)
			}
		})
	}
	t.Run("what is asked for keeps the rules", func(t *testing.T) {
		s, b := signintest.New(t), signintest.NewBrowser(t)
		for way, want := range map[data.SignInWay]url.Values{
			data.SignInGoogle:    {"access_type": {"offline"}, "prompt": {"consent"}, "scope": {"https://mail.google.com/ openid email"}},
			data.SignInMicrosoft: {"prompt": {"select_account"}, "scope": {"https://outlook.office.com/SMTP.Send offline_access openid email profile"}},
		} {
			var asked url.Values
			_, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(way), "", func(address string) error {
				u, err := url.Parse(address)
				asked = u.Query()
				return errors.Join(err, b.Open(address))
			})
			if err != nil {
				t.Fatal(err)
			}
			b.Page()
			for name := range want {
				if asked.Get(name) != want.Get(name) {
					t.Errorf("%s: %s is %q", way, name, asked.Get(name))
				}
			}
			if asked.Get("login_hint") != signintest.Mailbox || asked.Get("code_challenge_method") != "S256" || len(asked.Get("state")) < 26 || len(asked.Get("nonce")) < 26 {
				t.Errorf("%s: %v", way, asked)
			}
		}
	})
	bad := []struct {
		promise string
		way     data.SignInWay
		rules   func(*signintest.Rules)
		code    data.Code
		words   []string
	}{
		{"a scope that was not granted is named", data.SignInGoogle, func(r *signintest.Rules) { r.Scopes = []string{"openid", "email"} }, data.CodeSignIn, []string{"permanently delete all your email", "tick every box"}},
		{"Microsoft's scope that was not granted is named", data.SignInMicrosoft, func(r *signintest.Rules) {
			r.Scopes = []string{"openid", "https://outlook.office.com/IMAP.AccessAsUser.All"}
		}, data.CodeSignIn, []string{"SMTP.Send"}},
		{"a sign-in that does not last says what to click", data.SignInGoogle, func(r *signintest.Rules) { r.NoRefresh = true }, data.CodeSignIn, []string{"for an hour only", "myaccount.google.com"}},
		{"a sign-in that does not last at Microsoft names the permission", data.SignInMicrosoft, func(r *signintest.Rules) { r.NoRefresh = true }, data.CodeSignIn, []string{"offline_access"}},
		{"an answer made for another program is not taken", data.SignInGoogle, func(r *signintest.Rules) { r.Claims = url.Values{"aud": {"somebody-else"}} }, data.CodeSignIn, []string{"does not belong to this sign-in"}},
		{"an answer of another sign-in is not taken", data.SignInGoogle, func(r *signintest.Rules) { r.Claims = url.Values{"nonce": {"of-another"}} }, data.CodeSignIn, []string{"does not belong to this sign-in"}},
		{"Cancel on the page is told", data.SignInGoogle, func(r *signintest.Rules) { r.Refuse = "access_denied" }, data.CodeSignIn, []string{"clicked Cancel"}},
		{"an administrator who forbids is told", data.SignInGoogle, func(r *signintest.Rules) { r.Refuse = "admin_policy_enforced" }, data.CodeSignIn, []string{"administrator does not allow", "API controls"}},
		{"missing consent is told", data.SignInMicrosoft, func(r *signintest.Rules) { r.Refuse = "consent_required" }, data.CodeSignIn, []string{"Grant admin consent"}},
		{"missing consent of an administrator is told", data.SignInMicrosoft, func(r *signintest.Rules) {
			r.Refuse, r.Description = "access_denied", "AADSTS90094: Admin consent is required"
		}, data.CodeSignIn, []string{"only an administrator"}},
		{"a code that was used before is told", data.SignInMicrosoft, func(r *signintest.Rules) {
			r.Answers = []signintest.Answer{signintest.Refusal("invalid_grant", "AADSTS54005: OAuth2 Authorization code was already redeemed")}
		}, data.CodeSignIn, []string{"used before"}},
		{"a code that came too late is told", data.SignInGoogle, func(r *signintest.Rules) {
			r.Answers = []signintest.Answer{signintest.Refusal("invalid_grant", "Bad Request")}
		}, data.CodeSignIn, []string{"too late", "Sign in again"}},
		{"an error nobody knows is shown by its name", data.SignInGoogle, func(r *signintest.Rules) { r.Refuse = "frobnicated" }, data.CodeSignIn, []string{"(frobnicated)"}},
	}
	for _, c := range bad {
		t.Run(c.promise, func(t *testing.T) {
			s, b := signintest.New(t), signintest.NewBrowser(t)
			s.Behave(c.rules)
			_, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(c.way), "", b.Open)
			wants(t, err, c.code, c.words...)
			if page := b.Page(); !strings.Contains(page, "That did not work") {
				t.Fatal(page)
			}
		})
	}
	t.Run("another account is told, and may be taken all the same", func(t *testing.T) {
		s, b := signintest.New(t), signintest.NewBrowser(t)
		s.Behave(func(r *signintest.Rules) { r.User = "me@school.example" })
		g, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(data.SignInMicrosoft), "", b.Open)
		wants(t, err, data.CodeSignIn, "me@school.example", signintest.Mailbox)
		if !errors.Is(err, signin.ErrOtherAccount) || g.User != "me@school.example" || g.Refresh == "" {
			t.Fatalf("%+v, %v", g, err)
		}
		b.Page()
	})
	t.Run("any name of a Microsoft account is its own", func(t *testing.T) {
		s, b := signintest.New(t), signintest.NewBrowser(t)
		s.Behave(func(r *signintest.Rules) {
			r.Claims = url.Values{"email": {"lib@school.onmicrosoft.example"}, "preferred_username": {strings.ToUpper(signintest.Mailbox)}}
		})
		g, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(data.SignInMicrosoft), "", b.Open)
		if err != nil || !strings.EqualFold(g.User, signintest.Mailbox) {
			t.Fatalf("%+v, %v", g, err)
		}
		b.Page()
	})
	t.Run("where nobody tells who signed in, it is the mailbox of the settings", func(t *testing.T) {
		s, b := signintest.New(t), signintest.NewBrowser(t)
		s.Behave(func(r *signintest.Rules) { r.NoIDToken = true })
		g, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(data.SignInGoogle), "", b.Open)
		if err != nil || g.User != signintest.Mailbox {
			t.Fatalf("%+v, %v", g, err)
		}
		b.Page()
	})
	t.Run("settings that are not complete say what is missing", func(t *testing.T) {
		p, s := signin.New(signin.Options{}), signintest.Unplugged()
		for what, spoil := range map[string]func(*data.Server){
			"client ID": func(v *data.Server) { v.ClientID = "" }, "client secret": func(v *data.Server) { v.ClientSecret = "" },
			"Choose Google or Microsoft": func(v *data.Server) { v.SignIn = data.SignInNone },
			"tenant":                     func(v *data.Server) { v.SignIn = data.SignInMicrosoft },
		} {
			v := s.Settings(data.SignInGoogle)
			spoil(&v)
			_, err := p.Browser(t.Context(), v, "", func(string) error { t.Error("the browser was opened"); return nil })
			wants(t, err, data.CodeNotConfigured, what)
		}
	})
	t.Run("a browser that does not open is told", func(t *testing.T) {
		s := signintest.New(t)
		_, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(data.SignInGoogle), "", func(string) error { return errors.New("no display") })
		wants(t, err, data.CodeNotNow, "could not be opened")
	})
	t.Run("a port that is taken on one of the two addresses of this computer does not matter", func(t *testing.T) {
		s, b := signintest.New(t), signintest.NewBrowser(t)
		p := signin.New(signin.Options{})
		p.Listen(func(ctx context.Context, network, address string) (net.Listener, error) {
			if network == "tcp6" {
				return nil, syscall.EADDRINUSE
			}
			return (&net.ListenConfig{}).Listen(ctx, network, address)
		})
		if _, err := p.Browser(t.Context(), s.Settings(data.SignInMicrosoft), "", b.Open); err != nil {
			t.Fatal(err)
		}
		b.Page()
	})
	t.Run("a computer that lets nobody listen says so before the browser opens", func(t *testing.T) {
		p := signin.New(signin.Options{})
		p.Listen(func(context.Context, string, string) (net.Listener, error) { return nil, syscall.EACCES })
		_, err := p.Browser(t.Context(), signintest.Unplugged().Settings(data.SignInGoogle), "", func(string) error { t.Error("opened"); return nil })
		wants(t, err, data.CodeNotNow, "127.0.0.1", "security program")
	})
	t.Run("a person can stop it", func(t *testing.T) {
		s := signintest.New(t)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := signin.New(signin.Options{}).Browser(ctx, s.Settings(data.SignInGoogle), "", func(string) error { cancel(); return nil })
		wants(t, err, data.CodeNotNow, "stopped")
	})
	t.Run("a browser that was closed is not waited for without end", func(t *testing.T) {
		s := signintest.New(t)
		_, err := signin.New(signin.Options{Patience: 1}).Browser(t.Context(), s.Settings(data.SignInGoogle), "", func(string) error { return nil })
		wants(t, err, data.CodeNotNow, "not finished within", "Sign in again")
	})
}

func TestDoor(t *testing.T) {
	// knock signs in and lets others knock at the door before, and after, the right browser does.
	knock := func(t *testing.T, first func(b *signintest.Browser, address string)) (*signintest.Server, *signintest.Browser) {
		t.Helper()
		s, b := signintest.New(t), signintest.NewBrowser(t)
		_, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(data.SignInGoogle), "", func(address string) error {
			u, err := url.Parse(address)
			if err == nil {
				first(b, u.Query().Get("redirect_uri"))
			}
			return errors.Join(err, b.Open(address))
		})
		if err != nil {
			t.Fatal(err)
		}
		if page := b.Page(); !strings.Contains(page, "You are signed in") {
			t.Fatal(page)
		}
		return s, b
	}
	for promise, query := range map[string]string{
		"a code with another state changes nothing":   "?code=stolen&state=forged",
		"a code without a state changes nothing":      "?code=stolen",
		"an error with another state stops nothing":   "?error=access_denied&state=forged",
		"a page that knows nothing changes nothing":   "",
		"another path is not ours":                    "/favicon.ico",
		"a long query is refused and stops nothing":   "?code=" + strings.Repeat("x", 100_000),
		"a state as an attack on the page is escaped": "?state=<script>alert(1)</script>",
	} {
		t.Run(promise, func(t *testing.T) {
			s, _ := knock(t, func(b *signintest.Browser, address string) {
				if page := b.Get(address + query); strings.Contains(page, "You are signed in") || strings.Contains(page, "<script>") {
					t.Error(page)
				}
			})
			if n := len(s.Forms()); n != 1 {
				t.Fatalf("the token endpoint was asked %d times", n)
			}
		})
	}
	t.Run("a name that was made to point here by others is not ours", func(t *testing.T) {
		knock(t, func(_ *signintest.Browser, address string) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"?code=x&state=y", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = "evil.example"
			a, err := http.DefaultClient.Do(r)
			if err != nil || a.StatusCode != http.StatusNotFound {
				t.Fatalf("%v, %v", a, err)
			}
			a.Body.Close()
		})
	})
	t.Run("a second tab does not use the code again", func(t *testing.T) {
		s, b := signintest.New(t), signintest.NewBrowser(t)
		second := make(chan string, 1)
		s.Behave(func(r *signintest.Rules) { r.BeforeAnswer = func() { <-second } })
		_, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(data.SignInGoogle), "", func(address string) error {
			u, err := url.Parse(address)
			if err != nil {
				return err
			}
			back := u.Query().Get("redirect_uri") + "?code=" + s.Code(u.Query()) + "&state=" + u.Query().Get("state")
			if err := b.Open(back); err != nil {
				return err
			}
			defer func() { second <- "" }()
			return b.Open(back)
		})
		if err != nil {
			t.Fatal(err)
		}
		one, two := b.Page(), b.Page()
		if !strings.Contains(one+two, "You are signed in") || len(s.Forms()) != 1 {
			t.Fatalf("%s\n%s\n%d", one, two, len(s.Forms()))
		}
	})
}
