package relay

import (
	"strings"

	"smtpgateway/data"
)

// ofToken reports whether a phrase about user and password means the token where one was used: "User name or password is
// wrong" is what servers say of both.
func ofToken(name string) bool {
	switch name {
	case phraseWrongLogin, phraseNoPasswords, phraseRefused, phraseSignIn, phraseWebOnce, phraseGoogleWord, phraseAppWord:
		return true
	}
	return false
}

// withToken is a row as it is right for who signed in by token: no password is involved, and a sign-in was made.
func (p *phrase) withToken() *phrase {
	if p == nil || p.name != phraseSwitchedOff {
		return p
	}
	row := *p
	row.remedy = remedySheet
	return &row
}

// tokenPhrase is what a refused token means, by how it was come by.
func tokenPhrase(way data.SignInWay) *phrase {
	row := &phrase{
		name: "token refused", kind: data.KindServer, pause: data.PauseAuth, blame: data.BlameSettings, advice: adviceBrowser,
		sentence: "The mail server {host} did not accept the sign-in of {user}.",
	}
	switch way {
	case data.SignInMicrosoftApp:
		row.blame, row.advice = data.BlameIT, adviceSheet
		row.remedy = "Ask IT whether the app may send (SMTP.SendAsApp, with consent), is registered in Exchange and has full access to the mailbox {user}; the request sheet of this program lists it."
	case data.SignInMicrosoft:
		row.remedy = "Sign in again in the settings, as {user} and nobody else. If that does not help, give IT the request sheet of this program: it asks for Authenticated SMTP for this mailbox."
	case data.SignInGoogle, data.SignInNone:
		row.remedy = "Sign in again in the settings, as {user} and nobody else, and tick every box that Google shows."
	}
	return row
}

// provider is whom a person signs in with for a server, as far as one can tell.
func provider(s data.Server) string {
	host := strings.ToLower(s.Host)
	switch {
	case s.SignIn == data.SignInGoogle, strings.HasSuffix(host, ".gmail.com"), strings.HasSuffix(host, ".google.com"):
		return "Google"
	case s.SignIn == data.SignInMicrosoft, s.SignIn == data.SignInMicrosoftApp,
		strings.HasSuffix(host, ".office365.com"), strings.HasSuffix(host, ".office365.us"), strings.HasSuffix(host, ".outlook.com"):
		return "Microsoft"
	}
	return "Google or Microsoft"
}
