package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Where a package of the distribution puts what install writes on a computer without one.
const (
	packagedProgram = "/usr/bin/" + Name
	packagedUnit    = "/usr/lib/systemd/system/" + unit
	packagedRules   = "/usr/share/polkit-1/rules.d/49-smtp-gateway.rules"
	sysusersFile    = "/usr/lib/sysusers.d/" + Name + ".conf"
	tmpfilesFile    = "/usr/lib/tmpfiles.d/" + Name + ".conf"
	wantedBy        = "/etc/systemd/system/multi-user.target.wants/" + unit // there while it starts with the computer
)

// File is one text that a package brings along.
type File struct {
	Path string
	Text string
}

// Packaged is what a package has to put in place of install: the same texts. The program's own path is the package's.
func Packaged(l Layout) []File {
	l.Program = packagedProgram
	return []File{
		{packagedUnit, unitText(l)},
		{packagedRules, rules},
		{policyFile, policy(l.Program)},
		{sysusersFile, sysusersText(l) + "\n"},
		{tmpfilesFile, tmpfilesText(l)},
	}
}

// sysusersText is the account of the service and the group of those who work with it.
func sysusersText(l Layout) string { return fmt.Sprintf("u %s - %q %s", account, Display, l.Data) }

// tmpfilesText makes the folders, with the rights the program gives them when it makes them itself.
func tmpfilesText(l Layout) string {
	var b strings.Builder
	for _, one := range []struct{ path, mode string }{{l.Data, "2770"}, {l.Key, "0750"}, {l.Folder, "2770"}, {l.Logs, "0750"}} {
		fmt.Fprintf(&b, "d %s %s %s %s -\n", one.path, one.mode, account, group)
	}
	return b.String()
}

// byPackage reports whether a package of the distribution brought the service.
func byPackage() bool {
	info, err := os.Stat(packagedUnit)
	return err == nil && info.Mode().IsRegular()
}

func belongsToPackage(next string) error {
	return &Error{Code: "not-now", Sentence: "The service of this computer belongs to the package " + Name + ".", Next: next}
}

// takeOver lets the package's unit and rules count, where those that install wrote before the package came hide them.
// Messages, settings, other folders and the way the service starts stay as they are. It works in a system that is not
// running, too. What a person should know comes back as sentences.
func takeOver(ctx context.Context) (notes []string, err error) {
	if text, err := os.ReadFile(rulesFile); err == nil && string(text) == rules {
		_ = os.Remove(rulesFile) // the same as the package's
	}
	info, err := os.Lstat(unitFile)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return []string{"The package has installed the service; there was nothing left to install."}, nil // a link is an administrator's way to close a unit
	}
	text, err := os.ReadFile(unitFile)
	if err != nil {
		return nil, takeOverFailed(err)
	}
	program := programOf(string(text))
	if program == "" {
		return []string{"The unit " + unitFile + " was not written by smtp-gateway install. It is left alone and counts instead of the package's."}, nil
	}
	if err := os.Remove(unitFile); err != nil {
		return nil, takeOverFailed(err)
	}
	if _, err := os.Lstat(wantedBy); err == nil {
		if err := errors.Join(os.Remove(wantedBy), os.Symlink(packagedUnit, wantedBy)); err != nil {
			return nil, takeOverFailed(err)
		}
	}
	if haveSystemd() {
		_, err = systemctl(ctx, "daemon-reload")
		if err == nil {
			_, err = systemctl(ctx, "try-restart", unit) // one that runs goes on with the package's program
		}
		if err != nil {
			notes = append(notes, "The service could not be started again with the new program: see smtp-gateway status.")
		}
	}
	notes = append(notes, "The service was installed by hand with "+program+" and is the package's from now on. Messages, settings and the way it starts are as they were.")
	return append(notes, leftBehind(program)...), nil
}

// leftBehind names old program files that a shell would still find.
func leftBehind(program string) (notes []string) {
	for _, path := range []string{program, filepath.Join(filepath.Dir(program), Name+"-manager")} {
		if filepath.Dir(path) == filepath.Dir(packagedProgram) {
			continue
		}
		if _, err := os.Stat(path); err == nil { //nolint:gosec // looked at only, and root wrote the unit
			notes = append(notes, "The old program "+path+" is still there and may be found before the new one. Remove it: sudo rm "+path)
		}
	}
	return notes
}

var execStart = regexp.MustCompile(`(?m)^ExecStart="(/[^"\n]*)" run$`)

// programOf is the program of a unit that install wrote; empty: somebody else wrote it.
func programOf(text string) string {
	found := execStart.FindStringSubmatch(text)
	if found == nil || !strings.Contains(text, "\nUser="+account+"\nGroup="+group+"\n") {
		return ""
	}
	return strings.NewReplacer(`\\`, `\`, "%%", "%", "$$", "$").Replace(found[1])
}

func takeOverFailed(err error) error {
	return &Error{Code: "not-now", Sentence: "The service that was installed by hand could not be taken over by the package.", Next: "Remove " + unitFile + " and run smtp-gateway install again.", Err: err}
}
