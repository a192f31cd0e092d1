package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// whole makes a database with something in it and a backup beside it, closed, and gives its path and the backup's.
func whole(t *testing.T) (path, backup string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "gateway.db")
	s := madeAt(t, path, store.Options{})
	for range 200 {
		ok(t, s.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: strings.Repeat("text ", 100)}))
	}
	backup, err := s.DailyBackup(t.Context(), filepath.Join(filepath.Dir(path), "backups"), 3)
	ok(t, err)
	shut(t, s)
	return path, backup
}

func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, file []byte) []byte
		code  data.Code
	}{
		{"zero length", func(*testing.T, []byte) []byte { return nil }, data.CodeDamaged},
		{"a header cut short", func(_ *testing.T, b []byte) []byte { return b[:50] }, data.CodeDamaged},
		{"half of it gone", func(_ *testing.T, b []byte) []byte { return b[:len(b)/2/4096*4096] }, data.CodeDamaged},
		{"the last octet gone", func(_ *testing.T, b []byte) []byte { return b[:len(b)-1] }, data.CodeDamaged},
		{"all zeros", func(_ *testing.T, b []byte) []byte { return make([]byte, len(b)) }, data.CodeDamaged},
		{"the schema overwritten", func(_ *testing.T, b []byte) []byte {
			copy(b[100:4096], bytes.Repeat([]byte{0xA5}, 3996))
			return b
		}, data.CodeDamaged},
		{"every page but the first overwritten", func(_ *testing.T, b []byte) []byte {
			copy(b[4096:], bytes.Repeat([]byte{0xA5}, len(b)-4096))
			return b
		}, data.CodeDamaged},
		{"no database at all", func(*testing.T, []byte) []byte {
			return bytes.Repeat([]byte("Dear parents, "), 500)
		}, data.CodeDamaged},
		{"another program's database", func(t *testing.T, _ []byte) []byte { t.Helper(); return anothers(t) }, data.CodeDamaged},
		{"a newer program's database", func(_ *testing.T, b []byte) []byte {
			binary.BigEndian.PutUint32(b[60:], 99)
			return b
		}, data.CodeNewer},
	} {
		t.Run(c.name+" is refused and left as it is", func(t *testing.T) {
			path, backup := whole(t)
			file, err := os.ReadFile(path)
			ok(t, err)
			file = c.spoil(t, file)
			ok(t, os.WriteFile(path, file, 0o600))
			for _, way := range []func(context.Context, string, store.Options) (*store.Store, error){store.Open, store.Create} {
				_, err = way(t.Context(), path, store.Options{})
				wantCode(t, err, c.code)
				if c.code == data.CodeDamaged && !strings.Contains(err.Error(), backup) {
					t.Errorf("the newest backup %s is not named: %v", backup, err)
				}
				after, err := os.ReadFile(path)
				ok(t, err)
				if !bytes.Equal(after, file) {
					t.Error("the file was changed")
				}
				entries, err := os.ReadDir(filepath.Dir(path))
				ok(t, err)
				if len(entries) != 2 { // the database and the backups
					t.Errorf("the folder holds %v", entries)
				}
			}
		})
	}
	t.Run("one that is not there", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "gateway.db")
		_, err := store.Open(t.Context(), path, store.Options{})
		wantCode(t, err, data.CodeNotFound)
		if _, err := os.Stat(path); err == nil {
			t.Error("it was made")
		}
	})
	t.Run("a folder in its place", func(t *testing.T) {
		_, err := store.Open(t.Context(), t.TempDir(), store.Options{})
		wantCode(t, err, data.CodeDamaged)
	})
	t.Run("damaged without a backup says that there is none", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "gateway.db")
		ok(t, os.WriteFile(path, nil, 0o600))
		_, err := store.Open(t.Context(), path, store.Options{})
		wantCode(t, err, data.CodeDamaged)
		if !strings.Contains(err.Error(), "There is no backup") {
			t.Error(err)
		}
	})
}

func anothers(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "library.db")
	db, err := sql.Open("sqlite", path)
	ok(t, err)
	_, err = db.ExecContext(t.Context(), `PRAGMA application_id = 77; CREATE TABLE book (title TEXT)`)
	ok(t, err)
	ok(t, db.Close())
	b, err := os.ReadFile(path)
	ok(t, err)
	return b
}

// A page damaged deep inside is nothing a start would read; whoever reads it is told, and no backup is made of it.
func TestDamageFurtherIn(t *testing.T) {
	path, backup := whole(t)
	file, err := os.ReadFile(path)
	ok(t, err)
	at := bytes.LastIndex(file, []byte("text text text"))
	page := at / 4096 * 4096
	copy(file[page:page+4096], bytes.Repeat([]byte{0xA5}, 4096))
	ok(t, os.WriteFile(path, file, 0o600))
	s, err := store.Open(t.Context(), path, store.Options{})
	ok(t, err)
	defer shut(t, s)

	_, err = s.Journal(t.Context(), 0, 0, 1000)
	wantCode(t, err, data.CodeDamaged)

	_, err = s.DailyBackup(t.Context(), filepath.Dir(backup), 1)
	wantCode(t, err, data.CodeDamaged)
	entries, err := os.ReadDir(filepath.Dir(backup))
	ok(t, err)
	if len(entries) != 1 || entries[0].Name() != filepath.Base(backup) {
		t.Errorf("the backups are %v, want only the good one", entries)
	}
}
