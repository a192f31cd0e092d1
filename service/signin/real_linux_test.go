package signin_test

import (
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

// TestReal holds our promises against a certified authorization server: what it accepts is what the standards ask for.
func TestReal(t *testing.T) {
	s := signintest.StartReal(t, 10*time.Minute)
	p := signin.New(signin.Options{})
	signIn := func(t *testing.T, way data.SignInWay) signin.Grant {
		t.Helper()
		who := signintest.NewPerson(t, signintest.Mailbox)
		g, err := p.Browser(t.Context(), s.Settings(way), "", who.Open)
		if err != nil {
			t.Fatal(err)
		}
		if page := who.Page(); !strings.Contains(page, "may now send as "+signintest.Mailbox) {
			t.Fatal(page)
		}
		return g
	}
	good := func(t *testing.T, token data.Secret) {
		t.Helper()
		if user, ok := s.Introspect(t, token.Reveal()); !ok || user != signintest.Mailbox {
			t.Fatalf("the token is not good for %q: %v", user, ok)
		}
	}
	for _, way := range []data.SignInWay{data.SignInGoogle, data.SignInMicrosoft} {
		t.Run("a person signs in with the browser, by the addresses of "+string(way), func(t *testing.T) {
			g := signIn(t, way)
			good(t, g.Access)
			if g.User != signintest.Mailbox || g.Refresh == "" {
				t.Fatalf("%+v", g)
			}
		})
	}
	t.Run("another account is told by the id token", func(t *testing.T) {
		who := signintest.NewPerson(t, "me@school.example")
		_, err := p.Browser(t.Context(), s.Settings(data.SignInGoogle), "", who.Open)
		wants(t, err, data.CodeSignIn, "me@school.example", signintest.Mailbox)
		who.Page()
	})
	t.Run("a person types the code elsewhere", func(t *testing.T) {
		who := signintest.NewPerson(t, signintest.Mailbox)
		g, err := p.Device(t.Context(), s.Settings(data.SignInMicrosoft), "", func(d signin.DeviceCode) {
			who.Types["user_code"] = d.Code
			if err := who.Open(d.Address); err != nil {
				t.Error(err)
			}
		})
		if err != nil {
			t.Fatalf("%v after %s", err, who.Page())
		}
		who.Page()
		good(t, g.Access)
	})
	t.Run("the program signs in as itself", func(t *testing.T) {
		g, err := p.App(t.Context(), s.Settings(data.SignInMicrosoftApp), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := s.Introspect(t, g.Access.Reveal()); !ok {
			t.Fatal("the token is not good")
		}
	})
	t.Run("a secret that is wrong is told", func(t *testing.T) {
		v := s.Settings(data.SignInMicrosoftApp)
		v.ClientSecret = "typo"
		_, err := p.App(t.Context(), v, "")
		wants(t, err, data.CodeSignIn, "client secret")
	})
	t.Run("the keeper keeps up with rotation, over restarts", func(t *testing.T) {
		d := realDesk(t, s, signIn(t, data.SignInMicrosoft))
		tokens := map[data.Secret]bool{}
		for range 5 {
			token, err := d.k.Token(t.Context(), d.v)
			if err != nil {
				t.Fatal(err)
			}
			good(t, token)
			tokens[token] = true
			d.again()
		}
		if len(tokens) != 5 {
			t.Fatalf("%d tokens: nothing was renewed", len(tokens))
		}
	})
	t.Run("a crash before saving: the old token ends the whole sign-in, and that is told", func(t *testing.T) {
		d := realDesk(t, s, signIn(t, data.SignInMicrosoft))
		d.shelf.fail = &data.Error{Code: data.CodeDiskFull, Sentence: "The disk is full.", Next: "-"}
		if _, err := d.k.Token(t.Context(), d.v); data.CodeOf(err) != data.CodeDiskFull {
			t.Fatal(err)
		}
		d.shelf.fail = nil
		d.again()
		for range 2 {
			_, err := d.k.Token(t.Context(), d.v)
			wants(t, err, data.CodeSignIn, "Sign in again")
		}
		if row := d.shelf.now(); row.Trouble == "" {
			t.Fatalf("%+v", row)
		}
	})
	t.Run("a sign-in that was withdrawn there is told here", func(t *testing.T) {
		g := signIn(t, data.SignInMicrosoft)
		d := realDesk(t, s, g)
		s.Revoke(t, d.v, g.Refresh.Reveal())
		_, err := d.k.Token(t.Context(), d.v)
		wants(t, err, data.CodeSignIn, "no longer accepts", "Sign in again")
	})
	t.Run("an app registration without the permission is told, by browser and by code", func(t *testing.T) {
		v := s.Settings(data.SignInMicrosoft)
		v.ClientID = signintest.LesserClientID
		who := signintest.NewPerson(t, signintest.Mailbox)
		_, err := p.Browser(t.Context(), v, "", who.Open)
		wants(t, err, data.CodeSignIn, "no permission to send")
		if page := who.Page(); !strings.Contains(page, "no permission to send") {
			t.Fatal(page)
		}
		_, err = p.Device(t.Context(), v, "", func(signin.DeviceCode) { t.Error("a code was shown") })
		wants(t, err, data.CodeSignIn, "no permission to send")
	})
	t.Run("a client that is not known there is told when the code is asked for", func(t *testing.T) {
		v := s.Settings(data.SignInMicrosoft)
		v.ClientID = "typing-mistake"
		_, err := p.Device(t.Context(), v, "", func(signin.DeviceCode) { t.Error("a code was shown") })
		wants(t, err, data.CodeSignIn, "client ID")
	})
}

// realDesk is a keeper on a store with a real sign-in in it.
func realDesk(t *testing.T, s *signintest.Real, g signin.Grant) *desk {
	t.Helper()
	d := &desk{T: t, shelf: &shelf{}, v: s.Settings(data.SignInMicrosoft), now: time.Now}
	in, err := g.SignIn(d.v, d.now(), seal)
	if err != nil {
		t.Fatal(err)
	}
	d.shelf.put(in)
	d.again()
	return d
}

// again is a new process that asks the real server.
func (d *desk) again() {
	d.k = signin.NewKeeper(signin.KeeperOptions{Store: d.shelf, Open: open, Seal: seal})
}
