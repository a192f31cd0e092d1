// Package dropfolder is in charge of the folder other programs drop messages into: it sees which files are finished,
// reads each into the queue once, sets unreadable ones aside with the reason, and notices what people do to the rest:
// a file renamed back is tried again, a file taken away holds its message. The folder mirrors the queue for people;
// the database is the truth, and settle removes what is done.
//
// A file counts as the same file by its identity, size, time of modification and content, never by its name. It is
// in the store, on the disk, before anything is done to it; whatever is killed in between, the next look finds
// either the file or both and goes on from there.
package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
)

// Store is what the folder asks of the queue.
type Store interface {
	// Accept stores a message for good; one whose Origin is known keeps the number it has.
	Accept(ctx context.Context, m *data.NewMessage) (int64, error)
	Origin(ctx context.Context, key string) (data.Origin, bool, error)
	// OriginsHere gives the origins whose files were there when last seen.
	OriginsHere(ctx context.Context) ([]data.Origin, error)
	SaveOrigin(ctx context.Context, o data.Origin) error
	OriginGone(ctx context.Context, key string, at time.Time) error
	Deliveries(ctx context.Context, message int64) ([]data.Delivery, error)
	// HoldFile holds what waits of a message whose file was taken away.
	HoldFile(ctx context.Context, message int64, reason, remedy string) error
	Retry(ctx context.Context, deliveries []int64, reason string) (int64, error)
	Release(ctx context.Context, deliveries []int64, reason string) (int64, error)
	Note(ctx context.Context, lines ...data.JournalLine) error
}

// Options is what a Folder needs besides the path.
type Options struct {
	Store    Store
	Rules    func() mail.Rules
	Settings func() data.Settings
	Now      func() time.Time                                                  // nil: time.Now
	Wait     func(ctx context.Context, d time.Duration) error                  // between two looks; nil: a timer
	Read     func(f *mirror.Folder, name string) (File, place.Identity, error) // opens a file; nil: really
	Log      *slog.Logger                                                      // nil: none
}

// Folder is the open drop folder. Its methods may be called from any goroutine; one look happens at a time.
type Folder struct {
	o      Options
	mirror *mirror.Folder
	watch  *mirror.Watch

	mu     sync.Mutex
	loaded bool
	round  uint32 // number of the look under way
	files  map[sight]*file
	odd    map[string]*oddity // names that cannot be dealt with, so that each is told of once
}

// Open opens the folder at dir. Errors have data.CodeNoAccess: try again later.
func Open(dir string, o Options) (*Folder, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Read == nil {
		o.Read = read
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m, err := mirror.Open(dir)
	if err != nil {
		return nil, err
	}
	f := &Folder{o: o, mirror: m, files: map[sight]*file{}, odd: map[string]*oddity{}}
	if f.watch, err = m.Watch(candidate, stillClosed, o.Log); err != nil {
		// Looking at intervals does without it, only more slowly.
		o.Log.Warn("the folder cannot be watched", "error", err)
	}
	return f, nil
}

// Close ends the watch and lets the folder go.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var err error
	if f.watch != nil {
		err = f.watch.Stop()
		f.watch = nil
	}
	return errors.Join(err, f.mirror.Close())
}

// Changes hints that files were finished or moved in and it is worth a look. It is a hint only: events get lost, and
// a look now and then is needed anyway. The channel is never closed.
func (f *Folder) Changes(context.Context) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.watch.Hints()
}

// Healthy tells whether an error of Scan was the folder's: data.CodeNoAccess when it is gone or another one stands in
// its place, and it should be opened anew.
func (f *Folder) Healthy() error { return f.mirror.Healthy() }

// Drop puts a message of our own into the folder: written and synced under a name nobody takes for a message, then
// renamed. It gives the base name the file has: name with .TMP, or with ~2, ~3 where that is taken.
func (f *Folder) Drop(_ context.Context, name string, content []byte) (string, error) {
	if !candidate(name) {
		name += ".TMP"
	}
	final, id, err := f.mirror.Create(name, content)
	if err != nil {
		return "", &data.Error{
			Code: data.CodeNoAccess, Sentence: fmt.Sprintf("A file cannot be written into the folder %s.", f.mirror.Path()),
			Next: "Look whether this program may write there, and whether the disk is full.", Err: err,
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[sightOf(id)] = &file{name: final, first: f.o.Now(), round: f.round, own: true}
	return final, nil
}

// Take takes one file at once, finished by the word of the caller, as a message of the given class. Errors are those
// of data/mail for what is no message (the file is .BAD by then), CodeNotFound and CodeNoAccess.
func (f *Folder) Take(ctx context.Context, name string, class data.Class) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.ready(ctx); err != nil {
		return 0, err
	}
	id, err := f.mirror.Look(name)
	if err != nil {
		return 0, &data.Error{Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no file %q in the folder.", data.Clean(name, 100)), Err: err}
	}
	c := chosen{name: name, id: id, file: f.files[sightOf(id)], class: class, sure: true}
	if c.file == nil {
		c.file = &file{name: name, first: f.o.Now(), round: f.round}
		f.files[sightOf(id)] = c.file
	}
	end := f.take(ctx, c)
	switch {
	case end.err != nil:
		return 0, end.err
	case c.file.message == 0:
		return 0, &data.Error{Code: data.CodeNotNow, Sentence: fmt.Sprintf("The file %q cannot be read now.", data.Clean(name, 100)), Next: "Try again in a minute."}
	}
	return c.file.message, nil
}

// notef writes the journal. A line that cannot be written stops nothing.
func (f *Folder) notef(ctx context.Context, kind data.JournalKind, message int64, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	f.o.Log.Info(text, "message", message)
	if err := f.o.Store.Note(ctx, data.JournalLine{At: f.o.Now(), Kind: kind, Message: message, Text: text}); err != nil {
		f.o.Log.Error("the journal cannot be written", "error", err)
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
