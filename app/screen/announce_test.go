package screen_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// listener is an announcer with what it said.
type listener struct {
	*screentest.Bench
	t     *testing.T
	heard []string
}

func listen(t *testing.T, before string) *listener {
	t.Helper()
	l := &listener{Bench: screentest.New(t), t: t}
	l.Configured()
	a := screen.NewAnnouncer(l.Desk)
	a.OnNotice = func(text string) { l.heard = append(l.heard, text) }
	l.trouble(before)
	return l
}

// trouble makes the service say so in its heartbeat, and lets the desk look.
func (l *listener) trouble(sentence string) {
	l.t.Helper()
	if err := l.Store.Beat(l.t.Context(), data.Heartbeat{PID: 1, Trouble: sentence}); err != nil {
		l.t.Fatal(err)
	}
	l.Look()
}

func (l *listener) want(heard ...string) {
	l.t.Helper()
	if !slices.Equal(l.heard, heard) {
		l.t.Errorf("the window heard %q, not %q", l.heard, heard)
	}
	if len(l.Desktop.Notified) != len(heard) {
		l.t.Errorf("the desktop was told %q", l.Desktop.Notified)
	}
}

func TestAnnouncer(t *testing.T) {
	const refused, gone = "The server refuses the password.", "The folder is gone."
	const begins, ended = "The mail gateway has trouble. ", "The trouble has ended. The mail gateway works again."

	t.Run("trouble is announced when it begins and when it has ended", func(t *testing.T) {
		l := listen(t, "")
		l.trouble(refused)
		l.want(begins + refused)
		l.trouble("")
		l.want(begins+refused, ended)
	})
	t.Run("the same trouble is not announced twice", func(t *testing.T) {
		l := listen(t, "")
		l.trouble(refused)
		l.trouble(refused)
		l.trouble(gone)
		l.trouble(refused)
		l.want(begins+refused, begins+gone)
	})
	t.Run("trouble that comes back after its end is announced again", func(t *testing.T) {
		l := listen(t, "")
		l.trouble(refused)
		l.trouble("")
		l.trouble(refused)
		l.want(begins+refused, ended, begins+refused)
	})
	t.Run("trouble from before the window is left to the banner, its end is told", func(t *testing.T) {
		l := listen(t, refused)
		l.trouble(refused)
		l.want()
		l.trouble("")
		l.want(ended)
	})
	t.Run("a database that cannot be read yet begins nothing", func(t *testing.T) {
		p := place.At(filepath.Join(t.TempDir(), "data"))
		if err := errors.Join(p.Make(), os.WriteFile(p.Database(), []byte("this is no database, but somebody's file"), 0o600)); err != nil {
			t.Fatal(err)
		}
		l := &listener{Bench: screentest.NewAt(t, p), t: t}
		screen.NewAnnouncer(l.Desk).OnNotice = func(text string) { l.heard = append(l.heard, text) }
		l.Look()
		if err := os.Remove(p.Database()); err != nil {
			t.Fatal(err)
		}
		s, err := house.Open(t.Context(), p, true, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		l.Store = s
		l.trouble(refused)
		if l.Facts().Problem != nil {
			t.Fatal(l.Facts().Problem)
		}
		l.want()
	})
	t.Run("a service that failed is trouble even if it left no word", func(t *testing.T) {
		l := listen(t, "")
		l.Service.Set(screen.ServiceStatus{State: screen.ServiceFailed})
		l.Look()
		l.want(begins + "The service stopped by itself.")
	})
	t.Run("notices that wait for a yes are no trouble, and nothing has ended when they are sent", func(t *testing.T) {
		const waits = "20 notices wait for your yes."
		l := listen(t, "")
		l.Save(map[string]string{"overdue.enabled": "true", "practice.letters": "false"})
		run, err := l.Store.BeginRun(t.Context(), data.Run{Day: data.NewDate(2026, 11, 24), State: data.RunAwaiting, Planned: 20, Why: waits})
		if err != nil {
			t.Fatal(err)
		}
		l.trouble(waits)
		l.want("Automatic notices wait. " + waits)
		run.State, run.Why = data.RunDone, ""
		if err := l.Store.SaveRun(t.Context(), run); err != nil {
			t.Fatal(err)
		}
		l.trouble("")
		l.want("Automatic notices wait. " + waits)
	})
	t.Run("no address is shown on the desktop", func(t *testing.T) {
		l := listen(t, "")
		l.trouble("The server does not take mail from <library@school.test>. It knows jos\u00e9@school.test, perhaps.")
		if got := l.Desktop.Notified; len(got) != 1 || strings.Contains(got[0], "@") || !strings.HasSuffix(got[0], "from (address). It knows (address), perhaps.") {
			t.Errorf("the desktop was told %q", got)
		}
		if len(l.heard) != 1 || !strings.Contains(l.heard[0], "library@school.test") {
			t.Errorf("the window heard %q", l.heard)
		}
	})
}
