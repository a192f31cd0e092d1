package relay

import (
	"encoding/base64"
	"regexp"
	"strings"

	"smtpgateway/data"
)

// lineLimit is the most characters of a server's words that are kept.
const lineLimit = 500

// terminalCodes are the sequences that colour, move or rename a terminal (ECMA-48): they must reach no log and no window.
var terminalCodes = regexp.MustCompile("\x1b\\[[0-?]*[ -/]*[@-~]?|\x1b[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b.?|\u009b[0-?]*[ -/]*[@-~]?")

const hidden = "(hidden)"

// cleanLine makes a server's words fit to be kept and shown: one line, readable characters only, cut, and nothing in it
// of what we signed in with, even if the server repeats it.
func cleanLine(text string, s data.Server) string {
	text = hide(text, s)
	text = terminalCodes.ReplaceAllString(text, "")
	text = strings.ToValidUTF8(text, "?")
	// Once more: codes and blanks inside the password may just have fallen out.
	text = hide(data.Clean(text, len(text)+1), s)
	return data.Clean(text, lineLimit)
}

// hide takes the password and the token out, as they are and in the forms in which signing in sends them.
func hide(text string, s data.Server) string {
	text = hideToken(text, s.User, s.Token.Reveal())
	password := s.Password.Reveal()
	if password == "" || text == "" {
		return text
	}
	for _, secret := range forms(s.User, password) {
		if len(secret) >= 3 {
			text = strings.ReplaceAll(text, secret, hidden)
			continue
		}
		// One or two letters are part of many words: only where they stand alone. Twice, for neighbours share a blank.
		alone := regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(secret) + `($|[^\pL\pN])`)
		for range 2 {
			text = alone.ReplaceAllString(text, "${1}"+hidden+"${2}")
		}
	}
	return text
}

// forms lists the password and what PLAIN, LOGIN and their like make of it, longest first.
func forms(user, password string) []string {
	var all []string
	for _, plain := range []string{user + "\x00" + user + "\x00" + password, "\x00" + user + "\x00" + password, password} {
		all = append(all,
			base64.StdEncoding.EncodeToString([]byte(plain)), base64.RawStdEncoding.EncodeToString([]byte(plain)))
	}
	return append(all, password, data.Clean(password, len(password)+1))
}

// piece is how many octets of a token in a row are taken for it: a server that complains of a long line may repeat a
// part of it only. What is left over is no more than a guess has.
const piece = 12

// hideToken takes out of text whatever is part of a token, as it is or as signing in sends it.
func hideToken(text, user, token string) string {
	if token == "" || text == "" {
		return text
	}
	all := []string{token}
	sent := string((&tokenAuth{user: user, token: token}).answer())
	for _, plain := range []string{sent, token, token[min(1, len(token)):], token[min(2, len(token)):]} {
		// In someone else's base64 the token may begin at each of three places.
		all = append(all, base64.StdEncoding.EncodeToString([]byte(plain)))
	}
	pieces := make(map[string]struct{})
	for _, form := range all {
		if len(form) < piece {
			text = strings.ReplaceAll(text, form, hidden)
		}
		for i := 0; i+piece <= len(form); i++ {
			pieces[form[i:i+piece]] = struct{}{}
		}
	}
	var out strings.Builder
	covered := 0 // octets from here on that belong to a piece
	for i := range len(text) {
		if i+piece <= len(text) {
			if _, ok := pieces[text[i:i+piece]]; ok {
				if covered == 0 {
					out.WriteString(hidden)
				}
				covered = piece
			}
		}
		if covered > 0 {
			covered--
			continue
		}
		out.WriteByte(text[i])
	}
	return out.String()
}
