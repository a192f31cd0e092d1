// Package signin is in charge of the right to send through Google and Microsoft, which take no password: a person signs
// in with a browser or by a code, or the program signs in as itself; the grant is checked (who signed in, what was
// allowed) before it is kept; and one Keeper, the service's, turns it into access tokens as long as it holds.
//
// Every error a person sees is a *data.Error: CodeSignIn means that a person has to do what its Next says, CodeUnavailable
// that it works again by itself. None of them, and no log line, holds a token, a code or a client secret.
package signin

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"smtpgateway/data"
)

// Options are a Provider's surroundings; the zero value is what a program wants.
type Options struct {
	HTTP     *http.Client     // whose transport is used; nil: one of its own, which honours the proxy given with each call
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: nothing is logged
	Wait     time.Duration    // for one answer of the other side; 0: 30 s
	Patience time.Duration    // for a person in front of a browser; 0: 10 min
}

// Provider speaks with the authorization servers of Google and Microsoft.
type Provider struct {
	o      Options
	listen func(ctx context.Context, network, address string) (net.Listener, error)
}

// New gives a Provider. It holds nothing that must be closed.
func New(o Options) *Provider {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Wait == 0 {
		o.Wait = 30 * time.Second
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Minute
	}
	return &Provider{o, (&net.ListenConfig{}).Listen}
}

// Grant is what a sign-in brought.
type Grant struct {
	User    string      // who signed in, as the id token says; without one, the mailbox of the settings
	Refresh data.Secret // lasts; empty for microsoft-app
	Access  data.Secret // for one connection or some, until Expires
	Expires time.Time
	Until   time.Time // when the whole sign-in ends by itself; zero: not known
	Scopes  []string  // as granted
	Missing []string  // what was not granted and is needed, in words
}

// ErrOtherAccount is inside the error of a sign-in that a person made with another account than the mailbox of the
// settings. The Grant comes with it and works: at Microsoft, an account may send for a shared mailbox.
var ErrOtherAccount = errors.New("signed in with another account")

// SignIn is the grant as the store keeps it, with the refresh token sealed.
func (g *Grant) SignIn(v data.Server, now time.Time, seal func(v data.Server, token data.Secret) (string, error)) (data.SignIn, error) {
	in := data.SignIn{
		Server: v.Number, Way: v.SignIn, User: g.User, Scopes: slices.Clone(g.Scopes), At: now, Renewed: now, Until: g.Until, Bound: v.SignInBound(),
	}
	if g.Refresh == "" {
		return in, nil
	}
	var err error
	in.Sealed, err = seal(v, g.Refresh)
	return in, err
}

// call is one exchange with an authorization server.
type call struct {
	*Provider

	ctx   context.Context //nolint:containedctx // it tells at the end whether somebody stopped the call
	v     data.Server
	way   way
	conf  oauth2.Config
	wire  *wire
	hide  []data.Secret // what must not be found in any text
	nonce string        // that the id token must repeat; empty: any
	fresh bool          // it is a code that is refused, and not a sign-in that once held
	alone bool          // nobody waits for it: the service tries again by itself
}

// begin gets ready to speak with the authorization server of v. close ends it.
func (p *Provider) begin(ctx context.Context, v data.Server, proxyURL string) (*call, error) {
	w, err := wayOf(v)
	if err != nil {
		return nil, err
	}
	return p.beginBy(ctx, v, w, proxyURL)
}

func (p *Provider) beginBy(ctx context.Context, v data.Server, w way, proxyURL string) (*call, error) {
	line, err := p.dial(ctx, proxyURL)
	if err != nil {
		return nil, err
	}
	c := &call{Provider: p, ctx: ctx, v: v, way: w, wire: line, hide: []data.Secret{v.ClientSecret}}
	c.conf = oauth2.Config{ClientID: v.ClientID, ClientSecret: v.ClientSecret.Reveal(), Endpoint: w.endpoint, Scopes: w.scopes}
	return c, nil
}

// over is the context of the call with the wire in it, as the library wants it.
func (c *call) over(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: c.wire, CheckRedirect: noRedirect})
}

func (c *call) close() { c.wire.close() }

// renew turns a refresh token into an access token, and into a new refresh token if the other side rotates them.
func (p *Provider) renew(ctx context.Context, v data.Server, proxyURL string, refresh data.Secret) (Grant, error) {
	c, err := p.begin(ctx, v, proxyURL)
	if err != nil {
		return Grant{}, err
	}
	defer c.close()
	c.alone = true
	c.hide = append(c.hide, refresh)
	t, err := c.conf.TokenSource(c.over(ctx), &oauth2.Token{RefreshToken: refresh.Reveal()}).Token()
	if err != nil {
		return Grant{}, c.explain(err)
	}
	return c.grant(t)
}
