package main

import (
	"io/fs"
	"os"
)

// privileged reports whether this program may create things in the installed place.
func privileged() bool { return os.Geteuid() == 0 }

// groupReadable reports whether others than its owner can read a file, the service among them.
func groupReadable(info fs.FileInfo) bool { return info.Mode().Perm()&0o044 != 0 }
