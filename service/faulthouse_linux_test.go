package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/control"
	"smtpgateway/service/gateway"
	"smtpgateway/service/relay/relaytest"
)

func TestDamagedDatabase(t *testing.T) {
	t.Parallel()
	change := func(at int64, with []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			if _, err := f.WriteAt(with, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	cut := func(share int64) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			size := int64(0)
			if share > 0 {
				size = info.Size() / share
			}
			if err := os.Truncate(path, size); err != nil {
				t.Fatal(err)
			}
		}
	}
	const userVersion = 60 // offset in the header of an SQLite file
	for _, c := range []struct {
		name   string
		damage func(*testing.T, string)
		cause  control.Cause
		seen   bool // before anything is written
	}{
		{"a damaged first page", change(16, bytes.Repeat([]byte{0xA5}, 2000)), control.Damaged, true},
		{"damaged pages inside", change(4096, bytes.Repeat([]byte{0xA5}, 4*4096)), control.Damaged, false},
		{"cut short", cut(2), control.Damaged, true},
		{"zero length", cut(0), control.Damaged, true},
		{"of a newer program", change(userVersion, binary.BigEndian.AppendUint32(nil, 99_999)), control.Newer, true},
	} {
		t.Run(c.name+": it stops with the cause, and leaves file and folder as they are", func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, portSettings(1)...)
			d.enqueue(named("a", "p@example.org"))
			backups := filepath.Join(d.data, "backups")
			if err := os.MkdirAll(backups, 0o700); err != nil {
				t.Fatal(err)
			}
			db := place.At(d.data).Database()
			d.drop("b.TMP", named("b", "p@example.org"))
			c.damage(t, db)
			before := contents(t, db)
			exit := d.start().gone()
			if exit.Cause != c.cause || exit.Reason == "" {
				t.Errorf("%+v", exit)
			}
			if code, _, _ := d.run("once"); code != exitIO {
				t.Errorf("exit %d", code)
			}
			if c.seen && !bytes.Equal(contents(t, db), before) {
				t.Error("the file was changed")
			}
			if files := d.files(); len(files) != 1 || files[0] != "b.TMP" {
				t.Errorf("%v", files)
			}
			if v := d.status(); v.Store == "" && v.Reason == "" {
				t.Errorf("status is silent: %+v", v)
			}
		})
	}
	t.Run("the newest backup is named", func(t *testing.T) {
		t.Parallel()
		d := newDesk(t, portSettings(1)...)
		s, err := store.Open(t.Context(), place.At(d.data).Database(), store.Options{Backups: place.At(d.data).Backups})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(place.At(d.data).Backups, 0o700); err != nil {
			t.Fatal(err)
		}
		path, err := s.DailyBackup(t.Context(), place.At(d.data).Backups, 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		cut(2)(t, place.At(d.data).Database())
		if exit := d.start().gone(); !strings.Contains(exit.Reason, filepath.Base(path)) {
			t.Errorf("%q does not name %s", exit.Reason, path)
		}
	})
	t.Run("a deleted -wal brings an older state back: what may have gone is held", func(t *testing.T) {
		t.Parallel()
		server := relaytest.Raw(t, relaytest.RawScript{})
		d := newDesk(t, portSettings(server.Port)...)
		d.enqueue(named("a", "p@example.org"))
		// Somebody reads all the time, so that nothing is written back into the main file.
		s, err := store.Open(t.Context(), place.At(d.data).Database(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		d.ok("once")
		lost := &desk{t: t, data: filepath.Join(t.TempDir(), "data")}
		if err := os.MkdirAll(lost.data, 0o700); err != nil {
			t.Fatal(err)
		}
		copyFile(t, place.At(d.data).Database(), place.At(lost.data).Database())
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("cp", "-a", place.At(d.data).Key, place.At(lost.data).Key).CombinedOutput(); err != nil { // #nosec G204
			t.Fatal(err, string(out))
		}
		lost.ok("once")
		if n := len(server.Messages()); n != 1 {
			t.Errorf("it came %d times", n)
		}
		if e := lost.to("p@example.org"); e.State != string(data.Held) || !strings.Contains(e.Reason, "older") {
			t.Errorf("%+v", e)
		}
	})
}

func TestDataFolderWithoutRights(t *testing.T) {
	t.Parallel()
	t.Run("read-only: it stops with 77 and the reason, and a new start would not help", func(t *testing.T) {
		t.Parallel()
		needRoot(t)
		d := &desk{t: t, data: filepath.Join(mountTmpfs(t, 64), "data")}
		d.ok(append([]string{"settings", "set"}, portSettings(1)...)...)
		mount(t, "-o", "remount,ro", filepath.Dir(d.data))
		exit := d.start().gone()
		if exit.Cause != control.NoAccess || exit.Cause.Process != exitNoAccess || exit.Cause.Restart || exit.Reason == "" {
			t.Errorf("%+v", exit)
		}
		if code, _, _ := d.run("once"); code != exitNoAccess {
			t.Errorf("once: exit %d", code)
		}
	})
	t.Run("permission lost: the program says so with 77", func(t *testing.T) {
		t.Parallel()
		needRoot(t)
		dir := t.TempDir()
		for _, open := range []string{dir, filepath.Dir(dir)} {
			if err := os.Chmod(open, 0o755); err != nil { // #nosec G302 -- another account must get this far
				t.Fatal(err)
			}
		}
		exe := filepath.Join(dir, "smtp-gateway")
		copyFile(t, program(t), exe)
		if err := os.Chmod(exe, 0o755); err != nil { // #nosec G302
			t.Fatal(err)
		}
		d := &desk{t: t, data: filepath.Join(dir, "data")}
		d.ok(append([]string{"settings", "set"}, portSettings(1)...)...)
		p := d.spawn(func(c *exec.Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}, exe, "--data", d.data, "run")
		if code := p.code(); code != exitNoAccess || !strings.Contains(p.output(), "E204") {
			t.Errorf("exit %d: %s", code, p.output())
		}
	})
}

func TestSecondService(t *testing.T) {
	t.Parallel()
	server := relaytest.Raw(t, relaytest.RawScript{})
	d := newDesk(t, portSettings(server.Port)...)
	exe := program(t)
	first := d.spawn(nil, exe, "--data", d.data, "run")
	d.until("it runs", func() bool { return !d.status().LastCheck.IsZero() })
	second := d.spawn(nil, exe, "--data", d.data, "run")
	if code := second.code(); code != exitConfig || !strings.Contains(second.output(), "E207") {
		t.Errorf("the second: exit %d: %s", code, second.output())
	}
	d.enqueue(named("a", "p@example.org"))
	d.ok("once")
	if len(server.Messages()) != 1 {
		t.Error("the first was disturbed")
	}
	if err := first.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := first.code(); code != exitOK {
		t.Errorf("the first: exit %d: %s", code, first.output())
	}
}

func TestSaveDuringData(t *testing.T) {
	t.Parallel()
	in, out := make(chan struct{}), make(chan struct{})
	server := relaytest.Start(t, relaytest.Script{BodyBegins: func() { close(in); <-out }})
	d := newDesk(t, serverSettings(server)...)
	d.enqueue(named("a", "p@example.org"))
	d.start().up()
	<-in
	var saved struct {
		Revision int64 `json:"revision"`
	}
	d.json(&saved, "settings", "set", "minutes_between_checks=9")
	d.until("the new settings are in force while the message is on its way", func() bool { return d.status().Revision == saved.Revision })
	close(out)
	d.until("sent", func() bool { return d.to("p@example.org").State == string(data.Sent) })
	if e := d.to("p@example.org"); len(server.Messages()) != 1 || server.Connections() != 1 || len(e.History) != 1 {
		t.Errorf("%d messages, %d connections, %+v", len(server.Messages()), server.Connections(), e)
	}
}

func TestStopDuringData(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		promise   string
		body      int
		after     bool
		uncertain int
	}{
		{"the grace ends before the dot: it simply waits", 12 << 20, false, 0},
		{"the grace ends after the dot: it is uncertain", 100, true, 1},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			in, out := make(chan struct{}), make(chan struct{})
			halt := func() { close(in); <-out }
			script := relaytest.Script{Discard: true}
			if c.after {
				script.Data = func(relaytest.Message) error { halt(); return nil }
			} else {
				script.BodyBegins = halt
			}
			server := relaytest.Start(t, script)
			t.Cleanup(func() { close(out) })
			d := newDesk(t, serverSettings(server)...)
			d.enqueue(large("a", c.body, "p@example.org"), named("b", "q@example.org"))
			l := d.live(gateway.Options{Grace: 50 * time.Millisecond})
			<-in
			l.stop()
			if err := <-l.ended; err != nil {
				t.Error(err)
			}
			e := d.to("p@example.org")
			if e.State != string(data.Waiting) || e.Uncertain != c.uncertain || (e.last().Kind == data.KindUncertain) != c.after || len(e.History) != 1 {
				t.Errorf("%+v", e)
			}
			if next := d.to("q@example.org"); next.State != string(data.Waiting) || len(next.History) != 0 {
				t.Errorf("begun after the stop: %+v", next)
			}
		})
	}
}

func TestFolderGoesAndComesBack(t *testing.T) {
	t.Parallel()
	var well atomic.Bool
	server := relaytest.Raw(t, relaytest.RawScript{Answer: func(verb, _ string) string {
		if verb == "RCPT" && !well.Load() {
			return "451 4.3.0 Try again later"
		}
		return relaytest.Default
	}})
	share := filepath.Join(t.TempDir(), "share")
	if err := os.Mkdir(share, 0o700); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, portSettings(server.Port, "folder="+share)...)
	if err := os.WriteFile(filepath.Join(share, "a.TMP"), []byte(named("a", "p@example.org")), 0o600); err != nil {
		t.Fatal(err)
	}
	lie := func() string {
		t.Helper()
		names, err := filepath.Glob(filepath.Join(share, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(strings.Join(names, " "), share+"/", "")
	}
	d.start().up()
	d.run("once")
	untouched := func() {
		t.Helper()
		if e := d.to("p@example.org"); e.State != string(data.Waiting) {
			t.Errorf("%+v", e)
		}
	}
	untouched()
	away := share + " elsewhere"
	if err := os.Rename(share, away); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		d.run("once")
		untouched()
		if v := d.status(); !strings.Contains(v.Trouble, "folder") {
			t.Errorf("nothing is said about the folder: %q", v.Trouble)
		}
	}
	if err := os.Mkdir(share, 0o700); err != nil { // as an empty mount point
		t.Fatal(err)
	}
	for range 2 {
		d.run("once")
		untouched()
	}
	if err := os.Remove(share); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(away, share); err != nil {
		t.Fatal(err)
	}
	d.run("once")
	untouched()
	if lie() != "a.TMP" {
		t.Error(lie())
	}
	well.Store(true)
	d.ok("queue", "retry", "--all")
	d.ok("once")
	if len(server.Messages()) != 1 || d.to("p@example.org").State != string(data.Sent) {
		t.Errorf("%d messages, %+v", len(server.Messages()), d.to("p@example.org"))
	}
	d.until("the file is gone", func() bool { d.run("once"); return lie() == "" })
	if v := d.status(); v.Trouble != "" {
		t.Errorf("still in trouble: %q", v.Trouble)
	}
}

func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	const count, half = 40, 20
	mid, on := make(chan struct{}), make(chan struct{})
	var seen atomic.Int32
	server := relaytest.Start(t, relaytest.Script{Auth: []string{"PLAIN"}, Data: func(relaytest.Message) error {
		if seen.Add(1) == half {
			close(mid)
			<-on
		}
		return nil
	}})
	settings := append(serverSettings(server), "messages_each_check=1000", "server1.allow_insecure=true", "server1.user="+relaytest.User, "server1.password="+relaytest.Password)
	d := newDesk(t, settings...)
	letters := make([]string, count)
	for i := range letters {
		letters[i] = named(strconv.Itoa(i), "p"+strconv.Itoa(i)+"@example.org")
	}
	d.enqueue(letters[0]) // it was at work before
	d.ok("once")
	d.enqueue(letters[1:]...)
	d.start().up()
	<-mid
	copied, during := filepath.Join(t.TempDir(), "mid.db"), filepath.Join(t.TempDir(), "during.db")
	d.ok("backup", copied)
	close(on)
	d.ok("backup", during) // while the rest goes
	d.until("everything is sent", func() bool { return d.states()[data.Sent] == count })

	for i, path := range []string{copied, during} {
		other := &desk{t: t, data: filepath.Join(t.TempDir(), "data")}
		if err := os.MkdirAll(other.data, 0o700); err != nil {
			t.Fatal(err)
		}
		copyFile(t, path, place.At(other.data).Database())
		sent := other.states()[data.Sent]
		if i == 0 && sent != half-1 {
			t.Errorf("%d are sent in the copy, want %d", sent, half-1)
		}
		if exit := other.start().gone(); exit.Cause != control.BadSecret {
			t.Errorf("on another computer the password is not asked for again: %+v", exit)
		}
		other.ok("settings", "set", "server1.password="+relaytest.Password)
		other.start().up()
		other.ok("once")
		if now := other.states(); now[data.Sent] != sent {
			t.Errorf("from a copy with %d sent: %v", sent, now)
		} else if sent < count && now[data.Held] == 0 {
			t.Errorf("what may have gone from the first computer is not held: %v", now)
		}
	}
	for who, n := range server.Counts() {
		if n != 1 {
			t.Errorf("%s came %d times", who, n)
		}
	}
}

// contents reads a file as another program would: opening and closing a database in this process would let go of
// locks that belong to the store.
func contents(t *testing.T, path string) []byte {
	t.Helper()
	out, err := exec.Command("cat", path).Output() // #nosec G204
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	f, err := os.Create(to) // #nosec G304
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(f, bytes.NewReader(contents(t, from)))
	if e := f.Close(); err != nil || e != nil {
		t.Fatal(err, e)
	}
}
