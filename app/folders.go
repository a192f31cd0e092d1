package main

import (
	"os"
	"path/filepath"
)

// settingsFolder is where this person's choices about the window are kept, and where windows of this person leave word for
// each other unless there is a better place.
func settingsFolder() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		dir = os.TempDir() // a service account without a home
	}
	return filepath.Join(dir, "smtp-gateway")
}

// windowFolder is where windows of this person leave word for each other. One that is gone with the session is better: a
// home folder may be shared between computers.
func windowFolder() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() { //nolint:gosec // the person's own environment
			return filepath.Join(dir, "smtp-gateway")
		}
	}
	return settingsFolder()
}
