package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/service/control"
)

// serviceOf is the service that works on a place.
func serviceOf(p place.Place) screen.Service {
	if p.Installed {
		return &systemService{place: p, elevate: elevate}
	}
	return newOwnService(p)
}

// systemService is the installed service, as the system runs it. Starting and stopping are the person's own right;
// what needs an administrator is done by our own command line, once, and never by the window.
type systemService struct {
	place   place.Place
	elevate func(ctx context.Context, args ...string) error // runs the command line as an administrator
}

// Status asks the system.
func (s *systemService) Status(ctx context.Context) (screen.ServiceStatus, error) {
	st, err := control.Query(ctx)
	if err != nil {
		return screen.ServiceStatus{}, err
	}
	seen := screen.ServiceStatus{State: stateOf(st.State), Auto: st.Startup == control.Auto}
	if !st.Running {
		seen.Reason = st.Reason // of one that runs it is what it does, not why it stopped
	}
	return seen, nil
}

func stateOf(s control.State) screen.ServiceState {
	switch s {
	case control.NotInstalled:
		return screen.ServiceNotInstalled
	case control.Stopped:
		return screen.ServiceStopped
	case control.Starting:
		return screen.ServiceStarting
	case control.Running:
		return screen.ServiceRunning
	case control.Stopping:
		return screen.ServiceStopping
	case control.Restarting:
		return screen.ServiceRestarting
	case control.Failed:
		return screen.ServiceFailed
	}
	return screen.ServiceUnknown
}

// Start starts it and waits until it is ready.
func (*systemService) Start(ctx context.Context) error { return control.Start(ctx) }

// Stop stops it and waits until it has.
func (*systemService) Stop(ctx context.Context) error { return control.Stop(ctx) }

// SetStartup asks an administrator whether it starts with the computer.
func (s *systemService) SetStartup(ctx context.Context, auto bool) error {
	word := string(control.Manual)
	if auto {
		word = string(control.Auto)
	}
	return s.elevate(ctx, "startup", word)
}

// UseFolder asks an administrator to let the service into a folder. What is wrong with the folder itself is said before
// anybody is asked for a password.
func (s *systemService) UseFolder(ctx context.Context, path string) error {
	path, err := wholePath(s.place, path)
	if err != nil {
		return err
	}
	return s.elevate(ctx, "folder", "use", path)
}

func wholePath(p place.Place, path string) (string, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", &data.Error{Code: data.CodeUsage, Sentence: "The folder cannot be named.", Next: "Give its whole path.", Err: err}
	}
	return whole, p.CheckFolder(whole)
}

// refused is the answer of a person who does not want to be, or is no, administrator.
func refused(err error) error {
	return &data.Error{
		Code: data.CodeNotNow, Sentence: "Nothing was changed, because no administrator agreed.",
		Next: "Try again with an administrator's password, or ask IT.", Err: err,
	}
}

// elevated is the error of a command that ran as an administrator and failed: its own words, if it left any.
func elevated(said []byte, err error, args ...string) error {
	var words struct {
		Error string    `json:"error"`
		Next  string    `json:"next"`
		Code  data.Code `json:"code"`
	}
	if json.Unmarshal(said, &words) == nil && words.Error != "" {
		return &data.Error{Code: words.Code, Sentence: words.Error, Next: words.Next, Err: err}
	}
	return &data.Error{
		Code: data.CodeNotNow, Sentence: "The change was refused.",
		Next: "Ask IT to run this as an administrator: smtp-gateway " + strings.Join(args, " "), Err: err,
	}
}
