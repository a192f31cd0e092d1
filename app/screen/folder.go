package screen

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"smtpgateway/data"
)

// FolderTone is how what is said of a folder is meant.
type FolderTone int

// The tones.
const (
	FolderQuiet FolderTone = iota // nothing to worry about
	FolderDoubt                   // worth a look
	FolderWrong                   // mail dropped there will not be sent
)

// folderField is the setting this is about.
const folderField = "folder"

// Folder looks at the folder to monitor as it is edited, and lets the service into it.
type Folder struct {
	OnChange func() // something it shows changed

	desk *Desk
	form Form

	looking bool // one look at a time: a share that does not answer may take a minute
	stale   bool // what is edited changed meanwhile
	seen    folderSight
	busy    bool   // something is being done to the folder
	said    string // what became of it; empty: nothing to say
	bad     bool   // and that it went wrong
}

// folderSight is what a look found.
type folderSight struct {
	typed  string
	path   string // the usual one where none is typed
	tone   FolderTone
	words  string
	there  bool // a folder one can open
	makes  bool // could be made
	denied bool // not for this account
}

// NewFolder prepares the look at the folder edited in form.
func NewFolder(d *Desk, form Form) *Folder { return &Folder{desk: d, form: form} }

// Edited looks at what is typed now.
func (f *Folder) Edited() {
	if f.looking {
		f.stale = true
		return
	}
	typed := f.form.Value(folderField)
	if typed != f.seen.typed {
		f.said = ""
	}
	f.looking, f.stale = true, false
	Go(f.desk, func(ctx context.Context) (folderSight, error) {
		return patient(ctx, func(context.Context) (folderSight, error) { return f.look(typed), nil })
	}, func(seen folderSight, _ error) {
		f.looking, f.seen = false, seen
		if f.stale {
			f.Edited()
		}
		f.changed()
	})
}

// look is off the window's goroutine.
func (f *Folder) look(typed string) folderSight {
	p := f.desk.o.Place
	s := folderSight{typed: typed, path: strings.TrimSpace(typed)}
	if s.path == "" {
		s.path = p.Folder
		s.words = f.desk.Say("The usual folder is watched: {{.Path}}", With("Path", s.path))
	}
	if err := p.CheckFolder(s.path); err != nil {
		e := asError(err)
		s.tone, s.words = FolderWrong, strings.TrimSpace(e.Sentence+" "+e.Next)
		return s
	}
	switch err := lookInside(s.path); {
	case err == nil:
		s.there = true
	case errors.Is(err, fs.ErrNotExist):
		s.tone, s.words = FolderWrong, f.desk.Say("This folder is not there.")
		parent, err := os.Stat(filepath.Dir(s.path))
		s.makes = err == nil && parent.IsDir()
	case errors.Is(err, fs.ErrPermission):
		s.denied = true
		s.tone, s.words = FolderDoubt, f.desk.Say("You may not look into this folder yourself. A test shows whether the service may.")
	default:
		s.tone, s.words = FolderWrong, f.desk.Say("This folder cannot be reached now. If it lies on another computer, look whether that is switched on.")
	}
	return s
}

func lookInside(path string) error {
	dir, err := os.Open(path) //nolint:gosec // the person named it
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	if _, err := dir.Readdirnames(1); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// Path is the folder meant: the one typed, or the usual one.
func (f *Folder) Path() string { return f.seen.path }

// Words is what is the matter with the folder, and how it is meant; empty: nothing, or not looked yet.
func (f *Folder) Words() (FolderTone, string) {
	if f.unreachable() {
		return FolderWrong, f.desk.Say("The service cannot reach this folder.") + " " + f.desk.Facts().Beat.Remedy
	}
	if f.seen.tone == FolderQuiet && f.MayLetIn() {
		return FolderDoubt, f.desk.Say("The service may not be able to reach this folder yet.")
	}
	return f.seen.tone, f.seen.words
}

// unreachable reports whether the running service is in trouble about this very folder.
func (f *Folder) unreachable() bool {
	facts := f.desk.Facts()
	return facts.Service.Running() && f.seen.path != "" && f.seen.tone != FolderWrong && f.seen.path == facts.Folder &&
		strings.Contains(facts.Beat.Trouble, "folder "+facts.Folder)
}

// MayOpen reports whether there is a folder to open.
func (f *Folder) MayOpen() bool { return f.seen.there && !f.busy }

// MayMake reports whether the folder is missing and could be made.
func (f *Folder) MayMake() bool { return f.seen.makes && !f.busy }

// MayLetIn reports whether it makes sense to let the service into the folder: another one than it works with, or one it
// cannot reach. A service a person started by hand is that person already.
func (f *Folder) MayLetIn() bool {
	facts := f.desk.Facts()
	if f.busy || facts.Service.ByHand || facts.Service.State == ServiceNotInstalled || !f.seen.there && !f.seen.denied {
		return false
	}
	return f.unreachable() || f.seen.path != facts.Folder && f.seen.path != f.desk.Place().Folder
}

// Busy reports whether something is being done to the folder.
func (f *Folder) Busy() bool { return f.busy }

// Said is what became of the last thing done here; empty: nothing to say.
func (f *Folder) Said() (text string, bad bool) { return f.said, f.bad }

// Choose takes a folder picked in a dialog.
func (f *Folder) Choose(path string) {
	f.form.Set(folderField, path)
	f.Edited()
}

// Open shows the folder in the computer's own program for folders.
func (f *Folder) Open() {
	path := f.seen.path
	f.do("", func(context.Context) (string, error) {
		if err := f.desk.o.Desktop.Open(path); err != nil {
			return "", &data.Error{Sentence: f.desk.Say("The folder could not be opened."), Next: f.desk.Say("Open {{.Path}} by hand.", With("Path", path)), Err: err}
		}
		return "", nil
	}, func(string) {})
}

// Make makes the folder that is missing.
func (f *Folder) Make() {
	path := f.seen.path
	f.do("", func(context.Context) (string, error) {
		err := os.Mkdir(path, 0o770) //nolint:gosec // others drop their mail there
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return "", &data.Error{
				Code: data.CodeNoAccess, Sentence: f.desk.Say("The folder could not be made."),
				Next: f.desk.Say("Choose a folder where you may write, or ask IT to make it."), Err: err,
			}
		}
		return f.desk.Say("The folder was made."), nil
	}, func(string) { f.Edited() })
}

// LetIn lets the service into the folder and makes it the one to monitor. An administrator may be asked for.
func (f *Folder) LetIn() {
	path := f.seen.path
	var in admitted
	f.do(f.desk.Say("Asking for an administrator, where one is needed."), func(ctx context.Context) (string, error) {
		before := f.life(ctx)
		if err := f.desk.o.Service.UseFolder(ctx, path); err != nil {
			return "", err
		}
		in = f.life(ctx)
		in.again = before.started != "" && in.started != "" && in.started != before.started
		in.saved = in.folder != before.folder
		return "", nil
	}, func(string) {
		if in.saved { // by the one who was asked, under its name without links
			f.form.Set(folderField, in.folder)
			f.letIn(in.folder, true, in.again)
			return
		}
		f.form.Set(folderField, path)
		if !f.form.Dirty() {
			f.letIn(path, true, in.again)
			return
		}
		f.form.Save(func(ok bool) { f.letIn(path, ok, in.again) })
	})
}

// admitted is what is seen of a service from outside when it is let into a folder.
type admitted struct {
	started string // tells one life of the service from the next; empty: it does not run
	folder  string // as it is saved
	again   bool   // it was started again
	saved   bool   // the folder was saved on the way
}

func (f *Folder) letIn(path string, saved, again bool) {
	name := With("Path", path)
	f.bad = !saved
	switch {
	case !saved:
		f.said = f.desk.Say("The service can reach {{.Path}} now, but the settings were not saved.", name)
	case again:
		f.said = f.desk.Say("The service was started again and watches {{.Path}} now.", name)
	default:
		f.said = f.desk.Say("The service can reach {{.Path}} now.", name)
	}
	f.desk.Wake()
	f.seen.typed = f.form.Value(folderField) // so that the look does not wipe what was just said
	f.Edited()
	f.changed()
}

func (f *Folder) life(ctx context.Context) (a admitted) {
	s, release, _ := f.desk.use()
	defer release()
	if s == nil {
		return a
	}
	if beat, err := s.Heartbeat(ctx); err == nil && !beat.Started.IsZero() && beat.Stopped.IsZero() {
		a.started = beat.Started.String()
	}
	if values, _, err := s.Settings(ctx); err == nil {
		a.folder = values[folderField]
	}
	return a
}

// do does one thing at a time to the folder, and says what became of it.
func (f *Folder) do(note string, work func(context.Context) (string, error), then func(said string)) {
	if f.busy {
		return
	}
	f.busy, f.said, f.bad = true, note, false
	f.changed()
	Go(f.desk, work, func(said string, err error) {
		f.busy, f.said = false, said
		if err != nil {
			e := asError(err)
			f.said, f.bad = strings.TrimSpace(e.Sentence+" "+e.Next), true
		} else {
			then(said)
		}
		f.changed()
	})
}

func (f *Folder) changed() {
	if f.OnChange != nil {
		f.OnChange()
	}
}
