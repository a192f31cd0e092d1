package data_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
)

// google is a school that signs in with Google.
func google(more map[string]string) map[string]string {
	values := map[string]string{
		"server1.signin": "google", "server1.user": "library@school.org", "server1.client_id": "id", "server1.client_secret": data.SealedPrefix + "x",
	}
	maps.Copy(values, more)
	return values
}

func TestSignInSettings(t *testing.T) {
	for _, c := range []struct {
		promise     string
		more        map[string]string
		name        string // "": nothing stands against it
		missing, ok bool
	}{
		{promise: "Google wants no password"},
		{promise: "Microsoft wants no secret", more: map[string]string{"server1.signin": "microsoft", "server1.tenant": "school.org", "server1.client_secret": ""}},
		{promise: "Microsoft without a person", more: map[string]string{"server1.signin": "microsoft-app", "server1.tenant": "school.org"}},
		{promise: "XOAUTH2 may be said outright", more: map[string]string{"server1.auth": "xoauth2"}},
		{promise: "a missing mailbox is missing", more: map[string]string{"server1.user": ""}, name: "server1.user", missing: true},
		{promise: "a missing client ID is missing", more: map[string]string{"server1.client_id": ""}, name: "server1.client_id", missing: true},
		{promise: "a missing secret is missing", more: map[string]string{"server1.client_secret": ""}, name: "server1.client_secret", missing: true},
		{promise: "a missing tenant is missing", more: map[string]string{"server1.signin": "microsoft"}, name: "server1.tenant", missing: true},
		{promise: "a tenant that is an address is refused", more: map[string]string{"server1.signin": "microsoft", "server1.tenant": "../x"}, name: "server1.tenant"},
		{promise: "a key over an unprotected connection is refused, allowed or not", more: map[string]string{"server1.security": "none", "server1.allow_insecure": "true"}, name: "server1.security"},
		{promise: "a password's way of signing in is refused", more: map[string]string{"server1.auth": "login"}, name: "server1.auth"},
		{promise: "XOAUTH2 without a sign-in is refused", more: map[string]string{"server1.signin": "", "server1.auth": "xoauth2"}, name: "server1.signin"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			s := complete(t, google(c.more))
			p := s.Check()
			if c.name == "" {
				if len(p) != 0 {
					t.Fatalf("%+v", p)
				}
				return
			}
			if len(p) != 1 || p[0].Name != c.name || p[0].Missing != c.missing || p[0].Warning {
				t.Fatalf("%+v", p)
			}
		})
	}
	for _, c := range []struct{ promise, name, value, want, suggest string }{
		{"a sign-in address is kept without its slash", "server1.signin_address", "https://Login.MicrosoftOnline.us/", "https://login.microsoftonline.us", ""},
		{"a sign-in address may be http on this computer", "server1.signin_address", "http://127.0.0.1:9000", "http://127.0.0.1:9000", ""},
		{"a sign-in address over http is refused", "server1.signin_address", "http://login.school.org", "", ""},
		{"localhost may be another", "server1.signin_address", "http://localhost:9000", "", ""},
		{"a sign-in address without https:// is completed", "server1.signin_address", "login.microsoftonline.us", "", "https://login.microsoftonline.us"},
		{"a path is refused", "server1.signin_address", "https://login.microsoftonline.us/tenant", "", ""},
		{"a proxy is taken", "proxy.url", "http://proxy.school.org:3128", "http://proxy.school.org:3128", ""},
		{"a SOCKS proxy is taken", "proxy.url", "socks5://10.0.0.1:1080", "socks5://10.0.0.1:1080", ""},
		{"a proxy of another kind is refused", "proxy.url", "ftp://proxy.school.org", "", ""},
		{"a password in the proxy is refused, and not repeated", "proxy.url", "http://me:hunter2@proxy.school.org:3128", "", "http://proxy.school.org:3128"},
		{"a proxy that is a bare name is completed", "proxy.url", "proxy.school.org", "", "http://proxy.school.org"},
		{"a client secret in the clear is never stored", "server1.client_secret", "hunter2", "", ""},
	} {
		t.Run(c.promise, func(t *testing.T) {
			s, p := data.ParseSettings(map[string]string{c.name: c.value})
			if got := s.Values()[c.name]; got != c.want || p.Refused() != (c.want == "") {
				t.Fatalf("%q, %+v", got, p)
			}
			if len(p) > 0 && (p[0].Suggest != c.suggest || strings.Contains(p.Error(), "hunter2")) {
				t.Fatalf("%+v", p)
			}
		})
	}
}

func TestChangeClientSecret(t *testing.T) {
	seal := func(name string, v data.Server, s data.Secret) (string, error) {
		return data.SealedPrefix + name + v.SignInFor() + s.Reveal(), nil
	}
	before := complete(t, google(nil))
	t.Run("it is sealed for the new settings", func(t *testing.T) {
		next, values, p, err := before.Change(map[string]string{"server1.client_id": "other", "server1.client_secret": "hunter2"}, seal)
		if err != nil || p.Wrong() || !strings.Contains(values["server1.client_secret"], next.Server1.SignInFor()) || next.Server1.ClientID != "other" {
			t.Fatalf("%v %v %v", values, p, err)
		}
	})
	for _, name := range []string{"server1.client_id", "server1.host", "server1.certificate", "server1.signin_address"} {
		t.Run("it has to be entered again when "+name+" changes", func(t *testing.T) {
			value := map[string]string{"server1.certificate": strings.Repeat("ab", 32), "server1.signin_address": "https://login.thief.example"}[name]
			if value == "" {
				value = "thief.example"
			}
			_, _, p, err := before.Change(map[string]string{name: value}, seal)
			if err != nil || !p.Wrong() || p[0].Name != "server1.client_secret" {
				t.Fatalf("%v %v", p, err)
			}
		})
	}
	t.Run("another mailbox keeps it", func(t *testing.T) {
		next, _, p, err := before.Change(map[string]string{"server1.user": "head@school.org"}, seal)
		if err != nil || p.Wrong() || next.Server1.ClientSealed == "" {
			t.Fatalf("%v %v", p, err)
		}
	})
	t.Run("it goes with the sign-in", func(t *testing.T) {
		next, values, p, err := before.Change(map[string]string{"server1.signin": "", "server1.user": ""}, seal)
		if v, changed := values["server1.client_secret"]; err != nil || p.Wrong() || !changed || v != "" || next.Server1.ClientSealed != "" {
			t.Fatalf("%v %v %v", values, p, err)
		}
	})
	t.Run("one that holds a line break is refused", func(t *testing.T) {
		_, _, p, _ := before.Change(map[string]string{"server1.client_secret": "a\nb"}, seal) //nolint:dogsled // only what stands against it
		if !p.Wrong() || p[0].Name != "server1.client_secret" || !strings.Contains(p[0].Sentence, "client secret") {
			t.Fatalf("%v", p)
		}
	})
}

func TestSignInState(t *testing.T) {
	v := complete(t, google(nil)).Server1
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.Local)
	fine := data.SignIn{Server: 1, Way: data.SignInGoogle, User: v.User, At: at, Bound: v.SignInBound(), Sealed: data.SealedPrefix + "x"}
	until, trouble, other := fine, fine, fine
	until.Until = at.AddDate(0, 0, 7)
	trouble.Trouble, trouble.Remedy = "Google has ended the sign-in.", "Click Sign in again."
	other.Bound = "of other settings"
	for _, c := range []struct {
		promise string
		in      data.SignIn
		there   bool
		words   string
		holds   bool
	}{
		{"who signed in is told, and since when", fine, true, "Signed in as library@school.org since 22 November 2026, 10:00.", true},
		{"until when it holds is told", until, true, "Signed in as library@school.org until 29 November 2026, 10:00.", true},
		{"why it does not hold is told", trouble, true, "Google has ended the sign-in.", false},
		{"that nobody signed in is told", data.SignIn{}, false, "Nobody is signed in for server 1 yet.", false},
		{"that the settings changed since is told", other, true, "changed after somebody signed in", false},
	} {
		t.Run(c.promise, func(t *testing.T) {
			sentence, next, holds := data.SignInState(v, c.in, c.there)
			if !strings.Contains(sentence, c.words) || holds != c.holds || (next == "") != holds {
				t.Fatalf("%q %q %v", sentence, next, holds)
			}
		})
	}
	t.Run("JSON and printing show no token, sealed or not", func(t *testing.T) {
		in := fine
		in.Sealed = data.SealedPrefix + "do-not-show"
		b, err := json.Marshal(in)
		v.Token, v.ClientSecret = "do-not-show", "do-not-show"
		if text := string(b) + fmt.Sprintf("%+v %#v", v, v); err != nil || strings.Contains(text, "do-not-show") {
			t.Fatal(text, err)
		}
	})
}
