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
	ending   = ".held"
	kindLine = "It looks like a list of "
	keptOld  = 5
)

// held is a list that was not taken in.
type held struct {
	kind     data.RosterKind
	taken    time.Time
	sentence string
	remedy   string
}

func isHeld(name string) bool { return strings.HasSuffix(name, ending) }

// hold sets a list aside with the reason beside it.
func (l *Lists) hold(ctx context.Context, a *arrived, why error) error {
	h := held{kind: a.kind, taken: a.taken}
	h.sentence, h.remedy = data.Words(why)
	reason := h.sentence + "\n" + h.remedy + "\n\nNothing was changed. To have it taken in after all, import it by hand, or mend it and take away the ending " + ending + "."
	if h.kind != "" {
		reason += "\n" + kindLine + string(h.kind) + "."
	}
	l.watch.Forget(a.name)
	name, err := l.mirror.SetAsideAs(a.name, a.id.Seen(), ending, reason)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, mirror.ErrOther) {
		return nil
	}
	if err != nil {
		name, a.known.stuck = a.name, true
		l.o.Log.Warn("a list that is held cannot be renamed", "error", err)
	}
	l.held[name] = h
	if err := l.note(ctx, fmt.Sprintf("The list %q was not taken in: %s", data.Clean(a.name, 100), h.sentence)); err != nil {
		return err
	}
	return l.dropOld(ctx)
}

// remember learns from the folder what was held before this program began.
func (l *Lists) remember(name string) {
	id, err := l.mirror.Look(name)
	if err != nil || !id.Regular {
		return
	}
	f, _, err := l.mirror.Read(name + mirror.Reason)
	if err != nil {
		return
	}
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	if e := f.Close(); err != nil || e != nil {
		return
	}
	_, words, ok := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n\n")
	if !ok {
		return
	}
	lines := strings.Split(words, "\n")
	h := held{taken: id.ModTime(), sentence: data.Clean(lines[0], 300)}
	if len(lines) > 1 {
		h.remedy = data.Clean(lines[1], 300)
	}
	for _, line := range lines {
		if kind, ok := strings.CutPrefix(line, kindLine); ok {
			h.kind = data.RosterKind(strings.TrimSuffix(kind, "."))
		}
	}
	l.held[name] = h
}

// settleHeld forgets what is over: the file is gone, or that list or a newer one of its kind was taken in.
func (l *Lists) settleHeld(ctx context.Context) error {
	for name, h := range l.held {
		if _, err := l.mirror.Look(name); errors.Is(err, fs.ErrNotExist) {
			delete(l.held, name)
			continue
		}
		kinds := []data.RosterKind{h.kind}
		if h.kind == "" {
			kinds = []data.RosterKind{data.RosterPatrons, data.RosterLoans}
		}
		for _, kind := range kinds {
			last, ok, err := l.o.Store.LastImport(ctx, kind)
			if err != nil {
				return err
			}
			if ok && last.Taken.UnixMilli() >= h.taken.UnixMilli() && (h.kind != "" || strings.HasPrefix(name, last.File)) {
				delete(l.held, name)
			}
		}
	}
	return nil
}

// Trouble says what is held now; both empty: nothing is.
func (l *Lists) Trouble() (sentence, remedy string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := make([]string, 0, len(l.held))
	for name := range l.held {
		names = append(names, name)
	}
	if len(names) == 0 {
		return "", ""
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(l.held[b].taken.Compare(l.held[a].taken), cmp.Compare(a, b))
	})
	h := l.held[names[0]]
	return fmt.Sprintf("The list %q was not taken in: %s", data.Clean(strings.TrimSuffix(names[0], ending), 100), h.sentence), h.remedy
}

var doneName = regexp.MustCompile(`^(.*?)(~\d+)?\.done-(\d{4}-\d\d-\d\d)$`)

// dropOld removes all but the last of those that were taken in and of those that were held: they are full of names.
func (l *Lists) dropOld(ctx context.Context) error {
	type old struct {
		name, seen string
		at         int64
	}
	groups := map[string][]old{}
	err := l.mirror.Names(func(names []string) error {
		for _, name := range names {
			group := ""
			if m := doneName.FindStringSubmatch(name); m != nil && candidate(m[1]) {
				group = "done " + m[1]
			} else if h, ok := l.held[name]; ok && isHeld(name) {
				group = "held " + string(h.kind)
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
			delete(l.held, o.name)
			if isHeld(o.name) {
				if e := l.mirror.RemoveReason(o.name); e != nil {
					l.o.Log.Warn("a reason cannot be removed", "error", e)
				}
			}
		}
	}
	return err
}
