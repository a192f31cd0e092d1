package data_test

import (
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/data"
)

func complete(t *testing.T, more map[string]string) data.Settings {
	t.Helper()
	values := map[string]string{"server1.host": "mail.school.org", "from.address": "library@school.org", "test_to": "me@school.org"}
	maps.Copy(values, more)
	s, p := data.ParseSettings(values)
	if p.Refused() {
		t.Fatal(p)
	}
	return s
}

func TestSettings(t *testing.T) {
	t.Run("every field has a default that stands, a label and a hint", func(t *testing.T) {
		for _, f := range data.Fields() {
			if f.Label == "" || f.Hint == "" {
				t.Errorf("%s has no label or hint", f.Name)
			}
		}
		s := data.DefaultSettings()
		if s.Server1.Port != 587 || s.MinutesBetweenChecks != 3 || s.MessagesEachCheck != 10 || s.GiveUpHours != 100 || s.LogDailyAt != "07:00" {
			t.Fatalf("defaults are not those of the tech note: %+v", s)
		}
	})
	t.Run("what is written reads back as it was", func(t *testing.T) {
		s := complete(t, map[string]string{
			"server2.host": "192.0.2.7", "server2.port": "25", "server2.security": "none", "log.daily_at": "", "practice": "true",
			"server1.certificate": strings.Repeat("AB:", 31) + "ab", "from.name": "Bücherei",
		})
		again, p := data.ParseSettings(s.Values())
		if p.Refused() || again != s {
			t.Fatalf("%+v became %+v (%v)", s, again, p)
		}
	})
	refused := []struct{ promise, name, value, suggest string }{
		{"a scheme before the server name is split off", "server1.host", "smtp://mail.school.org", "mail.school.org"},
		{"a port after the server name is split off", "server1.host", "mail.school.org:587", "mail.school.org"},
		{"a blank in the server name is offered without", "server1.host", "mail. school.org", "mail.school.org"},
		{"a port after an IPv6 address is split off", "server1.host", "[::1]:25", "::1"},
		{"port 0 is refused", "server1.port", "0", ""},
		{"port -1 is refused", "server1.port", "-1", ""},
		{"port 65536 is refused", "server1.port", "65536", ""},
		{"port abc is refused", "server1.port", "abc", ""},
		{"an EHLO name with a blank is refused", "server1.ehlo", "my pc", ""},
		{"an invalid From is refused", "from.address", "library", ""},
		{"0 minutes between checks are refused", "minutes_between_checks", "0", ""},
		{"a billion messages each check are refused", "messages_each_check", "1000000000000", ""},
		{"a relative folder is refused", "folder", "email", ""},
		{"a time of 25:00 is refused", "log.daily_at", "25:00", ""},
		{"a password in the clear is never stored", "server1.password", "hunter2", ""},
		{"a line break in a name is refused", "from.name", "Library\r\nBcc: a@b.org", ""},
		{"a certificate that is no fingerprint is refused", "server1.certificate", "1234", ""},
		{"an unknown name is told with the one that was meant", "server.port", "25", "server1.port"},
	}
	for _, c := range refused {
		t.Run(c.promise, func(t *testing.T) {
			_, p := data.ParseSettings(map[string]string{c.name: c.value})
			if !p.Refused() || p[0].Name != c.name || p[0].Suggest != c.suggest {
				t.Fatalf("%s=%q: %+v", c.name, c.value, p)
			}
		})
	}
	for in, want := range map[string]string{"[::1]": "::1", "::1": "::1", "192.0.2.7": "192.0.2.7", "Bücher.example.": "xn--bcher-kva.example"} {
		t.Run("the server "+in+" is taken", func(t *testing.T) {
			s, p := data.ParseSettings(map[string]string{"server1.host": in})
			if len(p) != 0 || s.Server1.Host != want {
				t.Fatalf("%q, %v", s.Server1.Host, p)
			}
		})
	}
	warned := []struct{ promise, name, value, suggest string }{
		{"857 asks whether 587 was meant", "server1.port", "857", "587"},
		{"a From domain without a dot is questioned", "from.address", "library@school", ""},
	}
	for _, c := range warned {
		t.Run(c.promise, func(t *testing.T) {
			s, p := data.ParseSettings(map[string]string{c.name: c.value})
			if len(p) != 1 || !p[0].Warning || p[0].Suggest != c.suggest || s.Values()[c.name] != c.value {
				t.Fatalf("%+v", p)
			}
		})
	}
	here := t.TempDir()
	together := []struct {
		promise string
		values  map[string]string
		name    string
		warning bool
	}{
		{"465 with STARTTLS is questioned", map[string]string{"server1.port": "465"}, "server1.security", true},
		{"587 with TLS is questioned", map[string]string{"server1.security": "tls"}, "server1.security", true},
		{"a password over an unprotected connection is refused", map[string]string{"server1.security": "none", "server1.user": "u", "server1.password": data.SealedPrefix + "x"}, "server1.security", false},
		{"a user without a password is refused", map[string]string{"server1.user": "u"}, "server1.password", false},
		{"one folder for messages and lists is refused", map[string]string{"folder": here, "imports.folder": here + string(filepath.Separator)}, "imports.folder", false},
		{"practice mode without an address is refused", map[string]string{"practice": "true", "test_to": ""}, "test_to", false},
	}
	for _, c := range together {
		t.Run(c.promise, func(t *testing.T) {
			s := complete(t, c.values)
			p := s.Check()
			if len(p) != 1 || p[0].Name != c.name || p[0].Warning != c.warning {
				t.Fatalf("%+v", p)
			}
		})
	}
	t.Run("nothing filled in is missing, not wrong", func(t *testing.T) {
		s := data.DefaultSettings()
		if p := s.Check(); !p.Missing() || p.Wrong() || !p.Refused() {
			t.Fatalf("%+v", p)
		}
	})
}

func TestChangeSettings(t *testing.T) {
	seal := func(name string, v data.Server, p data.Secret) (string, error) {
		return data.SealedPrefix + name + v.Host + v.User, nil
	}
	withLogin := complete(t, map[string]string{"server1.user": "lib", "server1.password": data.SealedPrefix + "old"})
	t.Run("a password is sealed before anything is stored", func(t *testing.T) {
		_, values, p, err := withLogin.Change(map[string]string{"server1.password": "§ secret "}, seal)
		if err != nil || p.Refused() || values["server1.password"] != data.SealedPrefix+"server1.passwordmail.school.orglib" {
			t.Fatal(values, p, err)
		}
	})
	t.Run("only what changed is stored", func(t *testing.T) {
		_, values, p, err := withLogin.Change(map[string]string{"server1.port": "465", "server1.security": "tls", "from.name": ""}, seal)
		if err != nil || p.Refused() || len(values) != 2 {
			t.Fatal(values, p, err)
		}
	})
	for name, value := range map[string]string{"server1.host": "other.org", "server1.user": "other", "server1.certificate": strings.Repeat("ab", 32)} {
		t.Run("another "+name+" asks for the password again", func(t *testing.T) {
			_, _, p, err := withLogin.Change(map[string]string{name: value}, seal)
			if err != nil || !p.Wrong() || p[0].Name != "server1.password" {
				t.Fatal(p, err)
			}
		})
	}
	t.Run("an empty password takes it away", func(t *testing.T) {
		next, values, p, err := withLogin.Change(map[string]string{"server1.password": "", "server1.user": ""}, seal)
		if err != nil || p.Refused() || next.Server1.Sealed != "" || values["server1.password"] != "" {
			t.Fatal(values, p, err)
		}
	})
	t.Run("a password that no server takes is refused and never repeated", func(t *testing.T) {
		for _, bad := range []string{"line\nbreak", strings.Repeat("x", 1<<20)} {
			_, _, p, err := withLogin.Change(map[string]string{"server1.password": bad}, seal)
			if err != nil || !p.Wrong() || strings.Contains(p.Error(), bad) {
				t.Fatal(p, err)
			}
		}
	})
	t.Run("nothing is saved when sealing fails", func(t *testing.T) {
		_, values, _, err := withLogin.Change(map[string]string{"server1.password": "x"}, func(string, data.Server, data.Secret) (string, error) {
			return "", errors.New("no key")
		})
		if err == nil || values != nil {
			t.Fatal(values, err)
		}
	})
	t.Run("a secret prints as nothing", func(t *testing.T) {
		for _, s := range []string{data.Secret("p").String(), data.Secret("p").GoString(), data.Secret("p").LogValue().String()} {
			if s != "set" {
				t.Fatal(s)
			}
		}
	})
}
