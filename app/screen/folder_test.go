package screen_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/service/relay/relaytest"
)

// folderBench is a folder as edited on settings that work.
func folderBench(t *testing.T) (*school, *screen.Folder) {
	t.Helper()
	s := newSchool(t, 1)
	s.uses(relaytest.Start(t, relaytest.Script{}).Config())
	return s, screen.NewFolder(s.Desk, s.form)
}

func TestFolder(t *testing.T) {
	t.Run("the usual folder is named where none is typed", func(t *testing.T) {
		s, f := folderBench(t)
		f.Edited()
		s.Settle()
		tone, words := f.Words()
		if tone != screen.FolderQuiet || !strings.Contains(words, s.Place().Folder) || f.Path() != s.Place().Folder || !f.MayOpen() || f.MayLetIn() || f.MayMake() {
			t.Fatalf("%v %q", tone, words)
		}
	})
	t.Run("what is typed is looked at: missing, a file, one of our own", func(t *testing.T) {
		s, f := folderBench(t)
		file := filepath.Join(t.TempDir(), "list.txt")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]string{
			filepath.Join(t.TempDir(), "post"):  "This folder is not there.",
			file:                                "it is a file",
			s.Place().Data:                      "the data folder",
			"post":                              "does not begin at the top",
			filepath.Join(file, "deeper", "in"): "", // whatever the system says of it, it is wrong
		} {
			s.form.Set("folder", path)
			f.Edited()
			s.Settle()
			if tone, words := f.Words(); tone != screen.FolderWrong || !strings.Contains(words, want) || f.MayOpen() || f.MayLetIn() {
				t.Errorf("%s: %v %q", path, tone, words)
			}
		}
	})
	t.Run("of many changes the last one counts", func(t *testing.T) {
		s, f := folderBench(t)
		here := t.TempDir()
		for _, path := range []string{"x", "/nowhere/at/all", here} {
			s.form.Set("folder", path)
			f.Edited()
		}
		s.Settle()
		if f.Path() != here || !f.MayOpen() {
			t.Fatalf("looked at %s", f.Path())
		}
	})
	t.Run("a missing folder is made, where its parent is there", func(t *testing.T) {
		s, f := folderBench(t)
		path := filepath.Join(t.TempDir(), "post")
		f.Choose(path)
		s.Settle()
		if s.form.Value("folder") != path || !f.MayMake() {
			t.Fatal("cannot be made")
		}
		f.Make()
		s.Settle()
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			t.Fatal(err)
		}
		if said, bad := f.Said(); bad || said != "The folder was made." || f.MayMake() || !f.MayOpen() {
			t.Fatalf("said %q", said)
		}
		f.Choose(filepath.Join(path, "a", "b"))
		s.Settle()
		if f.MayMake() {
			t.Error("would make more than one folder")
		}
	})
	t.Run("it is opened in the computer's own program", func(t *testing.T) {
		s, f := folderBench(t)
		f.Edited()
		s.Settle()
		f.Open()
		s.Settle()
		if !slices.Equal(s.Desktop.Opened, []string{s.Place().Folder}) {
			t.Fatalf("opened %v", s.Desktop.Opened)
		}
	})
	t.Run("the service is let into another folder, which is then saved and watched", func(t *testing.T) {
		s, f := folderBench(t)
		s.running()
		path := t.TempDir()
		f.Choose(path)
		s.Settle()
		if tone, _ := f.Words(); tone != screen.FolderDoubt || !f.MayLetIn() {
			t.Fatal("not offered")
		}
		f.LetIn()
		for said, _ := f.Said(); !strings.HasPrefix(said, "The service can reach"); said, _ = f.Said() {
			if t.Context().Err() != nil {
				t.Fatalf("said %q", said)
			}
			s.Look()
		}
		if !slices.Contains(s.Service.Asked(), "folder "+path) || s.Facts().Folder != path || s.form.Dirty() || f.MayLetIn() {
			t.Fatalf("asked %v, watched %s", s.Service.Asked(), s.Facts().Folder)
		}
		s.test.Test()
		if ok, result, _ := s.ends(); !ok {
			t.Fatalf("the folder does not work: %s", result)
		}
	})
	t.Run("saved on the way by the one who was asked, it is not saved again", func(t *testing.T) {
		s, f := folderBench(t)
		path := t.TempDir()
		s.Service.Done = func(string) { s.Save(map[string]string{"folder": path}) }
		f.Choose(path)
		s.Settle()
		f.LetIn()
		s.Settle()
		s.Look()
		if said, bad := f.Said(); bad || said == "" || s.form.Dirty() || s.Facts().Folder != path {
			t.Fatalf("said %q, dirty %v", said, s.form.Dirty())
		}
	})
	t.Run("a refusal by the person is an answer, and nothing is saved", func(t *testing.T) {
		s, f := folderBench(t)
		s.Service.Fail = &data.Error{Code: data.CodeNotNow, Sentence: "Nothing was changed."}
		f.Choose(t.TempDir())
		s.Settle()
		f.LetIn()
		s.Settle()
		s.Look()
		if said, bad := f.Said(); !bad || said != "Nothing was changed." || s.Facts().Folder != s.Place().Folder {
			t.Fatalf("said %q", said)
		}
	})
	t.Run("a running service that cannot reach the folder is told of, with the way in", func(t *testing.T) {
		s, f := folderBench(t)
		s.running()
		f.Edited()
		s.Settle()
		beat := s.Facts().Beat
		beat.Trouble, beat.Remedy = "The folder "+s.Facts().Folder+" cannot be opened: permission denied.", "Ask IT."
		if err := s.Store.Beat(t.Context(), beat); err != nil {
			t.Fatal(err)
		}
		s.Look()
		if tone, words := f.Words(); tone != screen.FolderWrong || !strings.HasPrefix(words, "The service cannot reach this folder.") || !f.MayLetIn() {
			t.Fatalf("%v %q", tone, words)
		}
	})
}
