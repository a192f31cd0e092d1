package lists

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
)

const (
	ending     = ".held"
	doneEnding = ".done-"
	kindLine   = "It looks like a list of "
	keptOld    = 5
)

// Held is a list that was not taken in and waits for a person.
type Held struct {
	Name     string          `json:"file"`           // as it came
	Kind     data.RosterKind `json:"kind,omitempty"` // empty: nobody can tell
	Taken    time.Time       `json:"taken"`
	Sentence string          `json:"reason"`
	Remedy   string          `json:"remedy"`
}

func isHeld(name string) bool { return strings.HasSuffix(name, ending) }

// hold sets a list aside with the reason beside it.
func (l *Lists) hold(ctx context.Context, a *found, kind data.RosterKind, why *Doubt) error {
	h := Held{Name: a.name, Kind: kind, Taken: a.taken, Sentence: why.Sentence, Remedy: why.Remedy}
	reason := h.Sentence + "\n" + h.Remedy + "\n\nNothing was changed. To have it taken in after all, import it by hand, or mend it and take away the ending " + ending + "."
	if kind != "" {
		reason += "\n" + kindLine + string(kind) + "."
	}
	l.watch.Forget(a.name)
	name, err := l.mirror.SetAsideAs(a.name, a.id.Seen(), ending, reason)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, mirror.ErrOther):
		return nil
	case err != nil:
		name, a.known.stuck = a.name, true
		l.o.Log.Warn("a list that is held cannot be renamed", "error", err)
		if why.Old {
			return nil // it will be found here after each start: nobody wants to read of it each time
		}
	default:
		l.aside[name] = kind
	}
	l.held[name] = h
	return l.o.Store.Note(ctx, data.JournalLine{
		At: l.o.Now(), Kind: data.JournalImport, Text: fmt.Sprintf("The list %q was not taken in: %s", data.Clean(a.name, 100), h.Sentence),
	})
}

// remember learns from the folder what was held before this program began, and removes a reason that stands beside nothing.
func (l *Lists) remember(name string) {
	if file, ok := strings.CutSuffix(name, mirror.Reason); ok && isHeld(file) {
		if _, err := l.mirror.Look(file); errors.Is(err, fs.ErrNotExist) {
			l.dropReason(file)
		}
		return
	}
	if h, ok := readHeld(l.mirror, name); ok {
		l.held[name], l.aside[name] = h, h.Kind
	}
}

func (l *Lists) dropReason(name string) {
	if err := l.mirror.RemoveReason(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		l.o.Log.Warn("a reason cannot be removed", "error", err)
	}
}

// readHeld is what the reason beside a held file says; false: it is none of ours.
func readHeld(m *mirror.Folder, name string) (Held, bool) {
	if !isHeld(name) {
		return Held{}, false
	}
	id, err := m.Look(name)
	if err != nil || !id.Regular {
		return Held{}, false
	}
	f, _, err := m.Read(name + mirror.Reason)
	if err != nil {
		return Held{}, false
	}
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	if e := f.Close(); err != nil || e != nil {
		return Held{}, false
	}
	_, words, ok := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n\n")
	if !ok {
		return Held{}, false
	}
	lines := strings.Split(words, "\n")
	h := Held{Name: strings.TrimSuffix(name, ending), Taken: id.ModTime(), Sentence: data.Clean(lines[0], 300)}
	if len(lines) > 1 {
		h.Remedy = data.Clean(lines[1], 300)
	}
	for _, line := range lines {
		if kind, ok := strings.CutPrefix(line, kindLine); ok {
			h.Kind = data.RosterKind(strings.TrimSuffix(kind, "."))
		}
	}
	return h, true
}

type lastImport interface {
	LastImport(ctx context.Context, kind data.RosterKind) (data.ImportRecord, bool, error)
}

// over reports whether a held list needs nobody any more: that list or a newer one of its kind was taken in.
func (h *Held) over(ctx context.Context, s lastImport) (bool, error) {
	kinds := []data.RosterKind{h.Kind}
	if h.Kind == "" {
		kinds = []data.RosterKind{data.RosterPatrons, data.RosterLoans}
	}
	for _, kind := range kinds {
		last, ok, err := s.LastImport(ctx, kind)
		if err != nil {
			return false, err
		}
		if ok && last.Taken.UnixMilli() >= h.Taken.UnixMilli() && (h.Kind != "" || strings.HasPrefix(h.Name, last.File)) {
			return true, nil
		}
	}
	return false, nil
}

// settleHeld forgets what is over, or gone.
func (l *Lists) settleHeld(ctx context.Context) error {
	for name := range l.aside {
		if _, err := l.mirror.Look(name); errors.Is(err, fs.ErrNotExist) { // a person took it away: its reason goes too
			delete(l.aside, name)
			delete(l.held, name)
			l.dropReason(name)
		}
	}
	for name, h := range l.held {
		_, err := l.mirror.Look(name)
		gone := errors.Is(err, fs.ErrNotExist)
		if !gone {
			if gone, err = h.over(ctx, l.o.Store); err != nil {
				return err
			}
		}
		if gone {
			delete(l.held, name)
		}
	}
	return nil
}

// Trouble says what is held now; both empty: nothing is.
func (l *Lists) Trouble() (sentence, remedy string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var newest *Held
	for _, h := range l.held {
		if newest == nil || newerFirst(h, *newest) < 0 {
			newest = &h
		}
	}
	if newest == nil {
		return "", ""
	}
	return fmt.Sprintf("The list %q was not taken in: %s", data.Clean(newest.Name, 100), newest.Sentence), newest.Remedy
}

func newerFirst(a, b Held) int {
	return cmp.Or(b.Taken.Compare(a.Taken), cmp.Compare(a.Name, b.Name))
}

var doneName = regexp.MustCompile(`^(.*?)(~\d+)?\.done-\d{4}-\d\d-\d\d-(patrons|loans|addresses)$`)

// dropOld removes all but the last of each kind that were taken in, and of those that were held: they are full of names. What
// waits for a person stays.
func (l *Lists) dropOld(ctx context.Context) error {
	type old struct {
		name, seen string
		at         int64
	}
	groups := map[string][]old{}
	err := l.mirror.Names(func(names []string) error {
		for _, name := range names {
			group := ""
			if m := doneName.FindStringSubmatch(name); m != nil {
				group = "done " + m[3]
			} else if kind, ok := l.aside[name]; ok {
				group = "held " + string(kind)
			}
			if group == "" {
				continue
			}
			if id, err := l.mirror.Look(name); err == nil && id.Regular {
				groups[group] = append(groups[group], old{name, id.Seen(), id.Modified})
			}
		}
		return ctx.Err()
	})
	for _, all := range groups {
		slices.SortFunc(all, func(a, b old) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.name, a.name)) })
		for _, o := range all[min(keptOld, len(all)):] {
			if e := l.mirror.Remove(o.name, o.seen); e != nil {
				l.o.Log.Warn("an old list cannot be removed", "error", e)
				continue
			}
			if isHeld(o.name) {
				l.dropReason(o.name)
			}
			delete(l.held, o.name)
			delete(l.aside, o.name)
		}
	}
	return err
}
