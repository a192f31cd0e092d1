package screen

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"smtpgateway/data"
)

// A list that was not taken in by itself lies in the folder for lists as NAME.held, and why as NAME.held.txt.
const (
	heldEnd   = ".held"
	reasonEnd = ".txt"
	heldHead  = "SMTP Gateway: about the file " // a line that says only whose reason it is
	heldWords = 300                             // letters of a reason shown
	heldRead  = 4 << 10                         // octets of one that are read; one line is all that is shown
)

// HeldList is a list that was not taken in, and why.
type HeldList struct {
	Name, Note string
	Path       string // of the file, to take it in by hand
	Why        string
	Over       string // what has become of it since; empty: it waits for a person
}

// lyingSeen is what lies in the folder for lists; held goes with those of the entries that are held.
type lyingSeen struct {
	folderList
	held []heldFile
}

type heldFile struct {
	childFolder
	why string // empty: it is not written beside it
}

func isHeld(name string) bool {
	return len(name) > len(heldEnd) && strings.HasSuffix(strings.ToLower(name), heldEnd)
}

// isHeldReason reports whether a file says why a list is held; it is no list itself.
func isHeldReason(name string) bool {
	held, ok := strings.CutSuffix(strings.ToLower(name), reasonEnd)
	return ok && isHeld(held)
}

// lookAtLists finds the lists of a folder, and of those that are held, the newest first, why.
func lookAtLists(ctx context.Context, folder string) (got lyingSeen, err error) {
	got.folderList, err = listFolders(ctx, folder, false, func(name string) bool { return IsListName(name) || isHeld(name) })
	if err != nil || got.denied {
		return got, err
	}
	got.entries = slices.DeleteFunc(got.entries, func(c childFolder) bool {
		if c.file && isHeld(c.name) {
			got.held = append(got.held, heldFile{childFolder: c})
			return true
		}
		return false
	})
	slices.SortStableFunc(got.held, func(a, b heldFile) int { return b.at.Compare(a.at) })
	if len(got.held) == 0 {
		return got, nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return got, err
	}
	defer func() { _ = root.Close() }()
	for i := range got.held[:min(len(got.held), listsShown)] {
		if ctx.Err() != nil {
			break
		}
		got.held[i].why = heldReason(root, got.held[i].name+reasonEnd)
	}
	return got, ctx.Err()
}

// heldReason is the first line, after a heading, of a file beside a held list; empty: there is none, or what stands there is no such file.
func heldReason(root *os.Root, name string) string {
	was, err := root.Lstat(name)
	if err != nil || !was.Mode().IsRegular() { // to open a pipe would wait
		return ""
	}
	f, err := root.Open(name)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, heldRead))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, heldHead) {
			return data.Clean(line, heldWords)
		}
	}
	return ""
}

// Held are the lists in the folder that were not taken in, the newest first; more: there are others.
func (l *Lists) Held() (all []HeldList, more bool) {
	f := Folders{desk: l.desk}
	for i := range l.held[:min(len(l.held), listsShown)] {
		h := &l.held[i]
		one := HeldList{Name: h.name[:len(h.name)-len(heldEnd)], Path: filepath.Join(l.seen.folder, h.name), Why: h.why, Over: l.heldOver(h)}
		if !h.mute {
			one.Note = f.fileNote(&h.childFolder)
		}
		if one.Why == "" {
			one.Why = l.desk.Say("Why does not stand beside it. What happened with lists is below.")
		}
		all = append(all, one)
	}
	return all, len(l.held) > listsShown
}

// heldOver says that this list, or a newer one of its name, was taken in since.
func (l *Lists) heldOver(h *heldFile) string {
	name := h.name[:len(h.name)-len(heldEnd)]
	for i := range l.seen.imports {
		r := &l.seen.imports[i]
		switch with := With("When", l.desk.When(r.At)); {
		case !r.Undone.IsZero() || r.At.Before(h.at):
		case r.File == h.name:
			return l.desk.Say("It was taken in by hand {{.When}}.", with)
		case r.File == name:
			return l.desk.Say("A newer list of this name was taken in {{.When}}.", with)
		}
	}
	return ""
}

// ByItself is the last list of each kind that was taken in by itself, the newest first.
func (l *Lists) ByItself() []PastImport {
	var all []PastImport
	told := map[data.RosterKind]bool{}
	for i := range l.seen.imports {
		if r := &l.seen.imports[i]; r.Origin != "" && !told[r.Kind] {
			told[r.Kind] = true
			all = append(all, l.past(r))
		}
	}
	return all
}

// ShowFolder opens the folder for lists.
func (l *Lists) ShowFolder() {
	d, path := l.desk, l.seen.folder
	Go(d, func(context.Context) (struct{}, error) { return struct{}{}, d.Desktop().Open(path) }, func(_ struct{}, err error) {
		if err != nil {
			l.said = Said{Words: d.Say("{{.Path}} cannot be opened from here. Open it yourself.", With("Path", path)), Bad: true}
			l.changed()
		}
	})
}
