package screen_test

import (
	"strings"
	"testing"

	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

func TestNoteOnce(t *testing.T) {
	t.Run("a line about the window is in the log once, however often the desk looks", func(t *testing.T) {
		b := screentest.New(t)
		b.NoteOnce("The window is drawn without OpenGL.")
		for range 3 {
			b.Look()
			b.Settle()
			b.Configured() // something is new each time
		}
		lines, err := b.Store.Log(t.Context(), data.LogQuery{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, l := range lines {
			if strings.Contains(l.Text, "without OpenGL") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d times", n)
		}
	})
}
