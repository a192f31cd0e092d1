package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

var attachConsole = windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")

// attachParent names the console of the program that started this one.
const attachParent = ^uintptr(0)

// tell writes a line for whoever started the program. A program with a window has no console of its own: where nothing
// was redirected it borrows the one it was started from, and where there is none it says it in a box.
func tell(to *os.File, text string) {
	if _, err := fmt.Fprintln(to, text); err == nil {
		return
	}
	if ok, _, _ := attachConsole.Call(attachParent); ok != 0 {
		if console, err := os.OpenFile("CONOUT$", os.O_WRONLY, 0); err == nil {
			_, err := fmt.Fprintln(console, text)
			if console.Close() == nil && err == nil {
				return
			}
		}
	}
	box(text)
}
