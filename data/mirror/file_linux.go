package mirror

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"smtpgateway/data/place"
)

// What a file system does in its own way: opening without following, renaming without replacing, removing one certain
// file, syncing a folder.

// forbidden has the characters that make more than a base name.
const forbidden = "/\x00"

func openFile(dir *os.File, name string) (*os.File, error) {
	raw, err := dir.SyscallConn()
	if err != nil {
		return nil, err
	}
	var fd int
	var failed error
	err = raw.Control(func(parent uintptr) {
		for {
			// O_NONBLOCK: a pipe without a writer would hold us for ever.
			fd, failed = unix.Openat(int(parent), name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0) //nolint:gosec // a descriptor fits
			if !errors.Is(failed, unix.EINTR) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	switch {
	case errors.Is(failed, unix.ELOOP), errors.Is(failed, unix.ENXIO):
		return nil, ErrOther // a link, a socket
	case errors.Is(failed, unix.ETXTBSY), errors.Is(failed, unix.EAGAIN):
		return nil, ErrLocked
	case failed != nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: failed}
	}
	return os.NewFile(uintptr(fd), name), nil //nolint:gosec // a descriptor fits
}

// renameNew renames, and fails with fs.ErrExist where the new name is taken.
func renameNew(root *os.Root, dir *os.File, from, to string) error {
	raw, err := dir.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		failed = unix.Renameat2(int(fd), from, int(fd), to, unix.RENAME_NOREPLACE) //nolint:gosec // a descriptor fits
	})
	if err != nil {
		return err
	}
	if errors.Is(failed, unix.EINVAL) || errors.Is(failed, unix.ENOSYS) { // some network file systems cannot
		if _, err := root.Lstat(to); err == nil {
			return fs.ErrExist
		}
		return root.Rename(from, to)
	}
	if failed != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: failed}
	}
	return nil
}

// remove removes the file that ok agrees to; ErrOther: it does not.
func remove(root *os.Root, dir *os.File, name string, ok func(place.Identity) bool) error {
	id, err := place.IdentifyIn(dir, name)
	if err != nil {
		return err
	}
	if !ok(id) {
		return ErrOther
	}
	return root.Remove(name)
}

func syncFolder(dir *os.File) error {
	if err := dir.Sync(); err != nil && !errors.Is(err, unix.EINVAL) { // EINVAL: nothing to sync on this file system
		return err
	}
	return nil
}

const openTells = false
