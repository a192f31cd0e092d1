package screen

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"smtpgateway/data"
)

// FileState is where the file of the test message is.
type FileState int

// The states of the file.
const (
	FileNone FileState = iota // none yet
	FileHere
	FileGone
	FileBad
)

// TestFile is the file of the test message in the folder.
type TestFile struct {
	Name  string
	State FileState
	Words string // what a person reads of it
}

// testName finds the name in the service's sentence that tells of the file.
var testName = regexp.MustCompile(`test-[0-9]{8}-[0-9]{6}(?:~[0-9]+)?\.TMP`)

// watch looks for the test message's file itself; where this account may not look, the service's word stands.
func (f *following) watch(ctx context.Context, r data.Request) TestFile {
	said := FileNone
	for _, s := range r.Steps {
		if s.Name != "file" {
			continue
		}
		switch {
		case said == FileNone && s.OK:
			f.file, said = testName.FindString(s.Text), FileHere
		case said != FileNone && s.OK:
			said = FileGone
		case said != FileNone:
			said = FileBad
		}
	}
	if f.file == "" || said == FileNone || ctx.Err() != nil {
		return TestFile{}
	}
	seen, bad := lookForFile(f.folder, f.file)
	if seen == FileNone {
		seen = said
	}
	out := TestFile{Name: f.file, State: seen}
	name := With("Name", f.file, "Bad", bad)
	switch seen {
	case FileGone:
		out.Words = f.desk.Say("{{.Name}} is gone from the folder.", name)
	case FileBad:
		out.Words = f.desk.Say("{{.Name}} is now {{.Bad}}, with the reason beside it.", name)
	default:
		out.Words = f.desk.Say("{{.Name}} lies in the folder.", name)
	}
	return out
}

// lookForFile looks where the file is by itself; FileNone: it may not look.
func lookForFile(folder, name string) (state FileState, bad string) {
	bad = strings.TrimSuffix(name, ".TMP") + ".BAD"
	there := func(name string) (bool, error) {
		_, err := os.Lstat(filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil, err
	}
	here, err := there(name)
	if err != nil {
		return FileNone, bad
	}
	if here {
		return FileHere, bad
	}
	if set, err := there(bad); err != nil || set {
		return FileBad, bad
	}
	// A folder that is not there holds no file either, but that says nothing.
	if _, err := os.Stat(folder); err != nil {
		return FileNone, bad
	}
	return FileGone, bad
}
