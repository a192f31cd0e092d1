package lists

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
	"smtpgateway/data/roster"
)

// arrived is one finished list.
type arrived struct {
	name    string
	id      place.Identity
	known   *file
	file    *roster.File
	mapping data.Mapping
	saved   bool // the mapping is a saved one
	open    bool // there are questions about its columns
	kind    data.RosterKind
	taken   time.Time
	fault   error
}

// Look takes in what is finished. An error means that looking had to stop: the folder is gone (see Healthy), or the store
// cannot be written. Lists not taken in stay as they are.
func (l *Lists) Look(ctx context.Context) (Report, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var r Report
	if err := l.mirror.Healthy(); err != nil {
		return r, err
	}
	ripe, err := l.ripe(&r)
	if err != nil {
		return r, err
	}
	l.looked = true
	kept, err := l.o.Store.Mappings(ctx)
	if err != nil {
		return r, err
	}
	for _, a := range ripe {
		l.understand(a, kept)
	}
	order := map[data.RosterKind]int{data.RosterPatrons: 1, data.RosterAddresses: 2, data.RosterLoans: 3}
	slices.SortStableFunc(ripe, func(a, b *arrived) int {
		return cmp.Or(order[a.kind]-order[b.kind], a.taken.Compare(b.taken), cmp.Compare(a.name, b.name))
	})
	for _, a := range ripe {
		if err := ctx.Err(); err != nil {
			return r, nil //nolint:nilerr // asked to stop: the next look goes on
		}
		if a.kind == data.RosterLoans && r.Waiting > 0 && l.o.Now().Before(a.known.first.Add(2*stillUnknown)) {
			r.Waiting++ // whose they are may stand in a list that is just being written
			continue
		}
		if err := l.take(ctx, a, &r); err != nil {
			return r, err
		}
	}
	return r, l.settleHeld(ctx)
}

// ripe finds the lists that are finished.
func (l *Lists) ripe(r *Report) ([]*arrived, error) {
	for _, f := range l.files {
		f.round = false
	}
	now := l.o.Now()
	var all []*arrived
	err := l.mirror.Names(func(names []string) error {
		for _, name := range names {
			if !l.looked && isHeld(name) {
				l.remember(name)
			}
			if !candidate(name) {
				continue
			}
			id, err := l.mirror.Look(name)
			if err != nil || !id.Regular || id.Links > 1 {
				continue // gone, a link, a folder: not ours to read
			}
			f := l.files[id.Seen()]
			if f == nil {
				f = &file{first: now, early: !l.looked}
				l.files[id.Seen()] = f
			}
			f.round = true
			if f.stuck {
				continue
			}
			if at := f.ripe(id, l.watch.Closed(name)); at.After(now) {
				r.Waiting++
				r.again(at)
				continue
			}
			all = append(all, &arrived{name: name, id: id, known: f})
		}
		return nil
	})
	for seen, f := range l.files {
		if !f.round {
			delete(l.files, seen)
		}
	}
	all = slices.DeleteFunc(all, func(a *arrived) bool { return l.copy(a, r) })
	return all, err
}

func (r *Report) again(at time.Time) {
	if r.Again.IsZero() || at.Before(r.Again) {
		r.Again = at
	}
}

// mostBytes is the largest list copied; one that is larger is refused without.
const mostBytes = 256 << 20

// copy makes a copy that nobody changes while it is read; true: not now.
func (l *Lists) copy(a *arrived, r *Report) bool {
	a.taken = a.id.ModTime()
	if now := l.o.Now(); a.taken.After(now) || a.taken.Year() < 2000 { // a clock elsewhere
		a.taken = now
	}
	if a.id.Size > mostBytes {
		a.fault = &data.Error{Code: data.CodeTooLarge, Sentence: fmt.Sprintf("The file is %d MB; lists of up to %d MB are read.", a.id.Size>>20, mostBytes>>20), Next: "Export only people or loans, without pictures and history."}
		return false
	}
	later := func() bool {
		r.Waiting++
		r.again(l.o.Now().Add(lockedFor))
		return true
	}
	from, id, err := l.mirror.Read(a.name)
	switch {
	case errors.Is(err, fs.ErrPermission):
		a.fault = &data.Error{Code: data.CodeNoAccess, Sentence: "The file may not be read.", Next: "Give the service the right to read it."}
		return false
	case err != nil:
		return later()
	}
	defer func() { _ = from.Close() }()
	path := l.copyOf(a)
	to, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return later()
	}
	_, err = io.Copy(to, io.LimitReader(from, mostBytes))
	if err = errors.Join(err, to.Close(), os.Chtimes(path, a.taken, a.taken)); err != nil {
		return later()
	}
	if now, err := place.Identify(from); err != nil || now.Seen() != a.id.Seen() || id.Seen() != a.id.Seen() {
		return later()
	}
	return false
}

func (l *Lists) copyOf(a *arrived) string { return filepath.Join(l.work, filepath.Base(a.id.Seen())) }

// understand finds out what a list is and which mapping it has.
func (l *Lists) understand(a *arrived, kept []data.Mapping) {
	if a.fault != nil {
		return
	}
	a.file, a.mapping, a.saved, a.fault = roster.OpenSaved(l.copyOf(a), roster.Options{}, kept)
	if a.fault != nil {
		return
	}
	if !a.saved {
		p := a.file.Propose("")
		a.mapping, a.open = p.Mapping, len(p.Questions) > 0 || a.file.Look().Layout == ""
	}
	a.kind = a.mapping.Kind
}

// take takes one list in, or holds it.
func (l *Lists) take(ctx context.Context, a *arrived, r *Report) error {
	defer func() { _ = os.Remove(l.copyOf(a)) }()
	last, was, err := l.o.Store.LastImport(ctx, a.kind)
	if err != nil {
		return err
	}
	set, doubt, err := l.judge(ctx, a, last, was)
	if err != nil {
		return err
	}
	if doubt != nil {
		r.Held++
		return l.hold(ctx, a, doubt)
	}
	if was && last.File == data.Clean(a.name, 200) && last.Taken.UnixMilli() == a.taken.UnixMilli() && len(set.New)+len(set.Changed)+len(set.Gone) == 0 {
		return l.done(ctx, a) // taken in before the program was killed, or not to be renamed
	}
	record, err := l.o.Store.Import(ctx, set, nil)
	if data.CodeOf(err) == data.CodeConflict { // a person was faster: look at it again
		r.Waiting++
		r.again(l.o.Now())
		return nil
	}
	if err != nil {
		return err
	}
	r.Imported = append(r.Imported, record)
	if err := l.note(ctx, "List of "+string(a.kind)+" taken in by itself: "+record.Counts()); err != nil {
		return err
	}
	return l.done(ctx, a)
}

// judge says what a list would change, or why it is in doubt.
func (l *Lists) judge(ctx context.Context, a *arrived, last data.ImportRecord, was bool) (*data.ChangeSet, error, error) {
	byHand := "Import it once by hand and keep the mapping."
	today := data.DateOf(l.o.Now())
	switch {
	case a.fault != nil:
		return nil, a.fault, nil
	case a.open:
		return nil, &data.Error{Code: data.CodeBadList, Sentence: "No mapping is saved for this list.", Next: byHand}, nil
	case was && a.mapping.Complete && last.Complete && a.taken.UnixMilli() < last.Taken.UnixMilli():
		return nil, &data.Error{Code: data.CodeBadList, Sentence: "The list is older than the one that was taken in last.", Next: "Export a new one."}, nil
	}
	b, dates, err := a.file.Read(ctx, a.mapping, today)
	switch {
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil:
		return nil, err, nil
	case len(dates) > 0:
		return nil, &data.Error{Code: data.CodeBadList, Sentence: "A date can be read in two ways. " + roster.AskDate(dates[0]), Next: byHand}, nil
	case len(b.Patrons)+len(b.Loans) == 0 && b.Rows > 0:
		return nil, &data.Error{Code: data.CodeBadList, Sentence: "None of its " + strconv.Itoa(b.Rows) + " rows can be taken in.", Next: "Look at it once by hand."}, nil
	}
	b.File, b.Taken = a.name, a.taken
	revision, err := l.o.Store.RosterRevision(ctx)
	if err != nil {
		return nil, nil, err
	}
	old, err := l.o.Store.Roster(ctx, data.RosterQuery{WithLeft: true, Loans: a.kind == data.RosterLoans})
	if err != nil {
		return nil, nil, err
	}
	set := roster.Diff(b, old, revision, today)
	if set.Suspect != "" {
		return nil, &data.Error{Code: data.CodeBadList, Sentence: set.Suspect, Next: "Look at the file. If it is right, import it by hand; else export it again."}, nil
	}
	return set, nil, nil
}

func (l *Lists) note(ctx context.Context, text string) error {
	return l.o.Store.Note(ctx, data.JournalLine{At: l.o.Now(), Kind: data.JournalImport, Text: text})
}

// done renames a list that is dealt with.
func (l *Lists) done(ctx context.Context, a *arrived) error {
	l.watch.Forget(a.name)
	_, err := l.mirror.Rename(a.name, a.id.Seen(), ".done-"+data.DateOf(l.o.Now()).String())
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, mirror.ErrOther) {
		return l.dropOld(ctx)
	}
	a.known.stuck = true
	l.o.Log.Warn("a list that was taken in cannot be renamed", "error", err)
	return nil
}
