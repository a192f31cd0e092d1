package screentest

import (
	"fmt"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// DeadFolder is a folder that does not answer, as a share of a computer that is gone: whoever looks into it waits until
// the test ends. To mount it takes root and FUSE; elsewhere the test is skipped.
func DeadFolder(tb testing.TB) string {
	tb.Helper()
	dir := filepath.Join(tb.TempDir(), "share")
	if err := unix.Mkdir(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	server, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		tb.Skipf("no FUSE: %v", err)
	}
	// Nobody ever answers on this side.
	if err := unix.Mount("dead", dir, "fuse", 0, fmt.Sprintf("fd=%d,rootmode=40000,user_id=0,group_id=0", server)); err != nil {
		_ = unix.Close(server)
		tb.Skipf("cannot mount: %v", err)
	}
	tb.Cleanup(func() {
		_ = unix.Close(server)                                                              // everybody who waits is let go
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil && err != syscall.EINVAL { //nolint:errorlint // as the kernel gives it
			tb.Error(err)
		}
	})
	return dir
}
