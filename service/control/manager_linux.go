package control

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const administratorHint = "Run the same command with sudo."

// Query asks the system what the service does. It needs no rights. Where there is no service manager the service
// is not installed.
func Query(ctx context.Context) (Status, error) {
	if !haveSystemd() {
		return Status{State: NotInstalled}, nil
	}
	out, err := systemctl(ctx, "show", unit, "--property="+
		"LoadState,ActiveState,SubState,UnitFileState,Result,ExecMainStatus,StatusText,NRestarts,MainPID")
	if err != nil {
		return Status{}, &Error{Code: "not-now", Sentence: "The system does not say what the service does.", Next: "Try again in a moment.", Err: err}
	}
	return parseShow(out), nil
}

// parseShow reads what systemctl show prints.
func parseShow(out string) Status {
	v := map[string]string{}
	for line := range strings.Lines(out) {
		if name, value, ok := strings.Cut(strings.TrimRight(line, "\n"), "="); ok {
			v[name] = value
		}
	}
	if v["LoadState"] == "not-found" || v["LoadState"] == "" {
		return Status{State: NotInstalled}
	}
	number := func(name string) int { n, _ := strconv.Atoi(v[name]); return n } //nolint:errcheck // 0 says nothing is known
	s := Status{
		Installed: true, Startup: Manual, PID: number("MainPID"), ExitCode: number("ExecMainStatus"),
		Restarts: number("NRestarts"), Reason: v["StatusText"],
	}
	if f := v["UnitFileState"]; f == "enabled" || f == "enabled-runtime" {
		s.Startup = Auto
	}
	switch v["ActiveState"] {
	case "active", "reloading":
		s.State, s.Running, s.ExitCode = Running, true, 0
	case "activating":
		s.State = Starting
		if v["SubState"] == "auto-restart" {
			s.State = Restarting
		}
	case "deactivating":
		s.State = Stopping
	case "failed":
		s.State = Failed
	default:
		s.State = Stopped
	}
	s.Reason = strings.TrimPrefix(s.Reason, stoppedPrefix)
	if !told(v) && (s.State == Failed || s.State == Restarting) {
		s.Reason = resultWords(v["Result"], s.ExitCode) // it broke off: what it said while it worked is no reason
	}
	// What broke off is tried again unless that was too often; systemd names the limit only in some of these cases.
	if limit := v["Result"] == "start-limit-hit" || !told(v) && s.Restarts > 0; s.State == Failed && limit {
		s.Reason = strings.TrimSpace("It ended too often in a short time and is not started again by itself. " + s.Reason)
	}
	return s
}

// told reports whether the service itself said why it stopped.
func told(show map[string]string) bool { return strings.HasPrefix(show["StatusText"], stoppedPrefix) }

// stoppedPrefix begins the status text that outlives the service.
const stoppedPrefix = "Stopped: "

// resultWords is why systemd says it ended.
func resultWords(result string, exit int) string {
	switch result {
	case "watchdog":
		return "It gave no sign of life and was ended."
	case "timeout":
		return "It took too long and was ended."
	case "signal", "core-dump":
		return "It was ended from outside or broke off."
	case "oom-kill":
		return "The computer ran out of memory."
	case "resources", "exec-condition":
		return "The system could not run it."
	case "exit-code":
		if exit >= 200 && exit < 250 {
			return "The system could not set up what it runs in (" + strconv.Itoa(exit) + "): its program file or one of its folders may be missing."
		}
		return "It ended with status " + strconv.Itoa(exit) + "."
	}
	return ""
}

// Start starts the service and waits until it is ready. One that stops again is an error with its reason.
func Start(ctx context.Context) error { return bring(ctx, "start") }

// Restart stops the service if it runs and starts it.
func Restart(ctx context.Context) error { return bring(ctx, "restart") }

func bring(ctx context.Context, verb string) error {
	s, err := Query(ctx)
	if err != nil {
		return err
	}
	if !s.Installed {
		return notInstalled()
	}
	if s.State == Failed {
		_, _ = systemctl(ctx, "reset-failed", unit) // a person tries again: the count of failures begins anew
	}
	_, err = systemctl(ctx, verb, unit)
	if err == nil {
		return nil
	}
	if denied(err) {
		return mayNotControl(verb, err)
	}
	if s, e := Query(ctx); e == nil && !s.Running {
		return stopped(s)
	}
	return &Error{Code: "not-now", Sentence: "The service did not " + verb + ".", Next: "See smtp-gateway status.", Err: err}
}

// Stop stops the service and waits until it has: what is being sent is finished first.
func Stop(ctx context.Context) error {
	s, err := Query(ctx)
	switch {
	case err != nil:
		return err
	case !s.Installed:
		return notInstalled()
	case s.State == Stopped || s.State == Failed:
		return nil
	}
	if _, err := systemctl(ctx, "stop", "--no-block", unit); err != nil {
		if denied(err) {
			return mayNotControl("stop", err)
		}
		return &Error{Code: "not-now", Sentence: "The service did not stop.", Next: "See smtp-gateway status.", Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, StopTimeout+10*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if s, err := Query(ctx); err == nil && (s.State == Stopped || s.State == Failed || !s.Installed) {
			return nil
		}
		select {
		case <-ctx.Done():
			return tooSlow("stop", ctx.Err())
		case <-tick.C:
		}
	}
}

// SetStartup says whether the service starts with the computer.
func SetStartup(ctx context.Context, auto bool) error {
	verb, word := "disable", Manual
	if auto {
		verb, word = "enable", Auto
	}
	s, err := Query(ctx)
	if err != nil {
		return err
	}
	if !s.Installed {
		return notInstalled()
	}
	if _, err := systemctl(ctx, verb, unit); err != nil {
		if denied(err) || os.Geteuid() != 0 {
			return &Error{
				Code: "no-access", Sentence: "Only an administrator may say whether the service starts with the computer.",
				Next: "Run pkexec smtp-gateway startup " + string(word) + ", or the same with sudo.", Err: err,
			}
		}
		return &Error{Code: "not-now", Sentence: "The way the service starts could not be changed.", Next: "Look into the system's log.", Err: err}
	}
	return nil
}

func mayNotControl(verb string, err error) error {
	return &Error{
		Code: "no-access", Sentence: "You may not " + verb + " the service.",
		Next: "Ask an administrator for smtp-gateway access add YOUR-NAME, or run the same command with sudo.", Err: err,
	}
}

func haveSystemd() bool {
	_, err := os.Stat("/run/systemd/system")
	return err == nil
}

// denied reports whether systemctl was refused by the system's policy.
func denied(err error) bool {
	text := err.Error()
	for _, words := range []string{"Access denied", "Interactive authentication required", "Permission denied", "not authorized", "authentication is required"} {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

// systemctl runs one command of the service manager. It never asks at the terminal: who may not, is told so.
func systemctl(ctx context.Context, args ...string) (string, error) {
	return run(ctx, "systemctl", append([]string{"--no-ask-password", "--no-pager"}, args...)...)
}

// run runs a tool of the system, its words in English, and puts what it complained about into the error.
func run(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // our own commands
	cmd.Env = append(os.Environ(), "LC_ALL=C", "SYSTEMD_COLORS=0")
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return out.String(), errors.Join(err, errors.New(oneLine(complaint.String())))
	}
	return out.String(), nil
}
