package dropfolder_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/dropfolder"
)

// What a folder may hold, and the promises of the drop folder about it.

func TestFinishedFiles(t *testing.T) {
	t.Run("44 a file that is still growing is not taken, and then exactly once", func(t *testing.T) {
		s := newSchool(t)
		f, err := os.Create(s.path("a.tmp"))
		s.must(err)
		_, err = f.WriteString(letter("b@school.org"))
		s.must(err)
		for i := range 5 {
			if r := s.scan(); r.Taken != 0 || r.Waiting != 1 || r.Again.IsZero() {
				t.Fatalf("look %d: %+v", i, r)
			}
			s.now = s.now.Add(9 * time.Minute)
			_, err := f.WriteString("more\n")
			s.must(err)
		}
		s.must(f.Close())
		s.settleDown()
		if e := s.one(); e.Recipient != "b@school.org" || e.Letter.File != "a.tmp" || e.Letter.Class != data.ClassDropped || e.Letter.Door != data.DoorFolder {
			t.Fatalf("queued %+v", e)
		}
		if r := s.settleDown(); r.Taken != 0 || !s.there("a.tmp") {
			t.Fatalf("taken again, or gone: %+v", r)
		}
	})
	t.Run("44 a slow writer in pieces is not overtaken, and its file is taken two seconds after it was closed", func(t *testing.T) {
		s := newSchool(t)
		dropfolder.HintAtOnce(s.folder)
		hints := s.folder.Changes(context.Background())
		f, err := os.Create(s.path("{guid}.eml")) // written in place under the final name, as .NET does
		s.must(err)
		for _, piece := range strings.SplitAfter(letter("b@school.org"), "\n") {
			_, err := f.WriteString(piece)
			s.must(err)
			if r := s.scan(); r.Taken != 0 {
				t.Fatalf("taken while open: %+v", r)
			}
			s.now = s.now.Add(5 * time.Second)
		}
		s.must(f.Close())
		<-hints
		s.now = time.Now() // the clock of the files
		if r := s.scan(); r.Taken != 0 || r.Again.IsZero() {
			t.Fatalf("taken at once: %+v", r)
		}
		s.now = s.now.Add(2 * time.Second)
		if r := s.scan(); r.Taken != 1 {
			t.Fatalf("not taken after two seconds: %+v", r)
		}
	})
	t.Run("44 a file moved in is taken two seconds later", func(t *testing.T) {
		s := newSchool(t)
		dropfolder.HintAtOnce(s.folder)
		outside := filepath.Join(filepath.Dir(s.dir), "a.TMP")
		s.must(os.WriteFile(outside, []byte(letter("b@school.org")), 0o600))
		s.must(os.Rename(outside, s.path("a.TMP")))
		<-s.folder.Changes(context.Background())
		s.scan()
		s.now = s.now.Add(2 * time.Second)
		if r := s.scan(); r.Taken != 1 {
			t.Fatalf("not taken: %+v", r)
		}
	})
	t.Run("one check by itself takes both looks", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		r, err := s.folder.Scan(context.Background(), dropfolder.Patience{Both: true})
		if err != nil || r.Taken != 1 || len(r.Messages) != 1 || !slices.Equal(s.waited, []time.Duration{2 * time.Second}) {
			t.Fatalf("%+v, %v, waited %v", r, err, s.waited)
		}
	})
	t.Run("a multipart without its last boundary waits ten minutes, then goes as it is", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.eml", "From: a@school.org\nTo: b@school.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"x\"\n\n--x\n\nhalf\n")
		r, err := s.folder.Scan(context.Background(), dropfolder.Patience{Both: true})
		if err != nil || r.Taken != 0 || r.Waiting != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		if r := s.settleDown(); r.Taken != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a header without its end is BAD after an hour, not before", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", "From: a@school.org\nTo: b@school.org\n")
		if r := s.settleDown(); r.Refused != 0 || r.Waiting != 1 || !s.there("a.tmp") {
			t.Fatalf("%+v", r)
		}
		s.now = s.now.Add(time.Hour)
		if r := s.scan(); r.Refused != 1 || !s.there("a.BAD") || !strings.Contains(s.text("a.BAD.txt"), "has no end") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("an empty file is never taken, and told of once", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", "")
		for range 3 {
			if r := s.settleDown(); r.Taken+r.Refused != 0 || !s.there("a.tmp") {
				t.Fatalf("%+v", r)
			}
		}
		if n := s.told("is empty"); n != 1 {
			t.Fatalf("told %d times", n)
		}
	})
	t.Run("54 names of what is not finished, and other suffixes, are ignored", func(t *testing.T) {
		s := newSchool(t)
		for _, name := range []string{"a.part", "~a.tmp", ".a.tmp", "a.txt", "a.tmp.part", "tmp", "a.tmp~", "a.zip"} {
			s.write(name, letter("b@school.org"))
		}
		if r := s.settleDown(); r.Taken+r.Refused+r.Waiting != 0 {
			t.Fatalf("%+v", r)
		}
		s.write("a.TmP", letter("b@school.org"))
		s.write("b.Eml", letter("b@school.org"))
		if r := s.settleDown(); r.Taken != 2 {
			t.Fatalf("%+v", r)
		}
	})
}

func TestHostileFiles(t *testing.T) {
	t.Run("45 a file replaced while it is read is read again", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("old@school.org"))
		times := 0
		s.read = func(m *mirror.Folder, name string) (dropfolder.File, place.Identity, error) {
			f, id, err := dropfolder.Read(m, name)
			if times++; times == 1 {
				s.write("new", letter("new@school.org"))
				s.must(os.Rename(s.path("new"), s.path("a.tmp")))
			}
			return f, id, err
		}
		s.settleDown()
		if len(s.queued()) != 0 {
			t.Fatalf("queued %+v", s.queued())
		}
		s.settleDown()
		if e := s.one(); e.Recipient != "new@school.org" {
			t.Fatalf("queued %+v", e)
		}
	})
	t.Run("45 a file written to while it is read is read again", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.read = func(m *mirror.Folder, name string) (dropfolder.File, place.Identity, error) {
			f, id, err := dropfolder.Read(m, name)
			s.write("a.tmp", letter("b@school.org")+"and more\n")
			return f, id, err
		}
		s.settleDown()
		if len(s.queued()) != 0 {
			t.Fatalf("queued %+v", s.queued())
		}
		s.read = nil
		s.settleDown()
		s.one()
	})
	t.Run("46 links, folders, pipes and sockets are BAD and never read", func(t *testing.T) {
		s := newSchool(t)
		secret := filepath.Join(filepath.Dir(s.dir), "secret")
		s.must(os.WriteFile(secret, []byte(letter("thief@example.org")), 0o600))
		s.must(os.Symlink(secret, s.path("link.tmp")))
		s.must(os.Link(secret, s.path("hard.tmp")))
		s.must(os.Mkdir(s.path("folder.EML"), 0o700))
		s.must(unix.Mkfifo(s.path("pipe.tmp"), 0o600))
		l, err := net.Listen("unix", s.path("socket.tmp"))
		s.must(err)
		l.(*net.UnixListener).SetUnlinkOnClose(false)
		s.must(l.Close())
		s.must(os.Symlink("loop.tmp", s.path("loop.tmp")))
		s.read = watchReads(s, func(name string) {
			if name != "hard.tmp" {
				t.Errorf("%q was read", name)
			}
		})
		if r := s.scan(); r.Refused != 5 {
			t.Fatalf("%+v", r)
		}
		if !s.there("hard.tmp") {
			t.Fatal("a second link did not wait: its writer may be about to take the first away")
		}
		if r := s.settleDown(); r.Refused != 1 {
			t.Fatalf("%+v", r)
		}
		for _, stem := range []string{"link", "hard", "folder", "pipe", "socket", "loop"} {
			if !s.there(stem+".BAD") || !strings.Contains(s.text(stem+".BAD.txt"), "SMTP Gateway: about the file") {
				t.Errorf("%s is not set aside", stem)
			}
		}
		if len(s.queued()) != 0 {
			t.Fatalf("queued %+v", s.queued())
		}
		if b, err := os.ReadFile(secret); err != nil || string(b) != letter("thief@example.org") {
			t.Fatalf("the linked file was touched: %v", err)
		}
	})
	t.Run("a second link that goes within ten minutes stops nothing", func(t *testing.T) {
		s := newSchool(t)
		s.write("tmpname", letter("b@school.org"))
		s.must(os.Link(s.path("tmpname"), s.path("a.tmp")))
		s.scan()
		s.must(os.Remove(s.path("tmpname")))
		if r := s.settleDown(); r.Taken != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("47 a file without the right to read stays, with one warning, and is taken later", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.must(os.Chmod(s.path("a.tmp"), 0))
		s.read = asNobody
		for range 3 {
			if r := s.settleDown(); r.Taken+r.Refused != 0 || r.Unreadable != 1 || !s.there("a.tmp") {
				t.Fatalf("%+v", r)
			}
		}
		if n := s.told("cannot be read"); n != 1 {
			t.Fatalf("told %d times: %s", n, s.journal())
		}
		s.must(os.Chmod(s.path("a.tmp"), 0o644))
		if r := s.settleDown(); r.Taken != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("49 odd names are opaque, shown escaped, and never a path outside", func(t *testing.T) {
		s := newSchool(t)
		long := strings.Repeat("ü", 125) + "x.tmp" // 255 octets
		names := []string{"a\nb.tmp", "-rf.tmp", long, "a\xff\xfe.tmp", "twin.tmp", "TWIN.tmp", "twin.TMP", "twin.eml", "dot..tmp", "blank .tmp", "CON.tmp", "..tmp.eml", "a\\..\\b.tmp"}
		for _, name := range names {
			s.write(name, "no message\n\n")
		}
		r := s.settleDown()
		if r.Refused != len(names)-1 { // "..tmp.eml" is a dot file
			t.Fatalf("%+v", r)
		}
		left, err := os.ReadDir(s.dir)
		s.must(err)
		bad, reasons := 0, 0
		for _, e := range left {
			switch {
			case strings.HasSuffix(e.Name(), ".BAD"):
				bad++
				if !s.there(e.Name() + ".txt") {
					t.Errorf("%q is not explained", e.Name())
				}
			case strings.HasSuffix(e.Name(), ".BAD.txt"):
				reasons++
			}
		}
		if bad != len(names)-1 || reasons != bad {
			t.Fatalf("%d set aside, %d explained, want %d: %v", bad, reasons, len(names)-1, left)
		}
		if j := s.journal(); strings.Contains(j, "a\nb") || !strings.Contains(j, `"a\nb.tmp"`) || !strings.Contains(j, `"a\xff\xfe.tmp"`) {
			t.Fatalf("names are shown raw: %q", j)
		}
	})
	t.Run("49 twins in letter case are two messages", func(t *testing.T) {
		s := newSchool(t)
		s.write("twin.tmp", letter("b@school.org"))
		s.write("TWIN.TMP", letter("b@school.org"))
		if r := s.settleDown(); r.Taken != 2 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("50 a flood of files is taken in slices, the oldest first", func(t *testing.T) {
		s := newSchool(t)
		s.used = &counting{Store: s.store}
		s.open()
		const n = 10_000
		for i := range n {
			s.write(fmt.Sprintf("%05d.tmp", i), letter(fmt.Sprintf("p%d@school.org", i)))
		}
		old := time.Now().Add(-time.Hour)
		s.must(os.Chtimes(s.path("09999.tmp"), old, old))
		s.scan()
		s.now = s.now.Add(11 * time.Minute)
		taken := 0
		for look := 0; ; look++ {
			r := s.scan()
			if r.Taken > dropfolder.Slice {
				t.Fatalf("look %d took %d", look, r.Taken)
			}
			if taken += r.Taken; r.Again.IsZero() {
				break
			}
			if r.Again.After(s.now) {
				t.Fatalf("look %d leaves %d for later", look, n-taken)
			}
		}
		if taken != n || s.used.(*counting).first != "09999.tmp" {
			t.Fatalf("%d taken, %q first", taken, s.used.(*counting).first)
		}
	})
	t.Run("51 a file locked by another program stays for the next look", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.read = func(*mirror.Folder, string) (dropfolder.File, place.Identity, error) {
			return nil, place.Identity{}, mirror.ErrLocked
		}
		if r := s.settleDown(); r.Waiting != 1 || r.Refused+r.Unreadable != 0 {
			t.Fatalf("%+v", r)
		}
		s.read = nil
		if r := s.scan(); r.Taken != 1 {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a file too large is refused without being read", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.must(os.Truncate(s.path("a.tmp"), 60<<20))
		s.read = watchReads(s, func(name string) { t.Errorf("%q was read", name) })
		if r := s.settleDown(); r.Refused != 1 || !strings.Contains(s.text("a.BAD.txt"), "60.0 MB") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a file that makes the parser stumble is BAD, and the next one goes on", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.write("b.tmp", letter("c@school.org"))
		s.read = watchReads(s, func(name string) {
			if name == "a.tmp" {
				panic("stumbled")
			}
		})
		if r := s.settleDown(); r.Refused != 1 || r.Taken != 1 || !s.there("a.BAD") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a disk that cannot be read makes no file BAD", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", letter("b@school.org"))
		s.read = func(m *mirror.Folder, name string) (dropfolder.File, place.Identity, error) {
			f, id, err := dropfolder.Read(m, name)
			return brokenFile{f}, id, err
		}
		if r := s.settleDown(); r.Unreadable != 1 || r.Refused != 0 || !s.there("a.tmp") {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("nobody else's file is written over when one is set aside", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", "no message\n\n")
		s.write("a.BAD.txt", "notes of a person")
		if r := s.settleDown(); r.Refused != 1 || !s.there("a~2.BAD") || !s.there("a~2.BAD.txt") || s.text("a.BAD.txt") != "notes of a person" {
			t.Fatalf("%+v", r)
		}
	})
	t.Run("a refused file that cannot be renamed is told of once, and not read at every look", func(t *testing.T) {
		s := newSchool(t)
		s.write("a.tmp", "no message\n\n")
		s.scan()
		s.now = s.now.Add(11 * time.Minute)
		reads := 0
		s.read = func(m *mirror.Folder, name string) (dropfolder.File, place.Identity, error) {
			reads++
			return dropfolder.Read(m, name)
		}
		for look := range 3 {
			var r dropfolder.Report
			inFolderOfOthers(s, func() { r = s.scan() })
			if want := 1 - min(look, 1); r.Refused != want {
				t.Fatalf("look %d: %+v", look, r)
			}
		}
		if !s.there("a.tmp") || reads != 1 || s.told("could not be renamed") != 1 {
			t.Fatalf("read %d times: %s", reads, s.journal())
		}
	})
}

// counting takes messages without keeping them.
type counting struct {
	*store.Store
	n     int64
	first string
}

func (c *counting) Accept(_ context.Context, m *data.NewMessage) (int64, error) {
	if c.n == 0 {
		c.first = m.File
	}
	c.n++
	_, err := io.Copy(io.Discard, m.Body)
	return c.n, err
}

func (c *counting) Origin(context.Context, string) (data.Origin, bool, error) {
	return data.Origin{}, false, nil
}

// watchReads calls f at each reading of a file.
func watchReads(s *school, f func(name string)) func(*mirror.Folder, string) (dropfolder.File, place.Identity, error) {
	s.Helper()
	return func(m *mirror.Folder, name string) (dropfolder.File, place.Identity, error) {
		file, id, err := dropfolder.Read(m, name)
		if err != nil {
			return nil, id, err
		}
		return watchedFile{file, func() { f(name) }}, id, nil
	}
}

type watchedFile struct {
	dropfolder.File
	read func()
}

func (w watchedFile) ReadAt(p []byte, off int64) (int, error) {
	w.read()
	return w.File.ReadAt(p, off)
}

type brokenFile struct{ dropfolder.File }

func (brokenFile) ReadAt([]byte, int64) (int, error) { return 0, errors.New("input/output error") }
