package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"

	"smtpgateway/data"
)

// pkexec is named by its whole path: what asks for an administrator's password is not looked for where anybody may write.
const pkexec = "/usr/bin/pkexec"

// elevate runs our own command line as an administrator, after the desktop has asked for the password.
func elevate(ctx context.Context, args ...string) error {
	program, err := findProgram(trusted)
	if err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		return runElevated(ctx, "", program, args)
	}
	return runElevated(ctx, pkexec, program, args)
}

// runElevated tells what became of a command. pkexec ends with 126 when the person closed the question, and with 127 when
// nobody could be asked or the password was wrong. Without a program that asks, the rights are there already.
func runElevated(ctx context.Context, ask, program string, args []string) error {
	// The command comes first: by it the desktop finds the words that tell the person what for.
	command := append(append([]string{program}, args...), "--json")
	if ask != "" {
		command = append([]string{ask}, command...)
	}
	c := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // our own command line, found where only root can write
	var said bytes.Buffer
	c.Stderr = &said
	err := c.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &exit):
		return &data.Error{
			Code: data.CodeNotNow, Sentence: "This computer has no way to ask for an administrator.",
			Next: "Ask IT to run: sudo smtp-gateway " + strings.Join(args, " "), Err: err,
		}
	case ask != "" && exit.ExitCode() == 126:
		return refused(err)
	case ask != "" && exit.ExitCode() == 127:
		return &data.Error{
			Code: data.CodeNotNow, Sentence: "Nothing was changed, because the desktop could not ask an administrator, or the password was wrong.",
			Next: "Try again, or ask IT to run: sudo smtp-gateway " + strings.Join(args, " "), Err: err,
		}
	}
	return elevated(said.Bytes(), err, args...)
}
