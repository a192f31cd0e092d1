package place

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// makeFolder creates one folder with the rights of its duty. The installed ones get the group and its set-group-ID
// bit, by which everything made in them belongs to the group too; one that somebody named is theirs alone.
func (p Place) makeFolder(path string, d duty) error {
	exists, err := refuseOther(path)
	if exists || err != nil {
		return err
	}
	mode := fs.FileMode(0o700)
	if p.Installed {
		mode = map[duty]fs.FileMode{shared: 0o770 | fs.ModeSetgid, private: 0o750, logs: 0o750}[d]
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // parents are ordinary folders
		return noAccess(path, err)
	}
	if err := os.Mkdir(path, mode.Perm()); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil // somebody else has just made it
		}
		return noAccess(path, err)
	}
	if uid, gid, ok := p.owner(); ok {
		if err := os.Lchown(path, uid, gid); err != nil {
			return noAccess(path, err)
		}
	}
	// After the change of owner, which clears the bit, and whatever the umask says. The hardened service may not set
	// the bit itself; below a folder that has it, the system already did.
	if err := os.Chmod(path, mode); err != nil && !errors.Is(err, fs.ErrPermission) {
		return noAccess(path, err)
	}
	return nil
}

// owner says to whom a new folder is to be given: the service's account, if there is one and root is asking; in a
// place somebody named, the owner of the folder it lies in is left alone.
func (p Place) owner() (uid, gid int, ok bool) {
	if !p.Installed || os.Geteuid() != 0 {
		return 0, 0, false
	}
	account, err := user.Lookup(Account)
	if err != nil {
		return 0, 0, false
	}
	uid, errUID := strconv.Atoi(account.Uid)
	gid, errGID := strconv.Atoi(account.Gid)
	if group, err := user.LookupGroup(Group); err == nil {
		gid, errGID = strconv.Atoi(group.Gid)
	}
	return uid, gid, errUID == nil && errGID == nil
}

// Adopt gives the files root has made in this place to the service's account, database and all: what root wrote first
// must not be closed to the service. Called by anybody else it changes nothing.
func (p Place) Adopt() error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, dir := range []string{p.Data, p.Key, p.Logs} {
		folder, err := os.Lstat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return noAccess(dir, err)
		}
		if err := adoptFiles(dir, folder); err != nil {
			return noAccess(dir, err)
		}
	}
	return nil
}

// adoptFiles works through the opened folder and without following links: members of the group may write in it, and
// root must not be led to a file elsewhere. A file with a second name may be such a one and is passed over.
func adoptFiles(dir string, folder fs.FileInfo) error {
	to, ok := folder.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	for _, one := range entries {
		info, err := root.Lstat(one.Name())
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		st, ok := info.Sys().(*syscall.Stat_t)
		if !ok || !info.Mode().IsRegular() || st.Nlink != 1 || st.Uid != 0 || to.Uid == 0 {
			continue
		}
		if err := root.Lchown(one.Name(), int(to.Uid), int(to.Gid)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// inherit gives a file root has just made to the owner of its folder, so that the service can use it too.
func inherit(f *os.File, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return f.Chown(int(st.Uid), int(st.Gid))
	}
	return nil
}
