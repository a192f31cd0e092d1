package main

import "golang.org/x/sys/windows"

var allowForeground = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow")

// anyProcess stands for whichever program asks.
const anyProcess = ^uintptr(0)

// box shows a text on the desktop without the toolkit's help.
func box(text string) {
	words, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return
	}
	caption, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, words, caption, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}

// letToFront lets another program bring its window to the front: Windows grants that only to the one a person started
// last, which is this.
//
//nolint:dogsled // where it is not granted the button in the taskbar flashes, and nothing else can be done
func letToFront() { _, _, _ = allowForeground.Call(anyProcess) }
