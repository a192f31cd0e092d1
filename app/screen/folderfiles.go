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
var listNames = []string{".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".zip"}

// IsListName reports whether a file may be a list of patrons or loans, by its name.
func IsListName(name string) bool {
	return slices.Contains(listNames, strings.ToLower(filepath.Ext(name))) && !isHeldReason(name)
}

// calendarNames are the endings of files that may be calendars.
var calendarNames = []string{".ics", ".ical", ".csv"}

// IsCalendarName reports whether a file may be a calendar, by its name.
func IsCalendarName(name string) bool {
	return slices.Contains(calendarNames, strings.ToLower(filepath.Ext(name)))
}

// mailNames are the endings of files that may be a saved mail.
var mailNames = []string{".eml", ".txt"}

// IsMailName reports whether a file may be a saved mail, by its name.
func IsMailName(name string) bool {
	return slices.Contains(mailNames, strings.ToLower(filepath.Ext(name)))
}

// FileKind is a kind of files that is looked for.
type FileKind int

// The kinds.
const (
	ListFiles     FileKind = iota // a list of patrons or loans: a file, or a folder that holds the files of one
	CalendarFiles                 // a calendar of closed days
	MailFiles                     // a mail that was saved
)

// NewFiles looks for a file. It begins at start.
func NewFiles(d *Desk, start string, kind FileKind) *Folders {
	home, _ := os.UserHomeDir()
	places := []FolderPlace{{d.Say("Home folder"), home}}
	if home != "" {
		places = append(places, FolderPlace{d.Say("Downloads"), filepath.Join(home, "Downloads")})
	}
	if kind == MailFiles {
		f := newFolders(d, start, IsMailName, places)
		f.kind = kind
		return f
	}
	if kind == CalendarFiles {
		f := newFolders(d, start, IsCalendarName, places)
		f.kind = kind
		return f
	}
	if lists := d.Facts().Settings.ImportsFolder; lists != "" {
		places = append(places, FolderPlace{d.Say("Folder for lists"), lists})
	}
	return newFolders(d, start, IsListName, places)
}

// nothing is what to say where neither folders nor such files are listed.
func (f *Folders) nothing() (what, next string) {
	if f.kind == MailFiles {
		return f.desk.Say("There are no folders and no saved mails in this one."), f.desk.Say("A mail program saves a mail as a file that ends in .eml.")
	}
	if f.kind == CalendarFiles {
		return f.desk.Say("There are no folders and no calendars in this one."), f.desk.Say("Calendars are iCalendar files (.ics) and CSV files.")
	}
	return f.desk.Say("There are no folders and no lists in this one."), f.desk.Say("Lists are CSV files, text files with tabs, Excel workbooks (.xlsx) and zip files.")
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
	if f.picked >= 0 && !f.edited && f.seen.entries[f.picked].file || f.edited && f.files(path) {
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
var setNames = []string{"manifest.csv", "users.csv", "orgs.csv", "enrollments.csv", "classes.csv", "roles.csv", "user.csv", "student.csv", "relationships.csv", "guardianrelationship.csv"}

// MayUseWhole reports whether the folder that is shown holds the files of one list, so that all of it may be chosen.
func (f *Folders) MayUseWhole() bool {
	n := 0
	for i := range f.seen.entries {
		if e := &f.seen.entries[i]; e.file && slices.Contains(setNames, strings.ToLower(e.name)) {
			n++
		}
	}
	return f.files != nil && f.kind == ListFiles && n > 1
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
