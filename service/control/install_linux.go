package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/kardianos/service"
)

const (
	unitFile   = "/etc/systemd/system/" + unit
	dropIns    = unitFile + ".d"
	rulesFile  = "/etc/polkit-1/rules.d/49-smtp-gateway.rules"
	policyFile = "/usr/share/polkit-1/actions/org.smtp-gateway.startup.policy"
)

// Install registers the service so that a person starts it: account and group, the unit, and the rules that let
// members of the group start and stop it. Done again it repairs and leaves the way it starts as it was. The folders
// are the caller's to make afterwards, when the account that shall own them is there. What a person should know comes
// back as sentences. On a computer that has the service from a package, that one counts: see takeOver.
func Install(ctx context.Context, l Layout) (notes []string, err error) {
	if os.Geteuid() != 0 {
		return nil, needAdministrator("install the service", nil)
	}
	if byPackage() {
		if l.Program != packagedProgram {
			return nil, belongsToPackage("Use " + packagedProgram + ", or remove the package first; messages and settings stay.")
		}
		return takeOver(ctx)
	}
	if !haveSystemd() {
		return nil, &Error{
			Code: "not-now", Sentence: "This computer's services are not run by systemd, so the service cannot be installed.",
			Next: "Use smtp-gateway run, started by whatever runs services here.",
		}
	}
	if err := checkProgram(l.Program); err != nil {
		return nil, err
	}
	if err := makeAccount(ctx, l); err != nil {
		return nil, err
	}
	if err := installUnit(ctx, l); err != nil {
		return nil, err
	}
	if err := writeRules(l.Program); err != nil {
		notes = append(notes, "Only administrators can start and stop the service: "+err.Error()+".")
	}
	return notes, nil
}

// checkProgram refuses program files the hardened service could not reach, or that others could replace.
func checkProgram(path string) error {
	refuse := func(why string) error {
		return &Error{
			Code: "bad-settings", Sentence: fmt.Sprintf("The service cannot run %s: %s.", path, why),
			Next: "Copy it to /usr/local/bin as root and run that one's install.",
		}
	}
	if !filepath.IsAbs(path) || oneLine(path) != path || strings.Contains(path, "{{") {
		return refuse("its path is not one a service can have")
	}
	for _, dir := range []string{"/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/"} {
		if strings.HasPrefix(path, dir) {
			return refuse("the service does not see " + strings.TrimSuffix(dir, "/"))
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return refuse("it is not there")
	}
	if !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
		return refuse("it is not a program")
	}
	if info.Mode()&0o002 != 0 {
		return refuse("everybody may change it")
	}
	return nil
}

// makeAccount makes the account of the service and the group of those who work with it, where missing. A static one:
// the folders need an owner that stays.
func makeAccount(ctx context.Context, l Layout) error {
	if _, err := user.Lookup(account); err == nil {
		return nil
	}
	_, err := run(ctx, "systemd-sysusers", "--inline", sysusersText(l))
	if _, found := user.Lookup(account); err != nil || found != nil {
		_, err = run(ctx, "useradd", "--system", "--user-group", "--no-create-home", "--home-dir", l.Data,
			"--shell", "/usr/sbin/nologin", "--comment", Display, account)
	}
	if err != nil {
		return &Error{Code: "not-now", Sentence: "The account " + account + " for the service could not be made.", Next: "Make it by hand, with a group of the same name, and install again.", Err: err}
	}
	return nil
}

func installUnit(ctx context.Context, l Layout) error {
	text := unitText(l)
	failed := func(err error) error {
		return &Error{Code: "not-now", Sentence: "The service could not be registered with the system.", Next: "Look into the system's log.", Err: err}
	}
	if _, err := os.Stat(unitFile); err == nil {
		if err := replaceFile(unitFile, text); err != nil {
			return failed(err)
		}
		if _, err := systemctl(ctx, "daemon-reload"); err != nil {
			return failed(err)
		}
		return nil
	}
	if s, err := Query(ctx); err == nil && s.Installed {
		return &Error{Code: "not-now", Sentence: "This computer has a unit " + unit + " from elsewhere already.", Next: "Remove that one first; systemctl cat " + unit + " says where it is."}
	}
	s, err := system(l, text)
	if err != nil {
		return failed(err)
	}
	if err := s.Install(); err != nil {
		return failed(err)
	}
	if _, err := systemctl(ctx, "disable", unit); err != nil { // the library always enables; ours starts by hand at first
		return failed(err)
	}
	return nil
}

func system(l Layout, text string) (service.Service, error) {
	return service.New(nothing{}, &service.Config{
		Name: Name, DisplayName: Display, Description: description, Executable: l.Program, Arguments: []string{"run"},
		Option: service.KeyValue{"SystemdScript": text},
	})
}

// nothing is what the library would run; the frame here runs the service itself.
type nothing struct{}

func (nothing) Start(service.Service) error { return nil }
func (nothing) Stop(service.Service) error  { return nil }

// Uninstall stops the service and takes it out of the system. Data, keys, logs, messages and the account that owns
// them stay.
func Uninstall(ctx context.Context) error {
	if os.Geteuid() != 0 {
		return needAdministrator("remove the service", nil)
	}
	if byPackage() {
		return belongsToPackage("Remove the package: apt remove " + Name + ", or dnf remove " + Name + ". Messages and settings stay.")
	}
	if _, err := os.Stat(unitFile); errors.Is(err, fs.ErrNotExist) {
		return notInstalled()
	}
	if err := Stop(ctx); err != nil {
		return err
	}
	failed := func(err error) error {
		return &Error{Code: "not-now", Sentence: "The service could not be removed from the system.", Next: "Look into the system's log.", Err: err}
	}
	s, err := system(Layout{Program: "/bin/true"}, "[Unit]\n")
	if err != nil {
		return failed(err)
	}
	if err := s.Uninstall(); err != nil {
		return failed(err)
	}
	for _, path := range []string{rulesFile, policyFile, filepath.Join(dropIns, folderDropIns[ForMail]), filepath.Join(dropIns, folderDropIns[ForLists]), dropIns} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) && path != dropIns {
			return failed(err)
		}
	}
	_, _ = systemctl(ctx, "reset-failed", unit) // forgets the last failure, if there was one
	if _, err := systemctl(ctx, "daemon-reload"); err != nil {
		return failed(err)
	}
	return nil
}

// replaceFile writes a small file of the system as a whole or not at all.
func replaceFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a folder of the system, to be read by all
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".smtp-gateway-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Chmod(0o644), f.Sync())
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
