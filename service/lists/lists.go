// Package lists is in charge of the folder for lists: what the library system exports into it is taken in by itself, patrons
// before loans, as the saved mapping says, or as the layout is known. A list that is not finished waits; one that is in doubt,
// and the very first of its kind, is held as NAME.held with the reason beside it, and changes nothing; one that was taken in is
// renamed to NAME.done-2026-11-22-loans. The last five of each kind are kept. A file is known by identity and hash, and taken
// in once, whatever was killed and whether it can be renamed or not; the same list exported anew is a new one. Files are copied
// before they are read, and links and folders are never followed. Reading needs the memory of a whole school, so that a
// process of its own can do it: see Child.
package lists

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
)

// How long a file must lie unchanged before it counts as finished: see service/dropfolder.
const (
	stillClosed  = 2 * time.Second  // its writer closed it
	stillUnknown = 10 * time.Minute // nobody saw it closed
	lockedFor    = 10 * time.Second
)

// Store is what lists need of the database.
type Store interface {
	Mappings(ctx context.Context) ([]data.Mapping, error)
	RosterRevision(ctx context.Context) (int64, error)
	Roster(ctx context.Context, q data.RosterQuery) (*data.Roster, error)
	LastImport(ctx context.Context, kind data.RosterKind) (data.ImportRecord, bool, error)
	ImportOf(ctx context.Context, origin string) (data.ImportRecord, bool, error)
	Import(ctx context.Context, set *data.ChangeSet, progress func(done, total int)) (data.ImportRecord, error)
	Note(ctx context.Context, lines ...data.JournalLine) error
}

// Options is what the folder needs besides its path.
type Options struct {
	Store Store
	Work  string           // folder for copies while they are read
	Take  Taker            // who reads them and takes them in; nil: this process
	Now   func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: none
}

// Lists is the open folder. One look happens at a time.
type Lists struct {
	o      Options
	mirror *mirror.Folder
	watch  *mirror.Watch
	work   string

	mu     sync.Mutex
	looked bool
	copies int                        // made until now: each has a folder of its own
	files  map[string]*file           // by place.Identity.Seen
	held   map[string]Held            // what waits for a person, by name of the .held file
	aside  map[string]data.RosterKind // every .held file of ours, also those that are over
}

// file is what is remembered of a file between two looks.
type file struct {
	first time.Time
	early bool // the first look of this process found it
	stuck bool // dealt with, and cannot be renamed
	round bool // seen by the look under way
	fatal bool // the process that read it ended in the middle
}

// Report is what one look did.
type Report struct {
	Imported []data.ImportRecord
	Held     int
	Waiting  int       // not finished yet
	Again    time.Time // when to look again; zero: no need before the next check
}

// Open opens the folder. Errors have data.CodeNoAccess.
func Open(dir string, o Options) (*Lists, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Take == nil {
		o.Take = func(ctx context.Context, order Order, each func(Result) error) error {
			return Take(ctx, o.Store, o.Now, order, each)
		}
	}
	if old, err := filepath.Glob(filepath.Join(o.Work, "lists-*")); err == nil {
		for _, dir := range old { // of a program that was killed
			_ = os.RemoveAll(dir)
		}
	}
	work, err := os.MkdirTemp(o.Work, "lists-*")
	if err != nil {
		return nil, &data.Error{Code: data.CodeNoAccess, Sentence: "The data folder cannot be written.", Next: "Look at the disk and the data folder.", Err: err}
	}
	m, err := mirror.Open(dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(work))
	}
	l := &Lists{o: o, mirror: m, work: work, files: map[string]*file{}, held: map[string]Held{}, aside: map[string]data.RosterKind{}}
	if l.watch, err = m.Watch(candidate, stillClosed, o.Log); err != nil {
		o.Log.Warn("the folder for lists cannot be watched", "error", err)
	}
	return l, nil
}

// Close lets the folder go.
func (l *Lists) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	if l.watch != nil {
		err = l.watch.Stop()
		l.watch = nil
	}
	return errors.Join(err, l.mirror.Close(), os.RemoveAll(l.work))
}

// Changes hints that it is worth a look.
func (l *Lists) Changes() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.watch.Hints()
}

// Healthy tells whether the folder is still the one that was opened.
func (l *Lists) Healthy() error { return l.mirror.Healthy() }

// candidate reports whether a name is that of a list.
func candidate(name string) bool {
	lower := strings.ToLower(name)
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") || strings.HasSuffix(lower, ending+mirror.Reason) || strings.HasSuffix(lower, strings.ToLower(mirror.Bad)+mirror.Reason) {
		return false
	}
	switch filepath.Ext(lower) {
	case ".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".zip":
		return true
	}
	return false
}

// ripe is when a file counts as finished if nothing changes until then.
func (f *file) ripe(id place.Identity, closed bool) time.Time {
	since := f.first
	if changed := time.Unix(0, id.Changed); (closed || f.early) && id.Changed != 0 && changed.Before(since) {
		since = changed
	}
	if id.Size > 0 && (closed || mirror.OpenTells) {
		return since.Add(stillClosed)
	}
	return since.Add(stillUnknown)
}
