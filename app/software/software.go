// Package software is in charge of the window where there is no OpenGL: Fyne's own software painter draws it into memory,
// and a plain window of the operating system shows the picture and tells what the person does. It is a whole Fyne
// application with one window; everything else lies over that one.
package software

import (
	"fmt"
	"image"
	"math"
	"net/url"
	"os"
	"runtime"
	"strconv"

	"fyne.io/fyne/v2"
)

// Options say what the application is called and how it reaches what is around it.
type Options struct {
	ID    string // the application's unique ID
	Title string
	Icon  image.Image // of the window; nil: the system's own
	// Open shows an address in the program that is meant for it; App.OpenURL uses it.
	Open func(address string) error
}

// ScaleVariable is the environment variable that says how large to draw, 1 being the size the display asks for.
const ScaleVariable = "FYNE_SCALE"

// New opens a window, not yet seen, and gives the application that draws in it. It is then the current application of
// Fyne. Its goroutine is the window's from here on, and must be the one that calls Run. Where there is no display, or no
// such window is known for this system, it comes back with an error.
func New(o Options) (fyne.App, error) { return newApp(o, newNative()) }

func newApp(o Options, n native) (*app, error) {
	runtime.LockOSThread()
	a := &app{options: o, base: freshBase(), icon: o.Icon}
	a.settings = newSettings(a)
	a.driver = newDriver(a, n)
	w := a.driver.window
	const width, height = 800, 600 // until somebody says better
	if err := n.open(opening{title: o.Title, icon: o.Icon, width: width, height: height, class: o.ID}, w); err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("a window without OpenGL: %w", err)
	}
	w.scaled(n.scale())
	w.canvas.resize(fyne.NewSize(width/w.canvas.scale, height/w.canvas.scale))
	fyne.SetCurrentApp(a)
	return a, nil
}

// chosenScale is how large somebody wants it, beside what the display asks for.
func chosenScale() float32 {
	s, err := strconv.ParseFloat(os.Getenv(ScaleVariable), 32)
	if err != nil || s <= 0 || math.IsInf(s, 0) || math.IsNaN(s) {
		return 1
	}
	return float32(min(max(s, 0.25), 8))
}

// open leaves an address to whoever knows the desktop.
func (o Options) open(u *url.URL) error {
	if o.Open == nil {
		return fmt.Errorf("nothing here opens %s", u.Scheme)
	}
	return o.Open(u.String())
}
