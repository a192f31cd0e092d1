package place

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// FreeBytes is the room left for this account on the disk that holds path.
func FreeBytes(path string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return 0, noAccess(path, err)
	}
	return st.Bavail * uint64(st.Bsize), nil //nolint:gosec // block sizes are positive
}

// The file systems that reach over a network and are not among unix's constants.
const (
	lustreMagic = 0x0bd00bd0
	gfs2Magic   = 0x01161970
	ocfs2Magic  = 0x7461636f
)

// OnNetworkShare reports whether path lies on another machine's disk, where the database cannot be shared between
// programs safely. What cannot be asked counts as local.
func OnNetworkShare(path string) bool {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return false
	}
	switch uint32(st.Type) { //nolint:gosec // magic numbers have 32 bits
	case unix.NFS_SUPER_MAGIC, unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.V9FS_MAGIC,
		unix.CEPH_SUPER_MAGIC, unix.AFS_FS_MAGIC, unix.AFS_SUPER_MAGIC, unix.CODA_SUPER_MAGIC, unix.NCP_SUPER_MAGIC,
		lustreMagic, gfs2Magic, ocfs2Magic:
		return true
	}
	return false
}

// SyncDir makes what was created, renamed or removed in a folder survive a power cut.
func SyncDir(path string) error {
	f, err := os.Open(path) //nolint:gosec // the caller's own folder
	if err != nil {
		return noAccess(path, err)
	}
	err = f.Sync()
	if errors.Is(err, unix.EINVAL) {
		err = nil // a file system that has no such thing
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return noAccess(path, err)
	}
	return nil
}

func isFull(err error) bool { return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) }
