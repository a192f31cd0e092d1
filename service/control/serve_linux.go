package control

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// serve runs the work under systemd, or at a console where there is none: signals stop it, notifications tell.
func serve(_ string, work func(ctx context.Context, h Host) Exit) int {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer cancel()
	h := &systemdHost{
		notify: newNotifier(), every: watchdog() / 2, out: os.Stderr,
		managed: os.Getenv("INVOCATION_ID") != "" && os.Getenv("NOTIFY_SOCKET") != "",
		journal: os.Getenv("JOURNAL_STREAM") != "",
	}
	told := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(told)
		cancel() // a second signal ends a program at a console at once
		h.notify.send("STOPPING=1", "STATUS=Stopping.")
	})
	exit := supervise(ctx, StopTimeout-5*time.Second, func() Exit { return work(ctx, h) }, func(stacks string) {
		fmt.Fprintln(h.out, stacks)
	})
	if !stop() {
		<-told // "stopping" must not come after the reason
	}
	return h.end(exit)
}

// systemdHost is the system as a service of systemd sees it.
type systemdHost struct {
	notify  notifier
	every   time.Duration
	out     io.Writer
	managed bool
	journal bool // standard error goes to the journal, which reads the priority off the line
	ready   sync.Once

	mutex sync.Mutex
	spoke time.Time // the last sign of life that was passed on
}

func (h *systemdHost) Ready() {
	h.ready.Do(func() {
		h.notify.send("READY=1")
		if h.managed {
			h.Event(Info, 100, "The service has started.")
		}
	})
}

func (h *systemdHost) Status(text string) { h.notify.send("STATUS=" + oneLine(text)) }

func (h *systemdHost) Alive() {
	if h.every == 0 {
		return
	}
	// A loop that turns often need not speak each time.
	now := time.Now()
	h.mutex.Lock()
	speak := now.Sub(h.spoke) >= h.every/4
	if speak {
		h.spoke = now
	}
	h.mutex.Unlock()
	if speak {
		h.notify.send("WATCHDOG=1")
	}
}

func (h *systemdHost) AliveEvery() time.Duration { return h.every }

func (h *systemdHost) Managed() bool { return h.managed }

func (h *systemdHost) Event(level Level, number int, text string) {
	mark := ""
	if h.journal {
		mark = map[Level]string{Info: "<6>", Warning: "<4>", Fault: "<3>"}[level]
	}
	_, _ = fmt.Fprintf(h.out, "%sE%d %s\n", mark, number, oneLine(text))
}

// end tells why the service ends. The status text outlives the process, so that an ordinary user can read it.
func (h *systemdHost) end(e Exit) int {
	switch {
	case e.Cause.Process != 0:
		h.Event(Fault, e.Cause.Event, e.reason())
		h.notify.send("STATUS=" + stoppedPrefix + e.reason())
	case h.managed:
		h.Event(Info, e.Cause.Event, e.reason())
		h.notify.send("STATUS=Stopped.")
	}
	return e.Cause.Process
}
