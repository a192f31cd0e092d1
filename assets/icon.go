package assets

import (
	"embed"
)

//go:embed icon/*.svg
var icons embed.FS

//go:embed icon.png
var appIcon []byte

//go:embed translation/*.json
var translations embed.FS

// Icon gives the drawing of a small icon: an SVG of 24 by 24 whose one colour is written "currentColor", for the window to
// put its own in. Empty: there is none of that name.
func Icon(name string) []byte {
	drawing, err := icons.ReadFile("icon/" + name + ".svg")
	if err != nil {
		return nil
	}
	return drawing
}

// AppIcon is the program's icon as PNG, 512 by 512; icon.svg is where it is drawn.
func AppIcon() []byte { return appIcon }

// Translations holds the window's words: a file for each language in the folder "translation", from the English text to
// the words in that language.
func Translations() embed.FS { return translations }
