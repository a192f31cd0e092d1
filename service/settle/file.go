package settle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
)

// carry does to a dropped file what its message's end asks for: gone when everybody got it, .BAD otherwise. It touches
// the very file the message was read from or none. An error is the store's.
func (h *home) carry(ctx context.Context, o data.Origin, all []data.Delivery) error {
	var failed, cancelled []data.Delivery
	for _, d := range all {
		switch {
		case d.State.Live():
			return nil // its outcome is not known yet
		case d.State == data.Failed:
			failed = append(failed, d)
		case d.State == data.Cancelled:
			cancelled = append(cancelled, d)
		}
	}
	seen, ok := seenIn(o.Key)
	if !ok || len(all) == 0 || h.open() == nil {
		return nil
	}
	name := h.find(o.Name, seen)
	if name == "" {
		delete(h.stuck, o.Key)
		if len(failed)+len(cancelled) == 0 {
			h.gone = append(h.gone, o.Key)
		}
		return nil // gone already
	}
	if len(failed)+len(cancelled) == 0 {
		h.remove(o, name, seen)
		return nil
	}
	return h.setAside(ctx, o, name, seen, reason(failed, cancelled))
}

// seenIn is the part of an origin's key that place.Identity.Seen gave.
func seenIn(key string) (string, bool) {
	i := strings.LastIndexByte(key, '-')
	if i < 0 || strings.Count(key, "-") != 5 {
		return "", false // no dropped file
	}
	return key[:i], true
}

// find gives the name under which the file stands now: the one last known, or another if a person renamed it since
// the last look; empty: it is gone.
func (h *home) find(name, seen string) string {
	id, err := h.folder.Look(name)
	if err == nil && id.Seen() == seen {
		return name
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return name // it cannot be looked at: whoever touches it will say so
	}
	if h.names == nil {
		h.names = map[string]string{}
		err := h.folder.Names(func(names []string) error {
			for _, n := range names {
				if id, err := h.folder.Look(n); err == nil && id.Regular {
					h.names[id.Seen()] = n
				}
			}
			return nil
		})
		if err != nil {
			h.o.Log.Warn("the folder cannot be read", "error", err)
		}
	}
	return h.names[seen]
}

// remove deletes the file of a message that everybody got.
func (h *home) remove(o data.Origin, name, seen string) {
	err := h.folder.Remove(name, seen)
	if errors.Is(err, mirror.ErrOther) {
		return // another file by now: not ours to delete
	}
	if err != nil {
		h.fail(o, err, "The message in the file %q was sent, but the file could not be removed. It is not sent again. Delete the file by hand.")
		return
	}
	if mirror.IsBad(name) {
		if err := h.folder.RemoveReason(name); err != nil {
			h.o.Log.Warn("removing a reason file", "error", err)
		}
	}
	delete(h.stuck, o.Key)
	h.touched = true
	h.Removed++
	h.gone = append(h.gone, o.Key)
}

// setAside renames the file of a message that not everybody got.
func (h *home) setAside(ctx context.Context, o data.Origin, name, seen, why string) error {
	bad, err := h.folder.SetAside(name, seen, why)
	switch {
	case errors.Is(err, mirror.ErrOther), errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		h.fail(o, err, "The message in the file %q was not sent to everybody, and the file could not be renamed to .BAD. It is not sent again by itself; see the queue.")
		return nil
	}
	delete(h.stuck, o.Key)
	h.touched = true
	h.Bad++
	o.Name = bad
	return h.o.Store.SaveOrigin(ctx, o)
}

// mostStuck bounds the memory for files that cannot be touched; what is beyond it is found after the next start.
const mostStuck = 10_000

// fail tells once of a file that cannot be touched, and keeps it for another try: a virus scanner lets go in a second.
func (h *home) fail(o data.Origin, err error, format string) {
	h.o.Log.Warn("a file cannot be carried home", "file", o.Name, "error", err)
	if _, told := h.stuck[o.Key]; told {
		return
	}
	if len(h.stuck) < mostStuck {
		h.stuck[o.Key] = o
	}
	h.linef(data.JournalFailed, 0, o.Message, format, o.Name)
}

// tryStuck tries again what could not be touched before.
func (h *home) tryStuck(ctx context.Context) error {
	for _, o := range h.stuck {
		all, err := h.o.Store.Deliveries(ctx, o.Message)
		if err != nil {
			return err
		}
		if err := h.carry(ctx, o, all); err != nil {
			return err
		}
	}
	return h.finish(ctx)
}

// mostListed is how many addresses a reason file names.
const mostListed = 1000

// reason is what stands beside a .BAD file: who did not get the message, why, and what to do.
func reason(failed, cancelled []data.Delivery) string {
	var b strings.Builder
	list := func(title string, all []data.Delivery, each func(d data.Delivery)) {
		if len(all) == 0 {
			return
		}
		b.WriteString(title)
		for i, d := range all {
			if i == mostListed {
				fmt.Fprintf(&b, "  and %d more\n", len(all)-mostListed)
				break
			}
			fmt.Fprintf(&b, "  %s\n", data.Clean(d.Recipient, 320))
			each(d)
		}
		b.WriteByte('\n')
	}
	list("The message could not be sent to\n", failed, func(d data.Delivery) {
		fmt.Fprintf(&b, "    %s\n", data.Clean(d.Reason, 500))
		if d.Line != "" {
			fmt.Fprintf(&b, "    The server said: %s\n", data.Clean(d.Line, 500))
		}
		if d.Remedy != "" {
			fmt.Fprintf(&b, "    What to do: %s\n", data.Clean(d.Remedy, 500))
		}
	})
	list("Cancelled by a person, so not sent to\n", cancelled, func(data.Delivery) {})
	b.WriteString("To try again, rename the file so that it ends in .TMP. Only the addresses above are tried then;\n" +
		"whoever has the message does not get it twice.")
	return b.String()
}
