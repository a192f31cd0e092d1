package place_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"smtpgateway/data/place"
)

func TestIdentity(t *testing.T) {
	dir := t.TempDir()
	folder, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	who := func(name string) place.Identity {
		t.Helper()
		id, err := place.IdentifyIn(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	write("a", "hello")
	a := who("a")

	t.Run("an open file and its name give the same", func(t *testing.T) {
		f, err := os.Open(filepath.Join(dir, "a"))
		if err != nil {
			t.Fatal(err)
		}
		id, err := place.Identify(f)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		if id != a || id.Size != 5 || !id.Regular || id.Folder || id.Links != 1 || id.ModTime().IsZero() {
			t.Fatalf("%+v, by name %+v", id, a)
		}
	})
	t.Run("a rename keeps it, with size and time", func(t *testing.T) {
		if err := os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
			t.Fatal(err)
		}
		if b := who("b"); !b.Same(a) || b.String() != a.String() || b.Seen() != a.Seen() {
			t.Fatalf("%+v, was %+v", b, a)
		}
	})
	t.Run("a copy with the same time has another", func(t *testing.T) {
		write("c", "hello")
		if err := os.Chtimes(filepath.Join(dir, "c"), a.ModTime(), a.ModTime()); err != nil {
			t.Fatal(err)
		}
		if c := who("c"); c.Same(a) || c.String() == a.String() || c.Seen() == a.Seen() || c.Modified != a.Modified {
			t.Fatalf("%+v", c)
		}
	})
	t.Run("a file written to is the same file, seen anew", func(t *testing.T) {
		write("b", "hello again")
		if b := who("b"); !b.Same(a) || b.Seen() == a.Seen() {
			t.Fatalf("%+v", b)
		}
	})
	t.Run("a second link is counted, a folder is no ordinary file, nothing is no file", func(t *testing.T) {
		if err := os.Link(filepath.Join(dir, "b"), filepath.Join(dir, "d")); err != nil {
			t.Fatal(err)
		}
		if b := who("b"); b.Links != 2 {
			t.Errorf("%+v", b)
		}
		if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
			t.Fatal(err)
		}
		if s := who("sub"); s.Regular || !s.Folder {
			t.Errorf("%+v", s)
		}
		if _, err := place.IdentifyIn(folder, "none"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v", err)
		}
	})
	t.Run("a link is looked at, not through", func(t *testing.T) {
		if err := os.Symlink("b", filepath.Join(dir, "link")); err != nil {
			t.Skip("links need a right this account has not:", err) // Windows without developer mode
		}
		if l := who("link"); l.Regular || l.Folder || l.Same(a) {
			t.Fatalf("%+v", l)
		}
	})
}
