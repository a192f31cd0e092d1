package screen_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/place"
)

// TestFaultChild is the other process of tests that need one.
func TestFaultChild(t *testing.T) {
	switch role, path := screentest.ChildRole(); role {
	case "":
		t.Skip("only when another test runs it")
	case "lock":
		screentest.Hold(t, path)
	case "look":
		lookAt(t, path)
	case "folder":
		unreadable(t, path)
	}
}

// stage is a window's screens on one desk, with what they said by themselves.
type stage struct {
	*screentest.Bench
	settings *screen.Settings
	queue    *screen.Queue
	log      *screen.Log
	overview *screen.Overview
	notices  []string
}

func screens(t *testing.T, b *screentest.Bench) *stage {
	t.Helper()
	h := &stage{Bench: b, settings: screen.NewSettings(b.Desk), queue: screen.NewQueue(b.Desk), log: screen.NewLog(b.Desk), overview: screen.NewOverview(b.Desk)}
	h.queue.OnNotice = func(words string, _ func()) { h.notices = append(h.notices, words) }
	return h
}

// look looks, and has every screen do so.
func (h *stage) look() {
	h.Look()
	c := screen.Change{Store: true, Service: true, Minute: true}
	h.queue.Refresh(c)
	h.log.Load()
	h.overview.Refresh(c)
	h.Settle()
}

// hold holds every message that waits, as a person would, and gives what is said then.
func (h *stage) hold(t *testing.T) string {
	t.Helper()
	h.notices = nil
	rows := make([]int, h.queue.Len())
	for i := range rows {
		rows[i] = i
	}
	h.queue.Choose(rows)
	h.queue.Plan(screen.ActHold, h.queue.Do)
	h.Settle()
	return strings.Join(h.notices, " ")
}

// said is all that the screens say now.
func (h *stage) said() string {
	var all []string
	add := func(words ...string) { all = append(all, words...) }
	if p := h.Facts().Problem; p != nil {
		add(p.Sentence, p.Next)
	}
	add(h.Kept(), h.settings.Said().Words, h.settings.Unreadable(), h.log.Note(), h.overview.Service().Words, h.overview.ServiceNote(), h.overview.OrderSaid().Words)
	add(h.queue.Empty())
	if p := h.queue.Problem(); p != nil {
		add(p.Sentence, p.Next)
	}
	exported, _ := h.log.Exported()
	add(exported)
	for _, n := range h.overview.Needs() {
		add(n.Words, n.Next)
	}
	for _, g := range []screen.FieldGroup{screen.GroupServer, screen.GroupFolder, screen.GroupMore} {
		for _, f := range h.settings.Fields(g) {
			add(h.settings.Note(f.Name).Text)
		}
	}
	return strings.Join(append(all, h.notices...), "\n")
}

// plain fails on words that were written for programmers.
func (h *stage) plain(t *testing.T) {
	t.Helper()
	if raw := screentest.Raw(h.said()); len(raw) > 0 {
		t.Errorf("%q is shown in:\n%s", raw, h.said())
	}
}

// filled is a bench with settings and mail in its queue.
func filled(t *testing.T, p place.Place) *stage {
	t.Helper()
	b := screentest.NewIn(t, p)
	b.Configured()
	for i := range 5 {
		b.Message("Overdue "+strconv.Itoa(i), "reader"+strconv.Itoa(i)+"@school.test")
	}
	h := screens(t, b)
	h.look()
	if h.Facts().Problem != nil || h.queue.Len() != 5 {
		t.Fatalf("%+v", h.Facts())
	}
	return h
}

func TestDiskFull(t *testing.T) {
	onDisk := func(t *testing.T) (*stage, screentest.Disk) {
		t.Helper()
		disk := screentest.SmallDisk(t, 16)
		return filled(t, place.At(filepath.Join(disk.Dir, "data"))), disk
	}
	t.Run("Save says so, what was typed stays, and with room again Save works", func(t *testing.T) {
		h, disk := onDisk(t)
		disk.Fill(0)
		h.settings.Set("from.name", "The Library")
		h.settings.Save(nil)
		h.Settle()
		saysAll(t, h.settings.Said().Words, "Not saved.", "disk", "is full", "Free some space")
		if !h.settings.Dirty() || h.settings.Value("from.name") != "The Library" || !h.settings.Said().Again {
			t.Errorf("%+v", h.settings.Said())
		}
		h.look()
		if h.Blocked() || h.queue.Len() != 5 {
			t.Errorf("what can be shown is not shown: %+v", h.Facts().Problem)
		}
		h.plain(t)
		if got := storedValue(t, h.Bench, "from.name"); got != "" {
			t.Errorf("%q was saved", got)
		}
		disk.Clear()
		h.settings.TryAgain()
		h.Settle()
		if !h.settings.Said().Good || h.settings.Dirty() || storedValue(t, h.Bench, "from.name") != "The Library" {
			t.Errorf("%+v", h.settings.Said())
		}
	})
	t.Run("an action on messages says so and changes nothing, and works with room again", func(t *testing.T) {
		h, disk := onDisk(t)
		disk.Fill(0)
		saysAll(t, h.hold(t), "is full", "Free some space")
		if n := counts(t, h.Bench); n[data.Waiting] != 5 || n[data.Held] != 0 {
			t.Errorf("changed: %v", n)
		}
		if words := strings.Join(h.notices, " "); strings.Contains(words, "0 messages are held") {
			t.Errorf("%q speaks of success", words)
		}
		h.plain(t)
		disk.Clear()
		h.hold(t)
		if n := counts(t, h.Bench); n[data.Held] != 5 {
			t.Errorf("%v, %v", n, h.notices)
		}
	})
	t.Run("an export of the log leaves no half file", func(t *testing.T) {
		disk := screentest.SmallDisk(t, 4)
		h := filled(t, place.At(filepath.Join(t.TempDir(), "data")))
		for range 200 {
			if err := h.Store.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: strings.Repeat("long ", 100)}); err != nil {
				t.Fatal(err)
			}
		}
		h.look()
		disk.Fill(8192)
		path := filepath.Join(disk.Dir, "log.csv")
		h.log.Export(path, false, nil)
		h.Settle()
		said, failed := h.log.Exported()
		saysAll(t, said, "could not be written", "disk may be full", "Choose another folder")
		if !failed {
			t.Error("it is called a success")
		}
		h.plain(t)
		onlyFilm(t, disk.Dir)
		disk.Clear()
		h.log.Export(path, false, nil)
		h.Settle()
		if said, failed := h.log.Exported(); failed {
			t.Error(said)
		}
	})
}

func counts(t *testing.T, b *screentest.Bench) data.Counts {
	t.Helper()
	n, err := b.Store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// onlyFilm: nothing but what fills the disk is left behind.
func onlyFilm(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 || left[0].Name() != "film" {
		t.Errorf("left behind: %v", left)
	}
}

func TestLockedByAnotherProcess(t *testing.T) {
	h := filled(t, place.At(filepath.Join(t.TempDir(), "data")))
	release := screentest.Lock(t, "TestFaultChild", h.Place().Database())
	t.Run("Save says that the database is in use, and what was typed stays", func(t *testing.T) {
		h.settings.Set("from.name", "The Library")
		h.settings.Save(nil)
		h.queue.SetSearch("reader3")
		h.Until(func() bool { return h.queue.Len() == 1 })
		h.queue.SetSearch("")
		h.Until(func() bool { return h.queue.Len() == 5 })
		if !h.settings.Busy() {
			t.Error("nobody sees that it waits, or the other screens waited with it")
		}
		h.Settle()
		saysAll(t, h.settings.Said().Words, "Not saved.", "in use by another program", "Try again")
		if !h.settings.Dirty() || h.settings.Value("from.name") != "The Library" || !h.settings.Said().Again {
			t.Errorf("%+v", h.settings.Said())
		}
	})
	t.Run("reading goes on", func(t *testing.T) {
		h.look()
		if h.Facts().Problem != nil || h.Blocked() || h.queue.Len() != 5 || h.queue.Problem() != nil || h.log.Problem() != nil {
			t.Errorf("%+v", h.Facts())
		}
		if h.Facts().Counts[data.Waiting] != 5 {
			t.Error(h.Facts().Counts)
		}
	})
	t.Run("an action says the same and changes nothing", func(t *testing.T) {
		saysAll(t, h.hold(t), "in use by another program", "Try again")
		if n := counts(t, h.Bench); n[data.Waiting] != 5 {
			t.Error(n)
		}
		if words := strings.Join(h.notices, " "); strings.Contains(words, "0 messages are held") {
			t.Errorf("%q speaks of success", words)
		}
		h.plain(t)
	})
	t.Run("when it is free again, all works", func(t *testing.T) {
		release()
		h.settings.TryAgain()
		h.Settle()
		if !h.settings.Said().Good || storedValue(t, h.Bench, "from.name") != "The Library" {
			t.Errorf("%+v", h.settings.Said())
		}
		h.hold(t)
		if n := counts(t, h.Bench); n[data.Held] != 5 {
			t.Errorf("%v, %v", n, h.notices)
		}
	})
}
