package assets

import "embed"

//go:embed icon/*.svg
var icons embed.FS

// Icon gives the drawing of a small icon: an SVG of 24 by 24 whose one colour is written "currentColor", for the window to
// put its own in. Empty: there is none of that name.
func Icon(name string) []byte {
	drawing, err := icons.ReadFile("icon/" + name + ".svg")
	if err != nil {
		return nil
	}
	return drawing
}
