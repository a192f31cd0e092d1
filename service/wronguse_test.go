package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

func TestWrongUseOfTheLibrary(t *testing.T) {
	d := newDesk(t, "from.address=library@example.org", "test_to=me@example.org")
	d.pupils(9)
	folder := t.TempDir()
	secret := filepath.Join(folder, "secret.txt")
	if err := os.WriteFile(secret, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		promise string
		args    []string
		exit    int
		says    string
	}{
		{"a command without its argument is told as it is written", []string{"patrons", "hold"}, exitUsage, "smtp-gateway patrons hold KEY. See smtp-gateway patrons hold --help."},
		{"a flag nobody knows names the help of its command", []string{"loans", "list", "--nope"}, exitUsage, "smtp-gateway loans list --help"},
		{"a group mistyped is no list of nobody", []string{"letters", "list", "--group", "TSET"}, exitNoInput, "Did you mean TEST?"},
		{"a group nobody is in is told with those there are", []string{"patrons", "list", "--group", "Foxes"}, exitNoInput, `"8A", "TEST"`},
		{"so is one of loans", []string{"loans", "list", "--group", "9"}, exitNoInput, `no group "9"`},
		{"a limit beyond the page is refused", []string{"patrons", "list", "--limit", "9999"}, exitUsage, "from 1 to 500"},
		{"a limit of none is refused", []string{"notices", "runs", "--limit", "0"}, exitUsage, "from 1 to 1000"},
		{"less than none is refused", []string{"loans", "list", "--limit", "-1"}, exitUsage, "--limit 0"},
		{"days do not go with all that is out", []string{"letters", "list", "--loans", "all", "--days", "3"}, exitUsage, "--loans overdue"},
		{"nor do less than none", []string{"letters", "list", "--days", "-3"}, exitUsage, "--days"},
		{"standard input is no list", []string{"patrons", "import", "-"}, exitUsage, "standard input"},
		{"no row stands before the first", []string{"loans", "import", secret, "--header-row", "-5"}, exitUsage, "no such row"},
		{"a calendar that is a folder is told so", []string{"notices", "calendar", "import", folder}, exitNoInput, "is a folder"},
		{"a text that is not there is told so", []string{"letters", "templates", "set", filepath.Join(folder, "no")}, exitNoInput, "There is no file"},
		{"the print pile of no run", []string{"notices", "print", "--out", secret}, exitNoInput, "no run of notices yet"},
		{"the free letter without a word is not queued", []string{"letters", "queue", "--template", "free", "--yes"}, exitTemporary, "no words yet"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			code, out, errs := d.run(c.args...)
			if code != c.exit || !strings.Contains(errs, c.says) {
				t.Fatalf("%v: exit %d\n%s%s", c.args, code, out, errs)
			}
		})
	}
	t.Run("a list taken in at night, with nobody at either end, is not asked about", func(t *testing.T) {
		nobody, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = nobody.Close() }()
		var errs bytes.Buffer
		args := []string{"--data", newDesk(t).data, "patrons", "import", list(t, "a.csv", pupils)}
		if code := Main(t.Context(), args, Streams{In: nobody, Out: nobody, Err: &errs}); code != exitOK {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
	})
	t.Run("who asks a service that is not there is told at once", func(t *testing.T) {
		one := newDesk(t, "from.address=library@example.org")
		one.inStore(func(s *store.Store) error {
			a := &app{Streams: Streams{Out: io.Discard}, dataDir: one.data}
			if _, err := a.ask(t.Context(), s, data.Request{Kind: data.RequestNotices}, func(data.Step) {}); data.CodeOf(err) != data.CodeBusy {
				t.Error(err)
			}
			return nil
		})
	})
	t.Run("days without anything else are of the loans the letter is about", func(t *testing.T) {
		for days, want := range map[string]string{"9": "1 by e-mail", "10": "0 by e-mail"} {
			if out := d.ok("letters", "list", "--days", days); !strings.Contains(out, want) {
				t.Errorf("%s: %s", days, out)
			}
		}
	})
	t.Run("what is queued for practice is said to be", func(t *testing.T) {
		if out := d.ok("letters", "queue", "--yes"); !strings.Contains(out, "Practice: they go to me@example.org") {
			t.Error(out)
		}
	})
}
