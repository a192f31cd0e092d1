package place

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// CheckFolder reports why path cannot be the folder that is watched: files in it are taken, renamed and removed, so it
// must hold nothing else of value. One that is not there yet is no fault, as a share may come later. Errors have the
// code "bad-settings".
func (p Place) CheckFolder(path string) error {
	refuse := func(why string) error {
		return &Error{
			Code: "bad-settings", Sentence: fmt.Sprintf("%s cannot be the folder to monitor: %s.", path, why),
			Next: "Choose a folder that holds nothing but mail to be sent.",
		}
	}
	if !filepath.IsAbs(path) {
		return refuse("the path does not begin at the top of a disk")
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return refuse("it is a file")
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission):
		return refuse(cause(err)) // a loop of links, a name too long
	}
	actual, own := resolve(path), resolve(p.Folder)
	if same(actual, own) {
		return nil
	}
	for _, one := range []struct{ path, what string }{
		{p.Data, "the data folder"}, {p.Key, "the folder of the keys"}, {p.Logs, "the folder of the logs"},
		{p.Backups, "the folder of the backups"},
	} {
		switch dir := resolve(one.path); {
		case same(actual, dir):
			return refuse("it is " + one.what)
		case within(dir, actual):
			return refuse("it holds " + one.what)
		case within(actual, dir) && !within(actual, own):
			return refuse("it lies in " + one.what)
		}
	}
	if why := systemFolder(actual); why != "" {
		return refuse(why)
	}
	return nil
}

// resolve is the path without links, as far as it exists.
func resolve(path string) string {
	path = filepath.Clean(path)
	rest := ""
	for dir := path; ; {
		if actual, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(actual, rest)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return path
		}
		rest = filepath.Join(filepath.Base(dir), rest)
		dir = parent
	}
}

// same reports whether both mean one folder; letter case counts where the system lets it.
func same(a, b string) bool {
	rel, err := filepath.Rel(a, b)
	return err == nil && rel == "."
}

// within reports whether path lies below dir.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != "." && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
