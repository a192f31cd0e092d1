package relay

import (
	"encoding/base64"
	"errors"

	"github.com/wneessen/go-mail/smtp"
)

const xoauth2 = "XOAUTH2"

// lineMost is how long a command may be for a server that knows only the least (RFC 5321 4.5.3.1.4). The answer to a 334
// may have 12,288 octets (RFC 4954 4), which is room for the tokens of Microsoft.
const lineMost = 512

// challengesMost is how often a server may ask: for the token, and once for each refusal it knows.
const challengesMost = 3

var (
	errClearToken = errors.New("the token would be unprotected")
	errNoToken    = errors.New("no token")
	errTokenOnly  = errors.New("sign-in with a token is not offered")
	errTokenAgain = errors.New("the server asks again and again")
)

// tokenAuth signs in with an access token, in the way Google and Microsoft call XOAUTH2. go-mail's own sends the token
// along with the command, however long, and throws away why it was refused.
type tokenAuth struct {
	user, token string

	sent    bool
	asked   int
	refusal string // what the server said in a 334 against the token: JSON with a status
}

// Start is the command. A long token waits until the server asks for it.
func (a *tokenAuth) Start(server *smtp.ServerInfo) (mechanism string, first []byte, err error) {
	if !server.TLS {
		return "", nil, errClearToken
	}
	answer := a.answer()
	if len("AUTH "+xoauth2+" \r\n")+base64.StdEncoding.EncodedLen(len(answer)) >= lineMost {
		return xoauth2, nil, nil
	}
	a.sent = true
	return xoauth2, answer, nil
}

// Next answers a 334. The empty one asks for the token, once; any other is the refusal, which wants an empty answer
// before the server says so with a code. Never nil: go-mail would take that for success.
func (a *tokenAuth) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	if a.asked++; a.asked > challengesMost {
		return nil, errTokenAgain
	}
	if len(challenge) == 0 && !a.sent {
		a.sent = true
		return a.answer(), nil
	}
	if len(challenge) > 0 {
		a.refusal = string(challenge)
	}
	return []byte{}, nil
}

func (a *tokenAuth) answer() []byte {
	return []byte("user=" + a.user + "\x01auth=Bearer " + a.token + "\x01\x01")
}

// tokenRefusedError is the end of a sign-in with what was said before it.
type tokenRefusedError struct {
	said string
	err  error
}

func (e *tokenRefusedError) Error() string { return e.err.Error() }
func (e *tokenRefusedError) Unwrap() error { return e.err }
