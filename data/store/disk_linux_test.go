package store_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestGroupMayWrite(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	s := made(t)
	ok(t, s.Beat(t.Context(), data.Heartbeat{PID: 1}))
	copied, err := s.DailyBackup(t.Context(), filepath.Join(t.TempDir(), "backups"), 3)
	ok(t, err)
	for _, path := range []string{s.Path(), s.Path() + "-wal", s.Path() + "-shm", copied} {
		info, err := os.Stat(path)
		ok(t, err)
		wantEqual(t, filepath.Base(path), info.Mode().Perm(), 0o660)
	}
}

// smallDisk is a disk of so many octets, in memory.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("a small disk is needed here: %v", err)
		}
		t.Skipf("no small disk without root: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestDiskFull(t *testing.T) {
	t.Run("is said, loses nothing that was stored, and ends when room is made", func(t *testing.T) {
		dir := smallDisk(t, "2m")
		ballast := filepath.Join(dir, "ballast")
		ok(t, os.WriteFile(ballast, make([]byte, 500<<10), 0o600))
		path := filepath.Join(dir, "gateway.db")
		s, err := store.Create(t.Context(), path, store.Options{})
		ok(t, err)
		defer func() { shut(t, s) }()
		var stored int
		for err == nil {
			if err = s.Note(t.Context(), data.JournalLine{Text: strings.Repeat("x", 5000)}); err == nil {
				stored++
			}
		}
		wantCode(t, err, data.CodeDiskFull)
		lines, err := s.Journal(t.Context(), 0, 0, 1000)
		ok(t, err)
		wantEqual(t, "lines", len(lines), stored)

		wantCode(t, s.Backup(t.Context(), filepath.Join(dir, "copy.db")), data.CodeDiskFull)
		_, err = s.DailyBackup(t.Context(), filepath.Join(dir, "backups"), 3)
		wantCode(t, err, data.CodeDiskFull)

		ok(t, os.Remove(ballast))
		ok(t, s.Note(t.Context(), data.JournalLine{Text: "after"}))
		ok(t, s.Close())
		s, err = store.Open(t.Context(), path, store.Options{})
		ok(t, err)
		lines, err = s.Journal(t.Context(), 0, 0, 1000)
		ok(t, err)
		wantEqual(t, "lines", len(lines), stored+1)
	})
	t.Run("in the middle of an import changes nothing", func(t *testing.T) {
		s, err := store.Create(t.Context(), filepath.Join(smallDisk(t, "3m"), "gateway.db"), store.Options{})
		ok(t, err)
		defer func() { shut(t, s) }()
		_, err = s.SavePatron(t.Context(), person("P1", "Anna", "Berg", "5A"))
		ok(t, err)
		before, err := s.Roster(t.Context(), data.RosterQuery{})
		ok(t, err)
		base, err := s.RosterRevision(t.Context())
		ok(t, err)
		people, _ := bigSchool(20_000)
		_, err = s.Import(t.Context(), &data.ChangeSet{Batch: &data.Batch{Kind: data.RosterPatrons}, New: people, Base: base}, nil)
		wantCode(t, err, data.CodeDiskFull)
		after, err := s.Roster(t.Context(), data.RosterQuery{})
		ok(t, err)
		if !reflect.DeepEqual(after, before) {
			t.Errorf("there are %d patrons", len(after.Patrons))
		}
		_, there, err := s.LastImport(t.Context(), data.RosterPatrons)
		ok(t, err)
		wantEqual(t, "an import is told of", there, false)
		_, err = s.Import(t.Context(), &data.ChangeSet{Batch: &data.Batch{Kind: data.RosterPatrons}, New: people[:50], Base: base}, nil)
		ok(t, err) // one that fits
	})
	t.Run("leaves no half-made database", func(t *testing.T) {
		dir := smallDisk(t, "64k")
		_, err := store.Create(t.Context(), filepath.Join(dir, "gateway.db"), store.Options{})
		wantCode(t, err, data.CodeDiskFull)
		entries, err := os.ReadDir(dir)
		ok(t, err)
		if len(entries) != 0 {
			t.Errorf("left behind: %v", entries)
		}
	})
}

func TestReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, "4m")
	path := filepath.Join(dir, "gateway.db")
	s, err := store.Create(t.Context(), path, store.Options{})
	ok(t, err)
	ok(t, s.Close())
	ok(t, unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	t.Run("a database on it is refused", func(t *testing.T) {
		_, err := store.Open(t.Context(), path, store.Options{})
		wantCode(t, err, data.CodeNoAccess)
	})
	t.Run("a new one cannot be made", func(t *testing.T) {
		_, err := store.Create(t.Context(), filepath.Join(dir, "other.db"), store.Options{})
		wantCode(t, err, data.CodeNoAccess)
	})
}
