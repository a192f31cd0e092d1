package signin_test

import (
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

func TestWithdraw(t *testing.T) {
	s, b := signintest.New(t), signintest.NewBrowser(t)
	p, v := signin.New(signin.Options{}), s.Settings(data.SignInGoogle)
	g, err := p.Browser(t.Context(), v, "", b.Open)
	if err != nil {
		t.Fatal(err)
	}
	b.Page()
	t.Run("trouble on the way is told, without the token", func(t *testing.T) {
		for _, a := range []signintest.Answer{{Status: 500, Body: "{}"}, {Status: 403, Body: g.Refresh.Reveal()}, {Body: "<html>log in"}, {Status: 400, Body: `{"error":"invalid_request"}`}, {Status: 302, Location: "/"}} {
			s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{a} })
			err := p.Withdraw(t.Context(), v, "", g.Refresh)
			wants(t, err, data.CodeUnavailable)
			if strings.Contains(err.Error(), g.Refresh.Reveal()) {
				t.Error("the token is in the error")
			}
		}
		if _, ok := s.Valid(g.Access.Reveal()); !ok {
			t.Error("it was taken back")
		}
	})
	t.Run("a sign-in with Google is void afterwards, and a second time is no error", func(t *testing.T) {
		for range 2 {
			if err := p.Withdraw(t.Context(), v, "", g.Refresh); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := s.Valid(g.Access.Reveal()); ok {
			t.Error("it still holds")
		}
	})
	t.Run("Microsoft has no way, and it is said where a person does it", func(t *testing.T) {
		wants(t, p.Withdraw(t.Context(), s.Settings(data.SignInMicrosoft), "", "refresh-me"), data.CodeUsage, "myapps.microsoft.com")
	})
}
