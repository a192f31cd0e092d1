package screen_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/place"
)

func TestDesk(t *testing.T) {
	t.Run("a look reads what the service and others wrote", func(t *testing.T) {
		b := screentest.New(t)
		b.Configured()
		b.Message("Overdue", "ann@school.test")
		b.Look()
		f := b.Facts()
		if f.Problem != nil || f.Counts[data.Waiting] != 1 || f.Settings.From.Address != "library@school.test" || !f.Configured() {
			t.Fatalf("saw %+v", f)
		}
		if f.Folder != b.Place().Folder {
			t.Errorf("the folder is %q", f.Folder)
		}
	})
	t.Run("a damaged database is a sentence, and nothing is overwritten", func(t *testing.T) {
		p := place.At(filepath.Join(t.TempDir(), "data"))
		if err := p.Make(); err != nil {
			t.Fatal(err)
		}
		junk := []byte("this is no database, but somebody's file")
		if err := os.WriteFile(p.Database(), junk, 0o600); err != nil {
			t.Fatal(err)
		}
		b := screentest.NewAt(t, p)
		b.Look()
		if e := b.Facts().Problem; e == nil || e.Code != data.CodeDamaged || e.Next == "" {
			t.Fatalf("problem %+v", e)
		}
		if got, _ := os.ReadFile(p.Database()); string(got) != string(junk) {
			t.Error("the file was changed")
		}
	})
	t.Run("work comes back on the window's goroutine, with its error", func(t *testing.T) {
		b := screentest.New(t)
		var got error
		screen.Go(b.Desk, func(context.Context) (int, error) { return 0, errors.ErrUnsupported }, func(_ int, err error) { got = err })
		if got != nil {
			t.Fatal("done ran before it was posted")
		}
		b.Settle()
		if !errors.Is(got, errors.ErrUnsupported) {
			t.Fatal(got)
		}
	})
}
