package software

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/godbus/dbus/v5"
)

// aDesktop is a desktop that says whether it is light or dark, and shows notifications.
type aDesktop struct {
	dark  uint32
	shown chan string
}

// ReadOne answers what a setting is.
func (p *aDesktop) ReadOne(_, _ string) (dbus.Variant, *dbus.Error) {
	return dbus.MakeVariant(p.dark), nil
}

// Notify shows a notification.
func (p *aDesktop) Notify(_ string, _ uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	p.shown <- title + ": " + text
	return 1, nil
}

func TestDesktop(t *testing.T) {
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	c := exec.CommandContext(t.Context(), "dbus-daemon", "--session", "--nofork", "--print-address")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address)) // the library connects once, here
	bus, err := dbus.Connect(strings.TrimSpace(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	p := &aDesktop{dark: 1, shown: make(chan string, 1)}
	for path, name := range map[dbus.ObjectPath][2]string{
		"/org/freedesktop/portal/desktop": {"org.freedesktop.portal.Desktop", "org.freedesktop.portal.Settings"},
		"/org/freedesktop/Notifications":  {"org.freedesktop.Notifications", "org.freedesktop.Notifications"},
	} {
		if err := bus.Export(p, path, name[1]); err != nil {
			t.Fatal(err)
		}
		if _, err := bus.RequestName(name[0], dbus.NameFlagDoNotQueue); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("light and dark are the desktop's, also when it changes", func(t *testing.T) {
		told := make(chan fyne.ThemeVariant, 1)
		defer watchVariant(func(v fyne.ThemeVariant) { told <- v })()
		if v := <-told; v != theme.VariantDark {
			t.Errorf("dark is %v", v)
		}
		// It begins to listen a moment after it asked.
		again := time.NewTicker(20 * time.Millisecond)
		defer again.Stop()
		for {
			if err := bus.Emit("/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings.SettingChanged", "org.freedesktop.appearance", "color-scheme", dbus.MakeVariant(uint32(2))); err != nil {
				t.Fatal(err)
			}
			select {
			case v := <-told:
				if v != theme.VariantLight {
					t.Errorf("light is %v", v)
				}
				return
			case <-again.C:
			}
		}
	})
	t.Run("a notification is the desktop's", func(t *testing.T) {
		if err := notify("", "Trouble", "Nothing answers."); err != nil {
			t.Fatal(err)
		}
		if got := <-p.shown; got != "Trouble: Nothing answers." {
			t.Error(got)
		}
	})
}
