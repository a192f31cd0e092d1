package signin

import (
	"context"
	"slices"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"smtpgateway/data"
)

// App lets the program sign in as itself (client credentials, RFC 6749 4.4), with the permission SMTP.SendAsApp of
// Microsoft. The Grant has no refresh token: the client secret in the settings is what lasts. Missing names the permission
// where the token does not show it, without an error: Exchange may have given it by a role of its own, which a test
// message finds out. Errors as those of Browser.
func (p *Provider) App(ctx context.Context, v data.Server, proxyURL string) (Grant, error) {
	if v.SignIn != data.SignInMicrosoftApp {
		return Grant{}, &data.Error{Code: data.CodeUsage, Sentence: "The settings say that a person signs in.", Next: "Sign in with the browser, or choose Microsoft without a person at Sign in with."}
	}
	c, err := p.begin(ctx, v, proxyURL)
	if err != nil {
		return Grant{}, err
	}
	defer c.close()
	conf := clientcredentials.Config{
		ClientID: v.ClientID, ClientSecret: v.ClientSecret.Reveal(), TokenURL: c.way.endpoint.TokenURL, Scopes: c.way.scopes,
		AuthStyle: oauth2.AuthStyleInParams,
	}
	t, err := conf.Token(c.over(ctx))
	if err != nil {
		return Grant{}, c.explain(err)
	}
	t.RefreshToken = ""
	g, err := c.grant(t)
	if err != nil {
		return g, err
	}
	var app struct {
		Roles []string `json:"roles"`
	}
	if claims(t.AccessToken, &app) && !slices.Contains(app.Roles, "SMTP.SendAsApp") {
		g.Missing = append(g.Missing, "Sending as an application (SMTP.SendAsApp)")
	}
	return g, nil
}
