package control

import (
	"context"
	"errors"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/mgr"
)

// Name is the service's name for the system.
const Name = "SMTPGateway"

const administratorHint = "Open a command window with \"Run as administrator\" and run the same command there."

// busyLimit is how long a service manager may be too busy before that is the answer.
const busyLimit = 30 * time.Second

// open opens the service with no more rights than needed: who may only look must not be turned away.
func open(ctx context.Context, access uint32) (*mgr.Service, func(), error) {
	manager, err := connect(ctx)
	if err != nil {
		return nil, nil, err
	}
	name, err := windows.UTF16PtrFromString(Name)
	if err != nil {
		return nil, nil, err
	}
	handle, err := windows.OpenService(manager, name, access)
	if err != nil {
		_ = windows.CloseServiceHandle(manager)
		return nil, nil, err
	}
	return &mgr.Service{Name: Name, Handle: handle}, func() {
		_ = windows.CloseServiceHandle(handle)
		_ = windows.CloseServiceHandle(manager)
	}, nil
}

// connect reaches the service manager. On a loaded machine, where other programs ask it too, as a service does that
// starts, it may be too busy to take one more; the system leaves it to the caller to ask again.
func connect(ctx context.Context) (windows.Handle, error) {
	ctx, cancel := context.WithTimeout(ctx, busyLimit)
	defer cancel()
	for {
		manager, err := windows.OpenSCManager(nil, nil, windows.SC_MANAGER_CONNECT)
		if !errors.Is(err, windows.RPC_S_SERVER_TOO_BUSY) {
			return manager, err
		}
		select {
		case <-ctx.Done():
			return 0, err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Query asks the system what the service does. It needs no rights.
func Query(ctx context.Context) (Status, error) {
	s, done, err := open(ctx, windows.SERVICE_QUERY_CONFIG|windows.SERVICE_QUERY_STATUS)
	if errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST) {
		return Status{State: NotInstalled}, nil
	}
	if err != nil {
		return Status{}, noAnswer(err)
	}
	defer done()
	now, err := s.Query()
	if err != nil {
		return Status{}, noAnswer(err)
	}
	start, err := startType(s)
	if err != nil {
		return Status{}, noAnswer(err)
	}
	return statusOf(now, start), nil
}

// noAnswer gives the system's own words too: a fault that comes once in a thousand times cannot be found without them.
func noAnswer(err error) error {
	return &Error{Code: "not-now", Sentence: "The system does not say what the service does: " + oneLine(err.Error()), Next: "Try again in a moment.", Err: err}
}

func statusOf(now svc.Status, start uint32) Status {
	s := Status{Installed: true, Startup: Manual, PID: int(now.ProcessId)}
	if start == mgr.StartAutomatic {
		s.Startup = Auto
	}
	switch now.State {
	case svc.Running, svc.PausePending, svc.Paused, svc.ContinuePending:
		s.State, s.Running = Running, true
	case svc.StartPending:
		s.State = Starting
	case svc.StopPending:
		s.State = Stopping
	case svc.Stopped:
		s.State = Stopped
		switch {
		case now.Win32ExitCode == uint32(windows.ERROR_SERVICE_SPECIFIC_ERROR):
			s.State, s.ExitCode = Failed, int(now.ServiceSpecificExitCode)
			if cause, ok := causeOfWindows(now.ServiceSpecificExitCode); ok {
				s.Reason = cause.Meaning
			}
		case now.Win32ExitCode != 0 && now.Win32ExitCode != uint32(windows.ERROR_SERVICE_NEVER_STARTED):
			s.State, s.ExitCode = Failed, int(now.Win32ExitCode)
			s.Reason = "It broke off: " + oneLine(windows.Errno(now.Win32ExitCode).Error())
		}
	}
	return s
}

func startType(s *mgr.Service) (uint32, error) {
	const most = 8 << 10 // as the system has it: asking for the size first would be a second question it may not answer
	buffer, n := make([]byte, most), uint32(0)
	config := (*windows.QUERY_SERVICE_CONFIG)(unsafe.Pointer(unsafe.SliceData(buffer))) //nolint:gosec // as the system wants it
	if err := windows.QueryServiceConfig(s.Handle, config, most, &n); err != nil {
		return 0, err
	}
	return config.StartType, nil
}

// Start starts the service and waits until it is ready. One that stops again is an error with its reason.
func Start(ctx context.Context) error {
	s, done, err := open(ctx, windows.SERVICE_QUERY_CONFIG|windows.SERVICE_QUERY_STATUS|windows.SERVICE_START)
	if err != nil {
		return refused("start", err)
	}
	defer done()
	if err := s.Start(); err != nil && !errors.Is(err, windows.ERROR_SERVICE_ALREADY_RUNNING) {
		return refused("start", err)
	}
	now, err := await(ctx, s, "start", func(state svc.State) bool { return state == svc.Running || state == svc.Stopped })
	if err != nil {
		return err
	}
	if now.State != svc.Running {
		return stopped(statusOf(now, 0))
	}
	return nil
}

// Restart stops the service if it runs and starts it.
func Restart(ctx context.Context) error {
	if err := Stop(ctx); err != nil {
		return err
	}
	return Start(ctx)
}

// Stop stops the service and waits until it has: what is being sent is finished first.
func Stop(ctx context.Context) error {
	s, done, err := open(ctx, windows.SERVICE_QUERY_CONFIG|windows.SERVICE_QUERY_STATUS|windows.SERVICE_STOP)
	if err != nil {
		return refused("stop", err)
	}
	defer done()
	if _, err := s.Control(svc.Stop); err != nil && !errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE) &&
		!errors.Is(err, windows.ERROR_SERVICE_CANNOT_ACCEPT_CTRL) { // stopping already
		return refused("stop", err)
	}
	_, err = await(ctx, s, "stop", func(state svc.State) bool { return state == svc.Stopped })
	return err
}

// await polls until the service is in a state, with a deadline of its own.
func await(ctx context.Context, s *mgr.Service, what string, there func(svc.State) bool) (svc.Status, error) {
	ctx, cancel := context.WithTimeout(ctx, StopTimeout+10*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		now, err := s.Query()
		if err != nil {
			return now, noAnswer(err)
		}
		if there(now.State) {
			return now, nil
		}
		select {
		case <-ctx.Done():
			return now, tooSlow(what, ctx.Err())
		case <-tick.C:
		}
	}
}

// SetStartup says whether the service starts with the computer. Automatic is delayed: the network and the disks come
// first.
func SetStartup(ctx context.Context, auto bool) error {
	s, done, err := open(ctx, windows.SERVICE_CHANGE_CONFIG)
	if err != nil {
		return refused("say whether the service starts with the computer", err)
	}
	defer done()
	kind, delayed := uint32(mgr.StartManual), uint32(0)
	if auto {
		kind, delayed = mgr.StartAutomatic, 1
	}
	setDelayed := func() { // not every system knows it; a service that starts at once is as good
		_ = windows.ChangeServiceConfig2(s.Handle, windows.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, (*byte)(unsafe.Pointer(&delayed))) //nolint:gosec // as the system wants it
	}
	if delayed == 0 {
		setDelayed() // only an automatic service can be delayed
	}
	const same = windows.SERVICE_NO_CHANGE
	if err := windows.ChangeServiceConfig(s.Handle, same, kind, same, nil, nil, nil, nil, nil, nil, nil); err != nil {
		return refused("say whether the service starts with the computer", err)
	}
	if delayed == 1 {
		setDelayed()
	}
	return nil
}

// refused turns an error of the service manager into words.
func refused(what string, err error) error {
	switch {
	case errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST):
		return notInstalled()
	case errors.Is(err, windows.ERROR_ACCESS_DENIED):
		if what == "start" || what == "stop" {
			return &Error{
				Code: "no-access", Sentence: "You may not " + what + " the service.",
				Next: "Ask an administrator for smtp-gateway access add YOUR-NAME.", Err: err,
			}
		}
		return needAdministrator(what, err)
	}
	return &Error{Code: "not-now", Sentence: "The system refused: " + oneLine(err.Error()), Next: "See smtp-gateway status.", Err: err}
}
