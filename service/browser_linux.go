package main

import (
	"errors"
	"os"
	"os/exec"
)

// openBrowser shows an address in the browser of whoever sits at this computer. Root has none.
func openBrowser(address string) error {
	if os.Geteuid() == 0 {
		return errors.New("root has no browser")
	}
	c := exec.Command("xdg-open", address) //nolint:noctx,gosec // it outlives this program; no shell reads the text
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }()
	return nil
}
