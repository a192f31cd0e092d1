package screen

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// listNames are the endings of files that may be lists of patrons or loans.
var listNames = []string{".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".zip"} //nolint:gochecknoglobals // never changed

// IsListName reports whether a file may be a list of patrons or loans, by its name.
func IsListName(name string) bool {
	return slices.Contains(listNames, strings.ToLower(filepath.Ext(name)))
}

// NewFiles looks for a list of patrons or loans: a file, or a folder that holds the files of one. It begins at start.
func NewFiles(d *Desk, start string) *Folders {
	home, _ := os.UserHomeDir()
	places := []FolderPlace{{d.Say("Home folder"), home}}
	if home != "" {
		places = append(places, FolderPlace{d.Say("Downloads"), filepath.Join(home, "Downloads")})
	}
	if lists := d.Facts().Settings.ImportsFolder; lists != "" {
		places = append(places, FolderPlace{d.Say("Folder for lists"), lists})
	}
	return newFolders(d, start, IsListName, places)
}

// fileNote is how large a file is, and from when.
func (f *Folders) fileNote(c *childFolder) string {
	return f.desk.Say("{{.Size}}, {{.When}}", With("Size", f.desk.octets(c.size), "When", f.desk.When(c.at)))
}

// octets is the size of a file.
func (d *Desk) octets(n int64) string {
	switch {
	case n < 1000:
		return d.Say("{{.N}} bytes", With("N", n))
	case n < 1000_000:
		return d.Say("{{.N}} KB", With("N", (n+999)/1000))
	}
	return d.Say("{{.N}} MB", With("N", (n+999_999)/1_000_000))
}

// fileWords says what would be chosen.
func (f *Folders) fileWords() string {
	path := f.Meant()
	if f.picked >= 0 && !f.edited && f.seen.entries[f.picked].file || f.edited && IsListName(path) {
		return f.desk.Say("File to take: {{.Path}}", With("Path", shortPath(path)))
	}
	return f.desk.Say("No file is chosen yet.")
}

// useFile gives a file to then, and goes into a folder.
func (f *Folders) useFile(path string, then func(path string)) {
	askDisk(f, path, func(context.Context) (bool, error) {
		err := isFolder(path)
		if errors.Is(err, errNoFolder) {
			_, err = os.Stat(path) // a file where a folder should be, such as /etc/passwd/list.csv, is no file
			return true, err
		}
		return false, err
	}, func(file bool, err error) {
		switch {
		case err != nil && !errors.Is(err, fs.ErrPermission):
			f.fail(path, err)
		case file:
			then(path)
		default:
			f.visit(path, false)
		}
	})
}

// setNames are files of which several together make one list, as OneRoster and School Data Sync have it.
var setNames = []string{"manifest.csv", "users.csv", "orgs.csv", "enrollments.csv", "classes.csv", "roles.csv", "user.csv", "student.csv", "relationships.csv", "guardianrelationship.csv"} //nolint:gochecknoglobals // never changed

// MayUseWhole reports whether the folder that is shown holds the files of one list, so that all of it may be chosen.
func (f *Folders) MayUseWhole() bool {
	n := 0
	for i := range f.seen.entries {
		if e := &f.seen.entries[i]; e.file && slices.Contains(setNames, strings.ToLower(e.name)) {
			n++
		}
	}
	return f.files != nil && n > 1
}

// lookAtFile says of c how large it is and from when; none: it is no file.
func lookAtFile(path string, c childFolder) childFolder {
	info, err := os.Stat(path)
	switch {
	case err != nil && errors.Is(err, fs.ErrPermission):
		c.denied = true
	case err != nil || !info.Mode().IsRegular():
		c.none = true
	default:
		c.file, c.size, c.at = true, info.Size(), info.ModTime()
	}
	return c
}
