package dropfolder_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"smtpgateway/data/mirror"
	"smtpgateway/data/place"
	"smtpgateway/service/dropfolder"
)

// nobody has no right that a file does not give to everybody.
const nobody = 65534

// asNobody opens a file with the rights of nobody: as root, no right is ever missing. The rights belong to the thread.
func asNobody(m *mirror.Folder, name string) (f dropfolder.File, id place.Identity, err error) {
	withoutRights(func() { f, id, err = dropfolder.Read(m, name) })
	return f, id, err
}

func withoutRights(do func()) {
	if os.Geteuid() != 0 {
		do()
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	_ = syscall.Setfsuid(nobody)
	defer func() { _ = syscall.Setfsuid(0) }()
	do()
}

// inFolderOfOthers runs do without the right to change the folder.
func inFolderOfOthers(s *school, do func()) {
	s.Helper()
	for dir := filepath.Dir(s.dir); dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		s.must(os.Chmod(dir, 0o755)) //nolint:gosec // nobody must come by
	}
	s.must(os.Chmod(s.dir, 0o555))
	s.must(os.Chmod(s.path("a.tmp"), 0o644))
	withoutRights(do)
	s.must(os.Chmod(s.dir, 0o770))
}
