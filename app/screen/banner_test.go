package screen_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data/place"
)

func TestBlocked(t *testing.T) {
	t.Run("an open store blocks nothing", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		if b.Blocked() || b.Kept() != "" {
			t.Errorf("blocked: %v, %q", b.Blocked(), b.Kept())
		}
	})
	t.Run("a damaged one blocks, says what becomes of the mail, and no start is offered", func(t *testing.T) {
		p := place.At(t.TempDir() + "/data")
		if err := p.Make(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.Database(), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
			t.Fatal(err)
		}
		b := screentest.NewAt(t, p)
		b.Look()
		if !b.Blocked() || !strings.Contains(b.Kept(), "stay where they are") || b.CanStart() {
			t.Errorf("blocked: %v, %q, start: %v", b.Blocked(), b.Kept(), b.CanStart())
		}
	})
}

func TestServiceShort(t *testing.T) {
	b := screentest.New(t)
	var said []string
	for state, start := range map[screen.ServiceState]bool{
		screen.ServiceNotInstalled: false, screen.ServiceStopped: true, screen.ServiceStarting: false, screen.ServiceRunning: false,
		screen.ServiceStopping: false, screen.ServiceRestarting: false, screen.ServiceFailed: true, screen.ServiceUnknown: true,
	} {
		b.Service.Set(screen.ServiceStatus{State: state})
		b.Look()
		s := b.ServiceShort()
		if s.Mood == "" || s.Words == "" || slices.Contains(said, s.Words) {
			t.Errorf("%s is %+v", state, s)
		}
		said = append(said, s.Words)
		if b.CanStart() != start {
			t.Errorf("%s: start is offered: %v", state, b.CanStart())
		}
	}
}

func TestPractice(t *testing.T) {
	b := screentest.New(t)
	b.Configured()
	b.Look()
	if b.Practice() != "" {
		t.Errorf("off, and it says %q", b.Practice())
	}
	b.Save(map[string]string{"practice": "true"})
	b.Look()
	if !strings.Contains(b.Practice(), "it@school.test") {
		t.Errorf("on, and it says %q", b.Practice())
	}
}
