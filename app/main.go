// Package main is SMTP Gateway Manager, the window: flags and exit codes only. What it shows is app/ui's, what it knows
// app/screen's.
package main

import (
	"fyne.io/fyne/v2/app"

	"smtpgateway/app/screen"
	"smtpgateway/app/ui"
)

func main() {
	a := app.NewWithID("smtpgateway.manager")
	w := a.NewWindow("SMTP Gateway Manager")
	ui.New(screen.NewDesk(screen.Options{}), w)
	w.ShowAndRun()
}
