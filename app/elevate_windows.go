package main

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var shellExecuteEx = windows.NewLazySystemDLL("shell32.dll").NewProc("ShellExecuteExW")

// keepProcess asks for the handle of what was started, to wait for its end; quiet shows no box of the system's for an error.
const (
	keepProcess = 0x40
	quiet       = 0x400
)

// shellExecuteInfo is SHELLEXECUTEINFOW.
type shellExecuteInfo struct {
	size      uint32
	mask      uint32
	window    windows.Handle
	verb      *uint16
	file      *uint16
	arguments *uint16
	folder    *uint16
	show      int32
	instance  windows.Handle
	idList    uintptr
	class     *uint16
	classKey  windows.Handle
	hotKey    uint32
	icon      windows.Handle
	process   windows.Handle
}

// elevate runs our own command line as an administrator, after Windows has asked. Nothing can be read from it but its
// exit code.
func elevate(ctx context.Context, args ...string) error {
	program, err := findProgram(trusted)
	if err != nil {
		return err
	}
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = syscall.EscapeArg(a)
	}
	process, err := runAs(program, strings.Join(quoted, " "))
	if errors.Is(err, windows.ERROR_CANCELLED) {
		return refused(err)
	}
	if err != nil {
		return elevated(nil, err, args...)
	}
	defer func() { _ = windows.CloseHandle(process) }()
	return await(ctx, process, args)
}

func runAs(program, arguments string) (windows.Handle, error) {
	info := shellExecuteInfo{mask: keepProcess | quiet, show: windows.SW_HIDE}
	info.size = uint32(unsafe.Sizeof(info))
	for _, s := range []struct {
		to   **uint16
		text string
	}{{&info.verb, "runas"}, {&info.file, program}, {&info.arguments, arguments}} {
		text, err := windows.UTF16PtrFromString(s.text)
		if err != nil {
			return 0, err
		}
		*s.to = text
	}
	ok, _, err := shellExecuteEx.Call(uintptr(unsafe.Pointer(&info))) //nolint:gosec // as the system wants it
	if ok == 0 {
		return 0, err
	}
	if info.process == 0 {
		return 0, errors.New("nothing was started")
	}
	return info.process, nil
}

// awaitSlice is how long await waits before it looks, in milliseconds.
const awaitSlice = 100

// await waits for the end of a process, looking now and then whether anybody still wants to know.
func await(ctx context.Context, process windows.Handle, args []string) error {
	for ctx.Err() == nil {
		event, err := windows.WaitForSingleObject(process, awaitSlice)
		if err != nil {
			return elevated(nil, err, args...)
		}
		if event == uint32(windows.WAIT_TIMEOUT) {
			continue
		}
		var code uint32
		if err := windows.GetExitCodeProcess(process, &code); err != nil {
			return elevated(nil, err, args...)
		}
		if code != 0 {
			return elevated(nil, syscall.Errno(code), args...)
		}
		return nil
	}
	return ctx.Err()
}
