package signin_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/signin"
	"smtpgateway/service/signin/signintest"
)

func TestKeeperStops(t *testing.T) {
	hang := func(d *desk) {
		d.s.Behave(func(r *signintest.Rules) { r.Answers, r.ForEver = []signintest.Answer{{Hang: true}}, true })
	}
	// stop asks for a token, stops while the sign-in service is asked, and tells how long that took.
	stop := func(d *desk) time.Duration {
		ctx, cancel := context.WithCancel(d.Context())
		done := make(chan error, 1)
		go func() {
			_, err := d.k.Token(ctx, d.v)
			done <- err
		}()
		synctest.Wait()
		began := time.Now()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			d.Error(err)
		}
		d.k.Close()
		return time.Since(began)
	}
	inBubble(t, "a sign-in service that does not answer holds a stop up for a few seconds only", func(d *desk) {
		d.signIn()
		hang(d)
		if took := stop(d); took > signin.LastWait {
			d.Fatal(took)
		}
		if row := d.shelf.now(); row.Trouble != "" {
			d.Fatalf("%+v", row)
		}
	})
	inBubble(t, "a program that signs in as itself has nothing to lose, so a stop does not wait for it", func(d *desk) {
		d.v = d.s.Settings(data.SignInMicrosoftApp)
		hang(d)
		if took := stop(d); took != 0 {
			d.Fatal(took)
		}
	})
	inBubble(t, "an answer that comes in these seconds is kept", func(d *desk) {
		d.signIn()
		before := d.shelf.now()
		d.s.Behave(func(r *signintest.Rules) { r.BeforeAnswer = func() { <-time.After(signin.LastWait - time.Second) } })
		if took := stop(d); took == 0 || took >= signin.LastWait {
			d.Fatal(took)
		}
		if d.shelf.now().Sealed == before.Sealed {
			d.Fatal("the new token is lost")
		}
	})
	inBubble(t, "a new token that could not be saved is saved when the program stops", func(d *desk) {
		d.signIn()
		before := d.shelf.now()
		d.shelf.set(func(s *shelf) { s.fail = &data.Error{Code: data.CodeBusy, Sentence: "The disk is full.", Next: "-"} })
		d.refused(data.CodeBusy)
		d.shelf.set(func(s *shelf) { s.fail = nil })
		d.k.Close()
		if d.shelf.now().Sealed == before.Sealed {
			d.Fatal("the new token is lost")
		}
		d.restart()
		d.token()
	})
	inBubble(t, "closing twice is harmless", func(d *desk) {
		d.k.Close()
		d.k.Close()
	})
	inBubble(t, "telling of a refused token does not wait for somebody else's renewal after the stop", func(d *desk) {
		d.signIn()
		hang(d)
		go func() { _, _ = d.k.Token(d.Context(), d.v) }()
		synctest.Wait()
		ctx, cancel := context.WithCancel(d.Context())
		cancel()
		began := time.Now()
		d.k.Refused(ctx, 1, "some token")
		if took := time.Since(began); took != 0 {
			d.Fatal(took)
		}
		d.k.Close()
	})
	t.Run("a sign-in service that cannot be reached at all holds no stop up", func(t *testing.T) {
		// The connection stands, and the other side never gets as far as hearing the request.
		proxy, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		began := make(chan struct{})
		go func() {
			defer func() { _ = proxy.Close() }()
			if c, err := proxy.Accept(); err == nil {
				_, _ = c.Read(make([]byte, 1)) // CONNECT begins to arrive, and is never answered
				close(began)
				<-t.Context().Done()
				_ = c.Close()
			}
		}()
		s := signintest.Unplugged()
		d := &desk{T: t, s: s, shelf: &shelf{}, now: time.Now, v: s.Settings(data.SignInMicrosoft)}
		sealed, err := seal(d.v, "refresh-me")
		if err != nil {
			t.Fatal(err)
		}
		d.shelf.put(data.SignIn{Way: d.v.SignIn, User: d.v.User, Sealed: sealed, Bound: d.v.SignInBound(), At: time.Now()})
		d.k = signin.NewKeeper(signin.KeeperOptions{Store: d.shelf, Open: open, Seal: seal, Proxy: func() string { return "http://" + proxy.Addr().String() }})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-began
			cancel()
		}()
		if _, err := d.k.Token(ctx, d.v); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		closed := make(chan struct{})
		go func() {
			d.k.Close()
			close(closed)
		}()
		select {
		case <-closed:
		case <-time.After(signin.LastWait):
			t.Fatal("the stop waits for a request that never left")
		}
	})
}

func TestKeeperLosesNothing(t *testing.T) {
	inBubble(t, "a key that cannot seal is found out before the old token is given up", func(d *desk) {
		d.signIn()
		broken := true
		d.k = signin.NewKeeper(signin.KeeperOptions{
			Store: d.shelf, Open: open, Now: time.Now, Provider: signin.New(signin.Options{HTTP: d.s.Client()}),
			Seal: func(v data.Server, token data.Secret) (string, error) {
				if broken {
					return "", errors.New("the public key is gone")
				}
				return seal(v, token)
			},
		})
		asked := d.asked()
		if token, err := d.k.Token(d.Context(), d.v); err == nil || token != "" || asked() != 0 {
			d.Fatal("the old token was used up although the new one cannot be kept")
		}
		broken = false
		d.token()
	})
	inBubble(t, "a refusal of the token before the last changes nothing", func(d *desk) {
		d.signIn()
		first := d.token()
		d.s.ExpireAccess()
		d.k.Refused(d.Context(), 1, first)
		second := d.token()
		asked := d.asked()
		d.k.Refused(d.Context(), 1, first) // another connection began with it
		if d.token() != second || asked() != 0 {
			d.Fatal("renewed once more")
		}
	})
}
