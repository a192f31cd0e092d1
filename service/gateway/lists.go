package gateway

import (
	"context"
	"errors"
	"io"
	"math"
	"path/filepath"
	"runtime/debug"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/lists"
)

// notFinished is how long automatic notices wait at most for a list that is just being written.
const notFinished = 20 * time.Minute

// listsFolder is the folder for lists as it is open, or opened anew; nil: there is none in the settings, or it cannot be
// reached, which is told as trouble.
func (g *Gateway) listsFolder(ctx context.Context) *lists.Lists {
	g.listsOpening.Lock()
	defer g.listsOpening.Unlock()
	want := g.Settings().ImportsFolder
	g.mu.Lock()
	l, at := g.lists, g.listsAt
	g.mu.Unlock()
	if l != nil && at == want {
		return l
	}
	g.closeLists()
	if want == "" {
		g.clear(ctx, troubleLists, "There is no folder for lists any more.")
		return nil
	}
	if mail := g.Settings().Folder; mail != "" && filepath.Clean(mail) == filepath.Clean(want) {
		g.trouble(ctx, troubleLists, 0, "Lists cannot be taken in by themselves: their folder is the one for mail.", "Choose a folder of its own: smtp-gateway folder use --imports PATH")
		return nil
	}
	o := lists.Options{Store: g.store, Work: g.o.Place.Data, Now: g.o.Now, Log: g.o.Log}
	if len(g.o.Lists) > 0 {
		o.Take = lists.Child(g.o.Lists[0], g.o.Lists[1:]...)
	}
	l, err := lists.Open(want, o)
	if err != nil {
		g.trouble(ctx, troubleLists, 0, "Lists cannot be taken in by themselves: "+sentence(err), next(err))
		return nil
	}
	g.mu.Lock()
	g.lists, g.listsAt = l, want
	g.mu.Unlock()
	return l
}

func (g *Gateway) closeLists() {
	g.mu.Lock()
	l := g.lists
	g.lists = nil
	g.mu.Unlock()
	if l == nil {
		return
	}
	if err := l.Close(); err != nil {
		g.o.Log.Error("closing the folder for lists", "error", err)
	}
}

// listChanges hints that something happened in the folder for lists; nil while there is none.
func (g *Gateway) listChanges(ctx context.Context) <-chan struct{} {
	if l := g.listsFolder(ctx); l != nil {
		return l.Changes()
	}
	return nil
}

// takeLists takes in what is finished, and looks at what waits where that changed something. It reports whether lists are
// still being written.
func (g *Gateway) takeLists(ctx context.Context) bool {
	l := g.listsFolder(ctx)
	if l == nil || !g.spaceForIntake(ctx) {
		return false
	}
	look := l.Look
	if len(g.o.Lists) == 0 {
		look = func(ctx context.Context) (lists.Report, error) { return lookRoomy(ctx, l) }
	}
	rep, err := look(ctx)
	g.mu.Lock()
	g.listsAgain = rep.Again
	g.mu.Unlock()
	switch {
	case err != nil && ctx.Err() != nil:
		return false
	case err != nil && l.Healthy() == nil:
		g.failed(ctx, err)
		return false
	case err != nil:
		g.closeLists()
		g.trouble(ctx, troubleLists, 0, "Lists cannot be taken in by themselves: "+sentence(err), next(err))
		return false
	}
	if words, remedy := l.Trouble(); words != "" {
		g.trouble(ctx, troubleLists, 0, words, remedy)
	} else {
		g.clear(ctx, troubleLists, "Lists are taken in by themselves again.")
	}
	if len(rep.Imported) > 0 {
		g.recheckLetters(ctx)
	}
	return rep.Waiting > 0
}

// lookRoomy reads a whole school in this process: at its usual limit the collector would take longer than the work.
func lookRoomy(ctx context.Context, l *lists.Lists) (lists.Report, error) {
	limit := debug.SetMemoryLimit(math.MaxInt64)
	rep, err := l.Look(ctx)
	debug.SetMemoryLimit(limit)
	if len(rep.Imported)+rep.Held > 0 {
		debug.FreeOSMemory()
	}
	return rep, err
}

// TakeLists is what the process of Options.Lists does: it takes in what in asks for and tells it to out. orphaned is called
// when the gateway that asked is gone.
func TakeLists(ctx context.Context, p place.Place, in io.Reader, out io.Writer, orphaned func()) (err error) {
	s, err := house.Open(ctx, p, false, store.Options{})
	if err != nil {
		return lists.Refuse(out, err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return lists.Serve(ctx, s, in, out, orphaned)
}

// HeldList is a list of the folder for lists that waits for a person.
type HeldList = lists.Held

// ListsStand tells how a folder for lists stands, for who does not run the service: what is held there, and how many lists
// were taken in and could not be renamed. Errors have data.CodeNoAccess.
func ListsStand(ctx context.Context, dir string, s *store.Store) (held []HeldList, left int, err error) {
	st, err := lists.Stands(ctx, dir, s)
	return st.Held, st.Left, err
}

func (g *Gateway) listsJob(ctx context.Context) { g.takeLists(ctx) }

// listsFirst takes lists in before notices are made of them, and says whether notices are to wait for one that is just
// being written: never for long.
func (g *Gateway) listsFirst(ctx context.Context) bool {
	if !g.takeLists(ctx) {
		g.setListsSince(time.Time{})
		return false
	}
	due, ok := g.notices.Next(ctx, g.Settings())
	now := g.o.Now()
	if !ok || due.After(now) {
		return false
	}
	g.mu.Lock()
	since := g.listsSince
	g.mu.Unlock()
	if since.IsZero() {
		g.setListsSince(now)
		return true
	}
	return now.Sub(since) < notFinished
}

func (g *Gateway) setListsSince(t time.Time) {
	g.mu.Lock()
	g.listsSince = t
	g.mu.Unlock()
}

// noticesAt is when notices are made next: not before the list they wait for is looked at again.
func (g *Gateway) noticesAt(ctx context.Context, s data.Settings) (time.Time, bool) {
	at, ok := g.notices.Next(ctx, s)
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.listsSince.IsZero() && at.Before(g.listsAgain) {
		at = g.listsAgain
	}
	return at, ok
}
