package signin

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"

	"smtpgateway/data"
)

// usualLife is taken for an access token that does not say how long it lives; both services give an hour.
const usualLife = time.Hour

// mostScopes is how many scopes are kept.
const mostScopes = 50

// longestToken is the longest token taken, in octets: a line of AUTH has 12,288 (RFC 4954 4), and base64 makes four of three.
const longestToken = 9 << 10

// grant reads what the token endpoint gave, and looks whether it is enough to send.
func (c *call) grant(t *oauth2.Token) (Grant, error) {
	c.hide = append(c.hide, data.Secret(t.AccessToken), data.Secret(t.RefreshToken))
	if !strings.EqualFold(t.Type(), "bearer") || !isToken(t.AccessToken) || t.RefreshToken != "" && !isToken(t.RefreshToken) {
		return Grant{}, c.temporary("gave a key of a kind that no mail server takes", nil)
	}
	g := Grant{User: c.v.User, Refresh: data.Secret(t.RefreshToken), Access: data.Secret(t.AccessToken), Scopes: c.scopes(t)}
	life := usualLife
	if t.ExpiresIn > 0 {
		life = time.Duration(t.ExpiresIn) * time.Second
	}
	now := c.o.Now()
	g.Expires = now.Add(life)
	if s := whole(t.Extra("refresh_token_expires_in")); s > 0 {
		g.Until = now.Add(time.Duration(s) * time.Second)
	}
	if c.way.send != "" && !slices.ContainsFunc(g.Scopes, c.sends) {
		g.Missing = append(g.Missing, c.way.words)
		return g, &data.Error{
			Code: data.CodeSignIn, Sentence: "The permission to send was not given: \"" + c.way.words + "\".",
			Next: "Sign in again and tick every box on " + c.way.name + "'s page. If that box is not there, IT must add the permission to the app registration; the guide says how.",
		}
	}
	return g, nil
}

// grantOfPerson is grant for a sign-in that a person just made: it must last, and be that of the mailbox.
func (c *call) grantOfPerson(t *oauth2.Token) (Grant, error) {
	g, err := c.grant(t)
	if err != nil {
		return g, err
	}
	if g.Refresh == "" {
		g.Missing = append(g.Missing, "Staying signed in (offline access)")
		next := "Sign in again. If IT looks at the app registration, the permission offline_access belongs to it."
		if c.v.SignIn == data.SignInGoogle {
			next = "Open myaccount.google.com/permissions, remove this program's access there, then sign in again."
		}
		return g, &data.Error{Code: data.CodeSignIn, Sentence: c.way.name + " let the program in for an hour only, not for good.", Next: next}
	}
	text, _ := t.Extra("id_token").(string)
	if text == "" {
		return g, nil
	}
	id, ok := c.idToken(text)
	if !ok {
		return Grant{}, &data.Error{
			Code: data.CodeSignIn, Sentence: c.way.name + "'s answer does not belong to this sign-in, so it was not taken.",
			Next: "Close the pages of older sign-ins, then sign in again.",
		}
	}
	return c.account(g, id)
}

// account finds out who signed in. A person has several names at Microsoft, and any of them will do.
func (c *call) account(g Grant, id idToken) (Grant, error) {
	names := []string{id.Email, id.Preferred, id.UPN}
	for _, name := range names {
		if a, err := data.ParseAddress(name); err == nil {
			g.User = a.String()
			break
		}
	}
	want, err := data.ParseAddress(c.v.User)
	if err != nil {
		return g, nil //nolint:nilerr // no mailbox to compare with: the settings' own check says so
	}
	known := false
	for _, name := range names {
		a, err := data.ParseAddress(name)
		known = known || err == nil
		if err == nil && a.Key() == want.Key() {
			g.User = a.String()
			return g, nil
		}
	}
	if !known {
		g.User = c.v.User // nobody said who: a test message shows whether the mailbox is theirs
		return g, nil
	}
	return g, &data.Error{
		Code: data.CodeSignIn, Sentence: "You signed in as " + g.User + ", but the mailbox in the settings is " + want.String() + ".",
		Next: "Sign in again and choose " + want.String() + "; or change User name in the settings to " + g.User + ".", Err: ErrOtherAccount,
	}
}

// idToken is what is read of an id token (OpenID Connect Core 2).
type idToken struct {
	Audience  audience `json:"aud"`
	Nonce     string   `json:"nonce"`
	Email     string   `json:"email"`
	Preferred string   `json:"preferred_username"`
	UPN       string   `json:"upn"`
}

// audience is one name or a list of them.
type audience []string

// UnmarshalJSON takes both.
func (a *audience) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(a))
}

// idToken reads an id token and looks whether it was made for us and for this sign-in. Its signature is not checked: it
// came from the token endpoint itself, over TLS (OpenID Connect Core 3.1.3.7, 6). Nor is its time: a wrong clock here
// would only keep a person from sending.
func (c *call) idToken(text string) (idToken, bool) {
	var id idToken
	if !claims(text, &id) || !slices.Contains(id.Audience, c.v.ClientID) {
		return id, false
	}
	return id, c.nonce == "" || id.Nonce == c.nonce
}

// claims reads the middle of a JSON Web Token (RFC 7519) into to.
func claims(text string, to any) bool {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	return err == nil && json.Unmarshal(raw, to) == nil
}

// scopes are those granted; none told means all that were asked for (RFC 6749 5.1).
func (c *call) scopes(t *oauth2.Token) []string {
	var list []string
	add := func(text string) {
		for one := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
			if one = data.Clean(one, 200); len(list) < mostScopes || c.sends(one) {
				list = append(list, one)
			}
		}
	}
	switch told := t.Extra("scope").(type) {
	case string:
		add(told)
	case []any: // not as the standard has it, but plain enough
		for _, one := range told {
			text, _ := one.(string)
			add(text)
		}
	}
	if len(list) == 0 {
		return slices.Clone(c.way.scopes)
	}
	return list
}

// sends reports whether a scope is the one without which no mail goes.
func (c *call) sends(scope string) bool { return strings.EqualFold(scope, c.way.send) }

// isToken reports whether a token can stand in a command: b64token of RFC 6750 2.1 and what else is printable, without
// blanks. Others would end the line, or the field in it.
func isToken(s string) bool {
	return s != "" && len(s) <= longestToken && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

func whole(v any) int64 {
	switch v := v.(type) {
	case float64:
		if v > 0 && v < 1<<31 {
			return int64(v)
		}
	case string:
		n, _ := strconv.ParseInt(v, 10, 32)
		return n
	}
	return 0
}
