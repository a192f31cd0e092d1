package place_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/place"
)

func made(t *testing.T) place.Place {
	t.Helper()
	p := place.At(filepath.Join(t.TempDir(), "school"))
	if err := p.Make(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Run("the flag goes before the environment", func(t *testing.T) {
		t.Setenv(place.Variable, filepath.Join(dir, "env"))
		if got := place.Find(filepath.Join(dir, "flag")).Data; got != filepath.Join(dir, "flag") {
			t.Fatal(got)
		}
	})
	t.Run("the environment goes before the installed place", func(t *testing.T) {
		t.Setenv(place.Variable, filepath.Join(dir, "env"))
		if got := place.Find(""); got.Data != filepath.Join(dir, "env") || got.Installed {
			t.Fatal(got)
		}
	})
	t.Run("without either it is the installed place", func(t *testing.T) {
		t.Setenv(place.Variable, "")
		if got := place.Find(""); !got.Installed || got != place.Default() {
			t.Fatal(got)
		}
	})
	t.Run("naming the installed data folder means the installed place", func(t *testing.T) {
		if got := place.Find(place.Default().Data); got != place.Default() {
			t.Fatal(got)
		}
	})
	t.Run("a relative path counts from the working folder", func(t *testing.T) {
		t.Chdir(dir)
		if got := place.At("here/"); !filepath.IsAbs(got.Data) || filepath.Base(got.Key) != "here.key" {
			t.Fatal(got)
		}
	})
	t.Run("no key lies where the group may write", func(t *testing.T) {
		for _, p := range []place.Place{place.Default(), place.At(dir)} {
			if strings.HasPrefix(p.Key+string(filepath.Separator), p.Data+string(filepath.Separator)) {
				t.Errorf("%s lies in %s", p.Key, p.Data)
			}
		}
	})
	t.Run("the installed drop folder lies beside the data folder", func(t *testing.T) {
		p := place.Default()
		if filepath.Dir(p.Folder) != filepath.Dir(p.Data) {
			t.Fatal(p)
		}
	})
}

func TestMake(t *testing.T) {
	t.Run("every folder is there and closed to strangers", func(t *testing.T) {
		p := made(t)
		for _, dir := range []string{p.Data, p.Key, p.Logs, p.Folder, p.Backups} {
			info, err := os.Stat(dir)
			if err != nil || !info.IsDir() {
				t.Fatalf("%s: %v, %v", dir, info, err)
			}
			if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
				t.Errorf("%s is open to strangers: %v", dir, info.Mode())
			}
		}
	})
	t.Run("a second time changes nothing", func(t *testing.T) {
		p := made(t)
		if err := os.Chmod(p.Folder, 0o770); err != nil { //nolint:gosec // a person opened it to a group
			t.Fatal(err)
		}
		if err := p.Make(); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(p.Folder); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o770 {
			t.Fatal(info, err)
		}
	})
	for name, plant := range map[string]func(string) error{
		"a link in place of a folder is refused": func(path string) error { return os.Symlink(filepath.Dir(path), path) },
		"a dangling link is refused":             func(path string) error { return os.Symlink(path+"-not-there", path) },
		"a file in place of a folder is refused": func(path string) error { return os.WriteFile(path, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			p := place.At(filepath.Join(t.TempDir(), "school"))
			if err := plant(p.Key); err != nil {
				t.Fatal(err)
			}
			if err := p.Make(); data.CodeOf(err) != data.CodeNoAccess {
				t.Fatalf("Make = %v", err)
			}
		})
	}
	t.Run("a folder that cannot be made is told in words", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		err := place.At(filepath.Join(dir, "file", "school")).Make()
		if e := data.AsError(err); e == nil || e.Code != data.CodeNoAccess || e.Next == "" || !strings.Contains(e.Sentence, "school") {
			t.Fatalf("Make = %v", err)
		}
	})
}

func TestLock(t *testing.T) {
	ctx := t.Context()
	t.Run("a second service on one data folder is turned away, and the first goes on", func(t *testing.T) {
		p := made(t)
		first, err := p.Lock(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			_, err = p.Lock(ctx)
			if e := data.AsError(err); e == nil || e.Code != data.CodeInUse || !strings.Contains(e.Sentence, p.Data) {
				t.Fatalf("Lock = %v", err)
			}
		}
		if err := first.Unlock(); err != nil {
			t.Fatal(err)
		}
		again, err := p.Lock(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Unlock(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("without a data folder there is no access", func(t *testing.T) {
		if _, err := place.At(filepath.Join(t.TempDir(), "no")).Lock(ctx); data.CodeOf(err) != data.CodeNoAccess {
			t.Fatalf("Lock = %v", err)
		}
	})
	t.Run("nothing is taken after the end was asked for", func(t *testing.T) {
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := made(t).Lock(gone); err == nil {
			t.Fatal("locked")
		}
	})
}

func TestCounter(t *testing.T) {
	t.Run("no counter yet is 0, and what is written is read", func(t *testing.T) {
		p := made(t)
		if n, err := p.ReadCounter(); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		for _, want := range []int64{1, 2, 1 << 60} {
			if err := p.WriteCounter(want); err != nil {
				t.Fatal(err)
			}
			if n, err := p.ReadCounter(); n != want || err != nil {
				t.Fatal(n, err)
			}
		}
		if left, err := os.ReadDir(p.Key); err != nil || len(left) != 1 {
			t.Fatal(left, err)
		}
	})
	for name, content := range map[string]string{"text": "x", "nothing": "", "a negative number": "-1", "too large a number": "99999999999999999999"} {
		t.Run("a counter that holds "+name+" is damaged", func(t *testing.T) {
			p := made(t)
			if err := os.WriteFile(filepath.Join(p.Key, "counter"), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if n, err := p.ReadCounter(); data.CodeOf(err) != data.CodeDamaged || n != 0 {
				t.Fatal(n, err)
			}
		})
	}
	t.Run("a key folder that is gone is no access", func(t *testing.T) {
		if err := place.At(filepath.Join(t.TempDir(), "no")).WriteCounter(1); data.CodeOf(err) != data.CodeNoAccess {
			t.Fatal(err)
		}
	})
}

func TestBallast(t *testing.T) {
	p := made(t)
	for range 2 {
		if err := p.MakeBallast(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(filepath.Join(p.Data, "ballast")); err != nil || info.Size() != place.BallastSize {
		t.Fatal(info, err)
	}
	for range 2 {
		if err := p.DropBallast(); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(p.Data); err != nil || len(left) != 3 {
		t.Fatal(left, err)
	}
}

func TestCheckFolder(t *testing.T) {
	p := made(t)
	base := filepath.Dir(p.Data)
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(base, "link")
	if err := os.Symlink(p.Data, link); err != nil {
		t.Fatal(err)
	}
	loop := filepath.Join(base, "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"the folder that comes with the place": p.Folder,
		"a folder in it":                       filepath.Join(p.Folder, "library"),
		"a folder beside":                      filepath.Join(base, "mail"),
		"one with a name that begins alike":    p.Data + "-mail",
		"one on a share that is not there yet": filepath.Join(base, "share", "mail"),
	} {
		t.Run(name+" is taken", func(t *testing.T) {
			if err := p.CheckFolder(path); err != nil {
				t.Fatal(err)
			}
		})
	}
	for name, path := range map[string]string{
		"the data folder":                   p.Data,
		"the data folder by another way":    filepath.Join(p.Data, "..", filepath.Base(p.Data)) + string(filepath.Separator),
		"a link to the data folder":         link,
		"a loop of links":                   loop,
		"a folder that holds the data":      base,
		"a folder in the data folder":       filepath.Join(p.Data, "other"),
		"a folder through a link into it":   filepath.Join(link, "other"),
		"the folder of the keys":            p.Key,
		"the folder of the backups":         p.Backups,
		"the folder of the logs":            p.Logs,
		"a file":                            file,
		"a relative path":                   "mail",
		"nothing":                           "",
		"the top of the disk":               filepath.VolumeName(base) + string(filepath.Separator),
		"a folder of the system, on Linux":  "/etc/mail",
		"the home of all people, on Linux":  "/home",
		"the folder of services, on Linux ": "/var/lib",
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			if strings.Contains(name, "on Linux") && runtime.GOOS != "linux" {
				t.Skip("a path of Linux")
			}
			if err := p.CheckFolder(path); data.CodeOf(err) != data.CodeBadSettings {
				t.Fatalf("CheckFolder(%q) = %v", path, err)
			}
		})
	}
}

func TestDisk(t *testing.T) {
	dir := t.TempDir()
	if n, err := place.FreeBytes(dir); n == 0 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := place.FreeBytes(filepath.Join(dir, "no")); data.CodeOf(err) != data.CodeNoAccess {
		t.Fatal(err)
	}
	if place.OnNetworkShare(dir) {
		t.Fatal("a temporary folder is no network share")
	}
	if err := place.SyncDir(dir); err != nil {
		t.Fatal(err)
	}
}
