package data

import (
	"encoding/json"
	"time"
)

// SignInHandover is a sign-in that a window began and the service finishes, as only the service can open the client
// secret: what the browser brought back (RFC 6749 4.1.2, RFC 7636), or nothing but the wish where the program signs in as
// itself. The code is good for one use and about a minute.
type SignInHandover struct {
	User     string // the mailbox, saved or not
	Keep     bool   // the service stores the sign-in; else it gives it back sealed, to be stored with unsaved settings
	Code     Secret // empty: the program signs in as itself
	Verifier Secret
	Nonce    Secret
	Redirect string // address to which the browser came back
}

// handover is SignInHandover in the clear, for what seals it: a Secret encodes as nothing.
type handover struct {
	User     string `json:"user"`
	Keep     bool   `json:"keep"`
	Code     string `json:"code"`
	Verifier string `json:"verifier"`
	Nonce    string `json:"nonce"`
	Redirect string `json:"redirect"`
}

// Pack is the handover as one text, to be sealed at once.
func (h SignInHandover) Pack() (Secret, error) {
	b, err := json.Marshal(handover{h.User, h.Keep, h.Code.Reveal(), h.Verifier.Reveal(), h.Nonce.Reveal(), h.Redirect})
	return Secret(b), err
}

// UnpackSignIn is the way back from Pack.
func UnpackSignIn(text Secret) (SignInHandover, error) {
	var h handover
	err := json.Unmarshal([]byte(text.Reveal()), &h)
	return SignInHandover{h.User, h.Keep, Secret(h.Code), Secret(h.Verifier), Secret(h.Nonce), h.Redirect}, err
}

// SignInAnswer is how the service answers a SignInHandover, beside the sentence of the request.
type SignInAnswer struct {
	Code    Code              `json:"code,omitempty"` // why it came to nothing; empty: it worked
	Next    string            `json:"next,omitempty"` // what to do then
	User    string            `json:"user,omitempty"` // who signed in
	Missing []string          `json:"missing,omitempty"`
	Other   bool              `json:"other,omitempty"`  // it works, and is of another account than the mailbox: nothing was stored
	Kept    bool              `json:"kept,omitempty"`   // it is stored
	Scopes  []string          `json:"scopes,omitempty"` // as granted
	Until   time.Time         `json:"until,omitzero"`   // when it ends by itself
	Sealed  map[string]string `json:"sealed,omitempty"` // not stored: the refresh token, sealed for the service, by the Server.SignInBound it is for
}
