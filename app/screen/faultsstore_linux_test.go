package screen_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

func onePlace(t *testing.T) place.Place {
	t.Helper()
	return place.At(filepath.Join(t.TempDir(), "data"))
}

// saveFails saves something and wants to hear why that cannot be, with what was typed still there.
func (h *stage) saveFails(t *testing.T, why ...string) {
	t.Helper()
	h.settings.Set("from.name", "The Library")
	h.settings.Save(nil)
	h.Settle()
	saysAll(t, h.settings.Said().Words, append(why, "Not saved.")...)
	if said := h.settings.Said(); said.Good || !said.Again || !h.settings.Dirty() || h.settings.Value("from.name") != "The Library" {
		t.Errorf("%+v, %v", said, h.settings.Dirty())
	}
	h.plain(t)
}

func (h *stage) blocked(t *testing.T, code data.Code) {
	t.Helper()
	if p := h.Facts().Problem; !h.Blocked() || p == nil || p.Code != code || p.Next == "" || h.Kept() == "" {
		t.Errorf("blocked %v by %+v; %q", h.Blocked(), p, h.Kept())
	}
	h.plain(t)
}

// works saves what stayed typed, and looks whether it is in the database that lies there now.
func (h *stage) works(t *testing.T) {
	t.Helper()
	if h.Blocked() || h.Facts().Problem != nil || h.queue.Problem() != nil || h.log.Problem() != nil {
		t.Fatalf("still %+v, %v, %v", h.Facts().Problem, h.queue.Problem(), h.log.Problem())
	}
	h.settings.Save(nil)
	h.Settle()
	if h.settings.Said().Conflict {
		h.settings.KeepMine()
		h.Settle()
	}
	if said := h.settings.Said(); !said.Good || h.settings.Dirty() {
		t.Errorf("%+v", said)
	}
	s, err := house.Open(t.Context(), h.Place(), false, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if values, _, err := s.Settings(t.Context()); err != nil || values["from.name"] != "The Library" {
		t.Errorf("%q, %v", values["from.name"], err)
	}
}

func gone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s was made anew: %v", path, err)
	}
}

func TestDatabaseDamagedWhileOpen(t *testing.T) {
	t.Run("in what every screen needs: all is hidden behind what happened, and a good one in its place is taken at once", func(t *testing.T) {
		h := filled(t, onePlace(t))
		good := filepath.Join(t.TempDir(), "copy.db")
		if err := h.Store.Backup(t.Context(), good); err != nil {
			t.Fatal(err)
		}
		h.Damage("delivery_state")
		h.look()
		h.blocked(t, data.CodeDamaged)
		if h.CanStart() {
			t.Error("a service that could only fail is offered")
		}
		h.saveFails(t, "damaged")
		before := read(t, h.Place().Database())
		screentest.SetAside(t, h.Place().Database())
		if err := os.Rename(good, h.Place().Database()); err != nil {
			t.Fatal(err)
		}
		h.look()
		h.works(t)
		if h.queue.Len() != 5 {
			t.Errorf("%d lines", h.queue.Len())
		}
		if !bytes.Equal(before, read(t, h.Place().Database()+".aside")) {
			t.Error("the damaged one was changed")
		}
	})
	t.Run("in what one screen needs: that one says so, the others go on", func(t *testing.T) {
		h := filled(t, onePlace(t))
		h.Damage("message")
		h.look()
		h.look() // it was opened anew because of the first
		if p := h.queue.Problem(); p == nil || p.Code != data.CodeDamaged || p.Next == "" {
			t.Errorf("%+v", p)
		}
		if h.Blocked() || h.Facts().Counts[data.Waiting] != 5 || h.log.Problem() != nil {
			t.Errorf("%+v", h.Facts().Problem)
		}
		saysAll(t, h.hold(t), "5 messages are held.") // what needs no damaged page still works, and is true
		if n := counts(t, h.Bench); n[data.Held] != 5 {
			t.Error(n)
		}
		h.plain(t)
	})
	t.Run("cut short", func(t *testing.T) {
		h := filled(t, onePlace(t))
		if err := os.Truncate(h.Place().Database(), 4096); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(h.Place().Database()+"-wal", 0); err != nil {
			t.Fatal(err)
		}
		_ = h.Store.Close()
		h.saveFails(t, "The database") // what was read before may still be at hand: whoever writes finds out
		h.look()
		h.blocked(t, data.CodeDamaged)
		h.saveFails(t, "cut short", "left as it is")
	})
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	all, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDatabaseGoneWhileOpen(t *testing.T) {
	t.Run("deleted: it is said, nothing is saved into nowhere, no new one is made; put back, it goes on by itself", func(t *testing.T) {
		h := filled(t, onePlace(t))
		if err := h.Store.Note(t.Context(), data.JournalLine{Kind: data.JournalFailed, Text: "Not sent.", Message: 1}); err != nil {
			t.Fatal(err)
		}
		h.look()
		back := screentest.SetAside(t, h.Place().Database())
		h.saveFails(t, "no longer there", "Put it back") // before the desk has looked
		h.look()
		h.blocked(t, data.CodeNotFound)
		saysAll(t, h.hold(t), "no longer there")
		if h.CanStart() {
			t.Error("a service that would make a new database is offered")
		}
		gone(t, h.Place().Database())
		var none string
		h.log.Message(0, func(int64) { none = "found" }, func(what, next string) { none = what + " " + next })
		h.Settle()
		saysAll(t, none, "no longer there") // and not that the message is forgotten
		back()
		h.look()
		if n := counts(t, h.Bench); n[data.Held] != 0 {
			t.Errorf("%v", n)
		}
		h.works(t)
	})
	t.Run("with the whole data folder: the same", func(t *testing.T) {
		h := filled(t, onePlace(t))
		aside := h.Place().Data + "-away"
		if err := os.Rename(h.Place().Data, aside); err != nil {
			t.Fatal(err)
		}
		h.look()
		h.blocked(t, data.CodeNotFound)
		h.saveFails(t, "no longer there")
		h.look()
		gone(t, h.Place().Data)
		if err := os.Rename(aside, h.Place().Data); err != nil {
			t.Fatal(err)
		}
		h.look()
		h.works(t)
	})
	t.Run("replaced by another: that one is shown, and asked before anything is saved into it", func(t *testing.T) {
		h := filled(t, onePlace(t))
		h.queue.Choose([]int{0, 1})
		other := screentest.New(t)
		other.Configured()
		other.Save(map[string]string{"server1.port": "25"})
		other.Message("Theirs", "bob@school.test")
		if err := other.Store.Close(); err != nil {
			t.Fatal(err)
		}
		screentest.SetAside(t, h.Place().Database())
		if err := os.Rename(other.Place().Database(), h.Place().Database()); err != nil {
			t.Fatal(err)
		}
		h.saveFails(t, "Another database was put in the place")
		h.look()
		if h.queue.Len() != 1 || h.queue.Row(0).Subject != "Theirs" || len(h.queue.Chosen()) != 0 {
			t.Errorf("%d lines, %d chosen", h.queue.Len(), len(h.queue.Chosen()))
		}
		if got := h.settings.Value("server1.port"); got != "25" {
			t.Errorf("the port is still %s", got)
		}
		h.works(t)
	})
	t.Run("a newer version's: nothing is written into it, and it is said what to do", func(t *testing.T) {
		h := filled(t, onePlace(t))
		screentest.SetVersion(t, h.Place().Database(), 9999)
		h.saveFails(t, "newer version") // before the desk has looked
		saysAll(t, h.hold(t), "newer version")
		h.look()
		h.blocked(t, data.CodeNewer)
		if values, _, err := h.Store.Settings(t.Context()); err != nil || values["from.name"] != "" {
			t.Errorf("written into it: %q, %v", values["from.name"], err)
		}
		screentest.SetVersion(t, h.Place().Database(), int(store.Schema()))
		h.look()
		h.works(t)
	})
	t.Run("a screen that waits for the database comes to its end when the window is closed", func(t *testing.T) {
		h := filled(t, onePlace(t))
		screentest.SetAside(t, h.Place().Database())
		h.LookOnce()
		h.queue.Refresh(screen.Change{Store: true})
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
}
