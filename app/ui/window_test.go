package ui

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen/screentest"
)

func TestWindow(t *testing.T) {
	test.NewTempApp(t)
	b := screentest.New(t)
	if New(b.Desk, test.NewTempWindow(t, nil)) == nil {
		t.Fatal("no window")
	}
}
