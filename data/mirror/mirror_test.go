package mirror_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
)

func open(t *testing.T) (*mirror.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "email")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := mirror.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, dir
}

func create(t *testing.T, f *mirror.Folder, name string) (final, seen string) {
	t.Helper()
	final, id, err := f.Create(name, []byte("content"))
	if err != nil {
		t.Fatal(err)
	}
	return final, id.Seen()
}

func TestFolder(t *testing.T) {
	t.Run("nothing but base names is touched", func(t *testing.T) {
		f, dir := open(t)
		outside := filepath.Join(filepath.Dir(dir), "outside.tmp")
		if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"", ".", "..", "../outside.tmp", outside, "a/../../outside.tmp", "x\x00.tmp"} {
			_, _, readErr := f.Read(name)
			_, lookErr := f.Look(name)
			_, asideErr := f.SetAside(name, "", "")
			_, _, createErr := f.Create(name, nil)
			for _, err := range []error{readErr, lookErr, asideErr, createErr, f.Remove(name, "")} {
				if !errors.Is(err, fs.ErrInvalid) {
					t.Errorf("%q: %v", name, err)
				}
			}
		}
		if _, err := os.Stat(outside); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a file is removed only if it is the one that was seen", func(t *testing.T) {
		f, _ := open(t)
		a, seen := create(t, f, "a.tmp")
		if err := f.Remove(a, "other"); !errors.Is(err, mirror.ErrOther) {
			t.Fatal(err)
		}
		for range 2 { // gone already is gone
			if err := f.Remove(a, seen); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.Look(a); !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	})
	t.Run("setting aside twice gives the same name, and a new reason", func(t *testing.T) {
		f, dir := open(t)
		a, seen := create(t, f, "a.tmp")
		for _, reason := range []string{"first", "second"} {
			bad, err := f.SetAside(a, seen, reason)
			if err != nil || bad != "a.BAD" {
				t.Fatalf("%q, %v", bad, err)
			}
			text, err := os.ReadFile(filepath.Join(dir, "a.BAD.txt"))
			if err != nil || !strings.Contains(string(text), reason) {
				t.Fatalf("%q, %v", text, err)
			}
		}
		if _, err := f.SetAside("never.tmp", seen+"x", "x"); !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if err := f.RemoveReason("a.BAD"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Look("a.BAD.txt"); !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	})
	t.Run("a reason of somebody else is not removed", func(t *testing.T) {
		f, dir := open(t)
		if err := os.WriteFile(filepath.Join(dir, "a.BAD.txt"), []byte("notes"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := f.RemoveReason("a.BAD"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Look("a.BAD.txt"); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("long names are cut at a letter, so that the reason fits beside", func(t *testing.T) {
		f, _ := open(t)
		name := strings.Repeat("a", 1) + strings.Repeat("é", 125) + ".tmp" // 255 octets
		_, seen := create(t, f, "x.tmp")
		if bad, err := f.SetAside(name, seen, "x"); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%q, %v", bad, err)
		}
		final, seen := create(t, f, name)
		bad, err := f.SetAside(final, seen, "x")
		if err != nil || !strings.HasSuffix(bad, ".BAD") || len(bad)+len(mirror.Reason) > 255 || !utf8.ValidString(bad) {
			t.Fatalf("%q, %v", bad, err)
		}
		if _, err := f.Look(bad + mirror.Reason); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("every name is given, page by page", func(t *testing.T) {
		f, dir := open(t)
		const n = 1300
		for i := range n {
			if err := os.WriteFile(filepath.Join(dir, strings.Repeat("x", i%200+1)+string(rune('a'+i%26))+strings.Repeat("y", i/200)), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			seen, largest := map[string]bool{}, 0
			err := f.Names(func(names []string) error {
				largest = max(largest, len(names))
				for _, name := range names {
					seen[name] = true
				}
				return nil
			})
			want, _ := os.ReadDir(dir)
			if err != nil || len(seen) != len(want) || largest > 512 {
				t.Fatalf("%d names of %d, up to %d a page, %v", len(seen), len(want), largest, err)
			}
		}
		stop := errors.New("stop")
		if err := f.Names(func([]string) error { return stop }); !errors.Is(err, stop) {
			t.Fatal(err)
		}
	})
	t.Run("a file is read whole", func(t *testing.T) {
		f, _ := open(t)
		a, _ := create(t, f, "a.tmp")
		file, id, err := f.Read(a)
		if err != nil || !id.Regular {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err := errors.Join(err, file.Close()); err != nil || string(text) != "content" {
			t.Fatalf("%q, %v", text, err)
		}
	})
	t.Run("a folder that is not there is told in words", func(t *testing.T) {
		_, err := mirror.Open(filepath.Join(t.TempDir(), "none"))
		if data.CodeOf(err) != data.CodeNoAccess || !strings.Contains(err.Error(), "it is not there") {
			t.Fatal(err)
		}
	})
}
