// Package control is in charge of the operating system's service: from outside (install, start, stop, what it does and
// why it stopped, who may use it) and as the frame the service's own work runs in (ready, stop, watchdog, exit codes).
// It knows systemd and the Windows service manager, nothing of mail.
package control

import (
	"errors"
	"time"
)

// Display is the service's name as people see it in lists.
const Display = "SMTP Gateway"

const description = "Carries the library's mail to the school's mail server."

// StopTimeout is how long a stop may take before the program is ended by force: longer than what the work sits out
// after the final dot of a message.
const StopTimeout = 90 * time.Second

// Layout is where the installed service lives, all of it absolute paths.
type Layout struct {
	Program string // the program file the service runs, with the argument "run"
	Data    string
	Key     string
	Logs    string
	Folder  string // the watched folder that comes with the place
	Service string // the security identifier of the service, on Windows
}

// Purpose is what a folder is to the service.
type Purpose string

// The purposes.
const (
	ForMail  Purpose = "mail"  // it takes files away and sends them
	ForLists Purpose = "lists" // it reads lists of patrons and loans, and renames them
)

func (p Purpose) refuse(path, why string, err error) error {
	cannot, next := "the folder to monitor", "Choose a folder that holds nothing but mail to be sent."
	if p == ForLists {
		cannot, next = "the folder for lists", "Choose a folder that holds nothing but lists of patrons and loans."
	}
	return &Error{Code: "bad-settings", Sentence: oneLine(path) + " cannot be " + cannot + ": " + why + ".", Next: next, Err: err}
}

// State is what the service is doing, in one word.
type State string

// The states. Failed means that it ended with an error and is not tried again by itself.
const (
	NotInstalled State = "not installed"
	Stopped      State = "stopped"
	Starting     State = "starting"
	Running      State = "running"
	Stopping     State = "stopping"
	Restarting   State = "restarting" // it broke off and is started again in a moment
	Failed       State = "failed"
)

// Startup is whether the service starts with the computer.
type Startup string

// The two ways to start.
const (
	Auto   Startup = "auto"
	Manual Startup = "manual"
)

// Status is the service as anybody on the computer may see it.
type Status struct {
	Installed bool    `json:"installed"`
	Running   bool    `json:"running"`
	State     State   `json:"state"`
	Startup   Startup `json:"startup,omitempty"` // empty: not installed
	PID       int     `json:"pid,omitempty"`
	ExitCode  int     `json:"exit_code,omitempty"` // of the last run: exit status on Linux, service code on Windows
	Reason    string  `json:"reason,omitempty"`    // why it stopped, or what it says of itself; one line
	Restarts  int     `json:"restarts,omitempty"`  // times it was started again by itself since a person started it
}

// Error tells a person what went wrong and what to do. The package imports nothing of the house, so the code is a
// plain word here; data.CodeOf understands it.
type Error struct {
	Code     string // "no-access", "not-found", "not-now", "bad-settings", "usage"
	Sentence string
	Next     string
	Err      error
}

// Error is what happened and what to do now; the cause inside is left to the log.
func (e *Error) Error() string {
	if e.Next == "" {
		return e.Sentence
	}
	return e.Sentence + " " + e.Next
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrorCode is the word for programs.
func (e *Error) ErrorCode() string { return e.Code }

// Words are the sentence and the next step, apart.
func (e *Error) Words() (sentence, next string) { return e.Sentence, e.Next }

func notInstalled() error {
	return &Error{Code: "not-found", Sentence: "The service is not installed.", Next: "Run smtp-gateway install as an administrator."}
}

func needAdministrator(what string, err error) error {
	return &Error{Code: "no-access", Sentence: "Only an administrator may " + what + ".", Next: administratorHint, Err: err}
}

func tooSlow(what string, err error) error {
	return &Error{Code: "not-now", Sentence: "The service did not " + what + " in time.", Next: "Look at smtp-gateway status in a minute.", Err: err}
}

// stopped is the error of a start that ended in a stop, with the reason the service left behind.
func stopped(s Status) error {
	sentence := "The service did not start."
	if s.Reason != "" {
		sentence = "The service stopped again: " + s.Reason
	}
	return &Error{Code: "not-now", Sentence: sentence, Next: "See smtp-gateway status and smtp-gateway settings check.", Err: errors.New(string(s.State))}
}
