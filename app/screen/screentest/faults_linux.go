package screentest

import (
	"bufio"
	"context"
	"database/sql" //nolint:depguard // plays other programs that have the database open
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"smtpgateway/data/place"
)

// Disk is a small disk in memory, which can be filled and made read-only.
type Disk struct {
	Dir string
	tb  testing.TB
}

// SmallDisk mounts a disk of so many MiB. Mounting takes root: elsewhere the test is skipped, but never where everything
// must run (CI=true).
func SmallDisk(tb testing.TB, mib int) Disk {
	tb.Helper()
	dir := filepath.Join(Open(tb), "disk")
	if err := os.Mkdir(dir, 0o755); err != nil { //nolint:gosec // another account is to look at it
		tb.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("mode=755,size=%dm", mib)); err != nil {
		NeedsRoot(tb, err)
	}
	tb.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			tb.Error(err)
		}
	})
	return Disk{dir, tb}
}

// NeedsRoot skips a test that could not do what only root may.
func NeedsRoot(tb testing.TB, why error) {
	tb.Helper()
	if os.Getenv("CI") == "true" {
		tb.Fatalf("must run as root: %v", why)
	}
	tb.Skipf("needs root: %v", why)
}

// Open is a folder that other accounts can reach, as those of the test package cannot be.
func Open(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "smtp-gateway-test-") //nolint:usetesting // its parent keeps other accounts out
	if err == nil {
		err = os.Chmod(dir, 0o755) //nolint:gosec // that is what it is for
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

func (d Disk) film() string { return filepath.Join(d.Dir, "film") }

// Fill leaves so many octets free.
func (d Disk) Fill(leave uint64) {
	d.tb.Helper()
	f, err := os.OpenFile(d.film(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		d.tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for {
		free, err := place.FreeBytes(d.Dir)
		if err != nil {
			d.tb.Fatal(err)
		}
		if free <= leave {
			return
		}
		if _, err := f.Write(make([]byte, min(free-leave, 1<<20))); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			d.tb.Fatal(err)
		}
	}
}

// Clear makes room again.
func (d Disk) Clear() {
	d.tb.Helper()
	if err := os.Remove(d.film()); err != nil {
		d.tb.Fatal(err)
	}
}

// ReadOnly lets nobody write on the disk any more, or again. It takes hold only while nothing is open for writing.
func (d Disk) ReadOnly(on bool) {
	d.tb.Helper()
	flags := uintptr(unix.MS_REMOUNT)
	if on {
		flags |= unix.MS_RDONLY
	}
	if err := unix.Mount("tmpfs", d.Dir, "tmpfs", flags, ""); err != nil {
		d.tb.Fatal(err)
	}
}

const (
	childDoes = "SMTP_GATEWAY_CHILD"
	childPath = "SMTP_GATEWAY_CHILD_PATH"
)

// ChildRole is what this process was started for by another test; empty: it is the test itself.
func ChildRole() (role, path string) { return os.Getenv(childDoes), os.Getenv(childPath) }

// Child is this test program once more, as another process that runs one test in a role. uid 0: under the same account.
func Child(ctx context.Context, test, role, path string, uid uint32) *exec.Cmd {
	c := exec.CommandContext(ctx, "/proc/self/exe", "-test.run", "^"+test+"$", "-test.v") //nolint:gosec // this very program
	c.Dir = "/"
	c.Env = []string{childDoes + "=" + role, childPath + "=" + path, "LANG=en_US.UTF-8", "HOME=/", "PATH=" + os.Getenv("PATH"), "SMTP_GATEWAY_SHOTS="}
	if uid != 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	}
	return c
}

// Lock lets another process hold the right to write into the database until release is called. test is the test of the
// caller's package that calls Hold.
func Lock(tb testing.TB, test, database string) (release func()) {
	tb.Helper()
	c := Child(context.WithoutCancel(tb.Context()), test, "lock", database, 0)
	in, err := c.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	said := bufio.NewScanner(out)
	for said.Scan() && said.Text() != held {
		tb.Log(said.Text())
	}
	if said.Text() != held {
		tb.Fatal("the other process did not get the lock")
	}
	over := false
	release = func() {
		if over {
			return
		}
		over = true
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		if err := c.Wait(); err != nil {
			tb.Errorf("the other process: %v", err)
		}
	}
	tb.Cleanup(release)
	return release
}

const held = "held"

// Hold is the other process of Lock.
func Hold(tb testing.TB, database string) {
	tb.Helper()
	db, err := sql.Open("sqlite", "file:"+database+"?_txlock=immediate&_pragma=busy_timeout(20000)")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	fmt.Println(held) //nolint:forbidigo // read by the other process
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = tx.Rollback()
}

// Damage overwrites the first page of tables and indexes in the file, as a failing disk would, and makes who has it open
// forget what it read before.
func (b *Bench) Damage(names ...string) {
	b.tb.Helper()
	database := b.Place().Database()
	db, err := sql.Open("sqlite", "file:"+database)
	if err != nil {
		b.tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(b.tb.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		b.tb.Fatal(err)
	}
	var size int64
	if err := db.QueryRowContext(b.tb.Context(), `PRAGMA page_size`).Scan(&size); err != nil {
		b.tb.Fatal(err)
	}
	pages := make([]int64, len(names))
	for i, name := range names {
		if err := db.QueryRowContext(b.tb.Context(), `SELECT rootpage FROM sqlite_schema WHERE name = ?`, name).Scan(&pages[i]); err != nil {
			b.tb.Fatal(err)
		}
	}
	// Another process: closing a file here would drop the locks of those who have it open.
	for _, page := range pages {
		c := exec.CommandContext(b.tb.Context(), "dd", "if=/dev/urandom", "of="+database, "conv=notrunc", fmt.Sprintf("bs=%d", size), "count=1", fmt.Sprintf("seek=%d", page-1)) //nolint:gosec // numbers and a path of the test
		if out, err := c.CombinedOutput(); err != nil {
			b.tb.Fatalf("%v: %s", err, out)
		}
	}
	if _, err := db.ExecContext(b.tb.Context(), `UPDATE service SET log_at = log_at`); err != nil {
		b.tb.Fatal(err)
	}
}

// SetVersion makes the database one of another version of the program.
func SetVersion(tb testing.TB, database string, version int) {
	tb.Helper()
	db, err := sql.Open("sqlite", "file:"+database)
	if err == nil {
		_, err = db.ExecContext(tb.Context(), fmt.Sprintf("PRAGMA user_version = %d", version))
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// SetAside renames a database with what lies beside it, and gives back the way back.
func SetAside(tb testing.TB, database string) (back func()) {
	tb.Helper()
	ends := []string{"", "-wal", "-shm"}
	for _, end := range ends {
		if err := os.Rename(database+end, database+".aside"+end); err != nil && !errors.Is(err, os.ErrNotExist) {
			tb.Fatal(err)
		}
	}
	return func() {
		for _, end := range ends {
			if err := os.Rename(database+".aside"+end, database+end); err != nil && !errors.Is(err, os.ErrNotExist) {
				tb.Fatal(err)
			}
		}
	}
}

// DiskAt is the disk that is mounted at dir.
func DiskAt(tb testing.TB, dir string) Disk {
	tb.Helper()
	return Disk{dir, tb}
}
