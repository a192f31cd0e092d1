package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// folderDropIns are what opens the hardened service's view of the file system, by purpose.
var folderDropIns = map[Purpose]string{ForMail: "folder.conf", ForLists: "lists.conf"}

// UseFolder lets the service into the folder that shall be watched for mail or lists: looks at it as the service's account would, and
// opens the hardened service's view of the file system for it. What is watched is the caller's setting. The path comes
// back without links; a service that runs sees the folder after a restart.
func UseFolder(ctx context.Context, l Layout, purpose Purpose, path string) (resolved string, err error) {
	if os.Geteuid() != 0 {
		return "", needAdministrator("let the service into another folder", nil)
	}
	s, err := Query(ctx)
	if err != nil {
		return "", err
	}
	if !s.Installed {
		return "", notInstalled()
	}
	resolved, err = checkFolder(l, purpose, path)
	if err != nil {
		return "", err
	}
	if err := tryFolder(ctx, purpose, resolved); err != nil {
		return "", err
	}
	drop := filepath.Join(dropIns, folderDropIns[purpose])
	if resolved == l.Folder {
		err = os.Remove(drop) // the unit lets the service in already
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else {
		err = replaceFile(drop, folderText(resolved))
	}
	if err == nil {
		_, err = systemctl(ctx, "daemon-reload")
	}
	if err != nil {
		return "", &Error{Code: "not-now", Sentence: "The service could not be let into " + resolved + ".", Next: "Look into the system's log.", Err: err}
	}
	return resolved, nil
}

// checkFolder gives the real path of an existing folder that neither is nor holds nor lies in one of the service's own.
func checkFolder(l Layout, purpose Purpose, path string) (string, error) {
	if !filepath.IsAbs(path) || oneLine(path) != path {
		return "", purpose.refuse(path, "its path is not a usable one", nil)
	}
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", purpose.refuse(path, "it is not there", err)
	}
	if info, err := os.Stat(resolved); err != nil || !info.IsDir() {
		return "", purpose.refuse(path, "it is not a folder", err)
	}
	if resolved == l.Folder {
		if purpose == ForLists {
			return "", purpose.refuse(path, "it is the one for mail", nil)
		}
		return resolved, nil
	}
	for _, dir := range []string{l.Data, l.Key, l.Logs, filepath.Dir(l.Program), "/etc", "/usr", "/boot", "/proc", "/sys", "/dev"} {
		if resolved == dir || strings.HasPrefix(dir, strings.TrimSuffix(resolved, "/")+"/") {
			return "", purpose.refuse(path, "it holds "+dir, nil)
		}
		if strings.HasPrefix(resolved, dir+"/") {
			return "", purpose.refuse(path, "it lies in "+dir, nil)
		}
	}
	return resolved, nil
}

// tryFolder looks whether the service's account can list, take and rename there. A home closed to others is no
// obstacle: the service gets a window into that one folder.
func tryFolder(ctx context.Context, purpose Purpose, path string) error {
	who, err := user.Lookup(account)
	if err != nil {
		return notInstalled()
	}
	uid, errUID := strconv.ParseUint(who.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(who.Gid, 10, 32)
	if err := errors.Join(errUID, errGID); err != nil {
		return err
	}
	dir, err := os.Open(path) //nolint:gosec // the administrator named it
	if err != nil {
		return purpose.refuse(path, "it cannot be opened", err)
	}
	defer func() { _ = dir.Close() }()
	script := `cd "$1" && [ -r . ] && [ -w . ]`
	target := path
	if inHome(path) {
		target = "/proc/self/fd/3" // straight to the folder, past the homes around it
	}
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", script, "sh", target) //nolint:gosec // the path is an argument, not code
	cmd.ExtraFiles = []*os.File{dir}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	if err := cmd.Run(); err != nil {
		return &Error{
			Code: "no-access", Sentence: fmt.Sprintf("The service's account %s cannot read and write in %s.", account, path),
			Next: fmt.Sprintf("Give it the right, for example with: setfacl -m u:%[1]s:rwx,d:u:%[1]s:rwx '%[2]s'", account, path), Err: err,
		}
	}
	return nil
}

// folderText is the drop-in that opens one more folder. Homes are hidden from the service as a whole; a folder in one
// is shown alone.
func folderText(path string) string {
	head := "# Written by smtp-gateway folder use.\n[Service]\n"
	if inHome(path) {
		return head + "ProtectHome=tmpfs\nBindPaths=" + quotePath("-"+path) + "\n"
	}
	return head + "ReadWritePaths=" + quotePath("-"+path) + "\n"
}

func inHome(path string) bool {
	for _, dir := range []string{"/home/", "/root/", "/run/user/"} {
		if strings.HasPrefix(path, dir) {
			return true
		}
	}
	return false
}
