package letter

import (
	"slices"
	"strings"

	"smtpgateway/assets"
	"smtpgateway/data"
)

// The letters that are shipped.
const (
	KeyDueSoon = "due-soon"
	KeyFirst   = "overdue-first"
	KeySecond  = "overdue-second"
	KeyFinal   = "overdue-final"
	KeyAll     = "all-loans"
	KeyFree    = "free"
)

// Keys lists the letters that are shipped, in the order in which a person meets them.
func Keys() []string { return []string{KeyDueSoon, KeyFirst, KeySecond, KeyFinal, KeyAll, KeyFree} }

// aboutItems reports whether a letter that is shipped speaks of things on loan.
func aboutItems(key string) bool { return key != KeyFree && slices.Contains(Keys(), key) }

// Original is a letter as it is shipped; false: there is none of this key in this language.
func Original(key, language string) (data.Template, bool) {
	text := assets.Letter(key, language)
	if text == "" {
		return data.Template{}, false
	}
	t := data.Template{Key: key, Language: language}
	head, body, _ := strings.Cut(text, "\n\n")
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "Name":
			t.Name = value
		case "Subject":
			t.Subject = value
		case "Columns":
			t.Columns = strings.Split(value, ", ")
		}
	}
	t.Body = strings.TrimSpace(body)
	return t, true
}

// Originals lists all letters that are shipped, by Keys and data.Languages.
func Originals() []data.Template {
	var all []data.Template
	for _, key := range Keys() {
		for _, language := range data.Languages() {
			if t, ok := Original(key, language); ok {
				all = append(all, t)
			}
		}
	}
	return all
}
