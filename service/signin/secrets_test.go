package signin_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

// pile is everything that leaves the program, by where it went.
type pile struct {
	t    *testing.T
	made map[string][]byte
}

func (p *pile) add(where string, v any) {
	p.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		p.t.Fatal(err)
	}
	p.made[where] = fmt.Appendf(p.made[where], "%s\n%v\n%+v\n%#v\n", b, v, v, v)
}

// fail is an error, with all that lies in it.
func (p *pile) fail(err error) {
	p.t.Helper()
	if err == nil {
		p.t.Fatal("no error")
	}
	for ; err != nil; err = errors.Unwrap(err) {
		p.made["errors"] = fmt.Appendf(p.made["errors"], "%v\n%+v\n%#v\n", err, err, err)
	}
}

// files are all files under a folder.
func (p *pile) files(folder string) {
	p.t.Helper()
	err := filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		p.made[filepath.Base(path)] = b
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// TestSecretsStayHidden signs in, renews and fails in every way, and then looks for tokens, codes and secrets in all that
// was written or shown meanwhile.
func TestSecretsStayHidden(t *testing.T) {
	p := &pile{t, map[string][]byte{}}
	at := place.At(t.TempDir())
	db, err := house.Open(t.Context(), at, true, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, b := signintest.New(t), signintest.NewBrowser(t)
	v := s.Settings(data.SignInGoogle)
	if v.ClientSealed, err = house.Sealer(at)(data.ClientSecretField(1), v, v.ClientSecret); err != nil {
		t.Fatal(err)
	}
	saved := map[string]string{data.ClientSecretField(1): v.ClientSealed, "server1.signin": "google", "server1.user": v.User}
	if _, err := db.SaveSettings(t.Context(), saved, store.AnyRevision); err != nil {
		t.Fatal(err)
	}
	provider := signin.New(signin.Options{Log: logger})
	signIn := func() {
		g, err := provider.Browser(t.Context(), v, "", b.Open)
		if err != nil {
			t.Fatal(err)
		}
		in, err := g.SignIn(v, g.Expires, house.SealSignIn(at))
		if err != nil {
			t.Fatal(err)
		}
		if err := db.ReplaceSignIn(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		p.add("grant", g)
		p.add("sign-in", in)
		p.made["pages"] = append(p.made["pages"], b.Page()...)
		v.Token = g.Access
		p.add("server", v)
	}
	signIn()
	k := signin.NewKeeper(signin.KeeperOptions{Store: db, Provider: provider, Log: logger, Open: house.OpenSignIn(at), Seal: house.SealSignIn(at)})
	var tokens []string
	for range 3 {
		token, err := k.Token(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token.Reveal())
		k.Refused(t.Context(), 1, token)
	}
	// Every kind of refusal, with the request repeated in the answer.
	for _, a := range []signintest.Answer{
		{Status: 500, Body: "ECHO"}, {Status: 400, Body: `{"error":"ECHO","error_description":"ECHO"}`}, {Body: `{"access_token":"ECHO","token_type":"ECHO"}`},
		{Body: `{"access_token":"ECHO`}, {Body: "<html>ECHO"}, {Status: 302, Location: "/?ECHO"}, signintest.Refusal("invalid_grant", "ECHO"),
		{Status: 200, Body: `["ECHO"]`}, {Status: 400, Type: "text/plain", Body: "error=ECHO&error_description=ECHO"},
	} {
		echo := strings.Join(append(s.Secrets(), tokens...), " ")
		a.Body, a.Location = strings.ReplaceAll(a.Body, "ECHO", echo), strings.ReplaceAll(a.Location, "ECHO", tokens[0])
		s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{a} })
		_, err := k.Token(t.Context(), v)
		p.fail(err)
		s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{a} })
		_, err = provider.Browser(t.Context(), v, "", b.Open)
		p.fail(err)
		p.made["pages"] = append(p.made["pages"], b.Page()...)
	}
	s.Behave(func(r *signintest.Rules) { r.Answers = nil })
	signIn()
	s.Revoke()
	_, err = k.Token(t.Context(), v)
	p.fail(err)

	k.Close()
	p.made["log"] = log.Bytes()
	if err := db.Backup(t.Context(), filepath.Join(at.Data, "copy.db")); err != nil {
		t.Fatal(err)
	}
	p.files(at.Data) // with the write-ahead log
	values, _, err := db.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	set, _ := data.ParseSettings(values)
	p.add("settings", set)
	p.add("stored settings", set.Values())
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	p.files(at.Data)

	t.Run("what is searched holds what it should", func(t *testing.T) {
		for where, want := range map[string]string{
			"log": "new token", "errors": "Sign in again", "pages": "You are signed in", "gateway.db": data.SealedPrefix, "copy.db": data.SealedPrefix,
			"sign-in": signintest.Mailbox, "stored settings": data.SealedPrefix,
		} {
			if !bytes.Contains(p.made[where], []byte(want)) {
				t.Errorf("%s does not hold %q", where, want)
			}
		}
	})
	for where, text := range p.made {
		t.Run("no token and no secret is in: "+where, func(t *testing.T) {
			for _, secret := range append(s.Secrets(), tokens...) {
				if i := bytes.Index(text, []byte(secret)); i >= 0 {
					t.Fatalf("%s... stands in it: %s", secret[:6], data.Clean(string(text[max(0, i-80):i]), 100))
				}
			}
		})
	}
}
