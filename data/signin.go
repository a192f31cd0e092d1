package data

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// SignInWay is how the right to send is got from a mail service that takes no password.
type SignInWay string

// The ways. The first three words of a person: none, their browser (or a code typed on another device, Microsoft only),
// and a program that signs in as itself (OAuth client credentials with the permission SMTP.SendAsApp).
const (
	SignInNone         SignInWay = ""
	SignInGoogle       SignInWay = "google"
	SignInMicrosoft    SignInWay = "microsoft"
	SignInMicrosoftApp SignInWay = "microsoft-app"
)

// SignIn is a server's sign-in as it is kept.
type SignIn struct {
	Server    int       `json:"server"`
	Way       SignInWay `json:"way"`
	User      string    `json:"user"`    // who signed in: as the service told, else as the settings say
	Sealed    string    `json:"-"`       // the refresh token, sealed for the service; empty for microsoft-app
	Scopes    []string  `json:"scopes"`  // as granted
	At        time.Time `json:"at"`      // when a person signed in, or the app for the first time
	Renewed   time.Time `json:"renewed"` // when a token was last got; zero: never since At
	Until     time.Time `json:"until"`   // when the sign-in ends by itself; zero: not known
	Rotations int64     `json:"rotations"`
	Bound     string    `json:"-"`                 // Server.SignInBound when it was granted
	Trouble   string    `json:"trouble,omitempty"` // why it does not work now, one sentence; empty: it works
	Remedy    string    `json:"remedy,omitempty"`  // what to do then
}

// SignInBound is what a sign-in of this server holds for, as a hash: way, authority, tenant and client id it was granted
// by, the mailbox, and the server its tokens are shown to. Who changes one of these in the settings gets no token: as with
// a password, nobody can have it sent to a server of their own by changing a name.
func (s Server) SignInBound() string {
	h := sha256.Sum256([]byte(strings.Join([]string{s.signInFor(), strings.ToLower(s.User)}, "\x00")))
	return hex.EncodeToString(h[:])
}

// SignInFor is the part of SignInBound that a client secret holds for: all but the mailbox.
func (s Server) SignInFor() string { return strings.ReplaceAll(s.signInFor(), "\x00", "\n") }

func (s Server) signInFor() string {
	return strings.Join([]string{string(s.SignIn), s.SignInAddress, s.Tenant, s.ClientID, s.Host, s.Certificate}, "\x00")
}

// sameApp reports whether a client secret stays good: see SignInFor.
func (s Server) sameApp(o Server) bool { return s.signInFor() == o.signInFor() }

// SignInState says in words how the sign-in of a server stands, and what to do if it does not hold. there is false where
// the store has none.
func SignInState(v Server, in SignIn, there bool) (sentence, next string, holds bool) {
	const again = "Open Settings and click Sign in again."
	day := func(t time.Time) string { return t.Local().Format("2 January 2006, 15:04") }
	itself := v.SignIn == SignInMicrosoftApp
	switch {
	case v.SignIn == SignInNone:
		return "No sign-in is used for " + ServerName(v.Number) + ".", "", true
	case !there && itself, there && itself && in.Bound != v.SignInBound():
		return "The program signs in as itself, which was not tried yet.", "Send a test message.", true
	case !there:
		return "Nobody is signed in for " + ServerName(v.Number) + " yet.", "Open Settings and click Sign in.", false
	case in.Bound != v.SignInBound():
		return "The settings of the sign-in or of the mail server were changed after somebody signed in.", again, false
	case in.Trouble != "":
		return in.Trouble, in.Remedy, false
	case itself:
		return "The program signs in as itself and may send as " + v.User + "; last done " + day(in.Renewed) + ".", "", true
	case in.Until.IsZero():
		return "Signed in as " + in.User + " since " + day(in.At) + ".", "", true
	default:
		return "Signed in as " + in.User + " until " + day(in.Until) + ".", "", true
	}
}
