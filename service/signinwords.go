package main

import (
	"regexp"
	"strings"

	"smtpgateway/data"
)

// clicks is what the window's words say to do about a sign-in; a terminal has nothing to click.
var clicks = regexp.MustCompile(`([Oo]pen Settings and c|[Cc])lick Sign in\b`)

// inTerminal says in the words of the command line what those of the window say.
func inTerminal(text, command string) string {
	return clicks.ReplaceAllStringFunc(text, func(found string) string {
		if strings.ToUpper(found[:1]) == found[:1] {
			return "Run " + command
		}
		return "run " + command
	})
}

// signinAny is the command that tells the ways of signing in.
const signinAny = "smtp-gateway signin"

// signinLine is the command by which a server is signed in to.
func signinLine(v data.Server) string {
	line := signinAny
	switch v.SignIn {
	case data.SignInGoogle, data.SignInMicrosoft:
		line += " " + string(v.SignIn)
	case data.SignInMicrosoftApp:
		line += " microsoft --app"
	case data.SignInNone:
	}
	if v.Number == 2 {
		line += " --server 2"
	}
	return line
}

// terminalError is err with its words for a terminal.
func terminalError(err error, command string) error {
	e := data.AsError(err)
	if e == nil || !clicks.MatchString(e.Sentence+e.Next) {
		return err
	}
	return &data.Error{Code: e.Code, Sentence: inTerminal(e.Sentence, command), Next: inTerminal(e.Next, command), Err: err}
}
