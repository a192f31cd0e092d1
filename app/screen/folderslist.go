package screen

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	foldersMost  = 2000                   // how many folders are shown; nobody looks through more
	entriesMost  = 200_000                // how many names are read to find them, files among them
	childrenTime = 500 * time.Millisecond // how long all that is in a folder may take to say what it is
	childrenOnce = 32                     // how many are asked at a time: one that does not answer holds up the rest of its row
)

// errNoFolder is a file, or something else that holds no folders.
var errNoFolder = errors.New("not a folder")

// folderList is what a folder has in it.
type folderList struct {
	path    string // the folder itself
	files   func(name string) bool
	entries []childFolder
	more    bool // there are others
	hidden  bool // some were left out, being hidden
	denied  bool // not for this account
}

// childFolder is a folder in another.
type childFolder struct {
	name   string
	link   bool
	target string // where a link leads
	mute   bool   // did not answer in time
	denied bool   // not for this account
	none   bool   // not a folder after all
	file   bool   // a file that may be chosen
	size   int64  // of a file, octets
	at     time.Time
}

func (l folderList) index(path string) int {
	if path == "" || filepath.Dir(path) != l.path {
		return -1
	}
	return slices.IndexFunc(l.entries, func(c childFolder) bool { return c.name == filepath.Base(path) })
}

// wholePath is the path that was typed: in full, as seen from at, or from home. Quotes come with paths that were copied.
func wholePath(typed, at string) string {
	path := filepath.FromSlash(strings.Trim(strings.TrimSpace(typed), `"`))
	rest, fromHome := strings.CutPrefix(path, "~")
	volume := filepath.VolumeName(path)
	switch {
	case path == "":
		return at
	case fromHome && (rest == "" || os.IsPathSeparator(rest[0])):
		home, _ := os.UserHomeDir()
		return filepath.Join(home, rest)
	case volume == path: // "C:" alone is the folder that some program was in last
		return path + string(filepath.Separator)
	case filepath.IsAbs(path):
		return filepath.Clean(path)
	case os.IsPathSeparator(path[0]):
		return filepath.Join(filepath.VolumeName(at)+string(filepath.Separator), path)
	}
	return filepath.Join(at, path)
}

// shortPath is the end of a path too long for a sentence. In full it stands in the field.
func shortPath(path string) string {
	const most = 160
	if letters := []rune(path); len(letters) > most {
		return "…" + string(letters[len(letters)-most:])
	}
	return path
}

// isFolder reports what is wrong with path as a folder. To open it would be no question: some things wait to be opened.
func isFolder(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, syscall.ENOTDIR):
		return errNoFolder
	case err == nil && !info.IsDir():
		return errNoFolder
	}
	return err
}

// listFolders looks into path; nearest: or into the nearest folder above it that is there.
// files says by its name whether a file is listed too; nil: none is.
func listFolders(ctx context.Context, path string, nearest bool, files func(name string) bool) (l folderList, err error) {
	for {
		l, err = listFolder(ctx, path, files)
		up := filepath.Dir(path)
		if !nearest || up == path || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errNoFolder) {
			return l, err
		}
		path = up
	}
}

func listFolder(ctx context.Context, path string, files func(name string) bool) (folderList, error) {
	l := folderList{path: path, files: files}
	err := isFolder(path)
	if err == nil {
		err = l.read(ctx)
	}
	if errors.Is(err, fs.ErrPermission) {
		return folderList{path: path, denied: true}, nil
	}
	if err != nil {
		return l, err
	}
	l.sort()
	l.lookAtAll(ctx)
	l.sort() // what a link leads to is known now
	return l, ctx.Err()
}

// sort puts folders before files, and both in the order of their names.
func (l *folderList) sort() {
	slices.SortFunc(l.entries, func(a, b childFolder) int {
		switch {
		case a.file && !b.file:
			return 1
		case b.file && !a.file:
			return -1
		}
		return cmp.Or(compareNames(strings.ToLower(a.name), strings.ToLower(b.name)), strings.Compare(a.name, b.name))
	})
}

// read collects the names of folders, and of links, which may be folders.
func (l *folderList) read(ctx context.Context) error {
	dir, err := os.Open(l.path)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	for read := 0; ctx.Err() == nil; {
		batch, err := dir.ReadDir(512)
		for _, e := range batch {
			link := e.Type()&(fs.ModeSymlink|fs.ModeIrregular) != 0
			file := !e.IsDir() && !link && e.Type().IsRegular() && l.files != nil && l.files(e.Name())
			switch {
			case file && !isHidden(e):
				l.entries = append(l.entries, childFolder{name: e.Name(), file: true})
			case !e.IsDir() && !link:
			case isHidden(e):
				l.hidden = l.hidden || e.IsDir()
			default:
				l.entries = append(l.entries, childFolder{name: e.Name(), link: link})
			}
		}
		read += len(batch)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case read >= entriesMost:
			l.more = true
			return nil
		}
	}
	return ctx.Err()
}

// lookAtAll asks each what it is and whether this account may look inside, and keeps as many as are shown. Those that do
// not answer in time are kept unasked.
func (l *folderList) lookAtAll(ctx context.Context) {
	// Links may turn out to be none, so more of them are looked at than are shown.
	if most := 2 * foldersMost; len(l.entries) > most {
		l.entries, l.more = l.entries[:most], true
	}
	type answer struct {
		i     int
		child childFolder
	}
	ctx, stop := context.WithTimeout(ctx, childrenTime)
	defer stop()
	questions, answers := make(chan answer, len(l.entries)), make(chan answer, len(l.entries))
	for i, c := range l.entries {
		questions <- answer{i, c}
		l.entries[i].mute = c.link || c.file // until it says otherwise
	}
	close(questions)
	for range min(childrenOnce, len(l.entries)) {
		go func(folder string) {
			for q := range questions {
				if ctx.Err() != nil {
					return
				}
				answers <- answer{q.i, lookAt(folder, q.child, l.files)}
			}
		}(l.path)
	}
	for range len(l.entries) {
		select {
		case a := <-answers:
			l.entries[a.i] = a.child
			continue
		case <-ctx.Done():
		}
		break
	}
	l.entries = slices.DeleteFunc(l.entries, func(c childFolder) bool { return c.none })
	if len(l.entries) > foldersMost {
		l.entries, l.more = l.entries[:foldersMost], true
	}
}

// compareNames puts 2 before 10, as people do.
func compareNames(a, b string) int {
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	for a != "" && b != "" {
		i, j := len(a)-len(strings.TrimLeftFunc(a, digit)), len(b)-len(strings.TrimLeftFunc(b, digit))
		if i == 0 || j == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		m, n := strings.TrimLeft(a[:i], "0"), strings.TrimLeft(b[:j], "0")
		if c := cmp.Or(cmp.Compare(len(m), len(n)), strings.Compare(m, n)); c != 0 {
			return c
		}
		a, b = a[i:], b[j:]
	}
	return cmp.Compare(len(a), len(b))
}

// lookAt says of c in folder what it is.
func lookAt(folder string, c childFolder, files func(name string) bool) childFolder {
	path := filepath.Join(folder, c.name)
	if c.file {
		return lookAtFile(path, c)
	}
	if c.link {
		c.target, _ = os.Readlink(path)
		if files != nil && files(c.name) {
			if as := lookAtFile(path, c); !as.none {
				return as
			}
		}
		if err := isFolder(path); err != nil && !errors.Is(err, fs.ErrPermission) {
			c.none = true
			return c
		}
	}
	c.denied = errors.Is(mayLookInto(path), fs.ErrPermission)
	return c
}
