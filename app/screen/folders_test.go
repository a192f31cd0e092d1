package screen_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
)

// tree makes folders, and files where the name ends in a star, below a fresh one.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		path := filepath.Join(top, strings.TrimSuffix(name, "*"))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "*") {
			err = os.WriteFile(path, nil, 0o600)
		} else {
			err = os.MkdirAll(path, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return top
}

func walkFrom(t *testing.T, start string) (*screentest.Bench, *screen.Folders) {
	t.Helper()
	b := screentest.New(t)
	f := screen.NewFolders(b.Desk, start)
	b.Settle()
	return b, f
}

func listed(f *screen.Folders) (names []string) {
	for i := range f.Len() {
		names = append(names, f.Entry(i).Name)
	}
	return names
}

func TestFolders(t *testing.T) {
	t.Run("folders are listed without files and hidden ones, as a person sorts them", func(t *testing.T) {
		top := tree(t, "beta", "Alpha", "gamma", "class 10", "Class 2", "class 02b", "class", ".hidden", "file.txt*")
		_, f := walkFrom(t, top)
		if got := listed(f); !slices.Equal(got, []string{"Alpha", "beta", "class", "Class 2", "class 02b", "class 10", "gamma"}) {
			t.Error(got)
		}
		if _, note := f.Note(); note != "Hidden folders are left out. Type the path to go to one." {
			t.Error(note)
		}
		if f.At() != top || f.Typed() != top || f.Meant() != top {
			t.Errorf("at %q, typed %q, meant %q", f.At(), f.Typed(), f.Meant())
		}
	})
	t.Run("one goes in, up and to a place, and comes out at the folder one was in", func(t *testing.T) {
		b, f := walkFrom(t, tree(t, "a", "b/inner"))
		top, cursor := f.At(), -2
		f.OnArrive = func(at int) { cursor = at }
		f.Open(1)
		b.Settle()
		if f.At() != filepath.Join(top, "b") || !slices.Equal(listed(f), []string{"inner"}) || cursor != -1 {
			t.Errorf("at %s with %v, %d", f.At(), listed(f), cursor)
		}
		f.Up()
		b.Settle()
		if f.At() != top || cursor != 1 {
			t.Errorf("at %s, %d", f.At(), cursor)
		}
		i := slices.IndexFunc(f.Places(), func(p screen.FolderPlace) bool { return p.Name == "Usual mail folder" })
		f.Visit(f.Places()[i].Path)
		b.Settle()
		if f.At() != b.Place().Folder {
			t.Error(f.At())
		}
		for f.MayUp() {
			f.Up()
			b.Settle()
		}
		if f.At() != filepath.VolumeName(top)+string(filepath.Separator) {
			t.Errorf("the top is %s", f.At())
		}
	})
	t.Run("what is meant is what was touched last: list, entry or path", func(t *testing.T) {
		b, f := walkFrom(t, tree(t, "a", "b"))
		top, taken := f.At(), ""
		f.Pick(1)
		if f.Meant() != filepath.Join(top, "b") {
			t.Error(f.Meant())
		}
		f.Type("a")
		if f.Meant() != filepath.Join(top, "a") {
			t.Error(f.Meant())
		}
		f.Use(func(path string) { taken = path })
		b.Settle()
		if taken != filepath.Join(top, "a") {
			t.Errorf("used %q", taken)
		}
	})
	t.Run("a path may be typed whole, from here, from home, in quotes, and be hidden", func(t *testing.T) {
		top := tree(t, ".hidden/in", "a")
		t.Setenv("HOME", top)
		t.Setenv("USERPROFILE", top)
		b, f := walkFrom(t, "")
		if f.At() != top {
			t.Errorf("begins at %s", f.At())
		}
		for typed, want := range map[string]string{
			".hidden": ".hidden", filepath.Join(top, "a"): "a", "~": ".", "~/a": "a", `"` + filepath.Join(top, ".hidden", "in") + `"`: ".hidden/in", " " + top + " ": ".", "": ".",
		} {
			f.Visit(top)
			b.Settle()
			f.Type(typed)
			f.Submit()
			b.Settle()
			if f.At() != filepath.Join(top, want) || f.Wrong() || f.Typed() != f.At() {
				t.Errorf("%q leads to %s, shown as %q", typed, f.At(), f.Typed())
			}
		}
	})
	t.Run("a path that leads nowhere stays as it was typed, with the reason", func(t *testing.T) {
		top := tree(t, "list.txt*", "a")
		b, f := walkFrom(t, top)
		for typed, want := range map[string]string{"nothing": "There is no folder", "list.txt": "is not a folder", "bad\x00name": "cannot be reached"} {
			f.Type(typed)
			f.Submit()
			b.Settle()
			if tone, note := f.Note(); tone != screen.FolderWrong || !strings.Contains(note, want) || !f.Wrong() || f.Typed() != typed || f.At() != top {
				t.Errorf("%q: %v %q at %s", typed, tone, note, f.At())
			}
			f.Use(func(path string) { t.Errorf("used %s", path) })
			b.Settle()
		}
		f.Type("a")
		if _, note := f.Note(); note != "" || f.Wrong() {
			t.Errorf("what was wrong is still said: %q", note)
		}
	})
	t.Run("a folder that vanished leads to the nearest that is there, and is told", func(t *testing.T) {
		top := tree(t, "a/b/c")
		b, f := walkFrom(t, filepath.Join(top, "a", "b"))
		if err := os.RemoveAll(filepath.Join(top, "a")); err != nil {
			t.Fatal(err)
		}
		f.Open(0)
		b.Settle()
		if _, note := f.Note(); f.At() != top || note != "There is no folder "+filepath.Join(top, "a", "b", "c")+". This is the nearest one above it." {
			t.Errorf("at %s: %q", f.At(), note)
		}
		_, f = walkFrom(t, filepath.Join(top, "x", "y"))
		if f.At() != top {
			t.Errorf("begins at %s", f.At())
		}
	})
	t.Run("one that vanished cannot be used", func(t *testing.T) {
		top := tree(t, "a")
		b, f := walkFrom(t, top)
		f.Pick(0)
		if err := os.Remove(filepath.Join(top, "a")); err != nil {
			t.Fatal(err)
		}
		f.Use(func(path string) { t.Errorf("used %s", path) })
		b.Settle()
		if _, note := f.Note(); !strings.HasPrefix(note, "There is no folder") {
			t.Error(note)
		}
	})
	t.Run("an unreadable folder says so in the list and inside, and can be used", func(t *testing.T) {
		if os.Geteuid() == 0 || runtime.GOOS == "windows" {
			t.Skip("this account may look into everything")
		}
		top := tree(t, "open", "shut")
		shut, used := filepath.Join(top, "shut"), ""
		if err := os.Chmod(shut, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(shut, 0o700) })
		b, f := walkFrom(t, top)
		if f.Entry(0).Note != "" || f.Entry(1).Note != "you may not look inside" {
			t.Errorf("%q and %q", f.Entry(0).Note, f.Entry(1).Note)
		}
		f.Open(1)
		b.Settle()
		if what, _ := f.Empty(); what != "You may not look into this folder yourself." || f.At() != shut || f.MayMake() {
			t.Errorf("at %s: %q", f.At(), what)
		}
		f.Use(func(path string) { used = path })
		b.Settle()
		if used != shut {
			t.Errorf("used %q", used)
		}
	})
	t.Run("a link is shown as what it leads to", func(t *testing.T) {
		top := tree(t, "real", "file*")
		for name, to := range map[string]string{"there": "real", "paper": "file", "dangling": "nothing", "round": "round"} {
			if err := os.Symlink(to, filepath.Join(top, name)); err != nil {
				t.Skip(err)
			}
		}
		b, f := walkFrom(t, top)
		if got := listed(f); !slices.Equal(got, []string{"real", "there"}) || f.Entry(1).Note != "leads to real" {
			t.Errorf("%v, %q", got, f.Entry(1).Note)
		}
		f.Open(1)
		b.Settle()
		if f.At() != filepath.Join(top, "there") {
			t.Error(f.At())
		}
	})
	t.Run("of very many the first are shown, and that there are more is said", func(t *testing.T) {
		top := t.TempDir()
		for i := range 2100 {
			if err := os.Mkdir(filepath.Join(top, fmt.Sprintf("f%04d", i)), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		_, f := walkFrom(t, top)
		if _, note := f.Note(); f.Len() != 2000 || f.Entry(1999).Name != "f1999" || !strings.HasPrefix(note, "Only 2000 of the folders are shown.") {
			t.Errorf("%d, last %q: %q", f.Len(), f.Entry(1999).Name, note)
		}
	})
	t.Run("a sentence shows the end of a path that is too long for it", func(t *testing.T) {
		top := t.TempDir()
		deep := filepath.Join(top, strings.Repeat("b", 90), strings.Repeat("c", 90), "post")
		_, f := walkFrom(t, top)
		f.Type(deep)
		if words := f.MeantWords(); len(words) > 200 || !strings.HasPrefix(words, "Folder to use: …") || !strings.HasSuffix(words, filepath.Join("c", "post")) || f.Meant() != deep {
			t.Error(words)
		}
	})
	t.Run("given up, it calls nobody any more", func(t *testing.T) {
		b := screentest.New(t)
		f := screen.NewFolders(b.Desk, tree(t, "a"))
		f.OnChange = func() { t.Error("changed") }
		f.OnArrive = func(int) { t.Error("arrived") }
		f.Close()
		b.Settle()
		f.Up()
		b.Settle()
	})
	t.Run("the answer to an older question does not come between", func(t *testing.T) {
		top := tree(t, "a", "b")
		b := screentest.New(t)
		f := screen.NewFolders(b.Desk, top)
		f.Visit(filepath.Join(top, "a"))
		f.Visit(filepath.Join(top, "b"))
		f.Type("typed meanwhile")
		b.Settle()
		if f.At() != filepath.Join(top, "b") || f.Typed() != "typed meanwhile" {
			t.Errorf("at %s, typed %q", f.At(), f.Typed())
		}
	})
}

func TestNewFolder(t *testing.T) {
	t.Run("a folder is made and gone into", func(t *testing.T) {
		top := tree(t)
		b, f := walkFrom(t, top)
		problem := "not asked"
		f.Make(" post ", func(p string) { problem = p })
		b.Settle()
		if info, err := os.Stat(filepath.Join(top, "post")); err != nil || !info.IsDir() || problem != "" {
			t.Fatalf("%v, %q", err, problem)
		}
		if f.At() != filepath.Join(top, "post") || f.Meant() != f.At() {
			t.Error(f.At(), f.Meant())
		}
	})
	t.Run("names that cannot be are refused with the reason", func(t *testing.T) {
		top := tree(t, "there", "file*")
		b, f := walkFrom(t, top)
		for name, want := range map[string]string{
			"": "Type a name", "a/b": "A name holds no /", `a\b`: "A name holds no /", "..": "a meaning of its own", ".": "a meaning of its own", "a\nb": "can be seen", "a\x00b": "can be seen",
			strings.Repeat("n", 256): "too long", "there": "already", "file": "already",
		} {
			problem := ""
			f.Make(name, func(p string) { problem = p })
			b.Settle()
			if !strings.Contains(problem, want) {
				t.Errorf("%q: %q", name, problem)
			}
		}
		if got, _ := os.ReadDir(top); len(got) != 2 {
			t.Errorf("made %v", got)
		}
	})
	t.Run("Windows refuses more", func(t *testing.T) {
		b := screentest.New(t)
		for _, name := range []string{"CON", "nul", "Aux.txt", "com1", "LPT9.tar.gz", "COM\u00b9", "CONIN$", "con .txt", "a:b", "what?", "<x>", "end."} {
			if b.NameProblem(name, true) == "" {
				t.Errorf("%q is let through", name)
			}
		}
		for _, name := range []string{"post", "console", "COM", "COM10", "com12", "auxiliary", "a.b", "Bücher"} {
			if problem := b.NameProblem(name, true); problem != "" {
				t.Errorf("%q: %s", name, problem)
			}
		}
	})
	t.Run("where one may not write, it is said", func(t *testing.T) {
		if os.Geteuid() == 0 || runtime.GOOS == "windows" {
			t.Skip("this account may write everywhere")
		}
		top := tree(t)
		if err := os.Chmod(top, 0o500); err != nil { //nolint:gosec // it is read
			t.Fatal(err)
		}
		b, f := walkFrom(t, top)
		problem := ""
		f.Make("post", func(p string) { problem = p })
		b.Settle()
		if !strings.HasPrefix(problem, "You may not make a folder here.") {
			t.Error(problem)
		}
	})
	t.Run("a place that vanished is said", func(t *testing.T) {
		top := tree(t, "a")
		b, f := walkFrom(t, filepath.Join(top, "a"))
		if err := os.Remove(filepath.Join(top, "a")); err != nil {
			t.Fatal(err)
		}
		problem := ""
		f.Make("post", func(p string) { problem = p })
		b.Settle()
		if problem != "The folder that was to hold it is gone." {
			t.Error(problem)
		}
	})
}
