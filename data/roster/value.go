package roster

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"smtpgateway/data"
)

const maxValue = 500 // letters kept of a cell

// clean makes a cell fit to be kept: no controls, no blanks at its ends, no more than maxValue letters. A formula stays the
// text it is.
func clean(s string) string {
	if s == "" {
		return s
	}
	if len(s) <= maxValue && s[0] != ' ' && s[len(s)-1] != ' ' && fine(s) {
		return s
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "?")
	}
	s = strings.ReplaceAll(s, "\x00", "")
	return data.Clean(s, maxValue)
}

// fine reports whether a text holds letters and single blanks only, as nearly every cell does: then it need not be copied.
func fine(s string) bool {
	was := rune(0)
	for _, r := range s {
		switch {
		case r >= utf8.RuneSelf:
			if r == utf8.RuneError || !unicode.IsLetter(r) {
				return false
			}
		case r < ' ' || r == 0x7f || r == ' ' && was == ' ':
			return false
		}
		was = r
	}
	return true
}

// shortened reports whether s is a number a spreadsheet has cut down: 2.35E+13. The digits are lost.
func shortened(s string) bool {
	if len(s) < 4 || len(s) > 24 {
		return false
	}
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E+")
	if !ok || len(exponent) == 0 || len(exponent) > 3 || len(mantissa) == 0 {
		return false
	}
	points := 0
	for i := range len(mantissa) {
		switch c := mantissa[i]; {
		case c == '.' || c == ',':
			points++
		case c < '0' || c > '9':
			return false
		}
	}
	for i := range len(exponent) {
		if exponent[i] < '0' || exponent[i] > '9' {
			return false
		}
	}
	return points <= 1 && mantissa[0] >= '0' && mantissa[0] <= '9'
}

// yes reads the words for a switch; known: it is such a word.
func yes(s string) (on, known bool) {
	switch fold(s) {
	case "yes", "y", "1", "true", "t", "x", "on", "ja", "j", "oui", "o", "si", "sí", "s", "wahr", "vrai", "verdadero", "enabled", "✓":
		return true, true
	case "no", "n", "0", "false", "f", "off", "nein", "non", "falsch", "faux", "falso", "disabled":
		return false, true
	}
	return false, false
}

// gone reports whether a status says that a person has left.
func gone(status string, numbered bool) bool {
	switch fold(status) {
	case "i", "inactive", "tobedeleted", "deleted", "transferred", "left", "withdrawn", "graduated", "expired", "archived", "former", "leaver", "alumni", "alumnus", "closed", "disabled", "false", "no",
		"inaktiv", "abgemeldet", "ausgetreten", "abgang", "inactif", "parti", "sorti", "inactivo", "baja", "egresado":
		return true
	case "4", "5": // Alexandria: Transferred, Inactive
		return numbered
	case "0":
		return !numbered
	}
	return false
}

// languageOf gives the language letters are written in for what a list says; empty: none of them.
func languageOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if code, _, ok := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-"); ok && len(code) <= 3 {
		s = code
	}
	switch s {
	case "en", "eng", "english", "englisch", "anglais", "inglés", "ingles":
		return "en"
	case "es", "spa", "sp", "spanish", "español", "espanol", "castellano", "spanisch", "espagnol": //nolint:misspell // German
		return "es"
	case "fr", "fra", "fre", "french", "français", "francais", "französisch", "francés":
		return "fr"
	case "de", "deu", "ger", "german", "deutsch", "allemand", "alemán":
		return "de"
	}
	return ""
}

// fold makes names of columns and words comparable: without case, blanks, _ and -.
func fold(s string) string {
	if plainFolded(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '\t', '\u00a0', '\ufeff':
			return -1
		}
		return r
	}, strings.ToLower(s))
}

func plainFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c >= 'A' && c <= 'Z' || c == ' ' || c == '_' || c == '-' || c == '\t' {
			return false
		}
	}
	return true
}
