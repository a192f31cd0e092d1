package main

import (
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/service/signin/signintest"
)

// webSchool is the settings screen of a school at an authorization server that does what it is told.
func webSchool(t *testing.T, way data.SignInWay) (*screentest.Bench, *signintest.Server, *screen.Settings, *screen.SignIn) {
	t.Helper()
	b, web := screentest.New(t), signintest.New(t)
	b.Configured()
	b.SignIns.Use(newSignIns())
	v := web.Settings(way)
	b.Save(map[string]string{
		"server1.host": v.Host, "server1.port": "587", "server1.security": "starttls", "server1.allow_insecure": "false", "server1.user": v.User,
		"server1.signin": string(way), "server1.tenant": v.Tenant, "server1.client_id": v.ClientID, "server1.signin_address": v.SignInAddress,
	})
	b.Look()
	form := screen.NewSettings(b.Desk)
	s := screen.NewSignIn(b.Desk, form, 1)
	if v.ClientSecret != "" {
		form.Set("server1.client_secret", v.ClientSecret.Reveal())
	}
	return b, web, form, s
}

func TestSignIns(t *testing.T) {
	for _, way := range []data.SignInWay{data.SignInGoogle, data.SignInMicrosoft} {
		t.Run("a real sign-in with the browser is kept as the service can open it: "+string(way), func(t *testing.T) {
			b, web, _, s := webSchool(t, way)
			s.Begin(false)
			b.Until(func() bool { return s.Address() != "" })
			signintest.NewBrowser(t).Get(s.Address())
			b.Settle()
			in, there, err := b.Store.SignIn(t.Context(), 1)
			if err != nil || !there || in.User != signintest.Mailbox || !s.End().OK {
				t.Fatalf("%+v %v %+v", in, err, s.End())
			}
			b.Look()
			token, err := house.OpenSignIn(b.Place())(b.Facts().Settings.Server1, in.Sealed)
			if err != nil || token == "" {
				t.Fatal(err)
			}
			for _, secret := range web.Secrets() {
				if strings.Contains(in.Sealed+s.End().Sentence+s.End().Next+s.Note(), secret) {
					t.Error("a secret is told")
				}
			}
		})
	}
	t.Run("the program as itself is tried", func(t *testing.T) {
		b, _, _, s := webSchool(t, data.SignInMicrosoftApp)
		s.Begin(false)
		b.Settle()
		if in, there, err := b.Store.SignIn(t.Context(), 1); err != nil || !there || in.Way != data.SignInMicrosoftApp || !s.End().OK {
			t.Fatalf("%+v %v %+v", in, err, s.End())
		}
	})
	t.Run("another account comes with its name and the question", func(t *testing.T) {
		b, web, _, s := webSchool(t, data.SignInMicrosoft)
		web.Behave(func(r *signintest.Rules) { r.User = "head@school.example" })
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		signintest.NewBrowser(t).Get(s.Address())
		b.Settle()
		text, keep, use, ok := s.AccountQuestion()
		if !ok || !strings.Contains(text, signintest.Mailbox) || !strings.Contains(keep, "head@school.example") || !strings.Contains(use, "head@school.example") {
			t.Fatalf("%q %q %q %+v", text, keep, use, s.End())
		}
		s.UseOther()
		b.Settle()
		b.Look()
		in, there, err := b.Store.SignIn(t.Context(), 1)
		if v := b.Facts().Settings.Server1; err != nil || !there || v.User != "head@school.example" || in.Bound != v.SignInBound() {
			t.Fatalf("%+v %v %+v", in, err, s.End())
		}
		if _, err := house.OpenSignIn(b.Place())(b.Facts().Settings.Server1, in.Sealed); err != nil {
			t.Error(err)
		}
	})
	t.Run("a refusal names what was refused, and nothing is kept", func(t *testing.T) {
		b, web, _, s := webSchool(t, data.SignInGoogle)
		web.Behave(func(r *signintest.Rules) { r.Scopes = []string{"openid"} })
		s.Begin(false)
		b.Until(func() bool { return s.Address() != "" })
		signintest.NewBrowser(t).Get(s.Address())
		b.Settle()
		if _, there, _ := b.Store.SignIn(t.Context(), 1); there || !strings.Contains(s.End().Sentence, "permission") || s.End().Next == "" {
			t.Fatalf("%+v", s.End())
		}
	})
	t.Run("the guide of each way has its steps", func(t *testing.T) {
		for _, way := range []data.SignInWay{data.SignInGoogle, data.SignInMicrosoft, data.SignInMicrosoftApp} {
			_, _, _, s := webSchool(t, way)
			if n := len(s.Guide()); n < 4 {
				t.Errorf("%s: %d steps", way, n)
			}
		}
	})
}
