package screen

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// slowAfter is when a folder has kept a person waiting so long that it is worth a word.
const slowAfter = 300 * time.Millisecond

// Folders walks through the folders of this computer, and of the computers behind it, for somebody who looks for one.
// A folder that does not answer keeps nobody from going elsewhere.
type Folders struct {
	OnChange func()           // something it shows changed
	OnArrive func(cursor int) // another list is shown; cursor is the entry to begin with, below zero: none

	desk    *Desk
	files   func(name string) bool // files that may be chosen as well; nil: a folder is looked for
	kind    FileKind               // what those are
	places  []FolderPlace
	at      string // whose folders are listed; empty: nowhere yet
	seen    folderList
	typed   string
	edited  bool // typed is not what the walk made it
	edits   int  // counts changes of typed, so that an answer that comes late does not wipe them
	picked  int  // entry pointed at; below zero: none
	said    string
	bad     bool
	asked   string // the path an answer is waited for; empty: nothing is waited for
	slow    bool
	turn    int // counts questions: an answer to an older one is of no interest any more
	abandon context.CancelFunc
	closed  bool
}

// FolderPlace is somewhere to begin.
type FolderPlace struct{ Name, Path string }

// FolderEntry is one folder or file in the list, and what there is to say of it; empty: nothing.
type FolderEntry struct {
	Name, Note string
	File       bool
}

// NewFolders begins at start, or at the nearest folder above it that is there; empty: at home.
func NewFolders(d *Desk, start string) *Folders {
	home, _ := os.UserHomeDir()
	return newFolders(d, start, nil, []FolderPlace{{d.Say("Home folder"), home}, {d.Say("Usual mail folder"), d.Place().Folder}})
}

func newFolders(d *Desk, start string, files func(name string) bool, places []FolderPlace) *Folders {
	f := &Folders{desk: d, files: files, picked: -1, abandon: func() {}}
	home, _ := os.UserHomeDir()
	for _, p := range places {
		if filepath.IsAbs(p.Path) {
			f.places = append(f.places, p)
		}
	}
	Go(d, func(context.Context) ([]string, error) { return tops(), nil }, func(tops []string, _ error) {
		for _, path := range tops {
			name := path
			if path == "/" {
				name = d.Say("Top of the disk")
			}
			f.places = append(f.places, FolderPlace{Name: name, Path: path})
		}
		f.changed()
	})
	start = strings.TrimSpace(start)
	if !filepath.IsAbs(start) {
		start = home
	}
	if start == "" {
		start = d.Place().Folder
	}
	f.typed = start
	f.visit(start, true)
	return f
}

// Places are where to begin.
func (f *Folders) Places() []FolderPlace { return f.places }

// At is the folder whose folders are listed; empty: none yet.
func (f *Folders) At() string { return f.at }

// Typed is what stands in the field for a path.
func (f *Folders) Typed() string { return f.typed }

// Len is how many folders are listed.
func (f *Folders) Len() int { return len(f.seen.entries) }

// Entry is one of the list.
func (f *Folders) Entry(i int) FolderEntry {
	if i < 0 || i >= len(f.seen.entries) {
		return FolderEntry{}
	}
	e := f.seen.entries[i]
	out := FolderEntry{Name: e.name, File: e.file}
	switch {
	case e.file && !e.mute:
		out.Note = f.fileNote(&e)
	case e.mute:
		out.Note = f.desk.Say("does not answer")
	case e.denied:
		out.Note = f.desk.Say("you may not look inside")
	case e.target != "":
		out.Note = f.desk.Say("leads to {{.Path}}", With("Path", e.target))
	}
	return out
}

// Type takes what is typed into the field.
func (f *Folders) Type(path string) {
	if path == f.typed {
		return
	}
	f.typed, f.edited = path, true
	f.edits++
	if f.bad {
		f.said, f.bad = "", false
	}
	f.changed()
}

// Pick points at an entry; below zero: at none.
func (f *Folders) Pick(i int) {
	if i >= f.Len() || i < 0 {
		i = -1
	}
	if i >= 0 {
		f.typed, f.edited = f.at, false
	}
	f.picked = i
	f.changed()
}

// Meant is the folder that Use would take: the path typed, the entry pointed at, or the one whose folders are listed.
func (f *Folders) Meant() string {
	switch {
	case f.edited && strings.TrimSpace(f.typed) != "":
		return wholePath(f.typed, f.at)
	case f.picked >= 0:
		return filepath.Join(f.at, f.seen.entries[f.picked].name)
	case f.asked != "":
		return f.asked
	}
	return f.at
}

// MeantWords says which folder that is.
func (f *Folders) MeantWords() string {
	if f.files != nil {
		return f.fileWords()
	}
	return f.desk.Say("Folder to use: {{.Path}}", With("Path", shortPath(f.Meant())))
}

// Use gives the folder that is meant to then, if it is one.
func (f *Folders) Use(then func(path string)) {
	path := f.Meant()
	if path == "" {
		return
	}
	if f.files != nil {
		f.useFile(path, then)
		return
	}
	askDisk(f, path, func(context.Context) (struct{}, error) {
		return struct{}{}, isFolder(path)
	}, func(_ struct{}, err error) {
		if err != nil && !errors.Is(err, fs.ErrPermission) {
			f.fail(path, err)
			return
		}
		then(path)
	})
}

// Submit goes to the path typed.
func (f *Folders) Submit() { f.visit(wholePath(f.typed, f.at), false) }

// Visit goes to a place to begin at.
func (f *Folders) Visit(path string) { f.visit(path, true) }

// Open goes into an entry that is a folder.
func (f *Folders) Open(i int) {
	if i >= 0 && i < f.Len() && !f.seen.entries[i].file {
		f.visit(filepath.Join(f.at, f.seen.entries[i].name), true)
	}
}

// MayUp reports whether there is a folder above.
func (f *Folders) MayUp() bool { return f.above() != "" }

// Up goes to the folder above.
func (f *Folders) Up() {
	if above := f.above(); above != "" {
		f.visit(above, true)
	}
}

func (f *Folders) above() string {
	at := f.at
	if at == "" {
		at = f.asked
	}
	if up := filepath.Dir(at); at != "" && up != at {
		return up
	}
	return ""
}

// visit goes to path; nearest: or to the nearest folder above it that is there.
func (f *Folders) visit(path string, nearest bool) {
	if path == "" {
		return
	}
	edits := f.edits
	askDisk(f, path, func(ctx context.Context) (folderList, error) {
		return listFolders(ctx, path, nearest, f.files)
	}, func(l folderList, err error) {
		if err != nil {
			f.fail(path, err)
			return
		}
		from := f.at
		f.at, f.seen, f.picked = l.path, l, -1
		if f.edits == edits {
			f.typed, f.edited = l.path, false
		}
		if l.path != path {
			f.said = f.desk.Say("There is no folder {{.Path}}. This is the nearest one above it.", With("Path", shortPath(path)))
		}
		if f.OnArrive != nil {
			f.OnArrive(l.index(from))
		}
	})
}

// Waiting reports whether a folder has kept the person waiting for more than a moment.
func (f *Folders) Waiting() bool { return f.slow }

// Stop ends the wait for a folder that does not answer.
func (f *Folders) Stop() {
	if f.asked == "" {
		return
	}
	path := f.asked
	f.end()
	f.said, f.bad = f.desk.Say("{{.Path}} did not answer.", With("Path", shortPath(path))), true
	f.changed()
}

// Close ends everything: the question was answered or given up.
func (f *Folders) Close() {
	f.end()
	f.closed = true
}

func (f *Folders) end() {
	f.abandon()
	f.turn++
	f.asked, f.slow = "", false
}

// Wrong reports whether the path typed led nowhere.
func (f *Folders) Wrong() bool { return f.bad && f.edited }

// Note is what to know of the list, and how it is meant; empty: nothing.
func (f *Folders) Note() (FolderTone, string) {
	switch {
	case f.said != "" && f.bad:
		return FolderWrong, f.said
	case f.slow:
		return FolderDoubt, f.desk.Say("Waiting for {{.Path}} to answer. You can go elsewhere meanwhile.", With("Path", shortPath(f.asked)))
	case f.said != "":
		return FolderDoubt, f.said
	case f.seen.more && f.files != nil:
		return FolderQuiet, f.desk.Say("Only {{.N}} of what is here is shown. Type the path to choose another.", With("N", len(f.seen.entries)))
	case f.seen.more:
		return FolderQuiet, f.desk.Say("Only {{.N}} of the folders are shown. Type the path to go to another.", With("N", len(f.seen.entries)))
	case f.seen.hidden:
		return FolderQuiet, f.desk.Say("Hidden folders are left out. Type the path to go to one.")
	}
	return FolderQuiet, ""
}

// Empty is what to say where no folders are listed, and what can be done.
func (f *Folders) Empty() (what, next string) {
	switch {
	case f.at == "" && f.asked != "":
		return f.desk.Say("Looking."), ""
	case f.at == "":
		return f.desk.Say("No folder is shown yet."), f.desk.Say("Choose a place above, or type a path.")
	case f.seen.denied:
		return f.desk.Say("You may not look into this folder yourself."), f.desk.Say("It can be used all the same.")
	}
	if f.files != nil {
		return f.nothing()
	}
	return f.desk.Say("There are no folders in this one."), ""
}

func (f *Folders) fail(path string, err error) {
	name := With("Path", shortPath(path))
	f.bad = true
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.files != nil:
		f.said = f.desk.Say("There is no file and no folder {{.Path}}.", name)
	case errors.Is(err, fs.ErrNotExist):
		f.said = f.desk.Say("There is no folder {{.Path}}.", name)
	case errors.Is(err, errNoFolder):
		f.said = f.desk.Say("{{.Path}} is not a folder.", name)
	default:
		f.said = f.desk.Say("This folder cannot be reached now. If it lies on another computer, look whether that is switched on.")
	}
}

func (f *Folders) changed() {
	if f.OnChange != nil && !f.closed {
		f.OnChange()
	}
}

// askDisk asks one question about path. The next question, Stop and Close end the wait for its answer.
func askDisk[T any](f *Folders, path string, work func(ctx context.Context) (T, error), done func(T, error)) {
	if f.closed {
		return
	}
	f.end()
	ctx, cancel := context.WithCancel(context.Background())
	f.asked, f.said, f.bad = path, "", false
	turn := f.turn
	late := time.AfterFunc(slowAfter, func() {
		if f.desk.ctx.Err() != nil {
			return
		}
		f.desk.o.Post(func() {
			if turn == f.turn && f.asked != "" {
				f.slow = true
				f.changed()
			}
		})
	})
	f.abandon = func() { late.Stop(); cancel() }
	Go(f.desk, func(desk context.Context) (T, error) {
		defer context.AfterFunc(desk, cancel)()
		return patient(ctx, work)
	}, func(got T, err error) {
		if turn != f.turn {
			return
		}
		f.abandon()
		f.asked, f.slow = "", false
		done(got, err)
		f.changed()
	})
	f.changed()
}

// patient waits for work until ctx ends. A disk that does not answer cannot be told to give up: its goroutine is left to
// it, so that neither the person nor the end of the program waits.
func patient[T any](ctx context.Context, work func(ctx context.Context) (T, error)) (T, error) {
	type answer struct {
		got T
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		got, err := work(ctx)
		answers <- answer{got, err}
	}()
	select {
	case a := <-answers:
		return a.got, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
