package signin_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

// TestPersonWaits: what is tried again by itself for the service is not for a person in front of a page.
func TestPersonWaits(t *testing.T) {
	for promise, answer := range map[string]signintest.Answer{
		"a service in trouble":          {Status: 503, Body: "{}"},
		"a filter's page":               {Body: "<html>log in"},
		"a moment of Microsoft's":       signintest.Refusal("invalid_grant", "AADSTS90033: A transient error has occurred"),
		"a service asked too often":     {Status: 429, Body: "{}"},
		"an answer that cannot be read": {Body: "[1]"},
	} {
		t.Run(promise+" asks the person to try again", func(t *testing.T) {
			s, b := signintest.New(t), signintest.NewBrowser(t)
			s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{answer} })
			_, err := signin.New(signin.Options{}).Browser(t.Context(), s.Settings(data.SignInMicrosoft), "", b.Open)
			wants(t, err, data.CodeUnavailable)
			page := b.Page()
			for _, text := range []string{page, err.Error()} {
				if strings.Contains(text, "by itself") || strings.Contains(text, "Nothing to do") {
					t.Errorf("nothing tries it again: %s", text)
				}
			}
			wants(t, err, data.CodeUnavailable, "ry again")

			s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{answer} })
			_, err = signin.New(signin.Options{}).App(t.Context(), s.Settings(data.SignInMicrosoftApp), "")
			wants(t, err, data.CodeUnavailable, "ry again")
			s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{answer} })
			_, err = signin.New(signin.Options{}).Renew(t.Context(), s.Settings(data.SignInMicrosoft), "", "refresh-me")
			wants(t, err, data.CodeUnavailable, "by itself")
		})
	}
}

func TestOddAnswers(t *testing.T) {
	for _, c := range []struct {
		promise, scope string
		missing        bool
	}{
		{"scopes as a list", `["openid","https://outlook.office.com/SMTP.Send"]`, false},
		{"scopes as a list without the one", `["openid","offline_access"]`, true},
		{"scopes parted by commas and lines", `"openid,\nhttps://OUTLOOK.office.com/smtp.send, email"`, false},
		{"scopes behind thousands of others", `"` + strings.Repeat("https://outlook.office.com/Some.Other.Scope ", 200) + `https://outlook.office.com/SMTP.Send"`, false},
		{"no scopes at all", `null`, false},
		{"an empty list", `""`, false},
		{"the scope of another service", `"https://graph.microsoft.com/SMTP.Send"`, true},
	} {
		t.Run(c.promise+" are understood", func(t *testing.T) {
			s := signintest.Unplugged()
			s.Behave(func(r *signintest.Rules) {
				r.Answers = []signintest.Answer{{Body: `{"access_token":"at","token_type":"Bearer","scope":` + c.scope + `}`}}
			})
			_, err := signin.New(signin.Options{HTTP: s.Client()}).Renew(t.Context(), s.Settings(data.SignInMicrosoft), "", "refresh-me")
			if c.missing {
				wants(t, err, data.CodeSignIn, "SMTP.Send")
			} else if err != nil {
				t.Fatal(err)
			}
		})
	}
	for promise, life := range map[string]string{
		"none": "", "zero": `,"expires_in":0`, "less than none": `,"expires_in":-5`, "more than a number holds": `,"expires_in":99999999999999999`,
		"a text": `,"expires_in":"3600"`, "nothing": `,"expires_in":null`,
	} {
		t.Run("a token whose life is "+promise+" is taken, and lasts", func(t *testing.T) {
			s := signintest.Unplugged()
			s.Behave(func(r *signintest.Rules) {
				r.Answers = []signintest.Answer{{Body: `{"access_token":"at","token_type":"bearer"` + life + `}`}}
			})
			p := signin.New(signin.Options{HTTP: s.Client()})
			g, err := p.Renew(t.Context(), s.Settings(data.SignInMicrosoft), "", "refresh-me")
			if err != nil || g.Expires.Sub(g.Expires.Add(-1)) != 1 || !g.Until.IsZero() {
				t.Fatalf("%+v %v", g, err)
			}
		})
	}
}

func TestProxyWantsPassword(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Proxy-Authenticate", `Basic realm="school"`)
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	t.Cleanup(proxy.Close)
	s := signintest.Unplugged() // https, by CONNECT
	_, err := signin.New(signin.Options{}).Renew(t.Context(), s.Settings(data.SignInGoogle), proxy.URL, "refresh-me")
	wants(t, err, data.CodeUnavailable, "proxy wants", "Ask IT")
	v := s.Settings(data.SignInGoogle)
	v.SignInAddress = "http://127.0.0.1:9" // without protection, so that the proxy answers itself
	_, err = signin.New(signin.Options{}).Renew(t.Context(), v, proxy.URL, "refresh-me")
	wants(t, err, data.CodeUnavailable, "proxy wants", "Ask IT")
}

func TestLoopback(t *testing.T) {
	for way, host := range map[data.SignInWay]string{data.SignInGoogle: "[::1]", data.SignInMicrosoft: "localhost"} {
		t.Run("a computer with the newer addresses only signs in with "+string(way), func(t *testing.T) {
			s := signintest.New(t)
			p := signin.New(signin.Options{})
			var listening []string
			p.Listen(func(ctx context.Context, network, address string) (net.Listener, error) {
				if network == "tcp4" {
					return nil, &net.OpError{Op: "listen", Net: network, Err: net.UnknownNetworkError("no IPv4 here")}
				}
				l, err := (&net.ListenConfig{}).Listen(ctx, network, address)
				if err == nil {
					listening = append(listening, l.Addr().String())
				}
				return l, err
			})
			var asked string
			g, err := p.Browser(t.Context(), s.Settings(way), "", func(u string) error {
				asked = u
				go newAddresses(t, u)
				return nil
			})
			if err != nil || g.User != signintest.Mailbox || len(listening) != 1 || !strings.Contains(asked, "redirect_uri=http%3A%2F%2F"+strings.NewReplacer("[", "%5B", "]", "%5D", ":", "%3A").Replace(host)+"%3A") {
				t.Fatalf("%+v %v %v %s", g, err, listening, asked)
			}
		})
	}
}

// newAddresses is a browser on a computer that has only the newer addresses.
func newAddresses(t *testing.T, address string) {
	t.Helper()
	dial := func(ctx context.Context, network, to string) (net.Conn, error) {
		if port, ok := strings.CutPrefix(to, "localhost:"); ok {
			to = "[::1]:" + port
		}
		return new(net.Dialer).DialContext(ctx, network, to)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Error(err)
		return
	}
	a, err := (&http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Error(err)
		return
	}
	_ = a.Body.Close()
}
