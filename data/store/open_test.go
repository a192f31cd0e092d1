package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// made is a new database in a folder of its own; the clock stands still.
func made(t *testing.T) *store.Store {
	t.Helper()
	return madeAt(t, filepath.Join(t.TempDir(), "gateway.db"), store.Options{})
}

func madeAt(t *testing.T, path string, o store.Options) *store.Store {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	s, err := store.Create(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	return s
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func shut(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func wantCode(t *testing.T, err error, code data.Code) {
	t.Helper()
	if data.CodeOf(err) != code {
		t.Fatalf("got %v (%q), want code %q", err, data.CodeOf(err), code)
	}
}

func wantEqual[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCreate(t *testing.T) {
	t.Run("what was stored is there when it is opened again", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "gateway.db")
		s := madeAt(t, path, store.Options{})
		_, err := s.SaveSettings(t.Context(), map[string]string{"test_to": "a@school.example"}, store.AnyRevision)
		ok(t, err)
		shut(t, s)
		s, err = store.Open(t.Context(), path, store.Options{})
		ok(t, err)
		defer shut(t, s)
		values, _, err := s.Settings(t.Context())
		ok(t, err)
		wantEqual(t, "test_to", values["test_to"], "a@school.example")
	})
	t.Run("a folder may be called what it likes", func(t *testing.T) {
		for _, name := range []string{"a b", "50% off?", "#1", "Bücher & Öl", "a?mode=memory", "x:y", "'q'"} {
			dir := filepath.Join(t.TempDir(), name)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Logf("%s: not on this system: %v", name, err)
				continue
			}
			s := madeAt(t, filepath.Join(dir, "gateway.db"), store.Options{})
			ok(t, s.Beat(t.Context(), data.Heartbeat{PID: 1}))
			shut(t, s)
			entries, err := os.ReadDir(dir)
			ok(t, err)
			if len(entries) != 1 || entries[0].Name() != "gateway.db" {
				t.Errorf("%s holds %v", name, entries)
			}
		}
	})
	t.Run("a file that is there is never replaced", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "gateway.db")
		ok(t, os.WriteFile(path, []byte("precious"), 0o600))
		_, err := store.Create(t.Context(), path, store.Options{})
		wantCode(t, err, data.CodeDamaged)
		got, err := os.ReadFile(path)
		ok(t, err)
		if !bytes.Equal(got, []byte("precious")) {
			t.Errorf("the file became %q", got)
		}
	})
	t.Run("without its folder it says so", func(t *testing.T) {
		_, err := store.Create(t.Context(), filepath.Join(t.TempDir(), "none", "gateway.db"), store.Options{})
		wantCode(t, err, data.CodeNoAccess)
	})
	t.Run("what a crash left of one being made is removed a day later", func(t *testing.T) {
		dir := t.TempDir()
		old, young := filepath.Join(dir, "gateway.db.new-1"), filepath.Join(dir, "gateway.db.new-2")
		ok(t, os.WriteFile(old, nil, 0o600))
		ok(t, os.WriteFile(young, nil, 0o600))
		long := time.Now().Add(-48 * time.Hour)
		ok(t, os.Chtimes(old, long, long))
		madeAt(t, filepath.Join(dir, "gateway.db"), store.Options{})
		if _, err := os.Stat(old); err == nil {
			t.Error("the old one is still there")
		}
		if _, err := os.Stat(young); err != nil {
			t.Error("the young one, perhaps somebody's, is gone")
		}
	})
}

func TestFileURI(t *testing.T) {
	for path, want := range map[string]string{
		`/var/lib/smtp-gateway/gateway.db`: "file:///var/lib/smtp-gateway/gateway.db",
		"/a b/ü?#%\xff.db":                 "file:///a%20b/%C3%BC%3F%23%25%FF.db",
	} {
		wantEqual(t, path, store.FileURI(path, false), want)
	}
	for path, want := range map[string]string{
		`C:\ProgramData\SMTP Gateway\gateway.db`: "file:///C:/ProgramData/SMTP%20Gateway/gateway.db",
		`\\server\share\gateway.db`:              "file:////server/share/gateway.db",
	} {
		wantEqual(t, path, store.FileURI(path, true), want)
	}
}

func TestSchema(t *testing.T) {
	if store.Schema() < 1 {
		t.Error("no migration is in the program")
	}
}
