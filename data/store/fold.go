package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"smtpgateway/data"
)

// spelled are letters that are no base letter with a sign in Unicode, but that a person types without it.
var spelled = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "ł", "l", "þ", "th", "ħ", "h", "ı", "i")

// fold makes small letters without accents, so that "Écoles" is found by "ecole" and sorted beside it.
func fold(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] < utf8.RuneSelf
	}
	if plain {
		return strings.ToLower(s)
	}
	decomposed := norm.NFKD.String(strings.ToLower(s))
	return spelled.Replace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, decomposed))
}

// foldedKey is what patrons' keys are compared by.
func foldedKey(key string) string { return strings.ToLower(key) }

// nameGap stands between last and first name: it comes before every letter, so that "Berg" comes before "Berger".
const nameGap = "\x1e"

// sortOf is what patrons are ordered by. One without a name stands where the key would.
func sortOf(p *data.Patron) string {
	last, first := rollWord(fold(p.Last)), rollWord(fold(p.First))
	switch {
	case last == "" && first == "":
		return rollWord(fold(p.Key))
	case last == "":
		return first
	}
	return last + nameGap + first
}
