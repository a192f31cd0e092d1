package control

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// What setup programs call, so that they copy files and know nothing else. setupKey remembers from one call to the next, and
// through an upgrade that broke off, that the service ran before it.
const (
	setupKey  = `SOFTWARE\SMTP Gateway`
	ranBefore = "RanBefore"
)

// windowProgram is the file of the window, beside the service's.
const windowProgram = "smtp-gateway-manager.exe"

// closePatience is how long the window may take to close, or to ask its person something.
const closePatience = 10 * time.Second

// BeforeFiles makes way for other program files in dir: it asks open windows to close, stops the service and remembers that it
// ran. A window that stays open is CodeNotNow and leaves the service alone, unless anyway.
func BeforeFiles(ctx context.Context, dir string, anyway bool) error {
	if !windows.GetCurrentProcessToken().IsElevated() {
		return needAdministrator("install the service", nil)
	}
	if left := closeWindows(ctx, filepath.Join(dir, windowProgram)); left && !anyway {
		return &Error{
			Code: "not-now", Sentence: "SMTP Gateway Manager is still open.",
			Next: "Finish what you were doing there and close it, then try again.",
		}
	}
	status, err := Query(ctx)
	if err != nil {
		return err
	}
	if status.Running || status.State == Starting {
		if err := remember(); err != nil {
			return refused("stop the service", err)
		}
	} else if status.State != Stopping {
		return nil // also when an upgrade broke off: what it remembered holds
	}
	// The manager hears of the end a moment before the program's file is free.
	process, unknown := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(status.PID)) //nolint:gosec // it was one before
	if err := Stop(ctx); err != nil || unknown != nil {
		return err
	}
	_, _ = windows.WaitForSingleObject(process, uint32(endPatience/time.Millisecond))
	return windows.CloseHandle(process)
}

// endPatience is how long a program may take to end after its service has.
const endPatience = 10 * time.Second

func remember() error {
	key, _, err := registry.CreateKey(registry.LOCAL_MACHINE, setupKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	return errors.Join(key.SetDWordValue(ranBefore, 1), key.Close())
}

// Resume starts the service if it ran before BeforeFiles, and reports whether it did.
func Resume(ctx context.Context) (bool, error) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, setupKey, registry.QUERY_VALUE|registry.SET_VALUE)
	if err != nil {
		return false, nil // nobody remembered anything, or nobody here may know
	}
	defer func() { _ = key.Close() }()
	if ran, _, err := key.GetIntegerValue(ranBefore); err != nil || ran != 1 {
		return false, nil
	}
	if err := key.DeleteValue(ranBefore); err != nil {
		return false, refused("start", err)
	}
	return true, Start(ctx)
}

// Forget drops what setup remembered: the service is gone for good.
func Forget() {
	if key, err := registry.OpenKey(registry.LOCAL_MACHINE, setupKey, registry.SET_VALUE); err == nil {
		_ = key.DeleteValue(ranBefore)
		_ = key.Close()
	}
}

// Purge removes what Uninstall leaves: messages, settings, keys, logs, the usual folder for mail and the local group. A link in
// the place of one of the folders is removed, and not what it leads to.
func Purge(ctx context.Context, l Layout) error {
	if !windows.GetCurrentProcessToken().IsElevated() {
		return needAdministrator("remove the messages and settings", nil)
	}
	if status, err := Query(ctx); err != nil || status.Installed {
		return errors.Join(err, &Error{Code: "not-now", Sentence: "The service is still installed.", Next: "Run smtp-gateway uninstall first."})
	}
	Forget()
	var all error
	for _, dir := range []string{l.Data, l.Key, l.Folder} {
		if err := removeTree(dir); err != nil {
			all = errors.Join(all, &Error{Code: "not-now", Sentence: "The folder " + dir + " could not be removed.", Next: "Close the programs that use it, then delete it.", Err: err})
		}
	}
	return errors.Join(all, dropGroup())
}

// removeTree removes a folder with all that is in it, and follows no link, even one that comes while it works. Wine and some
// file systems cannot delete so: there the way is the plain one.
func removeTree(dir string) error {
	err := os.RemoveAll(dir)
	if !errors.Is(err, windows.ERROR_INVALID_FUNCTION) {
		return err
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() {
			err = errors.Join(err, removeTree(path))
		} else {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return errors.Join(err, os.Remove(dir))
}

func dropGroup() error {
	if _, _, _, err := windows.LookupSID("", groupName); errors.Is(err, windows.ERROR_NONE_MAPPED) {
		return nil // there is none
	}
	name, err := windows.UTF16PtrFromString(groupName)
	if err != nil {
		return err
	}
	remove := windows.NewLazySystemDLL("netapi32.dll").NewProc("NetLocalGroupDel")
	if err := remove.Find(); err != nil {
		return err
	}
	if code, _, _ := remove.Call(0, uintptr(unsafe.Pointer(name))); code != 0 { //nolint:gosec // as the system wants it
		return refused("remove the group "+groupName, windows.Errno(code))
	}
	return nil
}

var (
	user32          = windows.NewLazySystemDLL("user32.dll")
	postMessage     = user32.NewProc("PostMessageW")
	isWindowVisible = user32.NewProc("IsWindowVisible")
)

const wmClose = 0x10

// closeWindows asks each window of a program to close, as its own cross does, and reports whether one is left. Only those on
// this screen can be asked.
func closeWindows(ctx context.Context, program string) (left bool) {
	ctx, cancel := context.WithTimeout(ctx, closePatience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	open := runningOf(program)
	if len(open) > 0 {
		askToClose(open)
	}
	for len(open) > 0 {
		select {
		case <-ctx.Done():
			return true
		case <-tick.C:
			open = runningOf(program)
		}
	}
	return false
}

// runningOf lists the processes of a program file.
func runningOf(program string) map[uint32]bool {
	found := make(map[uint32]bool)
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return found
	}
	defer func() { _ = windows.CloseHandle(snapshot) }()
	entry := windows.ProcessEntry32{}
	entry.Size = uint32(unsafe.Sizeof(entry))
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		if strings.EqualFold(windows.UTF16ToString(entry.ExeFile[:]), filepath.Base(program)) && strings.EqualFold(fileOf(entry.ProcessID), program) {
			found[entry.ProcessID] = true
		}
	}
	return found
}

func fileOf(pid uint32) string {
	process, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return ""
	}
	defer func() { _ = windows.CloseHandle(process) }()
	name := make([]uint16, windows.MAX_LONG_PATH)
	size := uint32(windows.MAX_LONG_PATH)
	if windows.QueryFullProcessImageName(process, 0, &name[0], &size) != nil {
		return ""
	}
	return windows.UTF16ToString(name[:size])
}

// askToClose leaves hidden windows alone: they are the toolkit's own, and would not know what to do.
func askToClose(processes map[uint32]bool) {
	each := windows.NewCallback(func(window windows.HWND, _ uintptr) uintptr {
		var pid uint32
		if _, err := windows.GetWindowThreadProcessId(window, &pid); err == nil && processes[pid] {
			if seen, _, _ := isWindowVisible.Call(uintptr(window)); seen != 0 {
				_, _, _ = postMessage.Call(uintptr(window), wmClose, 0, 0)
			}
		}
		return 1
	})
	_ = windows.EnumWindows(each, nil)
}
