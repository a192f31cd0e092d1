package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// withNext is the program's migrations and one more.
func withNext(t *testing.T, text string) fs.FS {
	t.Helper()
	names, err := fs.Glob(store.MigrationFiles(), "migration/*.sql")
	ok(t, err)
	files := fstest.MapFS{}
	for _, name := range names {
		b, err := fs.ReadFile(store.MigrationFiles(), name)
		ok(t, err)
		files[name] = &fstest.MapFile{Data: b}
	}
	files["migration/"+nextNumber(len(names)+1)+"_more.sql"] = &fstest.MapFile{Data: []byte(text)}
	return files
}

func nextNumber(n int) string { return "000" + string(rune('0'+n)) }

const (
	goodStep = `CREATE TABLE shelf (name TEXT NOT NULL) STRICT; INSERT INTO shelf VALUES ('A');`
	badStep  = goodStep + `INSERT INTO no_such_table VALUES (1);`
	// endless does not come to its end before it is killed.
	endless = `CREATE TABLE shelf (name TEXT NOT NULL) STRICT;
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO shelf SELECT hex(zeroblob(500)) FROM n;`
)

func shelves(t *testing.T, s *store.Store) (n int, err error) {
	t.Helper()
	err = s.View(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(t.Context(), `SELECT count(*) FROM shelf`).Scan(&n)
	})
	return n, err
}

func backupsOf(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(filepath.Dir(path), "backups"))
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, filepath.Join(filepath.Dir(path), "backups", e.Name()))
	}
	return names
}

func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gateway.db")
	s := madeAt(t, path, store.Options{})
	ok(t, s.Note(t.Context(), data.JournalLine{Kind: data.JournalService, Text: "before"}))
	shut(t, s)
	return path
}

func wantLine(t *testing.T, s *store.Store, text string) {
	t.Helper()
	lines, err := s.Journal(t.Context(), 0, 0, 10)
	ok(t, err)
	if len(lines) != 1 || lines[0].Text != text {
		t.Errorf("the journal holds %v, want %q", lines, text)
	}
}

func TestMigration(t *testing.T) {
	t.Run("a copy is made first, and everything is still there", func(t *testing.T) {
		path := filled(t)
		s, err := store.OpenWith(t.Context(), path, store.Options{}, time.Second, withNext(t, goodStep))
		ok(t, err)
		defer shut(t, s)
		wantLine(t, s, "before")
		n, err := shelves(t, s)
		ok(t, err)
		wantEqual(t, "shelves", n, 1)
		copies := backupsOf(t, path)
		wantEqual(t, "copies", len(copies), 1)
		old, err := store.Open(t.Context(), copies[0], store.Options{})
		ok(t, err) // the older program opens it
		defer shut(t, old)
		wantLine(t, old, "before")
	})
	t.Run("one that fails half-way leaves the old database and the copy", func(t *testing.T) {
		path := filled(t)
		_, err := store.OpenWith(t.Context(), path, store.Options{}, time.Second, withNext(t, badStep))
		if err == nil || !strings.Contains(err.Error(), "_more") {
			t.Fatalf("got %v, want the name of the step", err)
		}
		wantEqual(t, "copies", len(backupsOf(t, path)), 1)
		s, err := store.Open(t.Context(), path, store.Options{})
		ok(t, err)
		defer shut(t, s)
		wantLine(t, s, "before")
		if _, err := shelves(t, s); err == nil {
			t.Error("half of the step is there")
		}
	})
	t.Run("killed in the middle it is repeated and complete", func(t *testing.T) {
		path := filled(t)
		killInMigration(t, path)
		s, err := store.OpenWith(t.Context(), path, store.Options{}, 5*time.Second, withNext(t, goodStep))
		ok(t, err)
		defer shut(t, s)
		wantLine(t, s, "before")
		n, err := shelves(t, s)
		ok(t, err)
		wantEqual(t, "shelves", n, 1)
		if len(backupsOf(t, path)) == 0 {
			t.Error("the copy is gone")
		}
	})
	t.Run("the older program refuses what the newer one has written", func(t *testing.T) {
		path := filled(t)
		s, err := store.OpenWith(t.Context(), path, store.Options{}, time.Second, withNext(t, goodStep))
		ok(t, err)
		_, err = store.Open(t.Context(), path, store.Options{}) // the header is still in the log: seen all the same
		wantCode(t, err, data.CodeNewer)
		shut(t, s)
		_, err = store.Open(t.Context(), path, store.Options{})
		wantCode(t, err, data.CodeNewer)
	})
	t.Run("two that come at once do it once", func(t *testing.T) {
		path := filled(t)
		files := withNext(t, goodStep)
		type opened struct {
			s   *store.Store
			err error
		}
		both := make(chan opened, 2)
		for range 2 {
			go func() {
				s, err := store.OpenWith(t.Context(), path, store.Options{}, 5*time.Second, files)
				both <- opened{s, err}
			}()
		}
		for range 2 {
			o := <-both
			ok(t, o.err)
			defer shut(t, o.s)
			n, err := shelves(t, o.s)
			ok(t, err)
			wantEqual(t, "shelves", n, 1)
		}
	})
	t.Run("a gap in the numbers is refused", func(t *testing.T) {
		_, err := store.OpenWith(t.Context(), filled(t), store.Options{}, time.Second,
			fstest.MapFS{"migration/0002_late.sql": {Data: []byte("SELECT 1")}})
		if err == nil {
			t.Error("it was taken")
		}
	})
}

// killInMigration runs an endless migration in a process of its own and kills it when it has written.
func killInMigration(t *testing.T, path string) {
	t.Helper()
	cmd := child(t, "migrate", path)
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the child said nothing")
	}
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for range look.C {
		if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 1<<20 {
			break
		}
		if t.Context().Err() != nil {
			t.Fatal("the child never wrote")
		}
	}
	ok(t, cmd.Process.Kill())
	if cmd.Wait() == nil {
		t.Fatal("the child ended by itself")
	}
}

// child runs TestChild of this very program in a process of its own.
func child(t *testing.T, work, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	ok(t, err)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), self, "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), "STORE_CHILD="+work, "STORE_PATH="+path)
	cmd.Stderr = os.Stderr
	t.Cleanup(func() {
		if cmd.Process != nil && cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return cmd
}
