package main

import (
	"os/exec"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// openBrowser shows an address in the browser of whoever sits at this computer.
func openBrowser(address string) error {
	folder, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return err
	}
	c := exec.Command(filepath.Join(folder, "System32", "rundll32.exe"), "url.dll,FileProtocolHandler", address) //nolint:gosec,noctx // no shell reads the text, and it outlives this program
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }()
	return nil
}
