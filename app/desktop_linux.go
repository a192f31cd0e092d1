package main

import (
	"os/exec"
	"strings"

	"fyne.io/fyne/v2"
)

// openOutside leaves it to the desktop, without a shell between.
func openOutside(_ target, text string) error {
	c := exec.Command("xdg-open", text) //nolint:noctx,gosec // it outlives this program; no shell reads the text
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }()
	return nil
}

// plain writes a text so that it stays text where the desktop reads markup.
var plain = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Notify uses the desktop's own notification. It may take the desktop a while to answer.
func (d *desktop) Notify(title, text string) {
	go d.app.SendNotification(fyne.NewNotification(title, plain.Replace(text)))
}

// Raise brings the window to the front.
func (d *desktop) Raise() {
	d.window.Show()
	d.window.RequestFocus()
}
