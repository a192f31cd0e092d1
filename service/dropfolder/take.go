package dropfolder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/mail"
	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
)

// end is what became of a file that was to be read.
type end struct {
	what endKind
	err  error
}

type endKind int

const (
	endTaken      endKind = iota
	endKnown              // it was taken before
	endRefused            // set aside
	endWaiting            // not finished after all
	endUnreadable         // stays, one warning
	endChanged            // became another one while it was read: read again at the next look
	endStore              // the store cannot be written: stop
)

// errChanged says that a file changed while it was being read.
var errChanged = errors.New("the file changed while it was being read")

// take reads one file into the queue. Whatever a file can do to us, a crash of the parser included, ends here.
func (f *Folder) take(ctx context.Context, c chosen) (e end) {
	opened, id, err := f.o.Read(f.mirror, c.name)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, mirror.ErrOther):
		return end{what: endChanged, err: err}
	case errors.Is(err, mirror.ErrLocked):
		return end{what: endWaiting, err: err}
	case err != nil:
		return f.unreadable(ctx, c, err)
	}
	e = f.takeOpen(ctx, c, opened, id)
	if err := opened.Close(); err != nil {
		f.o.Log.Warn("closing a file", "error", err)
	}
	// Only now: Windows renames no open file.
	var refused *data.Error
	if e.what == endRefused && errors.As(e.err, &refused) {
		f.refuse(ctx, c.name, c.id, c.file, refused)
	}
	return e
}

func (f *Folder) unreadable(ctx context.Context, c chosen, err error) end {
	c.file.later = f.o.Now().Add(unreadableFor)
	if !c.file.warned {
		c.file.warned = true
		f.notef(ctx, data.JournalIntake, 0, "The file %q cannot be read: %s. It stays, and is tried again. Give the service the right to read it.", c.name, plain(err))
	}
	f.o.Log.Debug("unreadable", "file", c.name, "error", err)
	return end{what: endUnreadable, err: &data.Error{
		Code: data.CodeNoAccess, Sentence: fmt.Sprintf("The file %q cannot be read: %s.", data.Clean(c.name, 100), plain(err)),
		Next: "Give the service the right to read it.", Err: err,
	}}
}

func plain(err error) string {
	if errors.Is(err, fs.ErrPermission) {
		return "access is denied"
	}
	return "the system reports an error"
}

func (f *Folder) takeOpen(ctx context.Context, c chosen, opened File, id place.Identity) (e end) {
	defer func() {
		if p := recover(); p != nil {
			f.o.Log.Error("a file made the program stumble", "file", c.name, "panic", fmt.Sprint(p))
			e = end{what: endRefused, err: stumbled()}
		}
	}()
	if sightOf(id) != sightOf(c.id) {
		return end{what: endChanged, err: errChanged}
	}
	rules := stamp(f.o.Rules(), f.o.Now())
	if c.file.message == 0 {
		if e, stop := f.unfit(c, opened, id, rules); stop {
			return e
		}
	}
	sum, err := digest(opened, id.Size)
	if err != nil {
		return f.unreadable(ctx, c, err)
	}
	if c.file.message != 0 && c.file.sum != sum {
		// The look is that of a known file, the content is not: somebody put the time back. It is a new one.
		*c.file = file{name: c.name, first: f.o.Now(), round: f.round}
		return end{what: endChanged, err: errChanged}
	}
	key := id.Seen() + "-" + hex.EncodeToString(sum[:])
	origin, known, err := f.o.Store.Origin(ctx, key)
	if err != nil {
		return end{what: endStore, err: err}
	}
	if known && origin.Message != 0 {
		c.file.message, c.file.sum = origin.Message, sum
		return end{what: endKnown}
	}
	draft, err := mail.Receive(section(opened, id.Size), id.Size, rules)
	if err != nil {
		return f.judge(ctx, c, err)
	}
	message, err := f.accept(ctx, c, opened, draft, key)
	if err != nil {
		return f.judge(ctx, c, err)
	}
	c.file.message, c.file.sum, c.file.checked, c.file.name = message, sum, true, c.name
	f.watch.Forget(c.name)
	if err := f.mirror.ForgetReason(c.name); err != nil {
		f.o.Log.Warn("removing a reason file", "error", err)
	}
	for _, n := range draft.Notes {
		f.notef(ctx, data.JournalIntake, message, "File %q: %s", c.name, n)
	}
	return end{what: endTaken}
}

// unfit looks at what can be said of a new file before it is read as a message.
func (f *Folder) unfit(c chosen, opened File, id place.Identity, rules mail.Rules) (end, bool) {
	switch {
	case rules.MaxBytes > 0 && id.Size > rules.MaxBytes:
		return end{what: endRefused, err: tooLarge(id.Size, rules.MaxBytes)}, true
	case id.Links > 1:
		return end{what: endRefused, err: &data.Error{
			Code: data.CodeBadMessage, Sentence: "The file has a second name somewhere else, so it is not read.",
			Next: "Copy it into the folder instead of linking it.",
		}}, true
	case c.sure:
		return end{}, false
	}
	return f.unfinished(c, opened)
}

// unfinished looks for the marks of a half-written message.
func (f *Folder) unfinished(c chosen, opened File) (end, bool) {
	complete, open, err := mail.HeaderComplete(section(opened, c.id.Size))
	was := c.file.content
	switch {
	case err != nil:
		return end{}, false // whatever it is, Receive says it better
	case !complete:
		c.file.content = contentNoEnd
	case open:
		c.file.content = contentMultipart
	default:
		c.file.content = contentUnknown
	}
	if c.file.content == contentUnknown {
		return end{}, false
	}
	if c.file.content != was && c.file.ripe(c.id, true, false).After(f.o.Now()) {
		return end{what: endWaiting}, true
	}
	if !complete {
		return end{what: endRefused, err: &data.Error{
			Code:     data.CodeBadMessage,
			Sentence: "The header of the message has no end: the blank line after it is missing, and nobody wrote on for an hour.",
			Next:     "Look at the program that wrote the file; it may have been stopped half-way.",
		}}, true
	}
	return end{}, false
}

// judge tells the file's own faults from those of disk and store.
func (f *Folder) judge(ctx context.Context, c chosen, err error) end {
	var e *data.Error
	switch {
	case errors.Is(err, errChanged):
		return end{what: endChanged, err: err}
	case errors.Is(err, errReading):
		return f.unreadable(ctx, c, err)
	case errors.As(err, &e) && (e.Code == data.CodeBadMessage || e.Code == data.CodeTooLarge || e.Code == data.CodeBadAddress):
		return end{what: endRefused, err: e}
	}
	return end{what: endStore, err: err}
}

// accept stores the message. In practice mode the copy for test_to goes first: it has an origin key of its own, so a
// crash between the two leaves neither lost nor doubled.
func (f *Folder) accept(ctx context.Context, c chosen, opened File, draft *mail.Draft, key string) (int64, error) {
	draft.Class, draft.Door, draft.File = c.class, data.DoorFolder, c.name
	draft.NoReturn = draft.NoReturn || c.class.Own()
	draft.Origin = &data.Origin{Key: key, Name: c.name}
	if s := f.o.Settings(); s.Practice && !c.class.Own() {
		if err := f.practise(ctx, c, opened, draft, key, s); err != nil {
			return 0, err
		}
	}
	return f.store(ctx, &draft.NewMessage, func() error { return f.unchanged(c, opened) })
}

// store accepts m, provided that the file is still the one that was read when the last octet is in the transaction.
func (f *Folder) store(ctx context.Context, m *data.NewMessage, unchanged func() error) (int64, error) {
	if err := unchanged(); err != nil {
		return 0, err
	}
	g := &guard{unchanged: unchanged}
	if m.Body != nil {
		g.r, m.Body = m.Body, g
	}
	id, err := f.o.Store.Accept(ctx, m)
	if g.err != nil && err != nil {
		return 0, g.err
	}
	return id, err
}

// unchanged looks at the open file and at its name again.
func (f *Folder) unchanged(c chosen, opened File) error {
	now, err := opened.Identify()
	if err != nil {
		return fmt.Errorf("%w: %w", errReading, err)
	}
	named, err := f.mirror.Look(c.name)
	if err != nil || sightOf(now) != sightOf(c.id) || sightOf(named) != sightOf(c.id) {
		return errChanged
	}
	return nil
}

// errReading says that the disk did not give the file.
var errReading = errors.New("reading the file")

// guard reads a body for the store and keeps what goes wrong with the file apart from what goes wrong with the store.
// A parser that panics must not do so inside a transaction.
type guard struct {
	r         io.Reader
	unchanged func() error
	err       error
}

func (g *guard) Read(p []byte) (n int, err error) {
	defer func() {
		if recover() != nil {
			n, err = 0, stumbled()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			g.err = err
		}
	}()
	n, err = g.r.Read(p)
	if errors.Is(err, io.EOF) {
		if changed := g.unchanged(); changed != nil {
			return 0, changed
		}
	}
	return n, err
}

func section(opened File, size int64) *io.SectionReader {
	return io.NewSectionReader(failing{opened}, 0, size)
}

// failing marks what the disk did, so that it is not taken for a fault of the message.
type failing struct{ f File }

func (r failing) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.f.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errReading, err)
	}
	return n, err
}

func digest(opened File, size int64) (sum [32]byte, err error) {
	h := sha256.New()
	if _, err := io.Copy(h, section(opened, size)); err != nil {
		return sum, err
	}
	return [32]byte(h.Sum(nil)), nil
}

func tooLarge(size, limit int64) *data.Error {
	const mb = 1 << 20
	return &data.Error{
		Code:     data.CodeTooLarge,
		Sentence: fmt.Sprintf("The message is too large: %.1f MB, and at most %d MB are taken.", float64(size)/mb, limit/mb),
		Next:     "Send a link instead of a large attachment, or raise the setting message.max_mb.",
	}
}

func stumbled() *data.Error {
	return &data.Error{
		Code: data.CodeBadMessage, Sentence: "The file made this program stumble, so it was put aside.",
		Next: "Please send the file to whoever looks after this program.",
	}
}

// stamp keeps the moment for rules that were made without one.
func stamp(r mail.Rules, now time.Time) mail.Rules {
	if r.Now.IsZero() {
		r.Now = now
	}
	return r
}
