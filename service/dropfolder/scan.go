package dropfolder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
)

// Patience says how a look treats files that may not be finished.
type Patience struct {
	// Both takes both looks itself, two seconds apart, for a program that will not look again soon.
	Both bool
}

// Report is what one look found and did.
type Report struct {
	Taken      int
	Refused    int // now .BAD, with the reason beside
	Waiting    int // not finished yet
	Unreadable int // no right to read, or locked by another program; they stay
	Retried    int // renamed back by a person
	Removed    int // taken away by a person while something of them waited: held
	Messages   []int64
	// Finished are files that still lie here though nothing of their message is open: left over by a crash, or not
	// to be deleted. Each is given once; settle knows what to do.
	Finished []data.Origin
	// Again is when to look again, because a file will be finished or more are left; zero: no need before the next check.
	Again time.Time
}

// slice is how many files one look reads at most, the oldest first, so that sending goes on beside a flood of files.
const slice = 1000

// chosen is a file to be read now.
type chosen struct {
	name  string
	id    place.Identity
	file  *file
	class data.Class
	sure  bool // finished by somebody's word
}

// look is the work of one Scan.
type look struct {
	*Folder
	Report
	now     time.Time
	both    bool
	blind   bool // a name could not be looked at: nobody is missed this time
	more    bool // ripe files were left for the next slice
	chosen  []chosen
	special []chosen // no ordinary files
	moved   []chosen // known ones under a new name
}

// Scan looks at the whole folder once and takes what is finished. An error means that looking had to stop: the folder
// is gone (see Healthy), or the store cannot be written. Files not taken stay as they are.
func (f *Folder) Scan(ctx context.Context, p Patience) (Report, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	first, err := f.scan(ctx, false)
	if err != nil || !p.Both || (first.Waiting == 0 && first.Again.IsZero()) {
		return first, err
	}
	if err := f.o.Wait(ctx, stillClosed); err != nil {
		return first, nil //nolint:nilerr // asked to stop: the first look stands
	}
	second, err := f.scan(ctx, true)
	second.Taken += first.Taken
	second.Refused += first.Refused
	second.Retried += first.Retried
	second.Removed += first.Removed
	second.Messages = append(first.Messages, second.Messages...)
	second.Finished = append(first.Finished, second.Finished...)
	return second, err
}

// ready looks whether the folder is the one that was opened, and learns at the first time what is known of it.
func (f *Folder) ready(ctx context.Context) error {
	if err := f.mirror.Healthy(); err != nil {
		return err
	}
	if f.loaded {
		return nil
	}
	if err := f.load(ctx); err != nil {
		return err
	}
	f.loaded = true
	return nil
}

func (f *Folder) scan(ctx context.Context, both bool) (Report, error) {
	if err := f.ready(ctx); err != nil {
		return Report{}, err
	}
	f.round++
	l := &look{Folder: f, now: f.o.Now(), both: both}
	err := f.mirror.Names(func(names []string) error {
		for _, name := range names {
			l.see(ctx, name)
		}
		return ctx.Err()
	})
	if err == nil {
		// Unmounted while we read the list, it would look like a folder everything was taken out of.
		err = f.mirror.Healthy()
	}
	if ctx.Err() != nil {
		return l.Report, nil //nolint:nilerr // asked to stop: what was not looked at is looked at next time
	}
	if err != nil {
		return l.Report, err
	}
	l.prune()
	for _, step := range []func(context.Context) error{l.putAside, l.follow, l.takeChosen, l.miss} {
		if err := step(ctx); err != nil {
			if ctx.Err() != nil {
				break
			}
			return l.Report, err
		}
	}
	if l.more {
		l.again(l.now)
	}
	return l.Report, nil
}

// see looks at one name.
func (l *look) see(ctx context.Context, name string) {
	bad := mirror.IsBad(name)
	if !bad && !candidate(name) {
		return
	}
	if told := l.odd[name]; told != nil {
		told.round = l.round
	}
	id, err := l.mirror.Look(name)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		l.Unreadable++
		l.blind = true
		l.tellOdd(ctx, name, fmt.Sprintf("The file %q cannot be looked at. It stays, and is tried again.", name))
		return
	}
	s := sightOf(id)
	known := l.files[s]
	if bad {
		if known != nil {
			known.round, known.missed = l.round, time.Time{}
			l.renamed(name, id, known)
		}
		return
	}
	if !id.Regular {
		l.special = append(l.special, chosen{name: name, id: id})
		return
	}
	if known == nil {
		known = &file{name: name, first: l.now, early: l.round == 1}
		l.files[s] = known
	}
	known.round, known.missed = l.round, time.Time{}
	switch {
	case known.message != 0 && known.checked:
		l.renamed(name, id, known)
	case known.stuck && known.name == name: // it stands as told
	case id.Size == 0:
		l.empty(ctx, name, known)
	default:
		l.choose(name, id, known)
	}
}

func (l *look) renamed(name string, id place.Identity, known *file) {
	if known.name != name && known.checked {
		l.moved = append(l.moved, chosen{name: name, id: id, file: known})
	}
}

// choose takes a ripe file into the slice, the oldest first.
func (l *look) choose(name string, id place.Identity, known *file) {
	at := known.ripe(id, l.watch.Closed(name), l.both)
	if at.After(l.now) {
		l.Waiting++
		l.again(at)
		return
	}
	if l.now.Before(known.later) {
		l.Unreadable++
		return
	}
	l.chosen = append(l.chosen, chosen{name: name, id: id, file: known, class: data.ClassDropped})
	if len(l.chosen) >= 2*slice {
		l.cut()
	}
}

func (l *look) cut() {
	slices.SortFunc(l.chosen, func(a, b chosen) int {
		if a.id.Modified != b.id.Modified {
			return int(min(max(a.id.Modified-b.id.Modified, -1), 1))
		}
		return strings.Compare(a.name, b.name)
	})
	if len(l.chosen) > slice {
		clear(l.chosen[slice:])
		l.chosen = l.chosen[:slice]
		l.more = true
	}
}

func (l *look) takeChosen(ctx context.Context) error {
	l.cut()
	for _, c := range l.chosen {
		if err := ctx.Err(); err != nil {
			return err
		}
		end := l.take(ctx, c)
		switch end.what {
		case endTaken:
			l.Taken++
			l.Messages = append(l.Messages, c.file.message)
		case endRefused:
			l.Refused++
		case endUnreadable:
			l.Unreadable++
		case endWaiting:
			l.Waiting++
			at := c.file.ripe(c.id, l.watch.Closed(c.name), l.both)
			if !at.After(l.now) { // ripe but locked
				at = l.now.Add(lockedFor)
			}
			l.again(at)
		case endKnown:
			if err := l.settleKnown(ctx, c); err != nil {
				return err
			}
		case endChanged:
			l.Waiting++
			l.again(l.now.Add(stillClosed))
		case endStore:
			return end.err
		}
	}
	return nil
}

func (l *look) empty(ctx context.Context, name string, known *file) {
	l.Waiting++
	at := known.first.Add(stillUnknown)
	if l.now.Before(at) {
		l.again(at)
		return
	}
	if !known.warned {
		known.warned = true
		l.notef(ctx, data.JournalIntake, 0, "The file %q is empty. It is not taken; delete it, or write it anew.", name)
	}
}

// again remembers the earliest moment worth another look.
func (l *look) again(at time.Time) {
	if l.Again.IsZero() || at.Before(l.Again) {
		l.Again = at
	}
}

// oddity is a name that was told of.
type oddity struct {
	text  string
	round uint32 // last look that found the name
}

// tellOdd tells once of something about a name.
func (f *Folder) tellOdd(ctx context.Context, name, text string) {
	if told := f.odd[name]; told != nil && told.text == text {
		return
	}
	if len(f.odd) >= slice {
		clear(f.odd)
	}
	f.odd[name] = &oddity{text: text, round: f.round}
	f.notef(ctx, data.JournalIntake, 0, "%s", text)
}
