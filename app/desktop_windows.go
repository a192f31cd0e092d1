package main

import (
	"os/exec"
	"path/filepath"
	"unsafe"

	"fyne.io/fyne/v2/driver"
	"golang.org/x/sys/windows"
)

// openOutside names the system's own programs by their whole path and uses no command interpreter: a text in an address
// must never become a command.
func openOutside(kind target, text string) error {
	folder, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return err
	}
	c := exec.Command(filepath.Join(folder, "System32", "rundll32.exe"), "url.dll,FileProtocolHandler", text) //nolint:gosec,noctx // no shell reads the text, and it outlives this program
	if kind == aFolder {
		c = exec.Command(filepath.Join(folder, "explorer.exe"), text) //nolint:gosec,noctx // as above
	}
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }()
	return nil
}

var (
	user32        = windows.NewLazySystemDLL("user32.dll")
	flashWindow   = user32.NewProc("FlashWindowEx")
	isIconic      = user32.NewProc("IsIconic")
	showWindow    = user32.NewProc("ShowWindow")
	restoreWindow = uintptr(windows.SW_RESTORE)
)

// flashInfo is FLASHWINFO.
type flashInfo struct {
	size    uint32
	window  uintptr
	flags   uint32
	count   uint32
	timeout uint32
}

// untilSeen flashes the button in the taskbar until the window comes to the front.
const untilSeen = 2 | 12

// Notify makes the taskbar button flash; the words stand in the window. The toolkit's own notification would run a script
// with the text in it.
func (d *desktop) Notify(string, string) {
	d.post(func() {
		d.native(func(window uintptr) {
			info := flashInfo{window: window, flags: untilSeen}
			info.size = uint32(unsafe.Sizeof(info))
			_, _, _ = flashWindow.Call(uintptr(unsafe.Pointer(&info))) //nolint:gosec // as the system wants it
		})
	})
}

// Raise brings the window to the front, from the taskbar too.
func (d *desktop) Raise() {
	d.native(func(window uintptr) {
		if small, _, _ := isIconic.Call(window); small != 0 {
			_, _, _ = showWindow.Call(window, restoreWindow)
		}
	})
	d.window.Show()
	d.window.RequestFocus()
}

func (d *desktop) native(do func(window uintptr)) {
	if w, ok := d.window.(driver.NativeWindow); ok {
		w.RunNative(func(context any) {
			if c, ok := context.(driver.WindowsWindowContext); ok && c.HWND != 0 {
				do(c.HWND)
			}
		})
	}
}
