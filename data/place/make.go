package place

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// duty is what a folder is for, which decides who may do what in it.
type duty int

const (
	shared  duty = iota // the service and the group read and write
	private             // the service writes, the group may read what the service shows it
	logs                // the service writes, the group reads
)

// AccessHint is what to do when a folder is there and this account may not use it.
const AccessHint = "Give the account that runs this program the right to read and write there."

// Make creates the folders that are missing, with their rights, and changes nothing about those that are there
// (but for those of the installed place on Windows, where anyone may have been in ProgramData first). Everything is
// made for the service's account when an administrator calls it. Errors have the code "no-access".
func (p Place) Make() error {
	for _, one := range []struct {
		path string
		duty duty
	}{
		{p.Data, shared},
		{p.Key, private},
		{p.Logs, logs},
		{p.Folder, shared},
		{p.Backups, shared},
	} {
		if err := p.makeFolder(one.path, one.duty); err != nil {
			return err
		}
	}
	return nil
}

// refuseOther reports as an error that something else than a folder of its own lies at path. A link there could lead
// the service, and what it writes, anywhere.
func refuseOther(path string) (exists bool, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, noAccess(path, err)
	case info.Mode().Type() == fs.ModeDir:
		return true, nil
	}
	return true, &Error{
		Code: "no-access", Sentence: fmt.Sprintf("%s is not an ordinary folder, so nothing is kept there.", path),
		Next: "Remove the link or file of that name, then start again.",
	}
}

func noAccess(path string, err error) error {
	next := AccessHint
	if errors.Is(err, fs.ErrNotExist) {
		next = "Check that the disk it is on is there."
	}
	return &Error{
		Code: "no-access", Sentence: fmt.Sprintf("The folder %s cannot be used: %s.", path, cause(err)), Next: next, Err: err,
	}
}

// cause is the reason inside a path error, in words and without the path: the sentence has it already.
func cause(err error) string {
	for _, one := range []struct {
		is    error
		words string
	}{
		{fs.ErrPermission, "this account has no right to it"},
		{syscall.EROFS, "the disk may be read and not written"},
		{syscall.ENOSPC, "the disk is full"},
		{syscall.ENOTDIR, "a part of the path is a file"},
		{syscall.ELOOP, "links in the path lead in a circle"},
		{syscall.ENAMETOOLONG, "the path is too long"},
		{syscall.EIO, "the disk does not answer as it should"},
		{fs.ErrNotExist, "a part of the path is not there"},
	} {
		if errors.Is(err, one.is) {
			return one.words
		}
	}
	if inner, ok := errors.AsType[*fs.PathError](err); ok {
		return inner.Err.Error()
	}
	return err.Error()
}
