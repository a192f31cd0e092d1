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
	ctx, cancel := context.WithTimeoutCause(ctx, p.o.Patience, errPatience)
	defer cancel()
	c, err := p.begin(ctx, v, proxyURL)
	if err != nil {
		return Grant{}, err
	}
	defer c.close()
	d, err := c.openDoor(ctx)
	if err != nil {
		return Grant{}, err
	}
	verifier := oauth2.GenerateVerifier()
	c.nonce = rand.Text()
	c.conf.RedirectURL = d.address
	c.hide = append(c.hide, data.Secret(verifier))
	extra := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("nonce", c.nonce), oauth2.SetAuthURLParam("login_hint", v.User)}
	switch v.SignIn {
	case data.SignInGoogle:
		// Without these two Google gives a refresh token the first time only, or never.
		extra = append(extra, oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent"))
	default:
		// Else Microsoft takes whoever is signed in to the browser, without a word.
		extra = append(extra, oauth2.SetAuthURLParam("prompt", "select_account"))
	}
	grant, err := c.throughDoor(ctx, d, verifier, func() error { return open(c.conf.AuthCodeURL(d.state, extra...)) })
	d.finish(ctx, grant.User, err)
	return grant, err
}

// throughDoor waits for the browser to come back and takes the code to the token endpoint.
func (c *call) throughDoor(ctx context.Context, d *door, verifier string, open func() error) (Grant, error) {
	if err := open(); err != nil {
		return Grant{}, &data.Error{
			Code: data.CodeNotNow, Sentence: "The browser could not be opened.",
			Next: "Open one on this computer, then try again; or sign in with a code on another device, where that is offered.", Err: err,
		}
	}
	select {
	case <-ctx.Done():
		return Grant{}, c.ended()
	case back := <-d.back:
		if back.err != "" {
			return Grant{}, c.refused(back.err, back.description)
		}
		c.hide = append(c.hide, data.Secret(back.code))
		c.fresh = true
		t, err := c.conf.Exchange(c.over(ctx), back.code, oauth2.VerifierOption(verifier))
		if err != nil {
			return Grant{}, c.explain(err)
		}
		return c.grantOfPerson(t)
	}
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
