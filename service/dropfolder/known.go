package dropfolder

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
)

// Texts of a message whose file was taken away.
const (
	reasonRemoved = "The file was removed from the folder before it was sent."
	remedyRemoved = "Send anyway? Release it to send it, or cancel it."
)

// folderKey begins the origin that says which folder the others were seen in.
const folderKey = "folder-"

// load learns what is known of this folder. If the origins belong to another one (the setting was changed, or another
// folder stands in the place of the old, as an empty mount point does), none of their files is missed here; should
// they come back, their keys are still known.
func (f *Folder) load(ctx context.Context) error {
	all, err := f.o.Store.OriginsHere(ctx)
	if err != nil {
		return err
	}
	here := folderKey + f.mirror.Identity().String()
	same, other := false, ""
	for _, o := range all {
		if strings.HasPrefix(o.Key, folderKey) {
			same = same || o.Key == here
			other = o.Name
		}
	}
	if !same {
		if other != "" {
			if err := f.leave(ctx, all, other); err != nil {
				return err
			}
		}
		if err := f.o.Store.SaveOrigin(ctx, data.Origin{Key: here, Name: f.mirror.Path()}); err != nil {
			return err
		}
		if other != "" {
			return nil
		}
	}
	for _, o := range all {
		if s, sum, ok := parseKey(o.Key); ok && o.Message != 0 && f.files[s] == nil {
			f.files[s] = &file{name: o.Name, first: f.o.Now(), message: o.Message, sum: sum}
		}
	}
	return nil
}

// leave puts the origins of another folder out of sight.
func (f *Folder) leave(ctx context.Context, all []data.Origin, other string) error {
	for _, o := range all {
		if err := f.o.Store.OriginGone(ctx, o.Key, f.o.Now()); err != nil {
			return err
		}
	}
	if other == f.mirror.Path() {
		f.notef(ctx, data.JournalTrouble, 0,
			"The folder %s is another one than before. Files of the old one are not missed, and nothing was cancelled. If a drive or a share was disconnected, connect it again.",
			data.Clean(other, 200))
	}
	return nil
}

// parseKey takes a key apart into the look and the hash it was made of.
func parseKey(key string) (s sight, sum [32]byte, ok bool) {
	parts := strings.Split(key, "-")
	if len(parts) != 6 || len(parts[1]) != 2*len(s.id) || len(parts[5]) != 2*len(sum) {
		return s, sum, false
	}
	var numbers [4]uint64
	for i, at := range []int{0, 2, 3, 4} {
		n, err := strconv.ParseUint(parts[at], 16, 64)
		if err != nil {
			return s, sum, false
		}
		numbers[i] = n
	}
	id, err1 := hex.DecodeString(parts[1])
	hash, err2 := hex.DecodeString(parts[5])
	if err1 != nil || err2 != nil {
		return s, sum, false
	}
	return sight{
		volume: numbers[0], id: [16]byte(id),
		birth: int64(numbers[1]), size: int64(numbers[2]), modified: int64(numbers[3]), //nolint:gosec // the bits matter
	}, [32]byte(hash), true
}

func keyOf(s sight, sum [32]byte) string {
	return s.identity().Seen() + "-" + hex.EncodeToString(sum[:])
}

// settleKnown looks after a file that was taken before this process saw it: one left over, one renamed while nobody
// looked, one that came back.
func (l *look) settleKnown(ctx context.Context, c chosen) error {
	if err := l.welcome(ctx, c); err != nil {
		return err
	}
	c.file.checked, c.file.name = true, c.name
	return nil
}

// follow looks after files that a person renamed.
func (l *look) follow(ctx context.Context) error {
	for _, c := range l.moved {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := l.welcome(ctx, c); err != nil {
			return err
		}
		c.file.name = c.name
	}
	return nil
}

// welcome compares what the store last knew of a file with what it is now. Renamed from .BAD to a name of a message
// means: try again, whoever has not got it. A file that was taken away and came back is released.
func (l *look) welcome(ctx context.Context, c chosen) error {
	key := keyOf(sightOf(c.id), c.file.sum)
	origin, known, err := l.o.Store.Origin(ctx, key)
	if err != nil || !known {
		return err
	}
	all, err := l.o.Store.Deliveries(ctx, origin.Message)
	if err != nil {
		return err
	}
	again := mirror.IsBad(origin.Name) && !mirror.IsBad(c.name)
	var retry, release []int64
	open := false
	for _, d := range all {
		open = open || d.State.Live()
		switch {
		case again && (d.State == data.Failed || d.State == data.Held || d.State == data.Cancelled):
			retry = append(retry, d.ID)
		case d.State == data.Held && d.Reason == reasonRemoved:
			release = append(release, d.ID)
		}
	}
	n, err := l.putBack(ctx, retry, release)
	if err != nil {
		return err
	}
	if n > 0 {
		open = true
		l.Retried++
		l.notef(ctx, data.JournalPerson, origin.Message, "The file %q was put back: it is tried again for %d recipients.", c.name, n)
	}
	if again {
		if err := l.mirror.RemoveReason(origin.Name); err != nil {
			l.o.Log.Warn("removing a reason file", "error", err)
		}
	}
	if origin.Name != c.name || !origin.Gone.IsZero() {
		if err := l.o.Store.SaveOrigin(ctx, data.Origin{Key: key, Name: c.name, Message: origin.Message}); err != nil {
			return err
		}
	}
	if !open && !mirror.IsBad(c.name) {
		l.Finished = append(l.Finished, data.Origin{Key: key, Name: c.name, Message: origin.Message})
	}
	return nil
}

// putBack sends on what waited for the file to come back.
func (l *look) putBack(ctx context.Context, retry, release []int64) (n int64, err error) {
	const reason = "The file was put back by a person."
	if len(retry) > 0 {
		if n, err = l.o.Store.Retry(ctx, retry, reason); err != nil {
			return n, err
		}
	}
	if len(release) > 0 {
		released, err := l.o.Store.Release(ctx, release, reason)
		return n + released, err
	}
	return n, nil
}

// prune forgets files that went before they were taken: they never were ours.
func (l *look) prune() {
	for s, known := range l.files {
		if known.message == 0 && known.round != l.round && !l.blind {
			delete(l.files, s)
		}
	}
	for name, told := range l.odd {
		if told.round != l.round {
			delete(l.odd, name)
		}
	}
}

// miss judges the files of messages that this look did not find. Two looks must agree, and the folder be well: a
// person who moves a file away and back, or a share that stutters, holds nothing.
func (l *look) miss(ctx context.Context) error {
	if l.blind {
		return nil
	}
	for s, known := range l.files {
		if known.message == 0 || known.round == l.round || ctx.Err() != nil {
			continue
		}
		if known.missed.IsZero() {
			known.missed = l.now
		}
		if at := known.missed.Add(stillClosed); l.now.Before(at) {
			l.again(at)
			continue
		}
		gone, err := l.gone(ctx, keyOf(s, known.sum), known)
		if err != nil {
			return err
		}
		if gone {
			delete(l.files, s)
		}
	}
	return ctx.Err()
}

// gone writes down that a file went, and holds what still waits of its message.
func (l *look) gone(ctx context.Context, key string, known *file) (bool, error) {
	all, err := l.o.Store.Deliveries(ctx, known.message)
	if err != nil {
		return false, err
	}
	waiting := 0
	for _, d := range all {
		switch d.State {
		case data.Sending:
			return false, nil // on its way this very moment: its outcome says what the missing file means
		case data.Waiting:
			waiting++
		default:
		}
	}
	if waiting > 0 {
		if err := l.o.Store.HoldFile(ctx, known.message, reasonRemoved, remedyRemoved); err != nil {
			return false, err
		}
		l.Removed++
		l.notef(ctx, data.JournalFailed, known.message,
			"The file %q was removed while %s: held. A person, or a virus scanner, took it away. %s",
			known.name, recipients(waiting), remedyRemoved)
	}
	return true, l.o.Store.OriginGone(ctx, key, l.now)
}

func recipients(n int) string {
	if n == 1 {
		return "1 recipient was waiting"
	}
	return fmt.Sprintf("%d recipients were waiting", n)
}

// hidden is when an origin that stands for no file of the folder counts as gone: at once.
func (f *Folder) hidden(ctx context.Context, key string) error {
	return f.o.Store.OriginGone(ctx, key, f.o.Now().Truncate(time.Millisecond))
}
