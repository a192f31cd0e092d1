package signin_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

// shelf is a store in memory that keeps the store's promise on Rotations.
type shelf struct {
	mu    sync.Mutex
	row   data.SignIn
	saves int
	fail  error         // of SaveSignIn
	hold  chan struct{} // SaveSignIn waits for it; nil: it does not
}

func (s *shelf) SignIn(_ context.Context, server int) (data.SignIn, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row.Server = server
	return s.row, s.row.Way != data.SignInNone, nil
}

func (s *shelf) SaveSignIn(_ context.Context, in data.SignIn) error {
	s.mu.Lock()
	hold := s.hold
	s.mu.Unlock()
	if hold != nil {
		<-hold
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.fail != nil:
		return s.fail
	case in.Rotations != s.row.Rotations+1:
		return &data.Error{Code: data.CodeConflict, Sentence: "changed"}
	}
	s.row = in
	s.saves++
	return nil
}

func (s *shelf) put(in data.SignIn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in.Rotations = s.row.Rotations + 1
	s.row = in
}

func (s *shelf) set(f func(s *shelf)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s)
}

func (s *shelf) now() data.SignIn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.row
}

// seal is no secret, but bound as the real one is.
func seal(v data.Server, token data.Secret) (string, error) {
	return data.SealedPrefix + v.SignInBound() + token.Reveal(), nil
}

func open(v data.Server, sealed string) (data.Secret, error) {
	text, ok := strings.CutPrefix(sealed, data.SealedPrefix+v.SignInBound())
	if !ok {
		return "", errors.New("sealed for something else")
	}
	return data.Secret(text), nil
}

// desk is a keeper with a server, a store and settings.
type desk struct {
	*testing.T

	s     *signintest.Server
	shelf *shelf
	k     *signin.Keeper
	v     data.Server
	now   func() time.Time
}

func newDesk(t *testing.T, way data.SignInWay) *desk {
	t.Helper()
	d := &desk{T: t, s: signintest.Unplugged(), shelf: &shelf{}, now: time.Now}
	d.v = d.s.Settings(way)
	d.restart()
	return d
}

// restart is a new process on the same store.
func (d *desk) restart() {
	now := func() time.Time { return d.now() }
	d.k = signin.NewKeeper(signin.KeeperOptions{
		Store: d.shelf, Open: open, Seal: seal, Now: now, Provider: signin.New(signin.Options{HTTP: d.s.Client(), Now: now}),
	})
}

// signIn is a person's sign-in, kept as window and command line keep it.
func (d *desk) signIn() {
	d.Helper()
	b := signin.New(signin.Options{HTTP: d.s.Client(), Now: d.now})
	v := d.v
	v.SignIn = data.SignInMicrosoft // by a code, as there is no browser here
	v.Tenant = signintest.Tenant
	g, err := b.Device(d.Context(), v, "", func(signin.DeviceCode) {})
	if err != nil {
		d.Fatal(err)
	}
	in, err := g.SignIn(d.v, d.now(), seal)
	if err != nil {
		d.Fatal(err)
	}
	d.shelf.put(in)
}

// token is an access token that is good at the server.
func (d *desk) token() data.Secret {
	d.Helper()
	token, err := d.k.Token(d.Context(), d.v)
	if err != nil {
		d.Fatal(err)
	}
	if _, ok := d.s.Valid(token.Reveal()); !ok {
		d.Fatal("the token is void")
	}
	return token
}

func (d *desk) refused(code data.Code, words ...string) {
	d.Helper()
	token, err := d.k.Token(d.Context(), d.v)
	if token != "" {
		d.Fatal("a token was given out")
	}
	wants(d.T, err, code, words...)
}

// asked is how often the token endpoint was asked since the last time.
func (d *desk) asked() func() int {
	before := len(d.s.Forms())
	return func() int {
		n := len(d.s.Forms()) - before
		before += n
		return n
	}
}

func inBubble(t *testing.T, promise string, f func(d *desk)) {
	t.Helper()
	t.Run(promise, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { f(newDesk(t, data.SignInMicrosoft)) })
	})
}

func TestKeeper(t *testing.T) {
	inBubble(t, "a token is used until five minutes before its end", func(d *desk) {
		d.signIn()
		asked := d.asked()
		first := d.token()
		<-time.After(54 * time.Minute)
		if d.token() != first || asked() != 1 {
			d.Fatal("asked too early")
		}
		<-time.After(2 * time.Minute)
		if d.token() == first || asked() != 1 {
			d.Fatal("not renewed")
		}
	})
	inBubble(t, "many that want a token at once ask once", func(d *desk) {
		d.signIn()
		asked := d.asked()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { d.token() })
		}
		all.Wait()
		if n := asked(); n != 1 {
			d.Fatal(n)
		}
	})
	inBubble(t, "a rotated token is on the disk before its access token is given out", func(d *desk) {
		d.signIn()
		before := d.shelf.now()
		hold := make(chan struct{})
		d.shelf.set(func(s *shelf) { s.hold = hold })
		got := make(chan data.Secret, 1)
		go func() { got <- d.token() }()
		synctest.Wait()
		select {
		case <-got:
			d.Fatal("given out before it was saved")
		default:
		}
		close(hold)
		<-got
		d.shelf.set(func(s *shelf) { s.hold = nil })
		if after := d.shelf.now(); after.Sealed == before.Sealed || after.Rotations != before.Rotations+1 || after.Renewed.IsZero() {
			d.Fatalf("%+v", after)
		}
		d.restart()
		d.token()
	})
	inBubble(t, "a rotated token that cannot be saved is not used, and is saved later", func(d *desk) {
		d.signIn()
		asked := d.asked()
		d.shelf.set(func(s *shelf) {
			s.fail = &data.Error{Code: data.CodeDiskFull, Sentence: "The disk is full.", Next: "Free some space."}
		})
		d.refused(data.CodeDiskFull)
		d.refused(data.CodeDiskFull)
		if n := asked(); n != 1 {
			d.Fatalf("asked %d times: the second would have ended the sign-in", n)
		}
		d.shelf.set(func(s *shelf) { s.fail = nil })
		d.token()
		if asked() != 0 {
			d.Fatal("asked again for what was there")
		}
		d.restart()
		d.token()
	})
	inBubble(t, "a crash between renewal and saving ends in: sign in again, once a try", func(d *desk) {
		d.signIn()
		d.shelf.set(func(s *shelf) { s.fail = &data.Error{Code: data.CodeBusy, Sentence: "Killed here.", Next: "-"} })
		d.refused(data.CodeBusy)
		d.shelf.set(func(s *shelf) { s.fail = nil })
		d.restart()
		asked := d.asked()
		d.refused(data.CodeSignIn, "no longer accepts", "Sign in again")
		if asked() != 1 {
			d.Fatal("asked in a loop")
		}
		row := d.shelf.now()
		if sentence, next, holds := data.SignInState(d.v, row, true); holds || sentence != row.Trouble || next != row.Remedy || next == "" {
			d.Fatalf("%q %q %+v", sentence, next, row)
		}
		saves := d.shelf.saves
		d.refused(data.CodeSignIn)
		if d.shelf.saves != saves {
			d.Fatal("the same trouble is written again and again")
		}
		d.signIn()
		d.token()
		if _, _, holds := data.SignInState(d.v, d.shelf.now(), true); !holds {
			d.Fatal("still in trouble")
		}
	})
	inBubble(t, "an answer that is lost on its way is temporary, then: sign in again", func(d *desk) {
		d.signIn()
		d.s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{{Lost: true}} })
		d.refused(data.CodeUnavailable)
		d.refused(data.CodeSignIn, "Sign in again")
	})
	inBubble(t, "a sign-in that was withdrawn says so", func(d *desk) {
		d.signIn()
		d.token()
		d.s.Revoke()
		d.s.ExpireAccess()
		d.k.Refused(1)
		d.refused(data.CodeSignIn, "Sign in again")
	})
	inBubble(t, "a token that the mail server refused is renewed once", func(d *desk) {
		d.signIn()
		first := d.token()
		d.s.ExpireAccess()
		asked := d.asked()
		d.k.Refused(1)
		if second := d.token(); second == first || d.token() != second || asked() != 1 {
			d.Fatal("not renewed, or more than once")
		}
	})
	inBubble(t, "a token lasts while the other side is down, and then it is temporary", func(d *desk) {
		d.signIn()
		first := d.token()
		d.s.Behave(func(r *signintest.Rules) {
			r.Answers, r.ForEver = []signintest.Answer{{Status: 500, Body: "<html>"}}, true
		})
		<-time.After(57 * time.Minute)
		if d.token() != first {
			d.Fatal("the token at hand was not used")
		}
		before := d.shelf.now()
		<-time.After(4 * time.Minute)
		d.refused(data.CodeUnavailable, "tried again by itself")
		if after := d.shelf.now(); after.Trouble != "" || after.Rotations != before.Rotations {
			d.Fatalf("%+v", after)
		}
		d.s.Behave(func(r *signintest.Rules) { r.Answers = nil })
		d.token()
	})
	inBubble(t, "who signs in while the old token is renewed is not overruled", func(d *desk) {
		d.signIn()
		once := true
		d.s.Behave(func(r *signintest.Rules) {
			r.BeforeAnswer = func() {
				if once {
					once = false
					d.signIn()
				}
			}
		})
		d.token()
		d.restart()
		d.token()
	})
	inBubble(t, "a sign-in that is forgotten while it is renewed stays forgotten", func(d *desk) {
		d.signIn()
		d.s.Behave(func(r *signintest.Rules) { r.BeforeAnswer = func() { d.shelf.put(data.SignIn{}) } })
		d.refused(data.CodeSignIn, "Nobody is signed in")
		if row := d.shelf.now(); row.Way != data.SignInNone || row.Sealed != "" {
			d.Fatalf("%+v", row)
		}
	})
	inBubble(t, "a token at hand is not used after the sign-in was forgotten", func(d *desk) {
		d.signIn()
		d.token()
		d.shelf.put(data.SignIn{})
		d.refused(data.CodeSignIn, "Nobody is signed in")
	})
	inBubble(t, "the program that stops in the middle of a renewal saves it", func(d *desk) {
		d.signIn()
		before := d.shelf.now()
		ctx, cancel := context.WithCancel(d.Context())
		d.s.Behave(func(r *signintest.Rules) { r.BeforeAnswer = cancel })
		if _, err := d.k.Token(ctx, d.v); err != nil && !errors.Is(err, context.Canceled) {
			d.Fatal(err)
		}
		d.k.Close()
		if d.shelf.now().Sealed == before.Sealed {
			d.Fatal("the new token is lost")
		}
		d.s.Behave(func(r *signintest.Rules) { r.BeforeAnswer = nil })
		d.restart()
		d.token()
	})
	inBubble(t, "waiting for another's renewal ends with the context", func(d *desk) {
		d.signIn()
		hold := make(chan struct{})
		d.shelf.set(func(s *shelf) { s.hold = hold })
		go func() { _, _ = d.k.Token(d.Context(), d.v) }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(d.Context())
		cancel()
		if _, err := d.k.Token(ctx, d.v); !errors.Is(err, context.Canceled) {
			d.Fatal(err)
		}
		close(hold)
		d.k.Close()
	})
	for promise, change := range map[string]func(v *data.Server){
		"another mail server":         func(v *data.Server) { v.Host = "mail.thief.example" },
		"another certificate":         func(v *data.Server) { v.Certificate = strings.Repeat("ab", 32) },
		"another mailbox":             func(v *data.Server) { v.User = "head@school.example" },
		"another client":              func(v *data.Server) { v.ClientID = "other" },
		"another tenant":              func(v *data.Server) { v.Tenant = "other.example" },
		"another authority":           func(v *data.Server) { v.SignInAddress = "https://login.thief.example" },
		"another way":                 func(v *data.Server) { v.SignIn, v.ClientSecret = data.SignInGoogle, "x" },
		"a sealed token of elsewhere": nil,
	} {
		inBubble(t, promise+" gets no token, and nobody is asked for one", func(d *desk) {
			d.signIn()
			d.token()
			asked := d.asked()
			if change == nil {
				row := d.shelf.now()
				row.Sealed = data.SealedPrefix + "x"
				d.shelf.put(row)
				d.refused(data.CodeSignIn, "cannot be opened", "Sign in again")
			} else {
				change(&d.v)
				d.refused(data.CodeSignIn, "were changed", "Sign in again")
			}
			if asked() != 0 {
				d.Fatal("asked")
			}
		})
	}
	inBubble(t, "nobody signed in yet is told", func(d *desk) { d.refused(data.CodeSignIn, "Nobody is signed in for server 1", "click Sign in") })
	inBubble(t, "a permission that was taken away is named", func(d *desk) {
		d.signIn()
		body := `{"access_token":"x","token_type":"Bearer","scope":"openid"}`
		d.s.Behave(func(r *signintest.Rules) { r.Answers = []signintest.Answer{{Body: body}} })
		d.refused(data.CodeSignIn, "SMTP.Send")
	})
	for promise, jump := range map[string]time.Duration{"forwards": 48 * time.Hour, "back": -48 * time.Hour} {
		inBubble(t, "a clock that jumps "+promise+" gets a new token", func(d *desk) {
			d.signIn()
			first := d.token()
			d.now = func() time.Time { return time.Now().Add(jump).Round(0) }
			if d.token() == first {
				d.Fatal("the old one")
			}
		})
	}
	inBubble(t, "a sign-in that ends by itself says when", func(d *desk) {
		d.s.Behave(func(r *signintest.Rules) { r.Until = 7 * 24 * 3600 })
		d.signIn()
		d.token()
		want := time.Now().Add(7 * 24 * time.Hour).Local().Format("2 January 2006")
		if sentence, _, holds := data.SignInState(d.v, d.shelf.now(), true); !holds || !strings.Contains(sentence, "Signed in as "+signintest.Mailbox+" until "+want) {
			d.Fatal(sentence)
		}
	})
	inBubble(t, "a token that is not rotated goes out even if the renewal cannot be noted", func(d *desk) {
		d.s.Behave(func(r *signintest.Rules) { r.KeepRefresh = true })
		d.signIn()
		d.shelf.set(func(s *shelf) { s.fail = errors.New("disk full") })
		asked := d.asked()
		if first := d.token(); d.token() != first || asked() != 1 {
			d.Fatal("asked twice")
		}
	})
	inBubble(t, "server 2 has a sign-in of its own", func(d *desk) {
		d.signIn()
		first := d.token()
		d.v.Number = 2
		d.k.Refused(2)
		d.v.Number = 1
		if d.token() != first {
			d.Fatal("what was said of server 2 was taken for server 1")
		}
	})
}

func TestKeeperApp(t *testing.T) {
	app := func(promise string, f func(d *desk)) {
		t.Run(promise, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { f(newDesk(t, data.SignInMicrosoftApp)) })
		})
	}
	app("the program that signs in as itself needs nobody, and it is noted", func(d *desk) {
		first := d.token()
		row := d.shelf.now()
		if row.Way != data.SignInMicrosoftApp || row.Sealed != "" || row.User != signintest.Mailbox || row.Bound != d.v.SignInBound() {
			d.Fatalf("%+v", row)
		}
		if sentence, _, holds := data.SignInState(d.v, row, true); !holds || !strings.Contains(sentence, "signs in as itself") {
			d.Fatal(sentence)
		}
		<-time.After(2 * time.Hour)
		if d.token() == first {
			d.Fatal("an old one")
		}
	})
	app("a secret that has expired is told, kept as trouble, and healed by a new one", func(d *desk) {
		d.s.Behave(func(r *signintest.Rules) {
			r.Answers = []signintest.Answer{signintest.Refusal("invalid_client", "AADSTS7000222: The provided client secret keys are expired.")}
		})
		d.refused(data.CodeSignIn, "client secret has expired")
		if row := d.shelf.now(); !strings.Contains(row.Trouble, "expired") || row.Remedy == "" {
			d.Fatalf("%+v", row)
		}
		d.token()
		if row := d.shelf.now(); row.Trouble != "" {
			d.Fatalf("%+v", row)
		}
	})
	app("changed settings count at once", func(d *desk) {
		d.token()
		d.v.User = "head@school.example"
		d.token()
		if row := d.shelf.now(); row.User != d.v.User {
			d.Fatalf("%+v", row)
		}
	})
}
