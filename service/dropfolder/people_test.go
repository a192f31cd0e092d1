package dropfolder_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/service/dropfolder"
)

// What people, crashes and disks do to files that were taken.

func TestTakenFiles(t *testing.T) {
	t.Run("52 the same name and content dropped again is a new message", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		first := s.settleDown()
		s.end(first.Messages[0], data.Sent)
		s.must(os.Remove(s.path("a.tmp")))
		s.settleDown()
		s.write("a.tmp", letter("b@school.org"))
		if r := s.settleDown(); r.Taken != 1 || r.Messages[0] == first.Messages[0] {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("copying a file again is a new message, renaming it is not", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.settleDown()
		s.must(os.Rename(s.path("a.tmp"), s.path("b.eml")))
		s.write("c.tmp", letter("b@school.org"))
		if r := s.settleDown(); r.Taken != 1 || len(s.queued()) != 2 {
			t.Fatalf("%+v", r)
		}
		if o, _, err := s.store.OriginOf(context.Background(), s.queued()[1].Message); err != nil || o.Name != "b.eml" {
			t.Fatalf("%+v, %v", o, err)
		}
	})
	t.Run("killed after the store said yes, the file is known at the next start", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		dies := &dying{Store: s.store}
		s.used = dies
		s.open()
		if err := s.failing(); !errors.Is(err, errDied) {
			t.Fatalf("did not die: %v", err)
		}
		for range 3 {
			s.used = s.store
			s.open()
			if r := s.settleDown(); r.Taken != 0 || len(r.Finished) != 0 {
				t.Fatalf("%+v", r)
			}
		}
		if e := s.one(); e.State != data.Waiting || !s.there("a.tmp") {
			t.Fatalf("%+v", e)
		}
	})
	t.Run("a file left over after its message was sent is given to settle once, and not sent again", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		id := s.settleDown().Messages[0]
		s.end(id, data.Sent)
		s.must(os.Rename(s.path("a.tmp"), s.path("kept")))
		s.settleDown()
		s.must(os.Rename(s.path("kept"), s.path("a.tmp"))) // as a power cut brings it back
		s.open()
		r := s.settleDown()
		if r.Taken != 0 || len(r.Finished) != 1 || r.Finished[0].Message != id || r.Finished[0].Name != "a.tmp" {
			t.Fatalf("%+v", r)
		}
		if r := s.settleDown(); len(r.Finished) != 0 || r.Taken != 0 {
			t.Fatalf("again: %+v", r)
		}
	})
	t.Run("a full disk loses nothing: the file stays and is taken later", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.used = &full{s.store}
		s.open()
		if err := s.failing(); data.CodeOf(err) != data.CodeDiskFull || s.folder.Healthy() != nil {
			t.Fatalf("%v, folder %v", err, s.folder.Healthy())
		}
		s.used = s.store
		s.open()
		if r := s.settleDown(); r.Taken != 1 || !s.there("a.tmp") {
			t.Fatalf("%+v", r)
		}
	})
}

func TestPeople(t *testing.T) {
	t.Run("16 a file renamed back from BAD is tried again for those who have not got it", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("has@school.org", "no@school.org"))
		id := s.settleDown().Messages[0]
		s.end(id, data.Sent, data.Failed)
		s.setAside(id, "a.tmp", "a.BAD")
		s.write("a.BAD.txt", "SMTP Gateway: about the file\n")
		if r := s.settleDown(); r.Retried+r.Removed != 0 {
			t.Fatalf("%+v", r)
		}
		for range 2 { // seen by the running service, then across a start
			s.must(os.Rename(s.path("a.BAD"), s.path("a.TMP")))
			if r := s.settleDown(); r.Retried != 1 || r.Taken != 0 {
				t.Fatalf("%+v", r)
			}
			if s.there("a.BAD.txt") {
				t.Fatal("the old reason stays")
			}
			states := map[string]data.State{}
			for _, e := range s.queued() {
				states[e.Recipient] = e.State
			}
			if states["has@school.org"] != data.Sent || states["no@school.org"] != data.Waiting {
				t.Fatalf("%v", states)
			}
			s.end(id, data.Failed)
			s.setAside(id, "a.TMP", "a.BAD")
			s.open()
		}
	})
	t.Run("a refused file renamed back is tried anew", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", "no message\n\n")
		s.settleDown()
		for range 2 {
			s.must(os.Rename(s.path("a.BAD"), s.path("a.TMP")))
			if r := s.settleDown(); r.Refused != 1 || !s.there("a.BAD") {
				t.Fatalf("%+v", r)
			}
		}
		s.must(os.Rename(s.path("a.BAD"), s.path("a.TMP")))
		s.write("a.TMP", letter("b@school.org"))
		if r := s.settleDown(); r.Taken != 1 || s.there("a.BAD.txt") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a file taken away while waiting holds its message after two looks, and coming back releases it", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.settleDown()
		s.must(os.Rename(s.path("a.tmp"), s.path("quarantine")))
		if r := s.scan(); r.Removed != 0 || !r.Again.Equal(s.now.Add(2*time.Second)) || s.one().State != data.Waiting {
			t.Fatalf("held at the first look: %+v", r)
		}
		s.now = s.now.Add(2 * time.Second)
		if r := s.scan(); r.Removed != 1 {
			t.Fatalf("%+v", r)
		}
		if e := s.one(); e.State != data.Held || !strings.Contains(e.Reason, "removed") || !strings.Contains(e.Remedy, "Send anyway?") {
			t.Fatalf("%+v", e)
		}
		s.open()
		s.must(os.Rename(s.path("quarantine"), s.path("a.tmp")))
		if r := s.settleDown(); r.Retried != 1 || r.Taken != 0 || s.one().State != data.Waiting {
			t.Fatalf("%+v, %+v", r, s.one())
		}
	})
	t.Run("a file taken away while the service was off holds its message too", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.settleDown()
		s.must(os.Remove(s.path("a.tmp")))
		s.open()
		if r := s.settleDown(); r.Removed != 1 || s.one().State != data.Held {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a file moved away and back between two looks holds nothing", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.settleDown()
		s.must(os.Rename(s.path("a.tmp"), s.path("x")))
		s.scan()
		s.must(os.Rename(s.path("x"), s.path("b.tmp")))
		if r := s.settleDown(); r.Removed != 0 || s.one().State != data.Waiting {
			t.Fatalf("%+v", r)
		}
	})
}

// setAside does what settle does: the file is renamed, and the store knows its new name.
func (s *school) setAside(message int64, name, bad string) {
	s.Helper()
	ctx := context.Background()
	s.must(os.Rename(s.path(name), s.path(bad)))
	o, ok, err := s.store.OriginOf(ctx, message)
	s.must(err)
	if !ok {
		s.Fatal("no origin")
	}
	o.Name = bad
	s.must(s.store.SaveOrigin(ctx, o))
}

func TestFolderTrouble(t *testing.T) {
	t.Run("48 a folder that is gone or another one is trouble: nothing is held, nothing deleted", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("Windows renames no folder that somebody has open")
		}
		s := newSchool(t)
		for _, name := range []string{"a.tmp", "b.tmp", "c.tmp"} {
			s.write(name, letter(name[:1]+"@school.org"))
		}
		s.settleDown()
		look := func() (dropfolder.Report, error) {
			s.now = s.now.Add(time.Minute)
			return s.folder.Scan(context.Background(), dropfolder.Patience{Both: true})
		}
		away := s.dir + "-away"
		s.must(os.Rename(s.dir, away))
		for range 3 {
			if _, err := look(); data.CodeOf(err) != data.CodeNoAccess {
				t.Fatalf("gone: %v", err)
			}
		}
		if _, err := dropfolder.Open(s.dir, dropfolder.Options{}); data.CodeOf(err) != data.CodeNoAccess {
			t.Fatalf("opened: %v", err)
		}
		s.must(os.Mkdir(s.dir, 0o770)) // the empty mount point
		if _, err := look(); data.CodeOf(err) != data.CodeNoAccess || !strings.Contains(err.Error(), "another one") {
			t.Fatalf("another one: %v", err)
		}
		s.write("d.tmp", letter("d@school.org"))
		for range 2 { // the service opens it anew, and starts again
			s.open()
			if r := s.settleDown(); r.Removed != 0 {
				t.Fatalf("%+v", r)
			}
		}
		if s.told("another one than before") != 1 {
			t.Fatal(s.journal())
		}
		s.must(os.RemoveAll(s.dir))
		s.must(os.Rename(away, s.dir)) // mounted again
		s.open()
		if r := s.settleDown(); r.Taken != 0 || r.Removed != 0 {
			t.Fatalf("%+v", r)
		}
		for _, e := range s.queued() {
			if e.State != data.Waiting {
				t.Errorf("%s is %s", e.Recipient, e.State)
			}
		}
		if !s.there("a.tmp") || !s.there("b.tmp") || !s.there("c.tmp") {
			t.Fatal("a file is gone")
		}
		s.must(os.Remove(s.path("a.tmp"))) // and now by a person
		if r := s.settleDown(); r.Removed != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("another folder in the settings misses no file of the old one", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.settleDown()
		s.dir = filepath.Join(filepath.Dir(s.dir), "other")
		s.must(os.Mkdir(s.dir, 0o770))
		s.open()
		if r := s.settleDown(); r.Removed != 0 || s.one().State != data.Waiting || s.told("another one") != 0 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a folder that is a file, or is not there, is refused in words", func(t *testing.T) {
		s := newSchool(t)
		s.write("file", "")
		for _, path := range []string{s.path("file"), s.path("none")} {
			_, err := dropfolder.Open(path, dropfolder.Options{})
			if e := (*data.Error)(nil); !errors.As(err, &e) || e.Next == "" || !strings.Contains(e.Sentence, path) {
				t.Errorf("%v", err)
			}
		}
	})
}

func TestPracticeMode(t *testing.T) {
	t.Run("a copy goes to test_to, the message is held and its file stays", func(t *testing.T) {
		s := newSchool(t)
		s.settings.Practice, s.settings.TestTo = true, "me@school.org"
		s.write("a.tmp", letter("b@school.org", "c@school.org"))
		s.settleDown()
		s.settings.Practice = false
		s.open()
		s.settleDown()
		var got []string
		for _, e := range s.queued() {
			got = append(got, e.Recipient+" "+string(e.State))
			if (e.Recipient == "me@school.org") != e.Letter.Practice || e.Letter.Practice != (e.Letter.File == "") {
				t.Errorf("%+v", e)
			}
			if e.State == data.Held && !strings.HasPrefix(e.Reason, "Practice mode: ") {
				t.Errorf("held because %q", e.Reason)
			}
		}
		slices.Sort(got)
		if want := []string{"b@school.org held", "c@school.org held", "me@school.org waiting"}; !slices.Equal(got, want) || !s.there("a.tmp") {
			t.Fatalf("%v", got)
		}
	})
	t.Run("killed between the copy and the message, neither is lost or doubled", func(t *testing.T) {
		s := newSchool(t)
		s.settings.Practice, s.settings.TestTo = true, "me@school.org"
		s.write("a.tmp", letter("b@school.org"))
		s.used = &dying{Store: s.store}
		s.open()
		if err := s.failing(); !errors.Is(err, errDied) || len(s.queued()) != 1 {
			t.Fatalf("did not die: %v", err)
		}
		s.used = s.store
		s.open()
		s.settleDown()
		if len(s.queued()) != 2 {
			t.Fatalf("%+v", s.queued())
		}
	})
}

func TestOwnFiles(t *testing.T) {
	t.Run("a file of our own is taken at once, with its class, practice or not", func(t *testing.T) {
		s := newSchool(t)
		s.settings.Practice, s.settings.TestTo = true, "me@school.org"
		ctx := context.Background()
		for _, want := range []string{"test.TMP", "test~2.TMP"} {
			name, err := s.folder.Drop(ctx, "test", []byte(letter("me@school.org")))
			if err != nil || name != want || s.text(name) != letter("me@school.org") {
				t.Fatalf("%q, %v", name, err)
			}
			id, err := s.folder.Take(ctx, name, data.ClassTest)
			if err != nil {
				t.Fatal(err)
			}
			m, err := s.store.Message(ctx, id)
			if err != nil || m.Class != data.ClassTest || !m.NoReturn || m.File != name {
				t.Fatalf("%+v, %v", m, err)
			}
		}
		if r := s.settleDown(); r.Taken != 0 || len(s.queued()) != 2 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a file of our own that is no message is BAD, and the caller hears why", func(t *testing.T) {
		s := newSchool(t)
		name, err := s.folder.Drop(context.Background(), "test", []byte("no message\n\n"))
		s.must(err)
		if _, err := s.folder.Take(context.Background(), name, data.ClassTest); data.CodeOf(err) != data.CodeBadMessage || !s.there("test.BAD") {
			t.Fatalf("%v", err)
		}
	})
}

var errDied = errors.New("died")

// dying is a store whose process dies right after it said yes.
type dying struct{ dropfolder.Store }

func (d *dying) Accept(ctx context.Context, m *data.NewMessage) (int64, error) {
	if _, err := d.Store.Accept(ctx, m); err != nil {
		return 0, err
	}
	return 0, errDied
}

// full is a store on a full disk.
type full struct{ dropfolder.Store }

func (full) Accept(context.Context, *data.NewMessage) (int64, error) {
	return 0, &data.Error{Code: data.CodeDiskFull, Sentence: "The disk is full."}
}
