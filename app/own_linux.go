package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"smtpgateway/data"
)

// detach puts a program into a session of its own, so that it goes on when window and terminal are closed.
func detach(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// askToStop asks a process to end, after making sure that it is a service of ours: the number may be an old one, given to
// another program since.
func askToStop(pid int) error {
	if pid <= 1 {
		return elsewhere(nil)
	}
	process, err := os.FindProcess(pid) // holds on to this process, whatever becomes of the number
	if err != nil {
		return elsewhere(err)
	}
	defer func() { _ = process.Release() }()
	if err := isService(pid); err != nil {
		return elsewhere(err)
	}
	switch err := process.Signal(syscall.SIGTERM); {
	case errors.Is(err, os.ErrProcessDone):
		return nil
	case errors.Is(err, os.ErrPermission):
		return &data.Error{Code: data.CodeNoAccess, Sentence: "You may not stop the service: somebody else started it.", Next: "Ask that person, or IT.", Err: err}
	case err != nil:
		return elsewhere(err)
	}
	return nil
}

// isService reports whether a process is our program running as the service.
func isService(pid int) error {
	said, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return err
	}
	words := strings.Split(strings.TrimRight(string(said), "\x00"), "\x00")
	if filepath.Base(words[0]) != programName || !slices.Contains(words[1:], "run") {
		return fmt.Errorf("process %d is %q", pid, words[0])
	}
	return nil
}
