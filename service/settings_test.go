package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettingsCommand(t *testing.T) {
	basic := []string{"server1.host=mail.example.org", "from.address=library@example.org", "test_to=me@example.org"}

	t.Run("the first command on an empty folder makes folder, keys and database", func(t *testing.T) {
		d := newDesk(t)
		d.ok("settings", "show")
		for _, path := range []string{d.data + "/gateway.db", d.data + ".key", d.folder()} {
			if _, err := os.Stat(path); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("what is set is got again", func(t *testing.T) {
		d := newDesk(t, basic...)
		if got := d.ok("settings", "get", "server1.host"); got != "mail.example.org\n" {
			t.Fatal(got)
		}
	})
	t.Run("one wrong value and nothing is saved", func(t *testing.T) {
		d := newDesk(t, basic...)
		code, _, errs := d.run("settings", "set", "minutes_between_checks=7", "server1.port=70000")
		if code != exitConfig || !strings.Contains(errs, "server1.port") {
			t.Fatal(code, errs)
		}
		if got := d.ok("settings", "get", "minutes_between_checks"); got != "3\n" {
			t.Fatal(got)
		}
	})
	t.Run("857 is saved with the question whether 587 was meant", func(t *testing.T) {
		d := newDesk(t, basic...)
		if out := d.ok("settings", "set", "server1.port=857"); !strings.Contains(out, "587") {
			t.Fatal(out)
		}
	})
	t.Run("a password read from standard input is kept, and found nowhere", func(t *testing.T) {
		const password = "correct horse battery"
		d := newDesk(t, basic...)
		code, out, errs := d.pipe(password+"\n", "settings", "set", "server1.user=library", "server1.password=-")
		if code != exitOK {
			t.Fatal(code, out, errs)
		}
		shown := d.ok("settings", "show") + d.ok("settings", "export") + d.ok("settings", "get", "server1.password") + d.ok("log") + out + errs
		d.ok("backup", filepath.Join(d.data, "copy.db"))
		if strings.Contains(shown, password) || !strings.Contains(shown, "set") {
			t.Fatal(shown)
		}
		err := filepath.WalkDir(filepath.Dir(d.data), func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if bytes.Contains(b, []byte(password)) {
				t.Errorf("%s holds the password", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	t.Run("another server asks for the password again", func(t *testing.T) {
		d := newDesk(t, append(basic, "server1.user=library", "server1.password=x")...)
		code, _, errs := d.run("settings", "set", "server1.host=evil.example.org")
		if code != exitConfig || !strings.Contains(errs, "password") {
			t.Fatal(code, errs)
		}
	})
	t.Run("export of import is import", func(t *testing.T) {
		d := newDesk(t, append(basic, "from.name=Library", "retry.short_minutes=30", "server1.allow_insecure=true")...)
		exported := d.ok("settings", "export")
		file := filepath.Join(t.TempDir(), "s.json")
		if err := os.WriteFile(file, []byte(exported), 0o600); err != nil {
			t.Fatal(err)
		}
		other := newDesk(t)
		other.ok("settings", "import", file)
		if again := other.ok("settings", "export"); again != exported {
			t.Fatalf("%s\nbecame\n%s", exported, again)
		}
	})
	t.Run("an import with another app registration drops its secret, and the same keeps it", func(t *testing.T) {
		d := newDesk(t, append(basic, "server1.signin=google", "server1.user=library@example.org", "server1.client_id=one", "server1.client_secret=hunter2")...)
		exported := d.ok("settings", "export")
		if strings.Contains(exported, "hunter2") || strings.Contains(exported, "client_secret") {
			t.Fatal(exported)
		}
		file := filepath.Join(t.TempDir(), "s.json")
		for id, want := range map[string]string{"one": "set", "two": "not set"} {
			if err := os.WriteFile(file, []byte(strings.Replace(exported, `"one"`, `"`+id+`"`, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			d.ok("settings", "set", "server1.client_id=one", "server1.client_secret=hunter2")
			d.ok("settings", "import", file)
			if got := strings.TrimSpace(d.ok("settings", "get", "server1.client_secret")); got != want {
				t.Errorf("client %s: the secret is %s", id, got)
			}
		}
	})
	for promise, content := range map[string]string{
		"a truncated import changes nothing":          `{"server1.host": "other.example.org"`,
		"an import with a double name is refused":     `{"server1.host": "a.example.org", "server1.host": "b.example.org"}`,
		"an import with a nested value is refused":    `{"server1.host": {"a": [1]}}`,
		"an import that is no JSON is refused":        "server1.host=a",
		"an import with a wrong value is refused":     `{"server1.port": "abc"}`,
		"an import of a hundred megabytes is left":    `{"from.name": "` + strings.Repeat("a", 2<<20) + `"}`,
		"an import nested a thousand deep is refused": `{"a":` + strings.Repeat("[", 1000),
	} {
		t.Run(promise, func(t *testing.T) {
			d := newDesk(t, basic...)
			before := d.ok("settings", "export")
			code, _, errs := d.pipe(content, "settings", "import", "-")
			if code != exitConfig || errs == "" {
				t.Fatal(code, errs)
			}
			if after := d.ok("settings", "export"); after != before {
				t.Fatal(after)
			}
		})
	}
	t.Run("an unknown name in an import is named and left out", func(t *testing.T) {
		d := newDesk(t, basic...)
		code, out, errs := d.pipe(`{"server1.host": "mail.example.org", "colour": "red", "minutes_between_checks": 9}`, "settings", "import", "-")
		if code != exitOK || !strings.Contains(out, "colour") || d.ok("settings", "get", "minutes_between_checks") != "9\n" {
			t.Fatal(code, out, errs)
		}
	})
}

func TestCommandLine(t *testing.T) {
	cases := []struct {
		promise string
		args    []string
		code    int
		says    string
	}{
		{"an unknown command is wrong use", []string{"sned"}, exitUsage, "sned"},
		{"an unknown flag is wrong use", []string{"queue", "list", "--frobnicate"}, exitUsage, "--help"},
		{"a missing argument is wrong use", []string{"queue", "show"}, exitUsage, "--help"},
		{"a number that is none is wrong use", []string{"queue", "hold", "x"}, exitUsage, "queue list"},
		{"neither numbers nor --all is wrong use", []string{"queue", "cancel"}, exitUsage, "--all"},
		{"a message that is not there is told", []string{"queue", "show", "99"}, exitNoInput, ""},
		{"a setting that is not there is told with a near one", []string{"settings", "get", "server.port"}, exitNoInput, "server1.port"},
		{"a test before the settings are filled in is told", []string{"test"}, exitConfig, "Not configured"},
		{"a check before the settings are filled in is told", []string{"once"}, exitConfig, ""},
		{"a file that is not there is told", []string{"settings", "import", "/nonexistent"}, exitNoInput, ""},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			d := newDesk(t)
			code, _, errs := d.run(c.args...)
			if code != c.code || !strings.Contains(errs, c.says) || strings.Count(errs, "\n") != 1 {
				t.Fatalf("exit %d, %q", code, errs)
			}
		})
	}
	t.Run("the help lists the exit codes", func(t *testing.T) {
		if out := newDesk(t).ok("--help"); !strings.Contains(out, "78") || !strings.Contains(out, "doctor") {
			t.Fatal(out)
		}
	})
	t.Run("errors are JSON where a program reads", func(t *testing.T) {
		code, _, errs := newDesk(t).run("queue", "show", "99", "--json")
		if code != exitNoInput || !strings.HasPrefix(errs, "{") {
			t.Fatal(code, errs)
		}
	})
}
