package main

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// privileged reports whether this program may create things in the installed place.
func privileged() bool { return os.Geteuid() == 0 }

// groupReadable reports whether others than its owner can read a file, the service among them.
func groupReadable(info fs.FileInfo) bool { return info.Mode().Perm()&0o044 != 0 }

// writable reports whether this program may rename what lies in a folder.
func writable(dir string) bool { return unix.Access(dir, unix.W_OK) == nil }
