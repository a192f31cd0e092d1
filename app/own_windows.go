package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

var freeConsole = windows.NewLazySystemDLL("kernel32.dll").NewProc("FreeConsole")

// detach gives a program a hidden console of its own: it goes on when the window is closed, and can be asked to end.
func detach(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW, HideWindow: true}
}

// askToStop presses Ctrl+Break in the console of a process, after making sure that it is a service of ours: the number may
// be an old one, given to another program since. One that was started by hand in a console leads no group of its own, and
// is told nothing, as everything else in that console would end with it.
func askToStop(pid int) error {
	id := uint32(pid) //nolint:gosec // the system's numbers
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, id)
	if err != nil {
		return elsewhere(err)
	}
	defer func() { _ = windows.CloseHandle(process) }()
	name := make([]uint16, windows.MAX_LONG_PATH)
	length := uint32(windows.MAX_LONG_PATH)
	if err := windows.QueryFullProcessImageName(process, 0, &name[0], &length); err != nil {
		return elsewhere(err)
	}
	if !strings.EqualFold(filepath.Base(windows.UTF16ToString(name[:length])), programName) {
		return elsewhere(nil)
	}
	_, _, _ = freeConsole.Call() //nolint:dogsled // a program has one console at a time, or none to give back
	if ok, _, err := attachConsole.Call(uintptr(id)); ok == 0 {
		return elsewhere(err)
	}
	defer func() { _, _, _ = freeConsole.Call() }() //nolint:dogsled // nothing is left to do about it
	if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, id); err != nil {
		return elsewhere(err)
	}
	return nil
}
