package signin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"golang.org/x/oauth2"

	"smtpgateway/data"
)

// Browser lets a person sign in with the browser of this computer: authorization code with PKCE (RFC 7636) over a loopback
// redirect (RFC 8252). open is to show the address there; if it cannot, it may show the address to the person instead and
// give no error. The browser's last page says how it ended. Errors: CodeSignIn, CodeUnavailable, CodeNotConfigured;
// CodeNotNow when ctx ends, or nobody finishes within Options.Patience. See ErrOtherAccount for a Grant beside an error.
func (p *Provider) Browser(ctx context.Context, v data.Server, proxyURL string, open func(url string) error) (Grant, error) {
	if v.SignIn == data.SignInMicrosoftApp {
		return Grant{}, notPerson()
	}
	w, err := wayOf(v)
	if err != nil {
		return Grant{}, err
	}
	var grant Grant
	_, err = p.page(ctx, v, w, proxyURL, open, func(ctx context.Context, c *call, h data.SignInHandover) (string, error) {
		var err error
		grant, err = c.exchange(ctx, h)
		return grant.User, err
	})
	return grant, err
}

// Page is Browser up to the moment when the browser is back: take gets what it brought, and tells who signed in, or why it
// came to nothing, for the browser's last page. It needs no client secret; Exchange, which does, must come within a minute.
// Errors as those of Browser, and that of take.
func (p *Provider) Page(ctx context.Context, v data.Server, proxyURL string, open func(url string) error, take func(context.Context, data.SignInHandover) (user string, err error)) error {
	if v.SignIn == data.SignInMicrosoftApp {
		return notPerson()
	}
	w, err := wayToPage(v)
	if err != nil {
		return err
	}
	_, err = p.page(ctx, v, w, proxyURL, open, func(ctx context.Context, _ *call, h data.SignInHandover) (string, error) { return take(ctx, h) })
	return err
}

// Exchange takes what Page brought, here or in another program, to the token endpoint, and checks it as Browser does.
// Errors as those of Browser.
func (p *Provider) Exchange(ctx context.Context, v data.Server, proxyURL string, h data.SignInHandover) (Grant, error) {
	if v.SignIn == data.SignInMicrosoftApp {
		return Grant{}, notPerson()
	}
	c, err := p.begin(ctx, v, proxyURL)
	if err != nil {
		return Grant{}, err
	}
	defer c.close()
	return c.exchange(ctx, h)
}

// taker gets what the browser brought and tells who signed in.
type taker func(ctx context.Context, c *call, h data.SignInHandover) (user string, err error)

// page sends the browser to the page of the authorization server and waits for it to come back.
func (p *Provider) page(ctx context.Context, v data.Server, w way, proxyURL string, open func(url string) error, take taker) (user string, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, p.o.Patience, errPatience)
	defer cancel()
	c, err := p.beginBy(ctx, v, w, proxyURL)
	if err != nil {
		return "", err
	}
	defer c.close()
	d, err := c.openDoor(ctx)
	if err != nil {
		return "", err
	}
	h := data.SignInHandover{User: v.User, Verifier: data.Secret(oauth2.GenerateVerifier()), Nonce: data.Secret(rand.Text()), Redirect: d.address}
	c.conf.RedirectURL = h.Redirect
	extra := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(h.Verifier.Reveal()), oauth2.SetAuthURLParam("nonce", h.Nonce.Reveal()), oauth2.SetAuthURLParam("login_hint", v.User),
	}
	switch v.SignIn {
	case data.SignInGoogle:
		// Without these two Google gives a refresh token the first time only, or never.
		extra = append(extra, oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent"))
	default:
		// Else Microsoft takes whoever is signed in to the browser, without a word.
		extra = append(extra, oauth2.SetAuthURLParam("prompt", "select_account"))
	}
	user, err = c.throughDoor(ctx, d, h, func() error { return open(c.conf.AuthCodeURL(d.state, extra...)) }, take)
	d.finish(ctx, user, err)
	return user, err
}

// throughDoor waits for the browser to come back, and for who takes what it brings.
func (c *call) throughDoor(ctx context.Context, d *door, h data.SignInHandover, open func() error, take taker) (user string, err error) {
	if err := open(); err != nil {
		return "", &data.Error{
			Code: data.CodeNotNow, Sentence: "The browser could not be opened.",
			Next: "Open one on this computer, then try again; or sign in with a code on another device, where that is offered.", Err: err,
		}
	}
	select {
	case <-ctx.Done():
		return "", c.ended()
	case back := <-d.back:
		if back.err != "" {
			return "", c.refused(back.err, back.description)
		}
		h.Code = data.Secret(back.code)
		return take(ctx, c, h)
	}
}

// exchange takes the code to the token endpoint.
func (c *call) exchange(ctx context.Context, h data.SignInHandover) (Grant, error) {
	c.hide = append(c.hide, h.Code, h.Verifier)
	c.nonce, c.fresh, c.conf.RedirectURL = h.Nonce.Reveal(), true, h.Redirect
	t, err := c.conf.Exchange(c.over(ctx), h.Code.Reveal(), oauth2.VerifierOption(h.Verifier.Reveal()))
	if err != nil {
		return Grant{}, c.explain(err)
	}
	return c.grantOfPerson(t)
}

var errPatience = errors.New("nobody finished the sign-in in time")

// ended says why nobody came back.
func (c *call) ended() error {
	cause := context.Cause(c.ctx)
	if errors.Is(cause, errPatience) || errors.Is(cause, context.DeadlineExceeded) {
		return &data.Error{
			Code: data.CodeNotNow, Sentence: fmt.Sprintf("The sign-in was not finished within %d minutes; perhaps its page was closed.", int(c.o.Patience.Minutes())),
			Next: "Click Sign in again.", Err: errPatience,
		}
	}
	return &data.Error{Code: data.CodeNotNow, Sentence: "The sign-in was stopped before it was finished.", Next: "Click Sign in to begin again.", Err: cause}
}

func notPerson() error {
	return &data.Error{
		Code: data.CodeUsage, Sentence: "With this way the program signs in as itself, and no person can do it in its place.",
		Next: "Choose Microsoft at Sign in with, if a person is to sign in.",
	}
}
