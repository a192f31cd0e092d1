package control

import (
	"context"
	"errors"
	"time"
	"unsafe"

	"github.com/kardianos/service"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc/mgr"
)

// The accounts the service may run as: its own, with the least rights, else the one for local services. Both carry the
// service's own SID, to which the folders are open.
const (
	ownAccount   = `NT SERVICE\` + Name
	spareAccount = `NT AUTHORITY\LocalService`
)

// Install registers the service so that a person starts it, with its account, what happens when it breaks off, and the
// rights of the group of those who work with it. Done again it repairs and leaves the way it starts as it was. The
// folders are the caller's to make afterwards, when the group that shall use them is there. What a person should know
// comes back as sentences.
func Install(ctx context.Context, l Layout) (notes []string, err error) {
	if !windows.GetCurrentProcessToken().IsElevated() {
		return nil, needAdministrator("install the service", nil)
	}
	if err := makeGroup(); err != nil {
		notes = append(notes, "The group "+groupName+" could not be made; give people access one by one with smtp-gateway access add.")
	}
	if _, done, err := open(ctx, windows.SERVICE_QUERY_STATUS); err == nil {
		done() // installed already: only what follows is set again
	} else {
		made := register(l, ownAccount)
		if errors.Is(made, windows.ERROR_INVALID_SERVICE_ACCOUNT) {
			made = register(l, spareAccount)
		}
		if made != nil {
			return notes, refused("install the service", made)
		}
	}
	s, done, err := open(ctx, windows.SERVICE_ALL_ACCESS)
	if err != nil {
		return notes, refused("install the service", err)
	}
	defer done()
	return append(notes, refine(s, l)...), nil
}

func register(l Layout, account string) error {
	s, err := system(l, account)
	if err != nil {
		return err
	}
	return s.Install()
}

func system(l Layout, account string) (service.Service, error) {
	return service.New(nothing{}, &service.Config{
		Name: Name, DisplayName: Display, Description: description, Executable: l.Program, Arguments: []string{"run"}, UserName: account,
		Option: service.KeyValue{service.StartType: service.ServiceStartManual},
	})
}

// nothing is what the library would run; the frame here runs the service itself.
type nothing struct{}

func (nothing) Start(service.Service) error { return nil }
func (nothing) Stop(service.Service) error  { return nil }

// refine sets what the library cannot. What an older system refuses is told, not fatal.
func refine(s *mgr.Service, l Layout) (notes []string) {
	try := func(what string, err error) {
		if err != nil {
			notes = append(notes, what+" could not be set: "+oneLine(err.Error()))
		}
	}
	const same = windows.SERVICE_NO_CHANGE
	command, err := windows.UTF16PtrFromString(`"` + l.Program + `" run`)
	if err == nil {
		err = windows.ChangeServiceConfig(s.Handle, same, same, windows.SERVICE_ERROR_NORMAL, command, nil, nil, nil, nil, nil, nil)
	}
	try("The program of the service", err)
	// Growing pauses: what broke off by chance is back soon, what breaks off always does not keep the computer busy.
	// Ends that are reported with a code are left alone, as the flag for those stays off.
	try("The new start after a crash", s.SetRecoveryActions([]mgr.RecoveryAction{
		{Type: mgr.ServiceRestart, Delay: 5 * time.Second},
		{Type: mgr.ServiceRestart, Delay: 30 * time.Second},
		{Type: mgr.ServiceRestart, Delay: 5 * time.Minute},
	}, 86400))
	kind := uint32(windows.SERVICE_SID_TYPE_UNRESTRICTED)
	try("The identity of the service", windows.ChangeServiceConfig2(s.Handle, windows.SERVICE_CONFIG_SERVICE_SID_INFO, (*byte)(unsafe.Pointer(&kind)))) //nolint:gosec // as the system wants it
	const patienceMs = uint32(StopTimeout / time.Millisecond)
	patience := patienceMs
	try("The time to finish before a shutdown", windows.ChangeServiceConfig2(s.Handle, windows.SERVICE_CONFIG_PRESHUTDOWN_INFO, (*byte)(unsafe.Pointer(&patience)))) //nolint:gosec // as the system wants it
	if group, _, _, err := windows.LookupSID("", groupName); err == nil {
		try("The right of the group to start and stop", allow(Name, windows.SE_SERVICE, group, startAndStop, windows.NO_INHERITANCE))
	}
	return notes
}

// Uninstall stops the service and takes it out of the system. Data, keys, logs, messages and the group stay.
func Uninstall(ctx context.Context) error {
	status, err := Query(ctx)
	if err != nil {
		return err
	}
	if !status.Installed {
		return notInstalled()
	}
	if !windows.GetCurrentProcessToken().IsElevated() {
		return needAdministrator("remove the service", nil)
	}
	if err := Stop(ctx); err != nil {
		return err
	}
	s, err := system(Layout{}, "")
	if err != nil {
		return refused("remove the service", err)
	}
	if err := s.Uninstall(); err != nil {
		return refused("remove the service", err)
	}
	return nil
}
