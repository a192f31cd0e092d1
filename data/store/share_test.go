package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// TestChild is the other process of tests that need one.
func TestChild(t *testing.T) {
	path := os.Getenv("STORE_PATH")
	switch os.Getenv("STORE_CHILD") {
	case "":
		t.Skip("only when another test runs it")
	case "migrate":
		fmt.Fprintln(os.Stdout, "begin")
		_, err := store.OpenWith(t.Context(), path, store.Options{}, time.Second, withNext(t, endless))
		t.Fatal("not killed:", err)
	case "beat":
		s, err := store.CreateWith(t.Context(), path, store.Options{}, 10*time.Millisecond)
		ok(t, err)
		fmt.Fprintln(os.Stdout, "code:", data.CodeOf(s.Beat(t.Context(), data.Heartbeat{})))
		shut(t, s)
	case "letters":
		queueUntilKilled(t, path)
	case "write":
		s, err := store.Open(t.Context(), path, store.Options{})
		ok(t, err)
		for i := 1; ; i++ { // until killed
			ok(t, s.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: fmt.Sprint(i)}))
			fmt.Fprintln(os.Stdout, i) // said only after it was stored
		}
	}
}

func TestTwoProcesses(t *testing.T) {
	t.Run("one reads and writes while the other writes, and what was stored outlives a kill", func(t *testing.T) {
		s := made(t)
		cmd := child(t, "write", s.Path())
		out, err := cmd.StdoutPipe()
		ok(t, err)
		ok(t, cmd.Start())
		said := bufio.NewScanner(out)
		var last string
		for range 60 {
			if !said.Scan() {
				t.Fatal("the writer stopped")
			}
			last = said.Text()
			lines, err := s.Journal(t.Context(), 0, 0, 100)
			ok(t, err)
			if len(lines) == 0 {
				t.Fatal("what was stored is not seen")
			}
			ok(t, s.Beat(t.Context(), data.Heartbeat{PID: 7}))
		}
		ok(t, cmd.Process.Kill())
		for said.Scan() {
			last = said.Text()
		}
		_ = cmd.Wait()
		lines, err := s.Journal(t.Context(), 0, 0, 2)
		ok(t, err)
		if lines[0].Text != last && lines[1].Text != last {
			t.Errorf("%q was acknowledged; the newest are %v", last, lines)
		}
	})
	t.Run("another's commit shows in the data version, one's own does not", func(t *testing.T) {
		a := made(t)
		b, err := store.Open(t.Context(), a.Path(), store.Options{})
		ok(t, err)
		defer shut(t, b)
		first, err := a.DataVersion(t.Context())
		ok(t, err)
		ok(t, a.Beat(t.Context(), data.Heartbeat{PID: 1}))
		own, err := a.DataVersion(t.Context())
		ok(t, err)
		wantEqual(t, "after one's own", own, first)
		ok(t, b.Beat(t.Context(), data.Heartbeat{PID: 2}))
		others, err := a.DataVersion(t.Context())
		ok(t, err)
		if others == first {
			t.Error("the other's commit went unnoticed")
		}
	})
	t.Run("opening it a second time in one process drops no lock of the first", func(t *testing.T) {
		a := made(t)
		ok(t, a.Update(t.Context(), func(tx *store.Tx) error {
			b, err := store.CreateWith(t.Context(), a.Path(), store.Options{}, 10*time.Millisecond)
			ok(t, err)
			shut(t, b)
			out, err := child(t, "beat", a.Path()).Output()
			ok(t, err)
			if !strings.Contains(string(out), string(data.CodeBusy)) {
				t.Errorf("another process wrote into the middle of a transaction: %s", out)
			}
			_, err = tx.ExecContext(t.Context(), `UPDATE service SET log_at = 5`)
			return err
		}))
	})
}

func TestLocked(t *testing.T) {
	t.Run("by another program for too long is said, and nothing is lost", func(t *testing.T) {
		a := made(t)
		b, err := store.CreateWith(t.Context(), a.Path(), store.Options{}, 10*time.Millisecond)
		ok(t, err)
		defer shut(t, b)
		line := data.JournalLine{Kind: data.JournalService, Text: "later"}
		err = a.Update(t.Context(), func(*store.Tx) error {
			err := b.Note(t.Context(), line)
			wantCode(t, err, data.CodeBusy)
			if !strings.Contains(err.Error(), "in use by another program") {
				t.Error(err)
			}
			_, err = b.Journal(t.Context(), 0, 0, 1) // who only reads does not wait
			return err
		})
		ok(t, err)
		ok(t, b.Note(t.Context(), line))
		wantLine(t, b, "later")
	})
	t.Run("by this program ends with the context of who waits", func(t *testing.T) {
		s := made(t)
		ctx, cancel := context.WithCancel(t.Context())
		ok(t, s.Update(t.Context(), func(*store.Tx) error {
			cancel()
			if err := s.Beat(ctx, data.Heartbeat{}); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			return nil
		}))
	})
	t.Run("a transaction that has begun ends whatever its context says", func(t *testing.T) {
		s := made(t)
		ctx, cancel := context.WithCancel(t.Context())
		ok(t, s.Update(ctx, func(tx *store.Tx) error {
			cancel()
			_, err := tx.ExecContext(context.WithoutCancel(ctx), `UPDATE service SET log_at = 5000`)
			return err
		}))
		told, err := s.LogTold(t.Context())
		ok(t, err)
		wantEqual(t, "log_at", told, time.UnixMilli(5000).UTC())
	})
	t.Run("an error inside takes everything back", func(t *testing.T) {
		s := made(t)
		boom := errors.New("boom")
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE service SET log_at = 5000`)
			ok(t, err)
			return boom
		})
		if !errors.Is(err, boom) {
			t.Errorf("got %v", err)
		}
		told, err := s.LogTold(t.Context())
		ok(t, err)
		if !told.IsZero() {
			t.Error("it was kept")
		}
	})
	t.Run("readers cannot write", func(t *testing.T) {
		s := made(t)
		err := s.View(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE service SET log_at = 5000`)
			return err
		})
		wantCode(t, err, data.CodeNoAccess)
	})
}

func TestClosedStore(t *testing.T) {
	s, err := store.Create(t.Context(), filepath.Join(t.TempDir(), "gateway.db"), store.Options{})
	ok(t, err)
	ok(t, s.Close())
	if err := s.Beat(t.Context(), data.Heartbeat{}); err == nil {
		t.Error("it still writes")
	}
	ok(t, s.Close())
}
