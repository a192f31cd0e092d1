package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// settingsShown opens the window on its settings, with usable ones in the store.
func settingsShown(t *testing.T) (*screentest.Bench, *Window, *settingsPage) {
	t.Helper()
	b := screentest.New(t)
	b.Configured()
	return settingsOn(t, b)
}

func settingsOn(t *testing.T, b *screentest.Bench) (*screentest.Bench, *Window, *settingsPage) {
	t.Helper()
	w := open(t, b)
	b.Look()
	w.show("settings")
	b.Settle()
	p, ok := w.pages["settings"].(*settingsPage)
	if !ok {
		t.Fatal("no settings page")
	}
	arrange(w)
	return b, w, p
}

func stored(t *testing.T, b *screentest.Bench, name string) string {
	t.Helper()
	values, _, err := b.Store.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return values[name]
}

func TestSettingsPage(t *testing.T) {
	t.Run("every field of every kind changes what is stored", func(t *testing.T) {
		b, w, p := settingsShown(t)
		press(t, w, "Show more settings")
		press(t, w, "Show the second server")
		press(t, w, "Show the settings of the library")
		typed := map[string]string{
			"server1.host": "mail.school.test", "server1.port": "25", "server1.ehlo": "pc.school.test", "server1.user": "lib", "server1.password": "secret",
			"from.address": "books@school.test", "from.name": "Library", "from.reply_to": "desk@school.test", "folder": t.TempDir(), "minutes_between_checks": "5",
			"messages_each_check": "20", "test_to": "me@school.test", "server1.certificate": strings.Repeat("ab", 32), "server1.connections": "2",
			"server1.recipients_per_day": "450", "message.max_mb": "10", "retry.short_minutes": "30", "retry.give_up_hours": "50", "log.daily_at": "08:15",
			"keep.bodies_days": "30", "keep.history_days": "300", "server2.host": "backup.school.test", "server2.port": "26", "server2.ehlo": "b.school.test",
			"server2.certificate": strings.Repeat("cd", 32), "server2.user": "backup", "server2.password": "secret2", "server2.connections": "3", "server2.recipients_per_day": "9",
			"library.name": "Library of the Hill School", "library.phone": "555 0100", "library.address": "Hill Road 1", "library.signature": "Your library",
			"imports.folder": t.TempDir(), "proxy.url": "http://proxy.school.test:3128",
		}
		for _, server := range []string{"server1.", "server2."} {
			typed[server+"tenant"], typed[server+"client_id"], typed[server+"client_secret"] = "school.onmicrosoft.test", "id-of-the-school", "secret3"
			typed[server+"signin_address"] = "https://login.microsoftonline.us"
		}
		for _, f := range data.Fields() {
			at := p.fields[f.Name]
			if strings.HasPrefix(f.Name, "overdue.") && at == nil {
				continue // on the screen of automatic notices: TestNoticesSettings
			}
			if at == nil {
				t.Errorf("%s has no field", f.Name)
				continue
			}
			switch c := at.control.(type) {
			case *entry:
				v, ok := typed[f.Name]
				if !ok {
					t.Errorf("nothing to type into %s", f.Name)
				}
				w.window.Canvas().Focus(c)
				c.SetText("")
				test.Type(c, v)
			case *choice:
				c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
				typed[f.Name] = f.Choices[len(f.Choices)-1]
				if f.Name == "server2.security" { // a sign-in with Microsoft wants a protected connection
					c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
					typed[f.Name] = "tls"
				}
				if f.Name == "server1.security" { // it stood at the last one
					c.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
					typed[f.Name] = ""
				}
			case *check:
				before := c.Checked
				test.Tap(c)
				typed[f.Name] = map[bool]string{true: "false", false: "true"}[before]
				if typed[f.Name] == f.Default {
					typed[f.Name] = ""
				}
			}
		}
		press(t, w, "Save")
		b.Settle()
		if !strings.Contains(words(w), "Saved. The service is stopped.") {
			t.Fatal(p.bar.words.words)
		}
		for name, want := range typed {
			got := stored(t, b, name)
			if strings.HasSuffix(name, ".password") || strings.HasSuffix(name, "_secret") {
				if !strings.HasPrefix(got, data.SealedPrefix) || p.fields[name].control.(*entry).Text != "" {
					t.Errorf("%s is not sealed, or still shown", name)
				}
			} else if got != want {
				t.Errorf("%s is %q, not %q", name, got, want)
			}
		}
	})
	t.Run("the bar says unsaved changes, and Revert takes them back", func(t *testing.T) {
		_, w, p := settingsShown(t)
		if !p.bar.revert.Disabled() {
			t.Error("Revert before anything was typed")
		}
		typeIn(t, w, "Port", "26")
		p.fields["server1.password"].control.(*entry).SetText("secret")
		if !strings.Contains(words(w), "Unsaved changes") {
			t.Fatal(words(w))
		}
		press(t, w, "Revert")
		if got := p.fields["server1.port"].control.(*entry).Text + p.fields["server1.password"].control.(*entry).Text; got != "2525" || strings.Contains(words(w), "Unsaved") {
			t.Fatal(got)
		}
	})
	t.Run("857 is questioned under its field and repaired with one click", func(t *testing.T) {
		_, w, p := settingsShown(t)
		typeIn(t, w, "Port", "857")
		shot(t, w, "settings-857")
		press(t, w, "Did you mean 587?")
		if p.fields["server1.port"].control.(*entry).Text != "587" || strings.Contains(words(w), "Did you mean") {
			t.Fatal(words(w))
		}
	})
	t.Run("a refused Save opens what hides the field, goes there and shows it", func(t *testing.T) {
		b, w, p := settingsShown(t)
		press(t, w, "Show more settings")
		typeIn(t, w, "Give up after", "0")
		press(t, w, "Hide these settings")
		press(t, w, "Save")
		b.Settle()
		arrange(w)
		c := p.fields["retry.give_up_hours"].control.(*entry)
		if w.window.Canvas().Focused() != c || !c.Visible() || !c.wrong {
			t.Fatal("the keyboard is not there")
		}
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(c).Y
		if y < 0 || y > 620 {
			t.Errorf("it stands at %v", y)
		}
		if !strings.Contains(words(w), `Not saved. Give up after: "0" is not a number from 1 to 8760.`) {
			t.Error(p.bar.words.words)
		}
		shot(t, w, "settings-refused")
	})
	t.Run("Ctrl+S saves, also while a field has the keyboard", func(t *testing.T) {
		b, w, p := settingsShown(t)
		typeIn(t, w, "Port", "26")
		p.fields["server1.port"].control.(*entry).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyS, Modifier: fyne.KeyModifierShortcutDefault})
		b.Settle()
		if stored(t, b, "server1.port") != "26" {
			t.Fatal("not saved")
		}
	})
	t.Run("a running service is waited for, and its time is said", func(t *testing.T) {
		b, w, _ := settingsShown(t)
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
		typeIn(t, w, "Port", "26")
		press(t, w, "Save")
		b.Settle()
		if !strings.Contains(words(w), "Waiting for the service") {
			t.Fatal(words(w))
		}
		if err := b.Store.Beat(t.Context(), data.Heartbeat{Revision: 2, InForce: time.Now()}); err != nil {
			t.Fatal(err)
		}
		b.Look()
		if !strings.Contains(words(w), "Saved. The service runs with the new settings since ") {
			t.Fatal(words(w))
		}
		shot(t, w, "settings-saved")
	})
	t.Run("a stopped service is started from the bar", func(t *testing.T) {
		b, w, _ := settingsShown(t)
		typeIn(t, w, "Port", "26")
		press(t, w, "Save")
		b.Settle()
		b.Service.Done = func(string) {
			if err := b.Store.Beat(t.Context(), data.Heartbeat{Revision: 2, InForce: time.Now()}); err != nil {
				t.Error(err)
			}
		}
		shot(t, w, "settings-stopped")
		press(t, w, "Start the service")
		b.Settle()
		if strings.Join(b.Service.Asked(), " ") != "start" || !strings.Contains(words(w), "The service runs with the new settings") {
			t.Fatal(b.Service.Asked(), words(w))
		}
	})
	t.Run("what failed is tried again from the bar", func(t *testing.T) {
		b, w, p := settingsShown(t)
		b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning})
		p.s.Patience = time.Millisecond
		typeIn(t, w, "Port", "26")
		press(t, w, "Save")
		b.Until(func() bool { return !p.s.Busy() })
		b.Settle()
		if err := b.Store.Beat(t.Context(), data.Heartbeat{Revision: 2, InForce: time.Now()}); err != nil {
			t.Fatal(err)
		}
		press(t, w, "Try again")
		b.Settle()
		if !p.s.Said().Good {
			t.Fatal(words(w))
		}
	})
	for _, c := range []struct{ button, want string }{{"Keep mine", "26"}, {"Take theirs", "27"}} {
		t.Run("two windows saving at once: "+c.button, func(t *testing.T) {
			b, w, p := settingsShown(t)
			typeIn(t, w, "Port", "26")
			b.Save(map[string]string{"server1.port": "27", "from.name": "Theirs"})
			press(t, w, "Save")
			b.Settle()
			if said := words(w); !strings.Contains(said, "Port: was 2525, now 27 (yours is different)") || !strings.Contains(said, "somebody else changed the settings") {
				t.Fatal(said)
			}
			shot(t, w, "settings-conflict")
			press(t, w, c.button)
			b.Settle()
			if got := stored(t, b, "server1.port"); got != c.want || p.fields["server1.port"].control.(*entry).Text != c.want || p.fields["from.name"].control.(*entry).Text != "Theirs" {
				t.Fatal(got, words(w))
			}
		})
	}
	t.Run("what somebody else saves meanwhile is told, and can be put away", func(t *testing.T) {
		b, w, _ := settingsShown(t)
		typeIn(t, w, "Port", "26")
		b.Save(map[string]string{"from.name": "Theirs", "from.reply_to": "a@school.test", "test_to": "b@school.test", "retry.give_up_hours": "7", "keep.bodies_days": "9", "server2.host": "b.test"})
		b.Look()
		if said := words(w); !strings.Contains(said, "From name: was empty, now Theirs") || !strings.Contains(said, "and 2 more") {
			t.Fatal(said)
		}
		press(t, w, "OK")
		if said := words(w); strings.Contains(said, "now Theirs") || !strings.Contains(said, "Unsaved changes") {
			t.Fatal(said)
		}
	})
	t.Run("a password is shown as set, and forgotten with a link", func(t *testing.T) {
		b, w, p := settingsShown(t)
		p.fields["server1.user"].control.(*entry).SetText("lib")
		p.fields["server1.password"].control.(*entry).SetText("secret")
		press(t, w, "Save")
		b.Settle()
		e := p.fields["server1.password"].control.(*entry)
		if e.Text != "" || !strings.HasPrefix(e.PlaceHolder, "set") {
			t.Fatal(e.Text, e.PlaceHolder)
		}
		p.fields["server1.user"].control.(*entry).SetText("")
		e.SetText("typed, then thought better of it")
		press(t, w, "Forget the password")
		if e.Text != "" || e.PlaceHolder != "is taken away when you save" {
			t.Fatal(e.Text, e.PlaceHolder)
		}
		press(t, w, "Save")
		b.Settle()
		if stored(t, b, "server1.password") != "" || e.PlaceHolder != "not set" {
			t.Fatal(p.bar.words.words)
		}
	})
	t.Run("what is done elsewhere appears in the fields", func(t *testing.T) {
		b, _, p := settingsShown(t)
		b.Save(map[string]string{"server1.port": "28", "practice": "true", "server1.security": "tls", "server1.allow_insecure": "false"})
		b.Look()
		if p.fields["server1.port"].control.(*entry).Text != "28" || !p.fields["practice"].control.(*check).Checked || p.fields["server1.security"].control.(*choice).index() != 1 || p.s.Dirty() {
			t.Fatal("not shown")
		}
	})
}

func TestSettingsPictures(t *testing.T) {
	for name, look := range map[string]fyne.Theme{"light": Theme(screen.ThemeLight), "dark": Theme(screen.ThemeDark)} {
		t.Run("everything open and wrong, "+name, func(t *testing.T) {
			b := screentest.New(t)
			_, w, p := settingsOn(t, b)
			fyne.CurrentApp().Settings().SetTheme(look)
			w.window.Resize(fyne.NewSize(1100, 3600))
			p.start.address.SetText("library@gmail.com")
			press(t, w, "Fill in")
			press(t, w, "Show more settings")
			press(t, w, "Show the second server")
			for _, f := range data.Fields() {
				at := p.fields[f.Name]
				if at == nil {
					continue
				}
				if e, ok := at.control.(*entry); ok && f.Name != "server1.host" {
					e.SetText("not\x01good")
				}
			}
			press(t, w, "Save")
			shot(t, w, "settings-wrong-"+name)
			if said := words(w); !strings.Contains(said, "Not saved. Port: ") {
				t.Fatal(p.bar.words.words)
			}
		})
	}
}

func TestSettingsLeave(t *testing.T) {
	edited := func(t *testing.T, port string) (*screentest.Bench, *Window, *settingsPage) {
		t.Helper()
		b, w, p := settingsShown(t)
		typeIn(t, w, "Port", port)
		w.show("queue")
		if w.current != "settings" || len(w.layers) != 1 {
			t.Fatal("it did not ask")
		}
		return b, w, p
	}
	t.Run("with nothing unsaved it just goes", func(t *testing.T) {
		_, w, _ := settingsShown(t)
		w.show("queue")
		if w.current != "queue" {
			t.Fatal(w.current)
		}
	})
	t.Run("Stay stays, with everything as it was", func(t *testing.T) {
		_, w, p := edited(t, "26")
		shot(t, w, "settings-leave")
		press(t, w, "Stay")
		if w.current != "settings" || !p.s.Dirty() {
			t.Fatal(w.current)
		}
	})
	t.Run("Discard goes and forgets", func(t *testing.T) {
		b, w, p := edited(t, "26")
		press(t, w, "Discard")
		if w.current != "queue" || p.s.Dirty() || stored(t, b, "server1.port") != "2525" {
			t.Fatal(w.current)
		}
	})
	t.Run("Save saves and goes", func(t *testing.T) {
		b, w, _ := edited(t, "26")
		press(t, w, "Save")
		b.Settle()
		if w.current != "queue" || stored(t, b, "server1.port") != "26" {
			t.Fatal(w.current)
		}
	})
	t.Run("a refused Save stays and leads to the field", func(t *testing.T) {
		b, w, p := edited(t, "abc")
		press(t, w, "Save")
		b.Settle()
		if w.current != "settings" || w.window.Canvas().Focused() != p.fields["server1.port"].control {
			t.Fatal(w.current)
		}
	})
}
