// Package mirror is in charge of touching the drop folder: looking at its files, reading, removing and setting them
// aside. It takes base names only, works inside one open folder whatever becomes of the path, never follows a link,
// and checks which file it has before its hands before it changes anything. What the files mean is for others to say.
package mirror

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/place"
)

// ErrOther is returned when a name no longer leads to the file that was meant.
var ErrOther = errors.New("another file stands under this name")

// ErrLocked is returned when another program has the file open in a way that shuts others out.
var ErrLocked = errors.New("another program has the file open")

// Folder is one open drop folder. It may be used from several goroutines.
type Folder struct {
	path string
	root *os.Root
	dir  *os.File // the folder itself, for look-ups beside a name
	id   place.Identity
}

// Open opens the folder at path. Errors have data.CodeNoAccess.
func Open(path string) (*Folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, unreachable(path, err)
	}
	return In(root)
}

// In works in a folder that is open already, and closes it in the end.
func In(root *os.Root) (*Folder, error) {
	f := &Folder{path: root.Name(), root: root}
	var err error
	if f.dir, err = root.Open("."); err == nil {
		if f.id, err = place.Identify(f.dir); err == nil {
			return f, nil
		}
	}
	return nil, errors.Join(unreachable(f.path, err), f.Close())
}

// Path is where the folder was opened.
func (f *Folder) Path() string { return f.path }

// Identity is which folder it is.
func (f *Folder) Identity() place.Identity { return f.id }

// Close lets the folder go.
func (f *Folder) Close() error {
	var err error
	if f.dir != nil {
		err = f.dir.Close()
	}
	return errors.Join(err, f.root.Close())
}

// Healthy reports with an error (data.CodeNoAccess) when the path no longer leads to this folder: unmounted, renamed,
// replaced, or a share that is offline. What it holds then says nothing about the files that were in it.
func (f *Folder) Healthy() error {
	now, err := os.Open(f.path)
	if err != nil {
		return unreachable(f.path, err)
	}
	id, err := place.Identify(now)
	if err = errors.Join(err, now.Close()); err != nil {
		return unreachable(f.path, err)
	}
	if !id.Folder || !id.Same(f.id) {
		return &data.Error{
			Code: data.CodeNoAccess, Sentence: fmt.Sprintf("The folder %s is not the one it was: another one stands in its place.", data.Clean(f.path, 200)),
			Next: "If a drive or a share was disconnected, connect it again. Nothing was cancelled.",
		}
	}
	return nil
}

func unreachable(path string, err error) error {
	return &data.Error{
		Code: data.CodeNoAccess, Sentence: fmt.Sprintf("The folder %s cannot be opened: %s.", data.Clean(path, 200), why(err)),
		Next: "Look whether it is there and whether this program may use it. Nothing was cancelled.", Err: err,
	}
}

// why is a system's error in words.
func why(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "it is not there"
	case errors.Is(err, fs.ErrPermission):
		return "access is denied"
	case strings.Contains(fmt.Sprint(err), "not a directory"):
		return "it is not a folder"
	}
	return "the system does not let us in"
}

// pageOfNames is how many names are read at once: memory stays small however many files there are.
const pageOfNames = 512

// Names gives every name in the folder, page by page, in no order. It stops with the first error of yield.
func (f *Folder) Names(yield func(names []string) error) error {
	list, err := f.root.Open(".")
	if err != nil {
		return unreachable(f.path, err)
	}
	defer func() { _ = list.Close() }()
	for {
		names, err := list.Readdirnames(pageOfNames)
		if len(names) > 0 {
			if err := yield(names); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unreachable(f.path, err)
		}
	}
}

// Look tells which file stands under a name; fs.ErrNotExist: none.
func (f *Folder) Look(name string) (place.Identity, error) {
	if err := base(name); err != nil {
		return place.Identity{}, err
	}
	return place.IdentifyIn(f.dir, name)
}

// Read opens an ordinary file for reading, without waiting for a pipe or following a link. On Windows nobody else can
// have it open meanwhile; ErrLocked: somebody has. ErrOther: it is no ordinary file. The caller closes it before
// anything is done to the file, because Windows removes and renames no open file.
func (f *Folder) Read(name string) (*os.File, place.Identity, error) {
	if err := base(name); err != nil {
		return nil, place.Identity{}, err
	}
	file, err := openFile(f.dir, name)
	if err != nil {
		return nil, place.Identity{}, err
	}
	id, err := place.Identify(file)
	if err == nil && !id.Regular {
		err = ErrOther
	}
	if err != nil {
		return nil, place.Identity{}, errors.Join(err, file.Close())
	}
	return file, id, nil
}

// Remove removes the file that was seen (place.Identity.Seen) under this name. ErrOther: another one stands there now,
// and it stays. A file that is gone already is no error.
func (f *Folder) Remove(name, seen string) error {
	if err := base(name); err != nil {
		return err
	}
	err := remove(f.root, f.dir, name, func(id place.Identity) bool { return id.Seen() == seen })
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Sync makes removals and renames outlast a power cut.
func (f *Folder) Sync() error { return syncFolder(f.dir) }

// base refuses whatever is more than a name: nothing outside the folder is ever touched because of one.
func base(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, forbidden) {
		return &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return nil
}
