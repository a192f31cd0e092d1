package mirror

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"

	"smtpgateway/data/place"
)

// What a file system does in its own way: opening without following, renaming without replacing, removing one certain
// file, syncing a folder.

// forbidden has the characters that make more than a base name; the colon opens a stream beside the file.
const forbidden = `/\:` + "\x00"

// openFile shares with nobody: whoever is still writing keeps us out, and nobody writes while we read.
func openFile(dir *os.File, name string) (*os.File, error) {
	raw, err := dir.SyscallConn()
	if err != nil {
		return nil, err
	}
	var h windows.Handle
	var failed error
	err = raw.Control(func(parent uintptr) {
		h, failed = place.OpenRelative(windows.Handle(parent), name, windows.FILE_GENERIC_READ, 0)
	})
	if err != nil {
		return nil, err
	}
	if errors.Is(failed, windows.ERROR_SHARING_VIOLATION) || errors.Is(failed, windows.ERROR_LOCK_VIOLATION) {
		return nil, ErrLocked
	}
	if failed != nil {
		return nil, failed
	}
	return os.NewFile(uintptr(h), name), nil
}

// renameNew renames, and fails with fs.ErrExist where the new name is taken.
func renameNew(root *os.Root, _ *os.File, from, to string) error {
	if _, err := root.Lstat(to); err == nil {
		return fs.ErrExist
	}
	return root.Rename(from, to)
}

// remove removes the file that ok agrees to; ErrOther: it does not. It asks and removes by one handle, so no other file
// can come in between.
func remove(_ *os.Root, dir *os.File, name string, ok func(place.Identity) bool) error {
	raw, err := dir.SyscallConn()
	if err != nil {
		return err
	}
	var h windows.Handle
	var failed error
	err = raw.Control(func(parent uintptr) {
		h, failed = place.OpenRelative(windows.Handle(parent), name, windows.DELETE|windows.FILE_READ_ATTRIBUTES,
			windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE)
	})
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	file := os.NewFile(uintptr(h), name)
	id, err := place.Identify(file)
	if err == nil && !ok(id) {
		err = ErrOther
	}
	if err == nil {
		disposition := byte(1) // FILE_DISPOSITION_INFO: deleted when the last handle is closed
		if e := windows.SetFileInformationByHandle(h, windows.FileDispositionInfo, &disposition, 1); e != nil {
			err = &fs.PathError{Op: "remove", Path: name, Err: e}
		}
	}
	return errors.Join(err, file.Close())
}

// syncFolder has nothing to do: NTFS keeps a journal of names, and a folder cannot be flushed.
func syncFolder(*os.File) error { return nil }

const openTells = true
