package screen_test

import (
	"slices"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
)

func TestAbout(t *testing.T) {
	b := screentest.New(t)
	a := screen.NewAbout(b.Desk, []screen.Component{{Name: "Go", Version: "go1"}})
	told := 0
	a.OnChange = func() { told++ }
	t.Run("it knows version and folder", func(t *testing.T) {
		if !strings.Contains(a.Version(), "test") || a.Folder() != b.Place().Data {
			t.Errorf("%q, %q", a.Version(), a.Folder())
		}
	})
	t.Run("the folder is opened", func(t *testing.T) {
		a.OpenFolder()
		b.Settle()
		if !slices.Contains(b.Desktop.Opened, b.Place().Data) || told != 1 || a.Problem() != "" {
			t.Errorf("opened: %v, told %d times, %q", b.Desktop.Opened, told, a.Problem())
		}
	})
}
