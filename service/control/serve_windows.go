package control

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/eventlog"
)

// aliveEvery is how often the main loop shows life; aliveLimit is the silence after which it counts as hung.
const (
	aliveEvery = 90 * time.Second
	aliveLimit = 180 * time.Second
)

// serve runs the work under the service manager. Only trying tells whether it is there: what else could be asked gives
// wrong answers in some surroundings.
func serve(name string, work func(ctx context.Context, h Host) Exit) int {
	h := &windowsHost{work: work, ready: make(chan struct{})}
	err := svc.Run(name, h)
	switch {
	case err == nil:
		return h.exit.Cause.Process
	case errors.Is(err, windows.ERROR_FAILED_SERVICE_CONTROLLER_CONNECT):
		return h.console()
	}
	fmt.Fprintf(os.Stderr, "E%d The service manager cannot be reached: %v\n", Broken.Event, err)
	return Broken.Process
}

// windowsHost is the system as a Windows service sees it.
type windowsHost struct {
	work    func(ctx context.Context, h Host) Exit
	log     *eventlog.Log // nil: at a console, or the log cannot be opened
	managed bool
	exit    Exit

	ready  chan struct{}
	begun  sync.Once
	mutex  sync.Mutex
	last   time.Time   // of the last sign of life
	hanged *time.Timer // nil: none was given yet
}

// Execute is the service's life as the manager follows it. StartPending and StopPending are renewed while they last,
// so that the manager knows slow from hung; while the service runs nothing ticks.
func (h *windowsHost) Execute(args []string, requests <-chan svc.ChangeRequest, status chan<- svc.Status) (bool, uint32) {
	const accepts = svc.AcceptStop | svc.AcceptShutdown | svc.AcceptPreShutdown
	h.managed = true
	if len(args) > 0 {
		if log, err := eventlog.Open(args[0]); err == nil {
			h.log = log
			defer func() { _ = log.Close() }()
		}
	}
	current := svc.Status{State: svc.StartPending, WaitHint: 30_000, Accepts: accepts &^ svc.AcceptPreShutdown}
	status <- current

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan Exit, 1)
	go func() {
		done <- supervise(ctx, StopTimeout-5*time.Second, func() Exit { return h.work(ctx, h) }, func(stacks string) {
			fmt.Fprintln(os.Stderr, stacks)
		})
	}()
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	ready := h.ready
	for {
		select {
		case <-ready:
			ready = nil
			if current.State == svc.StartPending {
				tick.Stop()
				current = svc.Status{State: svc.Running, Accepts: accepts}
				status <- current
			}
		case <-tick.C:
			current.CheckPoint++
			status <- current
		case r := <-requests:
			switch r.Cmd {
			case svc.Interrogate:
				status <- current
			case svc.Stop, svc.Shutdown, svc.PreShutdown:
				current = svc.Status{State: svc.StopPending, WaitHint: 30_000}
				status <- current
				tick.Reset(10 * time.Second)
				cancel()
			default:
				h.Event(Warning, 102, fmt.Sprintf("The service manager asked for something unexpected (%d).", r.Cmd))
			}
		case e := <-done:
			return h.end(e)
		}
	}
}

// end tells why the service ends. An end a new start may heal is a crash to the manager, which then starts it again;
// any other is reported, and a reported end is left alone.
func (h *windowsHost) end(e Exit) (specific bool, code uint32) {
	h.exit = e
	level := Fault
	if e.Cause.Process == 0 {
		level = Info
	}
	h.Event(level, e.Cause.Event, e.reason())
	if e.Cause.Restart {
		os.Exit(e.Cause.Process)
	}
	return e.Cause.Windows != 0, e.Cause.Windows
}

// console runs the work for a person who started it by hand.
func (h *windowsHost) console() int {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	context.AfterFunc(ctx, cancel) // a second Ctrl+C ends the program at once
	e := supervise(ctx, StopTimeout-5*time.Second, func() Exit { return h.work(ctx, h) }, func(stacks string) {
		fmt.Fprintln(os.Stderr, stacks)
	})
	if e.Cause.Process != 0 {
		h.Event(Fault, e.Cause.Event, e.reason())
	}
	return e.Cause.Process
}

func (h *windowsHost) Ready() {
	h.begun.Do(func() {
		close(h.ready)
		if h.managed {
			h.Event(Info, 100, "The service has started.")
		}
	})
}

// Status has nobody to tell: the manager of Windows keeps no text.
func (h *windowsHost) Status(string) {}

func (h *windowsHost) Managed() bool { return h.managed }

func (h *windowsHost) AliveEvery() time.Duration {
	if h.managed {
		return aliveEvery
	}
	return 0
}

// Alive pushes the end of a hung program away. Windows has no watchdog of its own, so a timer here is it.
func (h *windowsHost) Alive() {
	if !h.managed {
		return
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.last = time.Now()
	if h.hanged == nil {
		h.hanged = time.AfterFunc(aliveLimit, func() { h.hung(time.Now()) })
		return
	}
	h.hanged.Reset(aliveLimit)
}

// hung gives a loop that was asleep with the computer one more chance to speak before it ends the program.
func (h *windowsHost) hung(first time.Time) {
	time.AfterFunc(aliveLimit/3, func() {
		h.mutex.Lock()
		spoke := h.last.After(first)
		h.mutex.Unlock()
		if spoke {
			return
		}
		fmt.Fprintln(os.Stderr, stacks())
		h.Event(Fault, Broken.Event, "The service gave no sign of life and was ended.")
		os.Exit(Broken.Process)
	})
}

func (h *windowsHost) Event(level Level, number int, text string) {
	text = oneLine(text)
	if h.log == nil {
		_, _ = fmt.Fprintf(os.Stderr, "E%d %s\n", number, text)
		return
	}
	id := uint32(number) //nolint:gosec // the numbers of the manual are small
	switch level {
	case Info:
		_ = h.log.Info(id, text)
	case Warning:
		_ = h.log.Warning(id, text)
	case Fault:
		_ = h.log.Error(id, text)
	}
}
