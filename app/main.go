// Package main is SMTP Gateway Manager, the window: flags and exit codes, and what ties the window to this computer. What
// it shows is app/ui's, what it knows app/screen's.
package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"smtpgateway/app/screen"
	"smtpgateway/app/ui"
	"smtpgateway/assets"
	"smtpgateway/data/place"
	"smtpgateway/service/sendercheck"
)

// version is set by the build.
var version = "0.1.0"

const (
	title = "SMTP Gateway Manager"
	id    = "org.smtp-gateway.manager"
)

func main() { os.Exit(run(os.Args[1:])) }

// run is the program, from its arguments to its exit code.
func run(args []string) int {
	o, err := parse(args)
	switch {
	case err != nil:
		complain(err)
		return exitUsage
	case o.help:
		answer(usage)
		return exitOK
	case o.version:
		answer("smtp-gateway-manager version " + version)
		return exitOK
	}
	return show(place.Find(o.data), o.software)
}

// show opens the window on a place and comes back when it was closed.
func show(p place.Place, forced bool) int {
	first, err := becomeFirst(context.Background(), windowFolder(), p.Data)
	if err != nil {
		complain(err) // two windows on one data folder do no harm
	} else if first == nil {
		return exitOK
	}
	defer first.close()
	preferences := filepath.Join(settingsFolder(), "window.json")
	chosen := screen.LoadPreferences(preferences)
	draw(chosen.Scale)
	withOpenGL := func() fyne.App { return app.NewWithID(id) }
	a, drawn, problem := ways{probe, withOpenGL, inSoftware}.choose(forced)
	if problem != nil {
		complain(problem)
		box(problem.Sentence + "\n\n" + problem.Next)
		return exitNoWindow
	}
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.AppIcon()))
	a.Settings().SetTheme(ui.Theme(chosen.Theme))
	w := a.NewWindow(title)
	w.Resize(fyne.NewSize(chosen.Width, chosen.Height))
	w.CenterOnScreen()
	posts := &poster{do: fyne.Do}
	around := &desktop{app: a, window: w, post: posts.post}
	checker := sendercheck.New(names())
	desk := screen.NewDesk(screen.Options{
		Place: p, Version: version, Service: serviceOf(p), Desktop: around, Post: posts.post,
		Mail:        checker,
		Ports:       checker,
		Sender:      senders{checker},
		SignIns:     newSignIns(),
		Preferences: preferences, Chosen: chosen, Say: ui.Say, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Drawn: drawn.words(),
	})
	if drawn.software {
		desk.NoteOnce("The window is drawn " + drawn.words())
	}
	ui.New(desk, w)
	drive(w, posts.post)
	first.serve(func(done func()) { posts.post(func() { around.Raise(); done() }) })
	go desk.Run()
	end := func() {
		posts.close()
		leave(desk)
	}
	ends := newEnding(func() {
		end()
		first.close()
		os.Exit(exitOK)
	})
	ends.heed()
	w.SetOnClosed(ends.windowClosed)
	w.ShowAndRun()
	ends.returned()
	end()
	return exitOK
}

// scaleVariable is where the toolkit looks how large to draw, once, when it begins.
const scaleVariable = "FYNE_SCALE"

// draw makes the toolkit draw in a size of so many percent, unless whoever started the program chose another.
func draw(percent int) {
	if percent == 100 || os.Getenv(scaleVariable) != "" {
		return
	}
	if err := os.Setenv(scaleVariable, strconv.FormatFloat(float64(percent)/100, 'f', -1, 64)); err != nil {
		complain(err)
	}
}

// patience is how long work that was under way may take to end after the window was closed. The database bears being left
// without a word.
const patience = 10 * time.Second

func leave(desk *screen.Desk) {
	closed := make(chan error, 1)
	go func() { closed <- desk.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			complain(err)
		}
	case <-time.After(patience):
	}
}
