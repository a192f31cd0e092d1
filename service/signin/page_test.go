package signin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

func TestPage(t *testing.T) {
	// begin does the browser's part without the client secret.
	begin := func(t *testing.T, s *signintest.Server, v data.Server) (h data.SignInHandover, b *signintest.Browser) {
		t.Helper()
		b = signintest.NewBrowser(t)
		v.ClientSecret = ""
		err := signin.New(signin.Options{}).Page(t.Context(), v, "", b.Open, func(_ context.Context, brought data.SignInHandover) (string, error) {
			h = brought
			return v.User, nil
		})
		if err != nil || len(s.Forms()) != 0 {
			t.Fatalf("%v, asked %d times", err, len(s.Forms()))
		}
		return h, b
	}
	t.Run("what it brought is exchanged by another, once, with the secret", func(t *testing.T) {
		s := signintest.New(t)
		v := s.Settings(data.SignInGoogle)
		h, b := begin(t, s, v)
		if page := b.Page(); !strings.Contains(page, "You are signed in") {
			t.Error(page)
		}
		g, err := signin.New(signin.Options{}).Exchange(t.Context(), v, "", h)
		if err != nil || g.User != signintest.Mailbox || g.Refresh == "" {
			t.Fatalf("%+v %v", g, err)
		}
		if _, err := signin.New(signin.Options{}).Exchange(t.Context(), v, "", h); data.CodeOf(err) != data.CodeSignIn || !strings.Contains(err.Error(), "came too late") {
			t.Errorf("twice: %v", err)
		}
	})
	t.Run("neither without the secret, nor with another verifier, another way back or another sign-in's word", func(t *testing.T) {
		for name, spoil := range map[string]func(v *data.Server, h *data.SignInHandover){
			"secret": func(v *data.Server, _ *data.SignInHandover) { v.ClientSecret = "" }, "verifier": func(_ *data.Server, h *data.SignInHandover) { h.Verifier = "x" },
			"redirect": func(_ *data.Server, h *data.SignInHandover) { h.Redirect = "http://127.0.0.1:1" }, "nonce": func(_ *data.Server, h *data.SignInHandover) { h.Nonce = "x" },
		} {
			s := signintest.New(t)
			v := s.Settings(data.SignInGoogle)
			h, _ := begin(t, s, v)
			spoil(&v, &h)
			if g, err := signin.New(signin.Options{}).Exchange(t.Context(), v, "", h); err == nil || g.Refresh != "" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("why it came to nothing stands on the browser's last page", func(t *testing.T) {
		s, b := signintest.New(t), signintest.NewBrowser(t)
		want := &data.Error{Code: data.CodeSignIn, Sentence: "The service said no.", Next: "Ask IT."}
		err := signin.New(signin.Options{}).Page(t.Context(), s.Settings(data.SignInGoogle), "", b.Open, func(context.Context, data.SignInHandover) (string, error) { return "", want })
		if page := b.Page(); !errors.Is(err, want) || !strings.Contains(page, "The service said no. Ask IT.") {
			t.Errorf("%v %s", err, page)
		}
	})
	t.Run("the program as itself has no page", func(t *testing.T) {
		s := signintest.New(t)
		v := s.Settings(data.SignInMicrosoftApp)
		p := signin.New(signin.Options{})
		err := p.Page(t.Context(), v, "", func(string) error { t.Error("opened"); return nil }, nil)
		_, exchanged := p.Exchange(t.Context(), v, "", data.SignInHandover{Code: "x"})
		if data.CodeOf(err) != data.CodeUsage || data.CodeOf(exchanged) != data.CodeUsage {
			t.Errorf("%v %v", err, exchanged)
		}
	})
	t.Run("a handover tells nobody who prints or encodes it, and comes back whole from what is sealed", func(t *testing.T) {
		h := data.SignInHandover{User: "u", Keep: true, Code: "code-1", Verifier: "verifier-1", Nonce: "nonce-1", Redirect: "http://127.0.0.1:1"}
		b, err := json.Marshal(map[string]any{"handed": h})
		if err != nil {
			t.Fatal(err)
		}
		packed, err := h.Pack()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(b), fmt.Sprintf("%v %+v %#v %v %#v", h, h, h, packed, packed)} {
			if strings.Contains(text, "-1") {
				t.Error(text)
			}
		}
		if back, err := data.UnpackSignIn(packed); err != nil || back != h {
			t.Errorf("%v", err)
		}
	})
}
