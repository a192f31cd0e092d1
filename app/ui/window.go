// Package ui is in charge of what each screen shows: it puts what app/screen knows into widgets, and what a person does
// to them back into questions for app/screen. It opens nothing and asks nobody else.
package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"smtpgateway/app/screen"
)

// Window is the whole of what is shown: the rail, one screen at a time, and what lies above them.
type Window struct {
	desk   *screen.Desk
	window fyne.Window
}

// New fills a window. Nothing is read before desk.Run runs.
func New(d *screen.Desk, win fyne.Window) *Window {
	w := &Window{desk: d, window: win}
	win.SetContent(widget.NewLabel(""))
	return w
}
