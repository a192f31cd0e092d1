package main

import (
	"bytes"
	"errors"
	"image"
	"image/png"

	"fyne.io/fyne/v2"

	"smtpgateway/app/software"
	"smtpgateway/assets"
	"smtpgateway/data"
)

// drawing is how the window is drawn, and why.
type drawing struct {
	software bool
	why      string // empty with OpenGL
}

// words say it where errors are looked for.
func (d drawing) words() string {
	if d.software {
		return "without OpenGL: " + d.why
	}
	return "with OpenGL"
}

// ways are those to draw the window.
type ways struct {
	probe      func() *data.Error // nil: OpenGL works
	withOpenGL func() fyne.App
	inSoftware func() (fyne.App, error)
}

// choose takes OpenGL where it works, unless somebody asked for software, and software where it does not. It fails only
// where there is nothing to show a window on.
func (w ways) choose(forced bool) (fyne.App, drawing, *data.Error) {
	d := drawing{software: true, why: "it was started with --software."}
	var problem *data.Error
	if !forced {
		if problem = w.probe(); problem == nil {
			return w.withOpenGL(), drawing{}, nil
		}
		d.why = problem.Sentence
	}
	a, err := w.inSoftware()
	if err == nil {
		return a, d, nil
	}
	if problem == nil {
		return nil, d, noDisplay(err)
	}
	problem.Err = errors.Join(problem.Err, err)
	return nil, d, problem
}

// inSoftware makes the application that draws its window itself.
func inSoftware() (fyne.App, error) {
	return software.New(software.Options{ID: id, Title: title, Icon: icon(), Open: func(address string) error { return openOutside(anAddress, address) }})
}

// icon is the window's; nil if it cannot be read, and then the system has one.
func icon() image.Image {
	i, err := png.Decode(bytes.NewReader(assets.AppIcon()))
	if err != nil {
		complain(err)
		return nil
	}
	return i
}

// noDisplay: there is nothing to show a window on.
func noDisplay(err error) *data.Error {
	return &data.Error{
		Code: data.CodeNotNow, Sentence: "There is no display here to show the window on.",
		Next: "Start it at the computer's own screen, or use the command line, which does everything the window does: smtp-gateway --help.", Err: err,
	}
}

// noOpenGL: there is a display, but its driver cannot draw what the window needs.
func noOpenGL(err error) *data.Error {
	return &data.Error{
		Code:     data.CodeNotNow,
		Sentence: "This computer's display offers no OpenGL 2.1.",
		Next: "Start the program with --software, which needs none: smtp-gateway-manager --software. The command line does everything " +
			"the window does: smtp-gateway --help.",
		Err: err,
	}
}
