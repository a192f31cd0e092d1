package control

import (
	"context"
	"runtime"
	"strings"
	"time"
	"unicode"
)

// Level is how bad an event is.
type Level int

// The levels of events.
const (
	Info Level = iota
	Warning
	Fault
)

// Host is the operating system as the running service sees it. Its methods may be called from any goroutine.
type Host interface {
	// Ready says that the service is up: the store is open and the settings are valid. The second time says nothing.
	Ready()
	// Status says in one line what the service is doing, for systemctl status and the like.
	Status(text string)
	// Alive is a sign of life of the main loop. Once one was given, silence of more than twice AliveEvery ends the
	// program, and the system starts it again.
	Alive()
	// AliveEvery is how often a sign of life is wanted; 0: not at all, nobody is watching.
	AliveEvery() time.Duration
	// Event writes a line to the system's log, under a number of the manual.
	Event(level Level, number int, text string)
	// Managed reports whether the system's service manager runs this, not a person at a console.
	Managed() bool
}

// Serve runs the work of the service until it ends or the system wants it to stop, which ends its context, and gives
// the exit status for the process. Whether a service manager or a person at a console runs it, it finds out itself.
func Serve(name string, work func(ctx context.Context, h Host) Exit) int {
	return serve(name, work)
}

// supervise runs the work and waits for it; after a stop was asked for no longer than patience, then the stacks are
// written to the log, as whoever looks for the reason has nothing else.
func supervise(ctx context.Context, patience time.Duration, work func() Exit, tell func(stacks string)) Exit {
	done := make(chan Exit, 1)
	go func() { done <- work() }()
	select {
	case e := <-done:
		return e
	case <-ctx.Done():
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case e := <-done:
		return e
	case <-timer.C:
		tell(stacks())
		return Exit{Cause: Broken, Reason: "It did not stop in time and was ended by force."}
	}
}

func stacks() string {
	buffer := make([]byte, 1<<20)
	return string(buffer[:runtime.Stack(buffer, true)])
}

// oneLine makes text fit for a status line: no line breaks, no control characters, not endless.
func oneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "..."
	}
	return s
}
