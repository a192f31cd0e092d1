package screen_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
)

func TestDeadFolder(t *testing.T) {
	t.Run("one that does not answer is told, and another can be gone to", func(t *testing.T) {
		dead, top := screentest.DeadFolder(t), tree(t, "a")
		b := screentest.New(t)
		f := screen.NewFolders(b.Desk, dead)
		b.Until(f.Waiting)
		if tone, note := f.Note(); tone != screen.FolderDoubt || note != "Waiting for "+dead+" to answer. You can go elsewhere meanwhile." {
			t.Errorf("%v %q", tone, note)
		}
		f.Visit(top)
		b.Settle()
		if f.At() != top || f.Waiting() {
			t.Errorf("at %s", f.At())
		}
	})
	t.Run("the wait can be ended, and the folder is not used", func(t *testing.T) {
		dead := screentest.DeadFolder(t)
		b, f := walkFrom(t, tree(t))
		at := f.At()
		f.Type(dead)
		f.Use(func(path string) { t.Errorf("used %s", path) })
		b.Until(f.Waiting)
		f.Stop()
		b.Settle()
		if tone, note := f.Note(); f.Waiting() || tone != screen.FolderWrong || note != dead+" did not answer." || f.At() != at {
			t.Errorf("%v %q at %s", tone, note, f.At())
		}
	})
	t.Run("the end of the program does not wait for it", func(t *testing.T) {
		dead := screentest.DeadFolder(t)
		b := screentest.New(t)
		f := screen.NewFolders(b.Desk, dead)
		b.Until(f.Waiting)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a folder that holds one is listed all the same, and so is a link to it", func(t *testing.T) {
		dead := screentest.DeadFolder(t)
		top := filepath.Dir(dead)
		for name, to := range map[string]string{filepath.Join(top, "living"): "", filepath.Join(top, "link"): dead} {
			if to == "" {
				if err := os.Mkdir(name, 0o700); err != nil {
					t.Fatal(err)
				}
			} else if err := os.Symlink(to, name); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		_, f := walkFrom(t, top)
		if got := listed(f); !slices.Equal(got, []string{"link", "living", "share"}) || f.Entry(0).Note != "does not answer" || f.Entry(1).Note != "" {
			t.Errorf("%v, %q", got, f.Entry(0).Note)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
		if strings.Contains(f.At(), "share") {
			t.Error(f.At())
		}
	})
}
