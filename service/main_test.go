package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// TestMain looks for goroutines that nobody ended. The log file's own, which waits for a file to grow full, ends with
// the program.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun"))
}

// desk is a data folder of one's own and the command line on it, run in-process.
type desk struct {
	t    *testing.T
	data string
}

func newDesk(t *testing.T, settings ...string) *desk {
	t.Helper()
	d := &desk{t: t, data: filepath.Join(t.TempDir(), "data")}
	if len(settings) > 0 {
		d.ok(append([]string{"settings", "set"}, settings...)...)
	}
	return d
}

// run gives exit code, output and errors of one command line.
func (d *desk) run(args ...string) (int, string, string) { return d.pipe("", args...) }

func (d *desk) pipe(in string, args ...string) (int, string, string) {
	d.t.Helper()
	var out, errs bytes.Buffer
	code := Main(context.WithoutCancel(d.t.Context()), append([]string{"--data", d.data}, args...), Streams{In: strings.NewReader(in), Out: &out, Err: &errs})
	return code, out.String(), errs.String()
}

func (d *desk) ok(args ...string) string {
	d.t.Helper()
	code, out, errs := d.run(args...)
	if code != exitOK {
		d.t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
	}
	return out
}

// json runs a command with --json and reads its answer into v; it gives the exit code.
func (d *desk) json(v any, args ...string) int {
	d.t.Helper()
	code, out, errs := d.run(append(args, "--json")...)
	if out == "" {
		d.t.Fatalf("%v: exit %d, no answer: %s", args, code, errs)
	}
	if err := json.Unmarshal([]byte(out), v); err != nil {
		d.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return code
}

func (d *desk) folder() string { return filepath.Join(d.data, "email") }

// drop puts a finished file into the folder.
func (d *desk) drop(name, content string) {
	d.t.Helper()
	if err := os.MkdirAll(d.folder(), 0o750); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.folder(), name), []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// post puts one letter into the queue by the command line.
func (d *desk) post(subject string, to ...string) {
	d.t.Helper()
	file := filepath.Join(d.t.TempDir(), "m.eml")
	if err := os.WriteFile(file, []byte(letterTo(subject, to...)), 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.ok("enqueue", file)
}

func (d *desk) files() []string {
	d.t.Helper()
	entries, err := os.ReadDir(d.folder())
	if err != nil {
		d.t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func (d *desk) list(args ...string) []entryView {
	d.t.Helper()
	var v []entryView
	if code := d.json(&v, append([]string{"queue", "list"}, args...)...); code != exitOK {
		d.t.Fatalf("exit %d", code)
	}
	return v
}

// letterTo is a message file as a library program drops it.
func letterTo(subject string, to ...string) string {
	return "From: circulation@old.example.org\r\nTo: " + strings.Join(to, ", ") + "\r\nSubject: " + subject + "\r\n\r\nThe book is due.\r\n"
}

func TestSettingsThatCannotBeRead(t *testing.T) {
	d := newDesk(t, "test_to=it@school.test")
	s, err := store.Open(t.Context(), place.At(d.data).Database(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.SaveSettings(t.Context(), map[string]string{"server1.port": "abc"}, store.AnyRevision)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	t.Run("are mended by setting the very default they count as", func(t *testing.T) {
		d.ok("settings", "set", "server1.port=587")
		if _, out, _ := d.run("settings", "check"); strings.Contains(out, "abc") {
			t.Error(out)
		}
	})
}
