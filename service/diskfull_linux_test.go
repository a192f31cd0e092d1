package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/service/gateway"
)

func mount(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil { // #nosec G204
		t.Fatalf("mount %v: %v %s", args, err, out)
	}
}

// mountTmpfs gives a small disk of one's own.
func mountTmpfs(t *testing.T, mib int) string {
	t.Helper()
	dir := t.TempDir()
	mount(t, "-t", "tmpfs", "-o", "mode=755,size="+strconv.Itoa(mib)+"m", "tmpfs", dir)
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil { // #nosec G204
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir
}

// disk is a small disk that can be filled.
type disk struct {
	t   *testing.T
	dir string
}

func (d disk) free() uint64 {
	d.t.Helper()
	n, err := place.FreeBytes(d.dir)
	if err != nil {
		d.t.Error(err)
	}
	return n
}

// fill leaves so many octets.
func (d disk) fill(leave uint64) {
	f, err := os.OpenFile(filepath.Join(d.dir, "film"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.t.Error(err)
		return
	}
	defer func() { _ = f.Close() }()
	for free := d.free(); free > leave; free = d.free() {
		if _, err := f.Write(make([]byte, min(free-leave, 1<<20))); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			d.t.Error(err)
			return
		}
	}
}

func (d disk) clear() {
	d.t.Helper()
	if err := os.Remove(filepath.Join(d.dir, "film")); err != nil {
		d.t.Fatal(err)
	}
}

// smallDisk is a data folder on a small disk.
func smallDisk(t *testing.T, settings ...string) (*desk, disk) {
	t.Helper()
	needRoot(t)
	dir := mountTmpfs(t, 128)
	d := &desk{t: t, data: filepath.Join(dir, "data")}
	d.ok(append([]string{"settings", "set"}, settings...)...)
	return d, disk{t, dir}
}

func TestDiskFullDuringIntake(t *testing.T) {
	t.Parallel()
	t.Run("files stay, it is said, and it goes on by itself when space returns", func(t *testing.T) {
		t.Parallel()
		server := startCounting(t)
		d, disk := smallDisk(t, portSettings(server.port)...)
		d.start().up()
		d.until("first check", func() bool { return !d.status().LastCheck.IsZero() })
		disk.fill(8 << 20)
		d.drop("a.TMP", named("a", "p@example.org"))
		d.run("once")
		if len(d.all()) != 0 || len(d.files()) != 1 {
			t.Errorf("taken: %v %v", d.all(), d.files())
		}
		if v := d.status(); !strings.Contains(v.Trouble, "disk is full") {
			t.Errorf("nothing is said about the disk: %q", v.Trouble)
		}
		disk.clear()
		d.ok("once")
		d.until("sent", func() bool { return server.count("<a@example.org>") == 1 && len(d.files()) == 0 })
		if v := d.status(); v.Trouble != "" {
			t.Errorf("still in trouble: %q", v.Trouble)
		}
	})
	t.Run("not an octet is left: enqueue says not now with 75, and nothing is half there", func(t *testing.T) {
		t.Parallel()
		d, disk := smallDisk(t, portSettings(1)...)
		name := filepath.Join(t.TempDir(), "a.eml")
		if err := os.WriteFile(name, []byte(large("a", 4<<20, "p@example.org")), 0o600); err != nil {
			t.Fatal(err)
		}
		disk.fill(1 << 20)
		code, out, errs := d.run("enqueue", name)
		if code != exitTemporary || strings.Contains(out, "waits") || !strings.Contains(out+errs, "disk") {
			t.Errorf("exit %d: %s%s", code, out, errs)
		}
		disk.clear()
		d.ok("enqueue", name)
		if len(d.all()) != 1 {
			t.Errorf("%+v", d.all())
		}
	})
	t.Run("the service takes files into a disk that fills up: each is in the queue once in the end", func(t *testing.T) {
		t.Parallel()
		server := startCounting(t)
		d, disk := smallDisk(t, portSettings(server.port)...)
		g := d.gateway(gateway.Options{})
		names := make([]string, 20)
		for i := range names {
			names[i] = "m" + strconv.Itoa(i)
			d.drop(names[i]+".TMP", large(names[i], 1<<20, "p@example.org"))
		}
		disk.fill(40 << 20) // just enough to begin, not to end: 20 in the queue, and the reserve below
		_, _ = g.Once(t.Context())
		disk.fill(2 << 20)
		_, _ = g.Once(t.Context())
		for _, id := range names {
			if _, err := os.Stat(filepath.Join(d.folder(), id+".TMP")); err != nil && server.count("<"+id+"@example.org>") == 0 {
				t.Errorf("%s is neither here nor there", id)
			}
		}
		disk.clear()
		d.check(g)
		d.check(g)
		for _, id := range names {
			if n := server.count("<" + id + "@example.org>"); n != 1 {
				t.Errorf("%s came %d times", id, n)
			}
		}
		if s := d.states(); s[data.Sent] != len(names) || len(d.files()) != 0 {
			t.Errorf("%v %v", s, d.files())
		}
	})
}

func TestDiskFullBeforeTheCommit(t *testing.T) {
	t.Parallel()
	for _, ballast := range []bool{true, false} {
		promise := "the reserve is given back and the outcome recorded"
		if !ballast {
			promise = "without a reserve nothing is sent until the outcome could be recorded"
		}
		t.Run("full between 250 and the commit: "+promise+"; nothing twice", func(t *testing.T) {
			t.Parallel()
			server := startCounting(t)
			d, disk := smallDisk(t, portSettings(server.port)...)
			const count = 12
			var letters []string
			for i := range count {
				letters = append(letters, named(strconv.Itoa(i), "p@example.org"))
			}
			g := d.gateway(gateway.Options{})
			d.check(g) // makes the reserve
			d.enqueue(letters...)
			spare := filepath.Join(d.data, "ballast")
			if info, err := os.Stat(spare); err != nil || info.Size() != place.BallastSize {
				t.Fatalf("there is no reserve: %v", err)
			}
			server.trap(afterDot, 2, func() {
				if !ballast {
					if err := os.Remove(spare); err != nil {
						t.Error(err)
					}
				}
				disk.fill(0)
			})
			_, first := g.Once(t.Context())
			full := data.CodeOf(first) == data.CodeDiskFull
			t.Logf("the check ended with %v", first)
			for range 3 {
				_, _ = g.Once(t.Context())
			}
			sent := 0
			for i := range count {
				n := server.count("<" + strconv.Itoa(i) + "@example.org>")
				if n > 1 {
					t.Errorf("%d came %d times while it runs", i, n)
				}
				sent += n
			}
			if !ballast && (!full || sent != 3) {
				t.Errorf("%d sent with an outcome that could not be recorded (%v)", sent, first)
			}
			if _, err := os.Stat(spare); ballast && full && err == nil {
				t.Error("the reserve was kept")
			}
			disk.clear()
			d.check(g)
			for i := range count {
				if n := server.count("<" + strconv.Itoa(i) + "@example.org>"); n != 1 {
					t.Errorf("%d came %d times", i, n)
				}
			}
			for _, e := range d.all() {
				if e.State != string(data.Sent) || e.Uncertain != 0 {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}
