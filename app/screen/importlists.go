package screen

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
)

// How much of the past is shown.
const (
	importsShown = 20
	journalShown = 12
	listsShown   = 12
	folderTime   = 3 * time.Second // a folder that takes longer to say what lies in it does not answer
)

// Lists is the panel of what was taken in, the answers that are kept, and the folder whose lists are taken in by
// themselves.
type Lists struct {
	OnChange func()

	desk    *Desk
	loaded  bool
	problem *data.Error
	asked   int // a later question makes an earlier answer void
	seen    listsSeen
	busy    string
	said    Said
	export  exporting
	over    bool

	folderAsked int
	lying       []FolderEntry
	lyingMore   bool
	held        []heldFile
	lyingWrong  string // why it cannot be looked into; empty: it could
}

// listsSeen is what the store says.
type listsSeen struct {
	imports  []data.ImportRecord
	mappings []data.Mapping
	journal  []data.JournalLine
	folder   string
}

// NewLists makes the panel; nothing is asked before Refresh.
func NewLists(d *Desk) *Lists { return &Lists{desk: d} }

func (l *Lists) changed() {
	if l.OnChange != nil && !l.over {
		l.OnChange()
	}
}

// Close ends it.
func (l *Lists) Close() {
	l.export.end()
	l.over = true
}

// Refresh takes in that something changed, or reads for the first time.
func (l *Lists) Refresh(c Change) {
	switch {
	case l.over:
	case c.Store || !l.loaded:
		l.read()
	case c.Minute:
		l.lookIn()
		l.changed()
	}
}

func (l *Lists) read() {
	l.asked++
	asked := l.asked
	GoStore(l.desk, func(ctx context.Context, s *store.Store) (got listsSeen, err error) {
		if got.imports, err = s.Imports(ctx, importsShown); err != nil {
			return got, err
		}
		if got.mappings, err = s.Mappings(ctx); err != nil {
			return got, err
		}
		values, _, err := s.Settings(ctx)
		if err != nil {
			return got, err
		}
		got.folder = values["imports.folder"]
		got.journal, err = s.Log(ctx, data.LogQuery{Kinds: []data.JournalKind{data.JournalImport}, Limit: journalShown})
		return got, err
	}, func(got listsSeen, err error) {
		if asked != l.asked {
			return
		}
		l.problem = nil
		if err != nil {
			l.problem = asError(err)
		} else {
			l.seen, l.loaded = got, true
			l.lookIn()
		}
		l.changed()
	})
}

// lookIn finds out what lies in the folder for lists.
func (l *Lists) lookIn() {
	l.folderAsked++
	asked, folder := l.folderAsked, l.seen.folder
	if folder == "" {
		l.lying, l.lyingMore, l.held, l.lyingWrong = nil, false, nil, ""
		return
	}
	Go(l.desk, func(desk context.Context) (lyingSeen, error) {
		ctx, stop := context.WithTimeout(desk, folderTime)
		defer stop()
		return patient(ctx, func(ctx context.Context) (lyingSeen, error) { return lookAtLists(ctx, folder) })
	}, func(got lyingSeen, err error) {
		if asked != l.folderAsked {
			return
		}
		l.lying, l.lyingMore, l.held, l.lyingWrong = nil, false, got.held, l.folderProblem(got.folderList, err)
		f := Folders{desk: l.desk, seen: got.folderList}
		for i := range got.entries {
			switch {
			case !got.entries[i].file:
			case len(l.lying) == listsShown:
				l.lyingMore = true
			default:
				l.lying = append(l.lying, f.Entry(i))
			}
		}
		l.changed()
	})
}

func (l *Lists) folderProblem(got folderList, err error) string {
	say := l.desk.Say
	switch {
	case errors.Is(err, os.ErrNotExist):
		return say("This folder is not there. Make it, or choose another.")
	case errors.Is(err, errNoFolder):
		return say("This is not a folder. Choose another.")
	case err != nil:
		return say("This folder cannot be reached now. If it lies on another computer, look whether that is switched on.")
	case got.denied:
		return say("You may not look into this folder yourself.")
	}
	return ""
}

// Loaded reports whether there is something true to show.
func (l *Lists) Loaded() bool { return l.loaded }

// Problem is why nothing can be read; nil: nothing is wrong.
func (l *Lists) Problem() *data.Error { return l.problem }

// Busy says what is under way; empty: nothing.
func (l *Lists) Busy() string { return l.busy }

// Said is how the last thing done ended.
func (l *Lists) Said() Said { return l.said }

// PastImport is one import that was done.
type PastImport struct {
	When    string
	What    string // what it did, a sentence
	File    string // and with which saved answers
	Undone  string // when it was taken back; empty: it stands
	MayUndo bool
}

// Imports are the last ones, the newest first.
func (l *Lists) Imports() []PastImport {
	var all []PastImport
	for i := range l.seen.imports {
		all = append(all, l.past(&l.seen.imports[i]))
	}
	return all
}

func (l *Lists) past(r *data.ImportRecord) PastImport {
	p := PastImport{When: l.desk.When(r.At), What: l.desk.importedWords(r), File: data.Clean(r.File, 80), MayUndo: r.Undoable}
	if r.Mapping != "" {
		p.File = l.desk.Say("{{.File}}, read as \"{{.Name}}\"", With("File", p.File, "Name", r.Mapping))
	}
	if r.Origin != "" {
		p.File = l.desk.Say("{{.File}}, by itself", With("File", p.File))
	}
	if !r.Undone.IsZero() {
		p.Undone = l.desk.Say("undone {{.When}}", With("When", l.desk.When(r.Undone)))
	}
	return p
}

// UndoWords ask whether to take import i back, and say what comes back.
func (l *Lists) UndoWords(i int) (title, text string) {
	if i < 0 || i >= len(l.seen.imports) {
		return "", ""
	}
	return l.desk.undoQuestion(&l.seen.imports[i])
}

// Undo takes import i back.
func (l *Lists) Undo(i int) {
	if i < 0 || i >= len(l.seen.imports) || !l.seen.imports[i].Undoable {
		return
	}
	r := l.seen.imports[i]
	listsDo(l, l.desk.Say("Undoing the import."), func(ctx context.Context, s *store.Store) (data.ImportRecord, error) {
		return undoImport(ctx, l.desk, s, &r)
	}, func(got data.ImportRecord) string {
		return sentences(l.desk.Say("The import was undone."), strings.Join(l.desk.undoneWords(&got), " "))
	})
}

// listsDo does one thing and says how it ended.
func listsDo[T any](l *Lists, words string, work func(ctx context.Context, s *store.Store) (T, error), then func(T) string) {
	if l.busy != "" {
		return
	}
	l.busy, l.said = words, Said{}
	GoStore(l.desk, work, func(got T, err error) {
		l.busy = ""
		if err != nil {
			l.said = Said{Words: asError(err).Error(), Bad: true}
		} else {
			l.said = Said{Words: then(got), Good: true}
		}
		l.desk.Wake()
		l.read()
		l.changed()
	})
	l.changed()
}

// Journal is what happened with lists, the newest first: when, and what.
func (l *Lists) Journal() []LogLine {
	log := Log{desk: l.desk, lines: l.seen.journal}
	var all []LogLine
	for i := range l.seen.journal {
		all = append(all, log.Line(i))
	}
	return all
}

// PatronsPath is a file name to offer for the list of patrons.
func (l *Lists) PatronsPath() string {
	return l.desk.homeFile("patrons-" + l.desk.Now().Format(time.DateOnly) + ".csv")
}

// PatronsIn is the same file name in another folder.
func (l *Lists) PatronsIn(folder string) string {
	return filepath.Join(folder, filepath.Base(l.PatronsPath()))
}

// Exporting reports whether the patrons are being written.
func (l *Lists) Exporting() bool { return l.export.running }

// Exported is how the last export ended, one sentence; empty: there was none.
func (l *Lists) Exported() (said string, failed bool) { return l.export.said, l.export.failed }

// StopExport ends an export under way; no half file stays behind.
func (l *Lists) StopExport() { l.export.end() }

// ExportPatrons writes everybody who is here into a file of comma-separated values that can be taken in again. exists is
// called instead when there is such a file and replace is false.
func (l *Lists) ExportPatrons(path string, replace bool, exists func()) {
	l.export.write(l.desk, l.changed, l.PatronsPath(), path, replace, exists, func(ctx context.Context, w io.Writer) error {
		s, release, problem := l.desk.use()
		defer release()
		if s == nil {
			return problem
		}
		all, err := s.Roster(ctx, data.RosterQuery{})
		if err != nil {
			return err
		}
		return roster.ExportCSV(w, all)
	})
}
