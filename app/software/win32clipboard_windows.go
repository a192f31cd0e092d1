package software

import (
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	unicodeText = 13 // CF_UNICODETEXT
	moveable    = 2  // GMEM_MOVEABLE
	tries       = 20
	pause       = 10 * time.Millisecond
)

// withClipboard opens the clipboard, which one program has at a time, if only for a moment, and nobody tells when it is
// free. One that keeps it to itself is not waited for.
func (n *win32) withClipboard(do func()) {
	for range tries {
		if openClipboard.call(n.handle) != 0 {
			defer closeClipboard.call()
			do()
			return
		}
		<-time.After(pause)
	}
}

// clipboard is the text on the clipboard, its lines ended as in Go; "" if there is none.
func (n *win32) clipboard() (text string) {
	n.withClipboard(func() {
		held := getClipboardData.call(unicodeText)
		if held == 0 {
			return
		}
		at := globalLock.call(held)
		if at == 0 {
			return
		}
		defer globalUnlock.call(held)
		units := make([]uint16, globalSize.call(held)/2)
		if len(units) > 0 {
			moveMemory.call(uintptr(unsafe.Pointer(&units[0])), at, number(len(units)*2)) //nolint:gosec // as the system wants it
		}
		text = unixLines(windows.UTF16ToString(units))
	})
	return text
}

func (n *win32) setClipboard(text string) {
	units, err := windows.UTF16FromString(windowsLines(strings.ReplaceAll(text, "\x00", "")))
	if err != nil {
		return
	}
	n.withClipboard(func() {
		held := globalAlloc.call(moveable, number(len(units)*2))
		if held == 0 {
			return
		}
		at := globalLock.call(held)
		if at == 0 {
			globalFree.call(held)
			return
		}
		moveMemory.call(at, uintptr(unsafe.Pointer(&units[0])), number(len(units)*2)) //nolint:gosec // as the system wants it
		globalUnlock.call(held)
		emptyClipboard.call()
		if setClipboardData.call(unicodeText, held) == 0 { // else it is the system's now
			globalFree.call(held)
		}
	})
}

// unixLines and windowsLines turn the ends of lines.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func windowsLines(text string) string {
	return strings.ReplaceAll(unixLines(text), "\n", "\r\n")
}
