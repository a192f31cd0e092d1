package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

func TestWire(t *testing.T) {
	html := "<!DOCTYPE html><html><body>Please log in to the school's network</body></html>"
	bad := []struct {
		promise string
		answer  signintest.Answer
		words   string
	}{
		{"a page of the school's filter is told", signintest.Answer{Type: "text/html", Body: html}, "filter"},
		{"a page under an error is told", signintest.Answer{Status: 502, Type: "text/html", Body: html}, "filter"},
		{"a page that calls itself JSON is told", signintest.Answer{Body: html}, "filter"},
		{"a redirect is not followed", signintest.Answer{Status: 307, Location: "https://login.school.example/token"}, "log-in page"},
		{"a server in trouble is told", signintest.Answer{Status: 500, Body: "{}"}, "(500)"},
		{"a server in trouble that gives a code is told", signintest.Answer{Status: 503, Body: `{"error":"invalid_grant"}`}, "(503)"},
		{"too many requests are told", signintest.Answer{Status: 429, Body: `{"error":"slow_down"}`}, "(429)"},
		{"trouble with a plain answer is told", signintest.Answer{Status: 400, Body: `{"error":"temporarily_unavailable"}`}, "out of order"},
		{"a moment of Microsoft's is told", signintest.Refusal("invalid_grant", "AADSTS90033: A transient error has occurred"), "out of order"},
		{"an answer without end is not read to its end", signintest.Answer{Body: `{"access_token":"` + strings.Repeat("x", 2<<20)}, "too long"},
		{"an answer that is cut off is told", signintest.Answer{Body: `{"access_token":"x","tok`}, "no usable answer"},
		{"an empty answer is told", signintest.Answer{}, "no usable answer"},
		{"an answer without a token is told", signintest.Answer{Body: `{"token_type":"Bearer"}`}, "no usable answer"},
		{"a token that would end the command is not taken", signintest.Answer{Body: `{"access_token":"x\u0001\u0001\r\nRSET","token_type":"Bearer"}`}, "no mail server takes"},
		{"a token of another kind is not taken", signintest.Answer{Body: `{"access_token":"x","token_type":"mac"}`}, "no mail server takes"},
		{"a token too long for a command is not taken", signintest.Answer{Body: `{"access_token":"` + strings.Repeat("x", 10_000) + `","token_type":"Bearer"}`}, "no mail server takes"},
	}
	for _, c := range bad {
		t.Run(c.promise, func(t *testing.T) {
			s := signintest.Unplugged()
			s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{c.answer} })
			_, err := signin.New(signin.Options{HTTP: s.Client()}).Renew(t.Context(), s.Settings(data.SignInGoogle), "", "refresh-me")
			wants(t, err, data.CodeUnavailable, c.words)
			if strings.Contains(err.Error(), "refresh-me") || len(s.Forms()) != 1 {
				t.Fatalf("%v after %d requests", err, len(s.Forms()))
			}
		})
	}
	t.Run("an answer that does not come is not waited for without end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := signintest.Unplugged()
			s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{{Hang: true}} })
			began := time.Now()
			_, err := signin.New(signin.Options{HTTP: s.Client()}).Renew(t.Context(), s.Settings(data.SignInGoogle), "", "refresh-me")
			wants(t, err, data.CodeUnavailable, "within 30 seconds", "tried again by itself")
			if time.Since(began) != 30*time.Second {
				t.Fatal(time.Since(began))
			}
		})
	})
	t.Run("a server that is down is told", func(t *testing.T) {
		s := signintest.Unplugged()
		v := s.Settings(data.SignInGoogle)
		v.SignInAddress = "http://" + closedPort(t)
		_, err := signin.New(signin.Options{}).Renew(t.Context(), v, "", "refresh-me")
		wants(t, err, data.CodeUnavailable, "cannot be reached", strings.TrimPrefix(v.SignInAddress, "http://"))
	})
	for promise, c := range map[string]struct {
		clock time.Duration
		words string
	}{
		"a clock that is behind is told":    {3 * time.Hour, "3 hours behind"},
		"a clock that is ahead is told":     {-72 * time.Hour, "3 days ahead"},
		"a clock of some minutes is told":   {20 * time.Minute, "20 minutes behind"},
		"a clock that is right is not told": {time.Minute, ""},
	} {
		t.Run(promise, func(t *testing.T) {
			s := signintest.Unplugged()
			s.Behave(func(r *signintest.Rules) { r.Clock = c.clock })
			_, err := signin.New(signin.Options{HTTP: s.Client()}).Renew(t.Context(), s.Settings(data.SignInGoogle), "", "no-such-token")
			wants(t, err, data.CodeSignIn, c.words)
			if strings.Contains(err.Error(), "clock") != (c.words != "") {
				t.Fatal(err)
			}
		})
	}
	t.Run("a clock that is wrong keeps nobody from signing in", func(t *testing.T) {
		s, b := signintest.New(t), signintest.NewBrowser(t)
		p := signin.New(signin.Options{Now: func() time.Time { return time.Now().Add(-1000 * time.Hour) }})
		if _, err := p.Browser(t.Context(), s.Settings(data.SignInGoogle), "", b.Open); err != nil {
			t.Fatal(err)
		}
		b.Page()
	})
	t.Run("a certificate that is over asks for the clock", func(t *testing.T) {
		_, err := signin.New(signin.Options{}).Renew(t.Context(), overTLS(t, certificate(t, time.Now().Add(-48*time.Hour))), "", "refresh-me")
		wants(t, err, data.CodeUnavailable, "date, time and time zone")
	})
	t.Run("a filter that opens protected connections is told", func(t *testing.T) {
		_, err := signin.New(signin.Options{}).Renew(t.Context(), overTLS(t, certificate(t, time.Now())), "", "refresh-me")
		wants(t, err, data.CodeUnavailable, "could not prove who it is", "filter")
	})
}

func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// overTLS are the settings for a server that shows this certificate.
func overTLS(t *testing.T, c tls.Certificate) data.Server {
	t.Helper()
	s := signintest.Unplugged()
	web := httptest.NewUnstartedServer(s)
	web.TLS = &tls.Config{Certificates: []tls.Certificate{c}}
	web.Config.ErrorLog = log.New(io.Discard, "", 0)
	web.StartTLS()
	t.Cleanup(web.Close)
	v := s.Settings(data.SignInGoogle)
	v.SignInAddress = web.URL
	return v
}

// certificate is one that nobody vouches for, made a day before its end.
func certificate(t *testing.T, end time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: end.Add(-24 * time.Hour), NotAfter: end.Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, of, of, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestProxy(t *testing.T) {
	t.Run("an HTTP proxy is asked", func(t *testing.T) {
		s := signintest.New(t)
		asked := 0
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			if !strings.HasPrefix(r.RequestURI, s.URL) {
				t.Error(r.RequestURI)
			}
			s.ServeHTTP(w, r)
		}))
		defer proxy.Close()
		_, err := signin.New(signin.Options{}).App(t.Context(), s.Settings(data.SignInMicrosoftApp), proxy.URL)
		if err != nil || asked != 1 {
			t.Fatalf("asked %d times: %v", asked, err)
		}
	})
	t.Run("a SOCKS proxy is asked", func(t *testing.T) {
		s := signintest.New(t)
		proxy := startSOCKS(t)
		_, err := signin.New(signin.Options{}).App(t.Context(), s.Settings(data.SignInMicrosoftApp), "socks5://"+proxy.address)
		if err != nil || proxy.asked.Load() != 1 {
			t.Fatalf("asked %d times: %v", proxy.asked.Load(), err)
		}
	})
	for _, scheme := range []string{"http", "https", "socks5"} {
		t.Run("a proxy that is not there is named, by "+scheme, func(t *testing.T) {
			s := signintest.New(t)
			_, err := signin.New(signin.Options{}).App(t.Context(), s.Settings(data.SignInMicrosoftApp), scheme+"://"+closedPort(t))
			wants(t, err, data.CodeUnavailable, "proxy cannot be reached")
		})
	}
	t.Run("a proxy that is no address is refused", func(t *testing.T) {
		s := signintest.New(t)
		_, err := signin.New(signin.Options{}).App(t.Context(), s.Settings(data.SignInMicrosoftApp), "proxy")
		wants(t, err, data.CodeBadSettings, "proxy")
	})
}
