package main

import "golang.org/x/sys/windows"

// console reports whether a person sits at an open file: NUL is a device as well, and nobody is there.
func console(fd uintptr) bool {
	var mode uint32
	return windows.GetConsoleMode(windows.Handle(fd), &mode) == nil
}
