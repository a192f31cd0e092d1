package signin

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"smtpgateway/data"
)

// CanWithdraw reports whether a sign-in can be taken back from here: Google has an address for that (RFC 7009), Microsoft
// has none; there a person does it on the pages of the account.
func CanWithdraw(v data.Server) bool { return v.SignIn == data.SignInGoogle }

// Withdraw takes a sign-in back at the other side. At Google this ends every sign-in of the account with this client ID, on
// other computers too, so it is done only when somebody asks for it. What holds no more is no error.
func (p *Provider) Withdraw(ctx context.Context, v data.Server, proxyURL string, refresh data.Secret) error {
	if !CanWithdraw(v) {
		return &data.Error{
			Code: data.CodeUsage, Sentence: "Microsoft offers programs no way to take a sign-in back.",
			Next: "Open myapps.microsoft.com, or ask IT to revoke the sessions of " + v.User + " in the Entra admin centre.",
		}
	}
	c, err := p.begin(ctx, v, proxyURL)
	if err != nil {
		return err
	}
	defer c.close()
	c.hide = append(c.hide, refresh)
	form := url.Values{"token": {refresh.Reveal()}, "token_type_hint": {"refresh_token"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.way.revoke, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := (&http.Client{Transport: c.wire, CheckRedirect: noRedirect}).Do(r)
	if err != nil {
		return c.explain(err)
	}
	body, _ := io.ReadAll(a.Body) // read and bounded before
	_ = a.Body.Close()
	// Google answers 400 invalid_token where there is nothing left; the standard wants 200 for that.
	if a.StatusCode == http.StatusOK || a.StatusCode == http.StatusBadRequest && strings.Contains(string(body), `"invalid_token"`) {
		return nil
	}
	return c.temporary("did not take the sign-in back", nil)
}
