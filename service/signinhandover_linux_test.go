package main

import (
	"context"
	"encoding/json"
	"io/fs"
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

// handOver does what a window does that cannot open the client secret, up to the request, and gives its number and what the
// browser brought.
func (s *tokenSchool) handOver(db *store.Store) (int64, data.SignInHandover) {
	s.t.Helper()
	set, _, _, err := readSettings(s.t.Context(), db)
	if err != nil {
		s.t.Fatal(err)
	}
	v := set.Server1
	v.ClientSecret = ""
	var id int64
	var brought data.SignInHandover
	browser := signintest.NewBrowser(s.t)
	err = signin.New(signin.Options{}).Page(s.t.Context(), v, "", browser.Open, func(ctx context.Context, h data.SignInHandover) (string, error) {
		h.Keep = true
		brought = h
		sealed, err := house.SealHandover(place.At(s.data), v, h)
		if err != nil {
			return "", err
		}
		id, err = db.Ask(ctx, data.Request{Kind: data.RequestSignIn, Server: 1, Sealed: sealed})
		return "", err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id, brought
}

// answer waits for the service's word.
func (s *tokenSchool) answer(db *store.Store, id int64) (r data.Request, a data.SignInAnswer) {
	s.t.Helper()
	s.until("answered", func() bool {
		var err error
		if r, err = db.Request(s.t.Context(), id); err != nil {
			s.t.Fatal(err)
		}
		return !r.Done.IsZero()
	})
	if err := json.Unmarshal(r.Details, &a); err != nil {
		s.t.Fatal(err)
	}
	return r, a
}

func (s *tokenSchool) open() *store.Store {
	s.t.Helper()
	db := s.store()
	s.t.Cleanup(func() { _ = db.Close() })
	return db
}

// TestHandedOver is the service's part of a sign-in that a window began, by the real program.
func TestHandedOver(t *testing.T) {
	exe := program(t)
	revoked := func(t *testing.T) (*tokenSchool, *store.Store) {
		t.Helper()
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		s.web.Revoke()
		s.post("Overdue", "p@example.org")
		s.run("once")
		if n := s.states(); n[data.Waiting] != 1 {
			t.Fatal(n)
		}
		return s, s.open()
	}
	t.Run("what waits for the sign-in goes as soon as the service has finished it", func(t *testing.T) {
		s, db := revoked(t)
		p := s.spawn(nil, exe, "--data", s.data, "run")
		s.until("running", func() bool { return s.status().State == "running" })
		id, brought := s.handOver(db)
		r, a := s.answer(db, id)
		if !r.OK || !a.Kept || a.User != signintest.Mailbox || len(a.Sealed) != 0 {
			t.Fatalf("%+v %+v", r, a)
		}
		s.until("sent", func() bool { return len(s.mail.Messages()) == 1 })
		if log := s.ok("log"); !strings.Contains(log, signintest.Mailbox+" signed in for") {
			t.Error(log)
		}
		p.end(t)
		held := []string{p.output()}
		err := filepath.WalkDir(s.data, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			held = append(held, string(b))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range held {
			for _, secret := range append(s.web.Secrets(), brought.Code.Reveal(), brought.Verifier.Reveal(), brought.Nonce.Reveal()) {
				if strings.Contains(text, secret) {
					t.Errorf("%s... stands in it", secret[:4])
				}
			}
		}
	})
	t.Run("killed in the middle: the code is not tried twice, nothing is kept by half, and the next sign-in works", func(t *testing.T) {
		s, db := revoked(t)
		p := s.spawn(nil, exe, "--data", s.data, "run")
		s.until("running", func() bool { return s.status().State == "running" })
		before, _, err := db.SignIn(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		s.web.Behave(func(r *signintest.Rules) {
			r.BeforeAnswer = func() {
				_ = p.Process.Kill()
				<-p.over
			}
		})
		id, _ := s.handOver(db)
		if code := p.code(); code != -1 {
			t.Fatalf("it was to be killed, and ended with %d: %s", code, p.output())
		}
		s.web.Behave(func(r *signintest.Rules) { r.BeforeAnswer = nil })
		exchanges := func() (n int) {
			for _, f := range s.web.Forms() {
				if f.Get("code") != "" {
					n++
				}
			}
			return n
		}
		asked := exchanges()
		again := s.spawn(nil, exe, "--data", s.data, "run")
		s.until("running again", func() bool { return s.status().State == "running" })
		next, _ := s.handOver(db)
		if r, a := s.answer(db, next); !r.OK || !a.Kept {
			t.Fatalf("%+v %+v", r, a)
		}
		if n := exchanges(); n != asked+1 {
			t.Errorf("%d exchanges for one sign-in", n-asked)
		}
		if r, err := db.Request(t.Context(), id); err != nil || r.Taken.IsZero() || !r.Done.IsZero() {
			t.Errorf("%+v %v", r, err)
		}
		if in, _, err := db.SignIn(t.Context(), 1); err != nil || in.Rotations <= before.Rotations {
			t.Errorf("%+v %v", in, err)
		}
		s.until("sent", func() bool { return len(s.mail.Messages()) == 1 })
		again.end(t)
	})
	t.Run("it does not wait behind a message in the courier's hands", func(t *testing.T) {
		s := newTokenSchool(t)
		if code, out := s.google(); code != exitOK {
			t.Fatal(out)
		}
		held, release := make(chan struct{}), make(chan struct{})
		hold := func() {
			select {
			case held <- struct{}{}:
			case <-release:
			}
			<-release
		}
		s.hold.Store(&hold)
		s.post("Overdue", "p@example.org")
		s.start().up()
		<-held
		db := s.open()
		id, _ := s.handOver(db)
		r, a := s.answer(db, id)
		if !r.OK || !a.Kept || len(s.mail.Messages()) != 0 {
			t.Errorf("%+v %+v", r, a)
		}
		close(release)
		s.until("sent", func() bool { return len(s.mail.Messages()) == 1 })
	})
}
