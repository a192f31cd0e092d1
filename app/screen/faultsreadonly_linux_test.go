package screen_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/place"
)

const nobody = 65534

// lookAt opens a window's screens on a data folder this account may not use as it should.
func lookAt(t *testing.T, path string) {
	t.Helper()
	h := screens(t, screentest.NewAt(t, place.At(path)))
	h.look()
	h.blocked(t, data.CodeNoAccess)
	h.saveFails(t)
	h.log.Export(filepath.Join(t.TempDir(), "log.csv"), false, nil)
	h.Settle()
	h.look()
	h.plain(t)
	t.Logf("said: %s | %s | %s", h.Facts().Problem.Error(), h.Kept(), h.settings.Said().Words)
}

// asNobody does a part of the test under an account without rights.
func asNobody(t *testing.T, role, path string) {
	t.Helper()
	out, err := screentest.Child(t.Context(), "TestFaultChild", role, path, nobody).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "said: ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestWithoutRights opens the window where this account may look, or not even that.
func TestWithoutRights(t *testing.T) {
	if os.Geteuid() != 0 {
		screentest.NeedsRoot(t, fs.ErrPermission)
	}
	another := func(t *testing.T) string {
		t.Helper()
		dir := filepath.Join(screentest.Open(t), "data")
		used(t, dir)
		return dir
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T) string
	}{
		{"a data folder of somebody else", another},
		{"one that may be read and not written", func(t *testing.T) string { t.Helper(); return allowed(t, another(t), 0o555, 0o444) }},
		{"one where only the database may not be written", func(t *testing.T) string { t.Helper(); return allowed(t, another(t), 0o777, 0o444) }},
		{"one where only the folder may not be written", func(t *testing.T) string { t.Helper(); return allowed(t, another(t), 0o555, 0o666) }},
		{"none, where none may be made", func(t *testing.T) string { t.Helper(); return filepath.Join(screentest.Open(t), "data") }},
		{"one below a file", func(t *testing.T) string {
			t.Helper()
			file := filepath.Join(screentest.Open(t), "file")
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(file, "data")
		}},
	} {
		t.Run(c.name+": the window opens, says it and what to do", func(t *testing.T) { asNobody(t, "look", c.make(t)) })
	}
}

// unreadable has a service of this account watch a folder of another one.
func unreadable(t *testing.T, path string) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	b.Save(map[string]string{"folder": path, "log.daily_at": ""})
	h := screens(t, b)
	h.look()
	serve(t, b)
	go b.Run()
	h.Until(func() bool { return h.Facts().Beat.Trouble != "" && h.Facts().Service.Running() })
	var needs []string
	for _, n := range h.overview.Needs() {
		needs = append(needs, n.Words, n.Next)
	}
	saysAll(t, strings.Join(needs, " "), "The folder "+path, "access is denied", "Look whether")
	folder := screen.NewFolder(b.Desk, h.settings)
	seen := false
	folder.OnChange = func() { seen = true }
	folder.Edited()
	h.Until(func() bool { return seen })
	if tone, words := folder.Words(); tone != screen.FolderWrong || !strings.Contains(words, "The service cannot reach this folder.") || len(screentest.Raw(words)) > 0 {
		t.Errorf("%v %q", tone, words)
	}
	h.plain(t)
	t.Logf("said: %q", needs)
}

// used makes a data folder with mail in it that nobody has open any more.
func used(t *testing.T, dir string) {
	t.Helper()
	h := filled(t, place.At(dir))
	if err := errors.Join(h.Store.Close(), h.Close()); err != nil {
		t.Fatal(err)
	}
}

// allowed gives everybody these rights in a data folder.
func allowed(t *testing.T, dir string, folder, file fs.FileMode) string {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case e.IsDir():
			return os.Chmod(path, folder)
		case strings.HasPrefix(e.Name(), "gateway.db"):
			return os.Chmod(path, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFolderUnreadable(t *testing.T) {
	if os.Geteuid() != 0 {
		screentest.NeedsRoot(t, fs.ErrPermission)
	}
	t.Run("a folder the service may not look into is told of on the Overview and beside the setting", func(t *testing.T) {
		path := filepath.Join(screentest.Open(t), "mail")
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		asNobody(t, "folder", path)
	})
}

func TestReadOnlyFileSystem(t *testing.T) {
	t.Run("a read-only mount of a data folder in use: said with what to do; written again, it goes on", func(t *testing.T) {
		disk := screentest.SmallDisk(t, 16)
		dir := filepath.Join(disk.Dir, "data")
		used(t, dir)
		seen := t.TempDir()
		if err := unix.Mount(dir, seen, "", unix.MS_BIND, ""); err != nil {
			screentest.NeedsRoot(t, err)
		}
		t.Cleanup(func() { _ = unix.Unmount(seen, unix.MNT_DETACH) })
		if err := unix.Mount("", seen, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
		h := screens(t, screentest.NewAt(t, place.At(seen)))
		h.look()
		h.blocked(t, data.CodeNoAccess)
		h.saveFails(t)
		if err := unix.Mount("", seen, "", unix.MS_BIND|unix.MS_REMOUNT, ""); err != nil {
			t.Fatal(err)
		}
		h.look()
		h.works(t)
	})
	t.Run("an empty one", func(t *testing.T) {
		disk := screentest.SmallDisk(t, 1)
		disk.ReadOnly(true)
		lookAt(t, filepath.Join(disk.Dir, "data"))
	})
}
