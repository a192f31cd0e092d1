package relay

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"smtpgateway/data"
)

// What may stand in the way of signing in before a word of it is said.
var (
	errNoLogin     = errors.New("sign-in is not offered")
	errClearLogin  = errors.New("sign-in would be unprotected")
	errTokenLogin  = errors.New("only sign-in by browser is offered")
	errForeign     = errors.New("only unknown ways of signing in are offered")
	errNotThisWay  = errors.New("the chosen way of signing in is not offered")
	errNoPassword  = errors.New("no password")
	errTooManyHash = errors.New("the server asks for too much work")
)

const (
	scram256 = "SCRAM-SHA-256"
	scram1   = "SCRAM-SHA-1"
	plain    = "PLAIN"
	login    = "LOGIN"
	cramMD5  = "CRAM-MD5"
)

// maxIterations bounds the work a server may ask of SCRAM; honest ones ask for 4096 to some hundred thousand (RFC 7677).
const maxIterations = 2_000_000

// mechanism picks the way of signing in: the chosen one, else the strongest offered. Only one is ever tried per
// connection, so that no account is locked by our trying about. Without protection nothing is sent unless the settings
// allow it, and then ways that hide the password come first.
func mechanism(s data.Server, offered []string, encrypted bool) (string, error) {
	if s.Auth == data.AuthXOAUTH2 || (s.Auth == data.AuthAuto && s.Token.Reveal() != "") {
		return tokenMechanism(s, offered, encrypted)
	}
	switch {
	case s.Password.Reveal() == "":
		return "", errNoPassword
	case !encrypted && !s.AllowInsecure:
		return "", errClearLogin
	case len(offered) == 0:
		return "", errNoLogin
	}
	order := []string{scram256, scram1, plain, login, cramMD5}
	if !encrypted {
		order = []string{scram256, scram1, cramMD5, plain, login}
	}
	wanted := order
	switch s.Auth {
	case data.AuthPlain:
		wanted = []string{plain}
	case data.AuthLogin:
		wanted = []string{login}
	case data.AuthCRAMMD5:
		wanted = []string{cramMD5}
	case data.AuthSCRAM:
		wanted = []string{scram256, scram1}
	case data.AuthAuto, data.AuthNone, data.AuthXOAUTH2:
	}
	for _, m := range wanted {
		if slices.Contains(offered, m) {
			return m, nil
		}
	}
	switch {
	case len(wanted) != len(order) && slices.ContainsFunc(order, func(m string) bool { return slices.Contains(offered, m) }):
		return "", errNotThisWay
	case slices.Contains(offered, xoauth2) || slices.Contains(offered, "OAUTHBEARER"):
		return "", errTokenLogin
	default:
		return "", errForeign
	}
}

// tokenMechanism is for a server that was signed in to with a browser. A token opens the whole mailbox, so no box that is
// ticked lets it travel unprotected.
func tokenMechanism(s data.Server, offered []string, encrypted bool) (string, error) {
	switch {
	case s.Token.Reveal() == "":
		return "", errNoToken
	case !encrypted:
		return "", errClearToken
	case len(offered) == 0:
		return "", errNoLogin
	case !slices.Contains(offered, xoauth2):
		return "", errTokenOnly
	}
	return xoauth2, nil
}

// authenticator is go-mail's mechanism of that name, or ours. Protection was judged before, hence "true" where it asks.
func authenticator(name string, s data.Server) smtp.Auth {
	password := s.Password.Reveal()
	switch name {
	case xoauth2:
		return &tokenAuth{user: s.User, token: s.Token.Reveal()}
	case scram256:
		return &boundedSCRAM{Auth: smtp.ScramSHA256Auth(s.User, password)}
	case scram1:
		return &boundedSCRAM{Auth: smtp.ScramSHA1Auth(s.User, password)}
	case login:
		return smtp.LoginAuth(s.User, password, s.Host, true)
	case cramMD5:
		return smtp.CRAMMD5Auth(s.User, password)
	default:
		return smtp.PlainAuth("", s.User, password, s.Host, true)
	}
}

// boundedSCRAM refuses a server that would have us hash for hours: no deadline of the connection ends a computation.
type boundedSCRAM struct{ smtp.Auth }

// Next answers a challenge.
func (a *boundedSCRAM) Next(challenge []byte, more bool) ([]byte, error) {
	if more && bytes.HasPrefix(challenge, []byte("r=")) {
		for part := range strings.SplitSeq(string(challenge), ",") {
			if count, ok := strings.CutPrefix(part, "i="); ok {
				if n, err := strconv.Atoi(count); err != nil || n > maxIterations {
					return nil, errTooManyHash
				}
			}
		}
	}
	answer, err := a.Auth.Next(challenge, more)
	if err != nil {
		return nil, fmt.Errorf("scram: %w", err)
	}
	return answer, nil
}

// offeredLogins reads the AUTH line of EHLO, also in the form "AUTH=LOGIN PLAIN" of servers from before RFC 2554.
func offeredLogins(c *smtp.Client) []string {
	var all []string
	if ok, list := c.Extension("AUTH"); ok {
		all = strings.Fields(strings.ToUpper(list))
	}
	for _, m := range []string{plain, login, cramMD5} {
		if ok, list := c.Extension("AUTH=" + m); ok {
			all = append(append(all, m), strings.Fields(strings.ToUpper(list))...)
		}
	}
	return all
}
