package signin_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

func TestDevice(t *testing.T) {
	coded := func(promise string, f func(d *desk, s *signintest.Server, p *signin.Provider)) {
		t.Run(promise, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := signintest.Unplugged()
				f(&desk{T: t}, s, signin.New(signin.Options{HTTP: s.Client()}))
			})
		})
	}
	nothing := func(signin.DeviceCode) {}
	coded("a person types the code elsewhere, and is waited for", func(d *desk, s *signintest.Server, p *signin.Provider) {
		s.Behave(func(r *signintest.Rules) { r.Pending = 3 })
		var shown []signin.DeviceCode
		began := time.Now()
		g, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", func(c signin.DeviceCode) { shown = append(shown, c) })
		if err != nil || g.User != signintest.Mailbox || g.Refresh == "" {
			d.Fatalf("%+v, %v", g, err)
		}
		if len(shown) != 1 || shown[0].Code != "GX7-QRT" || shown[0].Address == "" || !shown[0].Until.Equal(began.Add(15*time.Minute)) {
			d.Fatalf("%+v", shown)
		}
		if time.Since(began) != 20*time.Second {
			d.Fatalf("asked in another rhythm: %s", time.Since(began))
		}
	})
	coded("who asks too fast is told, and slows down", func(d *desk, s *signintest.Server, p *signin.Provider) {
		s.Behave(func(r *signintest.Rules) {
			r.Answers = []signintest.Answer{{Status: 200, Body: `{"device_code":"d","user_code":"U","verification_uri":"https://x/","interval":1}`}, signintest.Refusal("slow_down", ""), signintest.Refusal("expired_token", "")}
		})
		began := time.Now()
		_, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", nothing)
		wants(d.T, err, data.CodeSignIn, "not used in time")
		if time.Since(began) != 7*time.Second { // one, then one and five
			d.Fatal(time.Since(began))
		}
	})
	coded("an answer that is lost is asked for again", func(d *desk, s *signintest.Server, p *signin.Provider) {
		s.Behave(func(r *signintest.Rules) { r.Pending = 1 })
		once := false
		if _, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", func(signin.DeviceCode) {
			once = true
			s.Behave(func(r *signintest.Rules) {
				r.Answers = []signintest.Answer{{Status: 502, Body: "<html>"}, {Hang: true}}
			})
		}); err != nil || !once {
			d.Fatal(err)
		}
	})
	coded("a code that nobody uses ends", func(d *desk, s *signintest.Server, p *signin.Provider) {
		s.Behave(func(r *signintest.Rules) { r.Pending = 1 << 20 })
		began := time.Now()
		_, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", nothing)
		wants(d.T, err, data.CodeSignIn, "not used in time", "Sign in again")
		if time.Since(began) > 16*time.Minute {
			d.Fatal(time.Since(began))
		}
	})
	coded("a person who clicks Cancel is believed", func(d *desk, s *signintest.Server, p *signin.Provider) {
		s.Behave(func(r *signintest.Rules) { r.Refuse = "authorization_declined" })
		_, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", nothing)
		wants(d.T, err, data.CodeSignIn, "Cancel")
	})
	coded("a person can stop it", func(d *desk, s *signintest.Server, p *signin.Provider) {
		s.Behave(func(r *signintest.Rules) { r.Pending = 1 << 20 })
		ctx, cancel := context.WithCancel(d.Context())
		_, err := p.Device(ctx, s.Settings(data.SignInMicrosoft), "", func(signin.DeviceCode) { cancel() })
		wants(d.T, err, data.CodeNotNow, "stopped")
	})
	coded("another account is told", func(d *desk, s *signintest.Server, p *signin.Provider) {
		s.Behave(func(r *signintest.Rules) { r.User = "me@school.example" })
		_, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", nothing)
		wants(d.T, err, data.CodeSignIn, "me@school.example")
	})
	coded("an app that is not made for people says what to click", func(d *desk, s *signintest.Server, p *signin.Provider) {
		s.Behave(func(r *signintest.Rules) {
			r.Answers = []signintest.Answer{signintest.Refusal("invalid_client", "AADSTS7000218: The request body must contain client_assertion")}
		})
		_, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", nothing)
		wants(d.T, err, data.CodeSignIn, "Allow public client flows")
	})
	for promise, body := range map[string]string{
		"an answer without a code is told":             `{}`,
		"a page to open that is none is not shown":     `{"device_code":"d","user_code":"U","verification_uri":"javascript:alert(1)"}`,
		"a page that others could change is not shown": `{"device_code":"d","user_code":"U","verification_uri":"http://login.school.example/"}`,
		"a page of the school's filter is told":        `<html>log in</html>`,
		"a device code that is no token is not taken":  `{"device_code":"d d","user_code":"U","verification_uri":"https://x/"}`,
	} {
		coded(promise, func(d *desk, s *signintest.Server, p *signin.Provider) {
			s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{{Body: body}} })
			_, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", func(signin.DeviceCode) { d.Error("shown") })
			wants(d.T, err, data.CodeUnavailable)
		})
	}
	coded("a rhythm that is none is not followed", func(d *desk, s *signintest.Server, p *signin.Provider) {
		for _, interval := range []string{"-5", "9223372036854775807"} {
			s.Behave(func(r *signintest.Rules) {
				r.Answers = []signintest.Answer{{Body: `{"device_code":"d","user_code":"U","verification_uri":"https://x/","expires_in":99999999999,"interval":` + interval + `}`}, signintest.Refusal("expired_token", "")}
			})
			_, err := p.Device(d.Context(), s.Settings(data.SignInMicrosoft), "", nothing)
			wants(d.T, err, data.CodeSignIn)
		}
	})
	coded("Google and applications have no code", func(d *desk, s *signintest.Server, p *signin.Provider) {
		for _, way := range []data.SignInWay{data.SignInGoogle, data.SignInMicrosoftApp} {
			_, err := p.Device(d.Context(), s.Settings(way), "", nothing)
			wants(d.T, err, data.CodeUsage)
		}
	})
}
