package screen

import (
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"
)

// tops are the folders nothing is above.
func tops() []string { return []string{"/"} }

func isHidden(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }

// mayLookInto asks without opening: opening a folder of the automounter would mount it.
func mayLookInto(path string) error { return unix.Access(path, unix.R_OK|unix.X_OK) }
