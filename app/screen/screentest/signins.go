package screentest

import (
	"context"
	"sync"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/data"
)

// SignIns pretends to be Google and Microsoft: it waits for Answer as for a person in front of a browser.
type SignIns struct {
	mu     sync.Mutex
	real   screen.SignIns
	asked  []data.Server
	proxy  string
	answer chan signInAnswer
}

type signInAnswer struct {
	granted screen.Granted
	err     error
}

// AuthPage is what the browser is sent to.
const AuthPage = "https://accounts.school.example/authorize?state=x"

// Use lets another one do it.
func (s *SignIns) Use(other screen.SignIns) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.real = other
}

// Answer ends the sign-in that waits, or the next one. Without Keep one is put in that works.
func (s *SignIns) Answer(g screen.Granted, err error) {
	if g.Keep == nil {
		g.Keep = func(v data.Server, now time.Time, seal func(data.Server, data.Secret) (string, error)) (data.SignIn, error) {
			sealed, err := seal(v, "refresh-token-of-the-test")
			return data.SignIn{Server: v.Number, Way: v.SignIn, User: g.User, Sealed: sealed, Scopes: []string{"mail"}, At: now, Renewed: now, Bound: v.SignInBound()}, err
		}
	}
	s.channel() <- signInAnswer{g, err}
}

func (s *SignIns) channel() chan signInAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer == nil {
		s.answer = make(chan signInAnswer, 1)
	}
	return s.answer
}

// Asked lists the settings somebody signed in with.
func (s *SignIns) Asked() []data.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]data.Server(nil), s.asked...)
}

// Proxy is the proxy of the last sign-in.
func (s *SignIns) Proxy() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proxy
}

func (s *SignIns) wait(ctx context.Context, v data.Server, proxy string, show func() error) (screen.Granted, error) {
	s.mu.Lock()
	s.asked, s.proxy = append(s.asked, v), proxy
	s.mu.Unlock()
	if err := show(); err != nil {
		return screen.Granted{}, err
	}
	select {
	case a := <-s.channel():
		return a.granted, a.err
	case <-ctx.Done():
		return screen.Granted{}, ctx.Err()
	}
}

func (s *SignIns) other() screen.SignIns {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.real
}

// Browser opens AuthPage and waits.
func (s *SignIns) Browser(ctx context.Context, v data.Server, proxy string, open func(address string) error) (screen.Granted, error) {
	if o := s.other(); o != nil {
		return o.Browser(ctx, v, proxy, open)
	}
	return s.wait(ctx, v, proxy, func() error { return open(AuthPage) })
}

// Page opens AuthPage, and a person signs in there at once.
func (s *SignIns) Page(ctx context.Context, v data.Server, proxy string, open func(address string) error, take func(context.Context, data.SignInHandover) (string, error)) error {
	if o := s.other(); o != nil {
		return o.Page(ctx, v, proxy, open, take)
	}
	s.mu.Lock()
	s.asked, s.proxy = append(s.asked, v), proxy
	s.mu.Unlock()
	if err := open(AuthPage); err != nil {
		return err
	}
	_, err := take(ctx, data.SignInHandover{User: v.User, Code: "code-of-the-test", Verifier: "verifier-of-the-test", Nonce: "nonce-of-the-test", Redirect: "http://127.0.0.1:9/"})
	return err
}

// Device shows a code and waits.
func (s *SignIns) Device(ctx context.Context, v data.Server, proxy string, show func(screen.SignInCode)) (screen.Granted, error) {
	if o := s.other(); o != nil {
		return o.Device(ctx, v, proxy, show)
	}
	return s.wait(ctx, v, proxy, func() error {
		show(screen.SignInCode{Code: "GX7-QRT9", Address: "https://microsoft.com/devicelogin", Until: time.Now().Add(15 * time.Minute)})
		return nil
	})
}

// App waits.
func (s *SignIns) App(ctx context.Context, v data.Server, proxy string) (screen.Granted, error) {
	if o := s.other(); o != nil {
		return o.App(ctx, v, proxy)
	}
	return s.wait(ctx, v, proxy, func() error { return nil })
}

// Guide has a step with everything and one with words only.
func (s *SignIns) Guide(v data.Server) []screen.GuideStep {
	if o := s.other(); o != nil {
		return o.Guide(v)
	}
	return []screen.GuideStep{
		{Title: "Register the program", Text: "Do this for " + v.User + ".", Page: "https://console.school.example/new", Copy: []string{"Set-Mailbox -Identity " + v.User}},
		{Title: "Sign in", Text: "In this program click Sign in."},
	}
}
