package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// What the store asks of the file system, as Windows does it.

// openToGroup does nothing: the access list is inherited from the data folder.
func openToGroup(*os.File) error { return nil }

// isFull reports whether err is about a full disk or a used-up share of it.
func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL) ||
		errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

// giveName gives a finished file its name, never replacing another; the name is on the disk when it returns.
func giveName(temp, path string) error {
	from, err := windows.UTF16PtrFromString(temp)
	if err != nil {
		return err
	}
	to, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	if err := windows.MoveFileEx(from, to, windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return &os.LinkError{Op: "rename", Old: temp, New: path, Err: err}
	}
	return nil
}

// freeBytes is what this user may still write to the disk that path lies on.
func freeBytes(path string) (uint64, error) {
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(p, &free, nil, nil); err != nil {
		return 0, err
	}
	return free, nil
}
