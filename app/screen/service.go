package screen

import (
	"context"

	"smtpgateway/data"
)

// Service is the gateway's service as a person at the window may handle it.
type Service interface {
	// Status needs no rights and answers soon.
	Status(ctx context.Context) (ServiceStatus, error)
	// Start returns when the service is ready, or with the reason why it is not.
	Start(ctx context.Context) error
	// Stop returns when it has stopped; what is being sent is finished first.
	Stop(ctx context.Context) error
	// SetStartup says whether it starts with the computer; asks for an administrator where it must. Errors: CodeNotNow
	// when the person refused.
	SetStartup(ctx context.Context, auto bool) error
	// UseFolder lets the service into a folder; asks for an administrator where it must.
	UseFolder(ctx context.Context, path string) error
}

// ServiceState is what the service is doing, in one word.
type ServiceState string

// The states, as the system's service manager has them. ServiceUnknown: it could not be asked.
const (
	ServiceNotInstalled ServiceState = "not installed"
	ServiceStopped      ServiceState = "stopped"
	ServiceStarting     ServiceState = "starting"
	ServiceRunning      ServiceState = "running"
	ServiceStopping     ServiceState = "stopping"
	ServiceRestarting   ServiceState = "restarting"
	ServiceFailed       ServiceState = "failed"
	ServiceUnknown      ServiceState = "unknown"
)

// ServiceStatus is the service as seen from outside.
type ServiceStatus struct {
	State  ServiceState
	Auto   bool   // starts with the computer
	ByHand bool   // started by a person, on a data folder of its own: no startup type to choose
	Reason string // why it stopped, one line; empty: nothing to say
}

// Running reports whether requests will be answered.
func (s ServiceStatus) Running() bool { return s.State == ServiceRunning }

// Desktop is what is around the window. Its methods may be called from any goroutine but Raise and Copy, which belong to
// the window's.
type Desktop interface {
	Open(target string) error  // a folder, or an address of the web or of mail, in the program that is meant for it
	Copy(text string)          // to the clipboard
	Notify(title, text string) // the desktop's own notification, where that is safe; silent elsewhere
	Raise()                    // the window to the front
	// MailProgram is the program that opens an address of mail, and whether there is one. It may take a moment.
	MailProgram() (name string, ok bool)
}

// askService turns a failed question into a state of its own: a window that cannot ask must not say "stopped".
func (d *Desk) askService(ctx context.Context) ServiceStatus {
	st, err := d.o.Service.Status(ctx)
	if err != nil {
		what, _ := data.Words(err)
		return ServiceStatus{State: ServiceUnknown, Reason: what}
	}
	return st
}
