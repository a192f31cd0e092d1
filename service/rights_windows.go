package main

import (
	"io/fs"

	"golang.org/x/sys/windows"
)

// privileged reports whether this program may create things in the installed place.
func privileged() bool { return windows.GetCurrentProcessToken().IsElevated() }

// groupReadable reports whether others than its owner can read a file; on Windows the folder's list decides, not the
// file's mode.
func groupReadable(fs.FileInfo) bool { return true }

// writable reports whether this program may rename what lies in a folder; on Windows only trying would tell.
func writable(string) bool { return true }
