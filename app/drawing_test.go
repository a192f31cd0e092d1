package main

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/data"
)

func TestChoose(t *testing.T) {
	gl, soft := test.NewApp(), test.NewApp()
	works := func() *data.Error { return nil }
	missing := func() *data.Error { return noOpenGL(errors.New("no GLX")) }
	drawn := func() (fyne.App, error) { return soft, nil }
	nothing := func() (fyne.App, error) { return nil, errors.New("no X server") }
	for _, way := range []struct {
		promise string
		probe   func() *data.Error
		soft    func() (fyne.App, error)
		forced  bool
		app     fyne.App
		why     string // in the line for the Log
		says    string // in the error
	}{
		{"OpenGL is taken where it works", works, drawn, false, gl, "with OpenGL", ""},
		{"software is taken where somebody asks for it, and nothing is probed", nil, drawn, true, soft, "--software", ""},
		{"software is taken where OpenGL is missing, and the Log says so", missing, drawn, false, soft, "no OpenGL 2.1", ""},
		{"without a display it is said what to do", func() *data.Error { return noDisplay(errors.New("x")) }, nothing, false, nil, "", "no display here"},
		{"asked for software without a display it is said too", nil, nothing, true, nil, "", "no display here"},
		{"the way out of a broken driver is named", missing, nothing, false, nil, "", "--software"},
	} {
		t.Run(way.promise, func(t *testing.T) {
			a, d, problem := ways{way.probe, func() fyne.App { return gl }, way.soft}.choose(way.forced)
			if way.app == nil {
				if a != nil || problem == nil || !strings.Contains(problem.Error(), way.says) || !strings.Contains(problem.Error(), "smtp-gateway --help") {
					t.Fatalf("%v, %v", a, problem)
				}
				return
			}
			if a != way.app || problem != nil || !strings.Contains(d.words(), way.why) || d.software != (a == soft) {
				t.Errorf("%v, %+v, %v", a, d, problem)
			}
		})
	}
}

func TestIcon(t *testing.T) {
	t.Run("the window has an icon", func(t *testing.T) {
		if i := icon(); i == nil || i.Bounds().Empty() {
			t.Errorf("%v", i)
		}
	})
}
