package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/data"
)

func TestParse(t *testing.T) {
	t.Run("the data folder is named as with smtp-gateway", func(t *testing.T) {
		for _, args := range [][]string{{"--data", "/d"}, {"--data=/d"}, {"-data", "/d"}} {
			if o, err := parse(args); err != nil || o.data != "/d" {
				t.Errorf("%v: %+v, %v", args, o, err)
			}
		}
	})
	t.Run("what is not understood is said, with where to look", func(t *testing.T) {
		for _, args := range [][]string{{"--nothing"}, {"run"}, {"--data"}} {
			_, err := parse(args)
			if e := data.AsError(err); e == nil || e.Code != data.CodeUsage || !strings.Contains(e.Next, "--help") {
				t.Errorf("%v: %v", args, err)
			}
		}
	})
	t.Run("help is no mistake", func(t *testing.T) {
		for _, arg := range []string{"--help", "-h"} {
			if o, err := parse([]string{arg}); err != nil || !o.help {
				t.Errorf("%s: %+v, %v", arg, o, err)
			}
		}
	})
}

func TestRun(t *testing.T) {
	for _, way := range []struct {
		promise string
		args    []string
		code    int
	}{
		{"a wrong command line has a code of its own", []string{"--nothing"}, exitUsage},
		{"the version is told", []string{"--version"}, exitOK},
		{"help is told", []string{"--help"}, exitOK},
	} {
		t.Run(way.promise, func(t *testing.T) {
			if code := run(way.args); code != way.code {
				t.Errorf("exit code %d", code)
			}
		})
	}
}

func TestDraw(t *testing.T) {
	t.Run("the chosen size is the toolkit's, unless it was told another one", func(t *testing.T) {
		for _, way := range []struct{ before, want string }{{"", "1.25"}, {"2", "2"}} {
			t.Setenv(scaleVariable, way.before)
			draw(125)
			if got := os.Getenv(scaleVariable); got != way.want {
				t.Errorf("%q became %q", way.before, got)
			}
		}
	})
}

// TestVersion: window, service and package are of one version, and a name stands in one place only.
func TestVersion(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, want := range map[string]string{
		"service/main.go": "\nvar version = \"" + version + "\"\n",
		"FyneApp.toml":    "Version = \"" + version + "\"\n",
	} {
		if !strings.Contains(read(name), want) {
			t.Errorf("%s has another version than %s", name, version)
		}
	}
	for _, want := range []string{"Name = \"" + title + "\"\n", "ID = \"" + id + "\"\n"} {
		if !strings.Contains(read("FyneApp.toml"), want) {
			t.Errorf("FyneApp.toml has no %s", want)
		}
	}
}
