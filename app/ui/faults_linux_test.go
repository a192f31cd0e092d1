package ui

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"golang.org/x/sys/unix"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/place"
)

const nobody = 65534

// TestFaultChild is the other process of tests that need one.
func TestFaultChild(t *testing.T) {
	switch role, path := screentest.ChildRole(); role {
	case "":
		t.Skip("only when another test runs it")
	case "lock":
		screentest.Hold(t, path)
	case "tour":
		b := screentest.NewAt(t, place.At(path))
		said := newTour(t, b, open(t, b)).all()
		if !strings.Contains(said, "account") || !strings.Contains(said, "Try again") {
			t.Errorf("it does not say what to do:\n%s", said)
		}
		t.Log("toured")
	}
}

// tour goes to every screen and uses what can be used there.
type tour struct {
	t    *testing.T
	b    *screentest.Bench
	w    *Window
	said []string
}

func newTour(t *testing.T, b *screentest.Bench, w *Window) *tour {
	t.Helper()
	return &tour{t: t, b: b, w: w}
}

// see notes everything that is shown, and fails on words that were written for programmers.
func (o *tour) see() {
	o.t.Helper()
	o.b.Settle()
	shown := words(o.w)
	o.said = append(o.said, shown)
	told := shown + strings.Join(o.b.Desktop.Notified, "\n") + strings.Join(o.b.Desktop.Copied, "\n")
	if raw := screentest.Raw(told); len(raw) > 0 {
		o.t.Errorf("%q is shown on %s:\n%s", raw, o.w.current, told)
	}
	shot(o.t, o.w, strings.ReplaceAll(strings.ReplaceAll(o.t.Name(), "/", "-"), " ", "_")+"-"+o.w.current)
	inspect(o.t, o.w, o.w.current)
}

// tap presses a button if it is there and can be pressed.
func (o *tour) tap(text string) bool {
	o.t.Helper()
	for _, b := range find[*button](o.w) {
		if b.text == text && !b.Disabled() {
			test.Tap(b)
			o.see()
			return true
		}
	}
	return false
}

func (o *tour) escape() {
	o.t.Helper()
	for range 3 {
		if len(o.w.layers) > 0 {
			o.w.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
			o.b.Settle()
		}
	}
}

// all gives what was said on the way.
func (o *tour) all() string {
	o.t.Helper()
	o.b.Look()
	for _, p := range places() {
		o.w.show(p.name)
		o.see()
		o.b.Look()
		o.see()
		if o.w.desk.Blocked() {
			if !o.tap("Try again") {
				o.t.Errorf("%s offers no way on:\n%s", p.name, words(o.w))
			}
			continue
		}
		o.use(p.name)
		o.escape()
	}
	return strings.Join(o.said, "\n")
}

func (o *tour) use(name string) {
	o.t.Helper()
	switch name {
	case "overview":
		o.tap("Look again")
	case "settings":
		o.tap("Show more settings")
		typeIn(o.t, o.w, "From name", "Somebody else")
		o.tap("Save")
		o.tap("Try again")
		o.tap("Revert")
	case "queue":
		for _, tab := range find[*table](o.w) {
			tab.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
			tab.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			o.see()
			o.escape()
			tab.selectAll()
		}
		o.tap("Hold")
		o.tap("Hold") // the answer to the question
	case "patrons":
		for _, tab := range find[*table](o.w) {
			tab.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
			tab.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			o.see()
		}
		for _, e := range find[*entry](o.w) {
			if len(o.w.layers) == 1 && e.Text == "Ängström" {
				e.SetText("Angstrom")
				o.tap("Save")
				o.tap("Revert")
				o.tap("Delete...")
				o.tap("Go back")
			}
		}
	case "log":
		o.tap("Copy for IT")
		if o.tap("Export...") {
			o.tap("Export")
		}
	}
}

// filled is a window on a data folder with settings and mail, well and open.
func filled(t *testing.T, p place.Place) (*screentest.Bench, *Window) {
	t.Helper()
	t.Setenv("HOME", t.TempDir()) // the export is offered there
	b := screentest.NewIn(t, p)
	b.Configured()
	for i := range 5 {
		b.Message("Overdue", "reader"+string(rune('0'+i))+"@school.test")
	}
	b.School(data.DateOf(b.Now()))
	if err := b.Store.Note(t.Context(), data.JournalLine{Kind: data.JournalTrouble, Text: "Nothing answers."}); err != nil {
		t.Fatal(err)
	}
	b.Look()
	w := open(t, b)
	b.Look()
	if b.Blocked() {
		t.Fatal(b.Facts().Problem)
	}
	return b, w
}

// TestFaultTour goes to every screen while something is wrong with what the window stands on.
func TestFaultTour(t *testing.T) {
	onDisk := func(t *testing.T) place.Place {
		t.Helper()
		return place.At(filepath.Join(screentest.SmallDisk(t, 16).Dir, "data"))
	}
	inFolder := func(t *testing.T) place.Place {
		t.Helper()
		return place.At(filepath.Join(t.TempDir(), "data"))
	}
	for _, c := range []struct {
		name  string
		where func(t *testing.T) place.Place
		spoil func(t *testing.T, b *screentest.Bench)
		want  []string
	}{
		{"the disk is full", onDisk, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			screentest.DiskAt(t, filepath.Dir(b.Place().Data)).Fill(0)
		}, []string{"Not saved. The disk with the data folder is full.", "Nothing was changed. The disk with the data folder is full.", "Free some space"}},
		{"another program has the database", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			screentest.Lock(t, "TestFaultChild", b.Place().Database())
		}, []string{"Not saved. The database is in use by another program", "Nothing was changed. The database is in use", "reader1@school.test"}},
		{"a page is damaged that one screen needs", inFolder, func(t *testing.T, b *screentest.Bench) { t.Helper(); b.Damage("message") },
			[]string{"The database is damaged.", "put the newest backup in its place", "Try again"}},
		{"a page is damaged that all need", inFolder, func(t *testing.T, b *screentest.Bench) { t.Helper(); b.Damage("delivery_state") },
			[]string{"The database is damaged.", "put the newest backup in its place", "Files in the mail folder stay where they are."}},
		{"the database is deleted", inFolder, func(t *testing.T, b *screentest.Bench) { t.Helper(); screentest.SetAside(t, b.Place().Database()) },
			[]string{"is no longer there.", "this window then goes on by itself"}},
		{"the data folder is gone", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			if err := os.Rename(b.Place().Data, b.Place().Data+"-away"); err != nil {
				t.Fatal(err)
			}
		}, []string{"is no longer there.", "connect the disk it lies on"}},
		{"the database is a newer version's", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			screentest.SetVersion(t, b.Place().Database(), 9999)
		}, []string{"written by a newer version of this program", "Install the newer version again"}},
		{"something else lies in place of the database", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			screentest.SetAside(t, b.Place().Database())
			if err := os.WriteFile(b.Place().Database(), bytes.Repeat([]byte("a letter "), 1000), 0o600); err != nil {
				t.Fatal(err)
			}
		}, []string{"is damaged, or not a database", "The file was left as it is."}},
		{"a folder lies in place of the database", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			screentest.SetAside(t, b.Place().Database())
			if err := os.Mkdir(b.Place().Database(), 0o700); err != nil {
				t.Fatal(err)
			}
		}, []string{"is not a database of this program"}},
		{"the folder to monitor is gone", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			b.Save(map[string]string{"folder": filepath.Join(t.TempDir(), "gone")})
		}, []string{"This folder is not there."}},
		{"the folder to monitor is a file", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			file := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			b.Save(map[string]string{"folder": file})
		}, []string{"it is a file"}},
		{"the service ended without a word", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			beat(t, b, data.Heartbeat{PID: 7})
			b.Service.Set(screen.ServiceStatus{State: screen.ServiceFailed, Auto: true})
		}, []string{"It ended without a word.", "5 messages wait until it runs again.", "Saved. The service is stopped."}},
		{"the service cannot be asked for", inFolder, func(t *testing.T, b *screentest.Bench) {
			t.Helper()
			b.Service.Set(screen.ServiceStatus{State: screen.ServiceUnknown, Reason: "The system's service manager does not answer."})
			b.Service.Fail = errors.New("dial unix /run/systemd: connect: permission denied")
		}, []string{"Nobody can say whether the service runs"}},
	} {
		t.Run(c.name+": every screen says it in words, and none hangs", func(t *testing.T) {
			b, w := filled(t, c.where(t))
			c.spoil(t, b)
			said := newTour(t, b, w).all()
			for _, want := range c.want {
				if !strings.Contains(said, want) {
					t.Errorf("nobody says %q in\n%s", want, said)
				}
			}
		})
	}
}

func TestFaultTourWithoutRights(t *testing.T) {
	if os.Geteuid() != 0 {
		screentest.NeedsRoot(t, fs.ErrPermission)
	}
	used := func(t *testing.T, dir string) {
		t.Helper()
		b, _ := filled(t, place.At(dir))
		if err := errors.Join(b.Store.Close(), b.Close()); err != nil {
			t.Fatal(err)
		}
	}
	as := func(t *testing.T, dir string, uid uint32) {
		t.Helper()
		out, err := screentest.Child(t.Context(), "TestFaultChild", "tour", dir, uid).CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("toured")) {
			t.Errorf("%v\n%s", err, out)
		}
	}
	t.Run("somebody else's data folder: every screen says it in words", func(t *testing.T) {
		dir := filepath.Join(screentest.Open(t), "data")
		used(t, dir)
		as(t, dir, nobody)
	})
	t.Run("a database that may not be written: every screen says it in words", func(t *testing.T) {
		dir := filepath.Join(screentest.Open(t), "data")
		used(t, dir)
		if err := errors.Join(os.Chmod(dir, 0o755), os.Chmod(filepath.Join(dir, "gateway.db"), 0o444)); err != nil { //nolint:gosec // that is the test
			t.Fatal(err)
		}
		as(t, dir, nobody)
	})
	t.Run("a read-only disk: every screen says it in words", func(t *testing.T) {
		dir := filepath.Join(screentest.SmallDisk(t, 16).Dir, "data")
		used(t, dir)
		seen := t.TempDir()
		if err := unix.Mount(dir, seen, "", unix.MS_BIND, ""); err != nil {
			screentest.NeedsRoot(t, err)
		}
		t.Cleanup(func() { _ = unix.Unmount(seen, unix.MNT_DETACH) })
		if err := unix.Mount("", seen, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
		as(t, seen, 0)
	})
}
