package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestBackup(t *testing.T) {
	t.Run("under load is whole and opens as a database", func(t *testing.T) {
		s := made(t)
		for range 50 {
			ok(t, s.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: strings.Repeat("x", 3000)}))
		}
		stop, wrote := make(chan struct{}), make(chan error, 1)
		go func() {
			for {
				select {
				case <-stop:
					wrote <- nil
					return
				default:
					if err := s.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: "meanwhile"}); err != nil {
						wrote <- err
						return
					}
				}
			}
		}()
		path := filepath.Join(t.TempDir(), "copy.db")
		ok(t, s.Backup(t.Context(), path))
		close(stop)
		ok(t, <-wrote)
		b, err := store.Open(t.Context(), path, store.Options{})
		ok(t, err)
		defer shut(t, b)
		lines, err := b.Journal(t.Context(), 0, 0, 1000)
		ok(t, err)
		if len(lines) < 50 {
			t.Errorf("the copy holds %d lines, want 50 or more", len(lines))
		}
		entries, err := os.ReadDir(filepath.Dir(path))
		ok(t, err)
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), "copy.db") {
				t.Errorf("%s was left behind", e.Name())
			}
		}
	})
	t.Run("never replaces a file", func(t *testing.T) {
		s := made(t)
		path := filepath.Join(t.TempDir(), "copy.db")
		ok(t, os.WriteFile(path, []byte("precious"), 0o600))
		err := s.Backup(t.Context(), path)
		wantCode(t, err, data.CodeNoAccess)
		if !errors.Is(err, fs.ErrExist) {
			t.Error(err)
		}
		b, err := os.ReadFile(path)
		ok(t, err)
		wantEqual(t, "the file", string(b), "precious")
	})
	t.Run("into a folder that is not there says so", func(t *testing.T) {
		wantCode(t, made(t).Backup(t.Context(), filepath.Join(t.TempDir(), "none", "copy.db")), data.CodeNoAccess)
	})
}

func TestDailyBackup(t *testing.T) {
	t.Run("keeps the three newest of its own and nothing of others is touched", func(t *testing.T) {
		now := noon
		s := madeAt(t, filepath.Join(t.TempDir(), "gateway.db"), store.Options{Now: func() time.Time { return now }})
		dir := filepath.Join(t.TempDir(), "backups")
		ok(t, os.Mkdir(dir, 0o700))
		others := []string{"gateway-20200101-000000-format-1.db", "mine.db", "gateway-2.db"}
		for _, name := range others {
			ok(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
		}
		var made []string
		for range 5 {
			path, err := s.DailyBackup(t.Context(), dir, 3)
			ok(t, err)
			made = append(made, path)
			now = now.Add(24 * time.Hour)
		}
		for i, path := range made {
			_, err := os.Stat(path)
			wantEqual(t, fmt.Sprintf("backup %d is there", i), err == nil, i >= 2)
		}
		for _, name := range others {
			_, err := os.Stat(filepath.Join(dir, name))
			ok(t, err)
		}
	})
	t.Run("is not made when less than three times its size is free", func(t *testing.T) {
		s := made(t)
		s.SetFree(100 << 10)
		dir := t.TempDir()
		_, err := s.DailyBackup(t.Context(), dir, 3)
		wantCode(t, err, data.CodeDiskFull)
		entries, err := os.ReadDir(dir)
		ok(t, err)
		wantEqual(t, "files", len(entries), 0)
	})
}
