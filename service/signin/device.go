package signin

import (
	"context"
	"errors"
	"net/netip"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"smtpgateway/data"
)

// DeviceCode is what a person types on any device with a browser.
type DeviceCode struct {
	Code    string    `json:"code"`
	Address string    `json:"address"` // page to open there
	Until   time.Time `json:"until"`   // when the code ends
}

// Device lets a person sign in on any other device, by a code (RFC 8628): for a computer without a browser. Microsoft only;
// Google does not offer it for mail. show is called once, and must not wait for the person. Errors as those of Browser.
func (p *Provider) Device(ctx context.Context, v data.Server, proxyURL string, show func(DeviceCode)) (Grant, error) {
	switch v.SignIn {
	case data.SignInMicrosoftApp:
		return Grant{}, notPerson()
	case data.SignInGoogle:
		return Grant{}, &data.Error{Code: data.CodeUsage, Sentence: "Google does not offer sign-in by a code for mail.", Next: "Sign in with the browser of this computer."}
	case data.SignInNone, data.SignInMicrosoft:
	}
	c, err := p.begin(ctx, v, proxyURL)
	if err != nil {
		return Grant{}, err
	}
	defer c.close()
	da, err := c.conf.DeviceAuth(c.over(ctx))
	if err != nil {
		return Grant{}, c.explain(err)
	}
	u, err := url.Parse(da.VerificationURI)
	if err != nil || !showable(u) || da.UserCode == "" || !isToken(da.DeviceCode) {
		return Grant{}, c.temporary("gave no code to sign in with", nil)
	}
	c.hide = append(c.hide, data.Secret(da.DeviceCode))
	now := c.o.Now()
	if da.Expiry.IsZero() || time.Until(da.Expiry) > time.Hour {
		da.Expiry = time.Now().Add(15 * time.Minute)
	}
	da.Interval = min(max(da.Interval, 0), 60) // 0: five seconds; a ticker panics on less
	show(DeviceCode{Code: data.Clean(da.UserCode, 60), Address: data.Clean(da.VerificationURI, 300), Until: now.Add(time.Until(da.Expiry)).Round(time.Second)})
	t, err := c.poll(ctx, da)
	if err != nil {
		return Grant{}, err
	}
	return c.grantOfPerson(t)
}

// showable reports whether a person may be sent to an address: over https, or on this computer itself.
func showable(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" && u.Host != "" || u.Scheme == "http" && err == nil && ip.IsLoopback()
}

// poll asks until the person is done. An answer that does not come is no end of it (RFC 8628 3.5).
func (c *call) poll(ctx context.Context, da *oauth2.DeviceAuthResponse) (*oauth2.Token, error) {
	for {
		t, err := c.conf.DeviceAccessToken(c.over(ctx), da)
		if err == nil {
			return t, nil
		}
		if c.ctx.Err() != nil {
			return nil, c.ended()
		}
		if !time.Now().Before(da.Expiry) || errors.Is(err, context.DeadlineExceeded) && time.Until(da.Expiry) < time.Second {
			return nil, c.refused("expired_token", "")
		}
		if err := c.explain(err); data.CodeOf(err) != data.CodeUnavailable {
			return nil, err
		}
		c.o.Log.Info("sign-in by code: no answer this time, asking again", "server", c.v.Number)
	}
}
