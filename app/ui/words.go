package ui

import (
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/assets"
)

var addWords = sync.OnceValue(func() error { // the toolkit's list of translations is the process's
	return lang.AddTranslationsFS(assets.Translations(), "translation")
})

// Say gives the words for an English text in the person's language; data fills its places. For screen.Options.
func Say(key string, data ...any) string {
	if err := addWords(); err != nil {
		fyne.LogError("reading translations", err)
	}
	if key == "" {
		return ""
	}
	return lang.L(key, data...)
}
