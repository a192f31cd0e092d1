package mirror

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"smtpgateway/data"
	"smtpgateway/data/place"
)

// Suffixes of a file set aside and of the reason beside it.
const (
	Bad    = ".BAD"
	Reason = ".txt" // after the whole name of the file: NAME.BAD.txt
)

// IsBad reports whether a name is that of a file set aside.
func IsBad(name string) bool {
	return len(name) > len(Bad) && strings.EqualFold(name[len(name)-len(Bad):], Bad)
}

// The first words of every reason file: by them one of ours is known, and may be written over.
const signature = "SMTP Gateway: "

const (
	maxName = 255  // octets of a name; Linux counts octets, Windows fewer characters
	maxTwin = 9999 // files of one name set aside side by side
)

// SetAside renames the file that was seen under name to .BAD and puts the reason beside it. No file is written over:
// twins get ~2, ~3 before the suffix. Done again after a crash it finishes what was begun. It gives the new name;
// ErrOther: another file stands under the name now, fs.ErrNotExist: none does.
func (f *Folder) SetAside(name, seen, reason string) (string, error) {
	return f.setAside(name, seen, reason, IsBad, badName)
}

// SetAsideAs is SetAside with an ending of its own behind the whole name, such as ".held".
func (f *Folder) SetAsideAs(name, seen, ending, reason string) (string, error) {
	return f.setAside(name, seen, reason, func(name string) bool { return strings.HasSuffix(name, ending) },
		func(name string, n int) string { return numbered(name, ending, n) })
}

// Rename gives the file that was seen under name an ending behind it; twins get ~2, ~3 before that. ErrOther: another file
// stands there now.
func (f *Folder) Rename(name, seen, ending string) (string, error) {
	id, err := f.Look(name)
	if err != nil {
		return "", err
	}
	if id.Seen() != seen {
		return "", ErrOther
	}
	for n := 1; n <= maxTwin; n++ {
		to := numbered(name, ending, n)
		if err = renameNew(f.root, f.dir, name, to); !errors.Is(err, fs.ErrExist) {
			return to, errors.Join(err, f.Sync())
		}
	}
	return "", err
}

func (f *Folder) setAside(name, seen, reason string, is func(string) bool, named func(string, int) string) (string, error) {
	id, err := f.Look(name)
	if err == nil && id.Seen() != seen {
		err = ErrOther
	}
	if err == nil && is(name) {
		return name, f.explain(name, name, reason)
	}
	gone := err
	for n := 1; n <= maxTwin; n++ {
		bad := named(name, n)
		there, err := f.Look(bad)
		switch {
		case err == nil && there.Seen() == seen:
			return bad, f.explain(bad, name, reason) // renamed before the crash
		case err == nil:
			continue
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		case gone != nil:
			return "", gone
		case !f.mayExplain(bad):
			continue
		}
		// The reason first: a .BAD nobody explains would be worse than a word about a file not yet renamed.
		if err := f.explain(bad, name, reason); err != nil {
			return "", err
		}
		err = renameNew(f.root, f.dir, name, bad)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", errors.Join(err, f.RemoveReason(bad))
		}
		return bad, f.Sync()
	}
	return "", fmt.Errorf("no name is left for %q: %w", data.Clean(name, 80), fs.ErrExist)
}

// RemoveReason removes the reason beside a file set aside, if it is one of ours.
func (f *Folder) RemoveReason(bad string) error {
	name := bad + Reason
	if len(name) > maxName || !f.ours(name) {
		return nil
	}
	return remove(f.root, f.dir, name, anyFile)
}

func anyFile(place.Identity) bool { return true }

// ForgetReason removes the reason that stands beside nothing any more: its file was renamed back to name.
func (f *Folder) ForgetReason(name string) error {
	bad := badName(name, 1)
	if _, err := f.Look(bad); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return f.RemoveReason(bad)
}

// DropOld removes files that were set aside before a moment, with their reasons. Only what has a reason of ours beside
// it was set aside by us; everything else is somebody's. It gives the number of files.
func (f *Folder) DropOld(ctx context.Context, before time.Time) (int, error) {
	var old []string
	err := f.Names(func(names []string) error {
		for _, name := range names {
			bad, ok := strings.CutSuffix(name, Reason)
			if !ok || !IsBad(bad) {
				continue
			}
			if id, err := f.Look(name); err == nil && id.Regular && id.ModTime().Before(before) && f.ours(name) {
				old = append(old, bad)
			}
		}
		return ctx.Err()
	})
	n := 0
	for _, bad := range old {
		regular := func(id place.Identity) bool { return id.Regular && id.ModTime().Before(before) }
		switch e := remove(f.root, f.dir, bad, regular); {
		case e == nil:
			n++
		case errors.Is(e, ErrOther):
			continue // a folder, or written to since: a person's now
		case !errors.Is(e, fs.ErrNotExist):
			err = errors.Join(err, e)
			continue // the reason stays as long as what it explains
		}
		err = errors.Join(err, f.RemoveReason(bad))
	}
	return n, err
}

// mayExplain reports whether a reason can stand beside bad without writing over somebody else's file.
func (f *Folder) mayExplain(bad string) bool {
	_, err := f.Look(bad + Reason)
	return errors.Is(err, fs.ErrNotExist) || f.ours(bad+Reason)
}

func (f *Folder) ours(name string) bool {
	file, _, err := f.Read(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, len(signature))
	_, err = io.ReadFull(file, head)
	return err == nil && bytes.Equal(head, []byte(signature))
}

// explain writes the reason beside a file, whole or not at all.
func (f *Folder) explain(bad, name, reason string) error {
	if len(bad)+len(Reason) > maxName || !f.mayExplain(bad) {
		return nil // a name somebody chose by hand leaves no room; the queue tells the reason too
	}
	shown := data.Clean(fmt.Sprintf("%q", name), 300)
	text := signature + "about the file " + shown + "\n\n" + reason + "\n"
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n") // Notepad
	_, err := f.write(bad+Reason, []byte(text), func(temporary string) error { return f.root.Rename(temporary, bad+Reason) })
	return err
}

// Create puts a new file into the folder: written and synced under a name nobody takes for a message, then renamed.
// It gives the name the file has in the end: name, or one with ~2, ~3 ... where that is taken.
func (f *Folder) Create(name string, content []byte) (string, place.Identity, error) {
	if err := base(name); err != nil {
		return "", place.Identity{}, err
	}
	final := name
	id, err := f.write(name, content, func(temporary string) error {
		for n := 1; n <= maxTwin; n++ {
			stem, suffix := cut(name)
			final = numbered(stem, suffix, n)
			err := renameNew(f.root, f.dir, temporary, final)
			if !errors.Is(err, fs.ErrExist) {
				return err
			}
		}
		return fs.ErrExist
	})
	return final, id, err
}

// write fills a temporary file, syncs it, lets name rename it, and syncs the folder.
func (f *Folder) write(name string, content []byte, rename func(temporary string) error) (place.Identity, error) {
	temporary := ".smtp-gateway-" + rand.Text() + ".part"
	file, err := f.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o660)
	if err != nil {
		return place.Identity{}, fmt.Errorf("writing %s: %w", data.Clean(name, 80), err)
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync())
	id, identifyErr := place.Identify(file)
	if err = errors.Join(err, identifyErr, file.Close()); err == nil {
		err = rename(temporary)
	}
	if err != nil {
		return id, errors.Join(fmt.Errorf("writing %s: %w", data.Clean(name, 80), err), remove(f.root, f.dir, temporary, anyFile))
	}
	return id, f.Sync()
}

func badName(name string, n int) string {
	stem, _ := cut(name)
	return numbered(stem, Bad, n)
}

func cut(name string) (stem, suffix string) {
	suffix = path.Ext(name)
	if suffix == name {
		return name, ""
	}
	return name[:len(name)-len(suffix)], suffix
}

// numbered is stem + suffix, ~n between them from the second on, cut so that a reason's name fits beside it too.
func numbered(stem, suffix string, n int) string {
	tail := suffix
	if n > 1 {
		tail = fmt.Sprintf("~%d%s", n, suffix)
	}
	room := maxName - len(tail) - len(Reason)
	if len(stem) > room {
		whole := utf8.ValidString(stem)
		stem = stem[:room]
		for whole && !utf8.ValidString(stem) {
			stem = stem[:len(stem)-1]
		}
	}
	return stem + tail
}
