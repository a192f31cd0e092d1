package software

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// native is one window of the operating system. All its methods but wake are called on the goroutine that runs the loop,
// which is locked to its thread before open. Sizes and places are pixels inside the window.
type native interface {
	// open makes the window, which is not seen yet.
	open(o opening, h handler) error
	// show lets it be seen; the system then asks for the first picture (handler.exposed).
	show()
	// run is the loop: it waits without using the processor, and comes back after close.
	run()
	// wake may be called by any goroutine: soon handler.work is called in the loop, also while the system runs a loop of
	// its own for moving or sizing.
	wake()
	close()
	// present puts these parts of the picture into the window, at once. The picture is opaque and as large as the window
	// is inside.
	present(frame *image.RGBA, parts []image.Rectangle)
	// scale is how many pixels a point takes on this display: its dots per inch by 96, 1 if that is unknown.
	scale() float32
	setTitle(title string)
	setMinSize(w, h int)
	resize(w, h int)
	center()
	raise()
	setCursor(c desktop.Cursor)
	clipboard() string
	setClipboard(text string)
}

// opening is what a window is made of.
type opening struct {
	title         string
	icon          image.Image // nil: the system's own
	width, height int         // pixels inside
	class         string      // by which the system groups the windows of a program
}

// handler is told what happens to a window. All its methods are called in the loop.
type handler interface {
	// work runs what was queued, and draws if there is something to draw.
	work()
	resized(w, h int)
	// rescaled tells that a point now takes so many pixels; the native has given the window its new size already, or
	// tells it by resized afterwards.
	rescaled(factor float32)
	exposed(part image.Rectangle)
	// shown is false while the window is minimised, or covered by the system's own word.
	shown(seen bool)
	focused(has bool)
	closeAsked()
	moved(x, y int, m fyne.KeyModifier)
	left()
	pressed(b desktop.MouseButton, x, y int, m fyne.KeyModifier)
	released(b desktop.MouseButton, x, y int, m fyne.KeyModifier)
	// wheel is in notches; up and left are positive.
	wheel(dx, dy float32, m fyne.KeyModifier)
	keyDown(k fyne.KeyName, scan int, m fyne.KeyModifier, repeat bool)
	keyUp(k fyne.KeyName, scan int, m fyne.KeyModifier)
	// typed is a letter; never that of Ctrl and a letter.
	typed(r rune)
}
