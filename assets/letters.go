package assets

import (
	"embed"
	"strings"
)

//go:embed letters/*.txt
var letters embed.FS

// Letter gives the original text of one kind of letter in one language, such as "overdue-first" and "en": lines Name,
// Subject and Columns, an empty line, and the body with its placeholders. Empty: there is none.
func Letter(key, language string) string {
	text, err := letters.ReadFile("letters/" + key + "." + language + ".txt")
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
