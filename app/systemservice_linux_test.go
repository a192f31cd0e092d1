package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/service/control"
)

func TestSystemService(t *testing.T) {
	var asked []string
	s := &systemService{place: place.Default(), elevate: func(_ context.Context, args ...string) error {
		asked = args
		return nil
	}}
	t.Run("an administrator is asked for exactly our own command", func(t *testing.T) {
		for want, do := range map[string]func() error{
			"startup auto":   func() error { return s.SetStartup(t.Context(), true) },
			"startup manual": func() error { return s.SetStartup(t.Context(), false) },
		} {
			if err := do(); err != nil || !slices.Equal(asked, []string{"startup", want[len("startup "):]}) {
				t.Errorf("%s: asked %q, %v", want, asked, err)
			}
		}
		folder := t.TempDir()
		if err := s.UseFolder(t.Context(), folder); err != nil || !slices.Equal(asked, []string{"folder", "use", folder}) {
			t.Errorf("asked %q, %v", asked, err)
		}
	})
	t.Run("a folder that cannot be watched is said before anybody is asked", func(t *testing.T) {
		asked = nil
		if err := s.UseFolder(t.Context(), place.Default().Data); data.CodeOf(err) != data.CodeBadSettings || asked != nil {
			t.Errorf("asked %q, %v", asked, err)
		}
	})
	t.Run("every state of the system has a word", func(t *testing.T) {
		for _, state := range []control.State{
			control.NotInstalled, control.Stopped, control.Starting, control.Running, control.Stopping, control.Restarting, control.Failed,
		} {
			if got := stateOf(state); string(got) != string(state) {
				t.Errorf("%q became %q", state, got)
			}
		}
		if stateOf("else") != screen.ServiceUnknown {
			t.Error("what is not known has a word of its own")
		}
	})
}

// script makes a program of a few lines.
func script(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestElevate(t *testing.T) {
	startup := []string{"startup", "auto"}
	run := func(t *testing.T, ask, program string) *data.Error {
		t.Helper()
		return data.AsError(runElevated(t.Context(), ask, program, startup))
	}
	t.Run("the program runs with the rights that were asked for, its command first, by which pkexec finds what to say", func(t *testing.T) {
		seen := filepath.Join(t.TempDir(), "seen")
		t.Setenv("SEEN", seen)
		if err := runElevated(t.Context(), script(t, "pkexec", `echo "$@" >"$SEEN"`), "/usr/bin/smtp-gateway", startup); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(seen); err != nil || string(got) != "/usr/bin/smtp-gateway startup auto --json\n" {
			t.Errorf("asked for %q, %v", got, err)
		}
	})
	t.Run("a closed question is an answer, not a fault", func(t *testing.T) {
		if e := run(t, script(t, "pkexec", "exit 126"), "x"); e == nil || e.Code != data.CodeNotNow || e.Next == "" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("a wrong password, or nobody to ask, says how else", func(t *testing.T) {
		if e := run(t, script(t, "pkexec", "exit 127"), "x"); e == nil || e.Code != data.CodeNotNow || e.Next == "" {
			t.Errorf("%+v", e)
		}
		if e := run(t, filepath.Join(t.TempDir(), "none"), "x"); e == nil || e.Code != data.CodeNotNow || e.Next == "" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("what the command says itself is what the person reads", func(t *testing.T) {
		said := script(t, "smtp-gateway", `echo '{"error":"The service is not installed.","next":"Install it.","code":"not-found","exit":66}' >&2; exit 66`)
		if e := run(t, "", said); e == nil || e.Code != data.CodeNotFound || e.Sentence != "The service is not installed." || e.Next != "Install it." {
			t.Errorf("%+v", e)
		}
	})
	t.Run("a command that breaks off without a word still gives a sentence", func(t *testing.T) {
		if e := run(t, "", script(t, "smtp-gateway", "echo junk >&2; exit 70")); e == nil || e.Sentence == "" || e.Next == "" {
			t.Errorf("%+v", e)
		}
	})
}

func TestTrusted(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make what is to be trusted")
	}
	path := script(t, "smtp-gateway", "")
	if !trusted(path) {
		t.Fatal("root's own program is not trusted")
	}
	for promise, spoil := range map[string]func() error{
		"a program others may write is not run as administrator":      func() error { return os.Chmod(path, 0o722) },
		"a program of somebody else is not run as administrator":      func() error { return os.Chown(path, 65534, 0) },
		"a program in a folder of somebody else is not run as one":    func() error { return os.Chown(filepath.Dir(path), 65534, 0) },
		"a program in a folder others may write in is not run as one": func() error { return os.Chmod(filepath.Dir(path), 0o777) },
	} {
		t.Run(promise, func(t *testing.T) {
			t.Cleanup(func() {
				if err := errors.Join(os.Chmod(path, 0o700), os.Chown(path, 0, 0), os.Chown(filepath.Dir(path), 0, 0), os.Chmod(filepath.Dir(path), 0o700)); err != nil {
					t.Error(err)
				}
			})
			if err := spoil(); err != nil {
				t.Fatal(err)
			}
			if trusted(path) {
				t.Error("trusted")
			}
		})
	}
	t.Run("a link is not followed", func(t *testing.T) {
		link := filepath.Join(t.TempDir(), "smtp-gateway")
		if err := os.Symlink(path, link); err != nil {
			t.Fatal(err)
		}
		if trusted(link) {
			t.Error("trusted")
		}
	})
}
