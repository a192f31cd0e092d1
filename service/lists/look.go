package lists

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
)

// found is one finished file of the folder.
type found struct {
	name   string
	id     place.Identity
	known  *file
	taken  time.Time
	path   string // of the copy
	origin string
	fault  error
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
	defer l.clearCopies(ripe)
	fresh, err := l.fresh(ctx, ripe, &r)
	if err != nil {
		return r, err
	}
	if err := l.order(ctx, fresh, &r); err != nil {
		return r, err
	}
	if err := l.settleHeld(ctx); err != nil {
		return r, err
	}
	return r, l.dropOld(ctx)
}

// ripe finds the lists that are finished, and copies them.
func (l *Lists) ripe(r *Report) ([]*found, error) {
	for _, f := range l.files {
		f.round = false
	}
	now := l.o.Now()
	var all []*found
	err := l.mirror.Names(func(names []string) error {
		for _, name := range names {
			if !l.looked {
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
			all = append(all, &found{name: name, id: id, known: f})
		}
		return nil
	})
	for seen, f := range l.files {
		if !f.round {
			delete(l.files, seen)
		}
	}
	return slices.DeleteFunc(all, func(a *found) bool { return l.copy(a, r) }), err
}

func (r *Report) again(at time.Time) {
	if r.Again.IsZero() || at.Before(r.Again) {
		r.Again = at
	}
}

// mostBytes is the largest list copied; one that is larger is refused without.
const mostBytes = 256 << 20

// copy makes a copy that nobody changes while it is read, under the same name, as that may tell what the list is; true: not
// now.
func (l *Lists) copy(a *found, r *Report) bool {
	a.taken = a.id.ModTime()
	if now := l.o.Now(); a.taken.After(now) || a.taken.Year() < 2000 { // a clock elsewhere
		a.taken = now
	}
	if a.id.Size > mostBytes {
		a.fault = &data.Error{Code: data.CodeTooLarge, Sentence: fmt.Sprintf("The file is %d MB; lists of up to %d MB are read.", a.id.Size>>20, mostBytes>>20), Next: "Export only people or loans, without pictures and history."}
		return false
	}
	later := func() bool {
		l.clearCopies([]*found{a})
		r.Waiting++
		r.again(l.o.Now().Add(lockedFor))
		return true
	}
	from, id, err := l.mirror.Read(a.name)
	switch {
	case errors.Is(err, fs.ErrPermission):
		a.fault = &data.Error{Code: data.CodeNoAccess, Sentence: "The file may not be read.", Next: "Give the service the right to read it."}
		return false
	case err != nil: // gone, or its writer has it open and shuts others out
		return later()
	}
	defer func() { _ = from.Close() }()
	l.copies++
	dir := filepath.Join(l.work, strconv.Itoa(l.copies))
	a.path = filepath.Join(dir, a.name)
	hash := sha256.New()
	if err := errors.Join(os.Mkdir(dir, 0o700), copyTo(a.path, io.TeeReader(from, hash)), os.Chtimes(a.path, a.taken, a.taken)); err != nil {
		return later()
	}
	if now, err := place.Identify(from); err != nil || now.Seen() != a.id.Seen() || id.Seen() != a.id.Seen() {
		return later()
	}
	a.origin = hex.EncodeToString(hash.Sum(nil)) + " " + a.id.Seen()
	return false
}

func copyTo(path string, from io.Reader) error {
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a base name in a folder of ours
	if err != nil {
		return err
	}
	_, err = io.Copy(to, io.LimitReader(from, mostBytes))
	return errors.Join(err, to.Close())
}

func (l *Lists) clearCopies(all []*found) {
	for _, a := range all {
		if a.path != "" {
			_ = os.RemoveAll(filepath.Dir(a.path))
		}
	}
}

// fresh puts aside what was taken in before this program began, and holds what cannot be read.
func (l *Lists) fresh(ctx context.Context, ripe []*found, r *Report) ([]*found, error) {
	var all []*found
	for _, a := range ripe {
		if a.fault != nil {
			r.Held++
			if err := l.hold(ctx, a, "", doubtOf(a.fault)); err != nil {
				return nil, err
			}
			continue
		}
		record, was, err := l.o.Store.ImportOf(ctx, a.origin)
		switch {
		case err != nil:
			return nil, err
		case was:
			l.done(a, record.Kind)
		default:
			all = append(all, a)
		}
	}
	return all, nil
}

// order has lists taken in, and puts each aside as soon as it is known what became of it.
func (l *Lists) order(ctx context.Context, ripe []*found, r *Report) error {
	if len(ripe) == 0 {
		return nil
	}
	order := Order{Waits: r.Waiting > 0}
	for _, a := range ripe {
		order.Lists = append(order.Lists, List{
			Path: a.path, Name: a.name, Taken: a.taken, Origin: a.origin, Rests: l.o.Now().Before(a.known.first.Add(2 * stillUnknown)),
		})
	}
	at := -1
	each := func(res Result) error {
		if res.List < 0 || res.List >= len(ripe) {
			return errEnded
		}
		a := ripe[res.List]
		switch {
		case res.Begun:
			at = res.List
		case res.Record != nil:
			r.Imported = append(r.Imported, *res.Record)
			l.done(a, res.Kind)
		case res.Doubt != nil:
			r.Held++
			return l.hold(ctx, a, res.Kind, res.Doubt)
		default:
			r.Waiting++
			r.again(l.o.Now().Add(lockedFor))
		}
		return nil
	}
	err := l.o.Take(ctx, order, each)
	if errors.Is(err, errNotStarted) { // an update of the program under way, a rule of the system
		l.o.Log.Warn("lists are taken in by the service itself", "error", err)
		err = Take(ctx, l.o.Store, l.o.Now, order, each)
	}
	if !errors.Is(err, errEnded) || at < 0 {
		return err
	}
	if a := ripe[at]; a.known.fatal { // the second time: it is the list, and not a bad day of the computer
		r.Held++
		return l.hold(ctx, a, "", doubt("Reading it ended in the middle, twice.", "Export it again; if that does not help, import it by hand."))
	}
	ripe[at].known.fatal = true
	r.Waiting++
	r.again(l.o.Now().Add(lockedFor))
	return nil
}

// done renames a list that is dealt with; where that cannot be, it is known by its hash.
func (l *Lists) done(a *found, kind data.RosterKind) {
	l.watch.Forget(a.name)
	_, err := l.mirror.Rename(a.name, a.id.Seen(), doneEnding+data.DateOf(l.o.Now()).String()+"-"+string(kind))
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, mirror.ErrOther) {
		return
	}
	a.known.stuck = true
	l.o.Log.Warn("a list that was taken in cannot be renamed", "error", err)
}
