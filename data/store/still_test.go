package store_test

import (
	"database/sql"
	"os"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestStillThere(t *testing.T) {
	t.Run("the file that is open is there, whoever writes into it", func(t *testing.T) {
		s := made(t)
		ok(t, s.Beat(t.Context(), data.Heartbeat{PID: 1}))
		ok(t, s.There())
		ok(t, s.Known(t.Context()))
	})
	t.Run("one that was removed is not, though SQLite goes on writing it", func(t *testing.T) {
		s := made(t)
		ok(t, os.Remove(s.Path()))
		ok(t, s.Beat(t.Context(), data.Heartbeat{PID: 1}))
		wantCode(t, s.There(), data.CodeNotFound)
	})
	t.Run("one that was replaced is another, and closing the old one leaves what lies beside the new one alone", func(t *testing.T) {
		s, other := made(t), made(t)
		ok(t, s.Beat(t.Context(), data.Heartbeat{PID: 1}))
		for _, end := range []string{"", "-wal", "-shm"} {
			ok(t, os.Rename(s.Path()+end, s.Path()+".aside"+end))
		}
		ok(t, other.Close())
		ok(t, os.Rename(other.Path(), s.Path()))
		wantCode(t, s.There(), data.CodeConflict)
		now, err := store.Open(t.Context(), s.Path(), store.Options{})
		ok(t, err)
		defer shut(t, now)
		ok(t, now.Beat(t.Context(), data.Heartbeat{PID: 2}))
		ok(t, s.Close())
		for _, end := range []string{"-wal", "-shm"} {
			if _, err := os.Stat(now.Path() + end); err != nil {
				t.Error(err)
			}
		}
		beat, err := now.Heartbeat(t.Context())
		ok(t, err)
		wantEqual(t, "pid", beat.PID, 2)
		ok(t, now.There())
	})
	t.Run("one that a newer program brought up to date is not known", func(t *testing.T) {
		s := made(t)
		db, err := sql.Open("sqlite", "file:"+s.Path())
		ok(t, err)
		_, err = db.ExecContext(t.Context(), `PRAGMA user_version = 9999`)
		ok(t, err)
		ok(t, db.Close())
		wantCode(t, s.Known(t.Context()), data.CodeNewer)
	})
}
