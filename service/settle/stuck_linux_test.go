package settle_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"smtpgateway/data"
)

// withoutRights runs do with the rights of nobody: as root, no right is ever missing. The rights belong to the thread.
func withoutRights(do func()) {
	if os.Geteuid() != 0 {
		do()
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	_ = syscall.Setfsuid(65534)
	defer func() { _ = syscall.Setfsuid(0) }()
	do()
}

func TestStuckFiles(t *testing.T) {
	t.Run("48 a file that cannot be deleted is told of once, its message counts as sent, and it is tried again", func(t *testing.T) {
		d := newDesk(t)
		d.message("a.tmp", data.Sent)
		d.message("b.tmp", data.Failed)
		for dir := filepath.Dir(d.dir); dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
			d.must(os.Chmod(dir, 0o755))
		}
		d.must(os.Chmod(d.dir, 0o555))
		withoutRights(func() {
			for range 3 {
				d.settle()
			}
		})
		if !d.there("a.tmp") || !d.there("b.tmp") || !d.all[0].Settled || !d.all[1].Settled || len(d.mails) != 1 {
			t.Fatal("not as promised")
		}
		if j := d.journal(); strings.Count(j, "was sent, but the file could not be removed") != 1 || strings.Count(j, "could not be renamed") != 1 {
			t.Fatal(j)
		}
		d.must(os.Chmod(d.dir, 0o770))
		if r := d.settle(); r.Removed != 1 || r.Bad != 1 || d.there("a.tmp") || !d.there("b.BAD") {
			t.Fatalf("%+v", r)
		}
	})
}
