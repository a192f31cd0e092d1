package place

import (
	"encoding/binary"
	"os"

	"golang.org/x/sys/unix"
)

// The parts of an identity come from statx: inode and time of birth. Where the file system keeps no birth time, the
// file system's own number stands in.

const wanted = unix.STATX_TYPE | unix.STATX_NLINK | unix.STATX_INO | unix.STATX_SIZE | unix.STATX_MTIME | unix.STATX_CTIME | unix.STATX_BTIME

func identify(f *os.File) (Identity, error) {
	return stat(f, "", unix.AT_EMPTY_PATH)
}

func identifyIn(folder *os.File, name string) (Identity, error) {
	return stat(folder, name, unix.AT_SYMLINK_NOFOLLOW)
}

func stat(f *os.File, name string, flags int) (Identity, error) {
	var id Identity
	raw, err := f.SyscallConn()
	if err != nil {
		return id, err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		var st unix.Statx_t
		if failed = again(func() error { return unix.Statx(int(fd), name, flags, wanted, &st) }); failed != nil { //nolint:gosec // a descriptor fits
			return
		}
		id = Identity{
			Device: unix.Mkdev(st.Dev_major, st.Dev_minor), Size: int64(st.Size), //nolint:gosec // no file is that large
			Modified: nanoseconds(st.Mtime), Changed: nanoseconds(st.Ctime), Links: uint64(st.Nlink),
			Regular: st.Mode&unix.S_IFMT == unix.S_IFREG, Folder: st.Mode&unix.S_IFMT == unix.S_IFDIR,
		}
		binary.BigEndian.PutUint64(id.File[8:], st.Ino)
		if st.Mask&unix.STATX_BTIME != 0 {
			id.Birth = nanoseconds(st.Btime)
		}
		if id.Birth == 0 {
			id.Volume = fileSystem(int(fd)) //nolint:gosec // a descriptor fits
		}
	})
	if failed != nil {
		return Identity{}, os.NewSyscallError("statx", failed)
	}
	return id, err
}

// fileSystem is the number a file system gives itself; 0 where it gives none, as NFS does.
func fileSystem(fd int) uint64 {
	var fs unix.Statfs_t
	if err := again(func() error { return unix.Fstatfs(fd, &fs) }); err != nil {
		return 0
	}
	return uint64(uint32(fs.Fsid.Val[0]))<<32 | uint64(uint32(fs.Fsid.Val[1])) //nolint:gosec // the bits matter
}

func nanoseconds(t unix.StatxTimestamp) int64 { return t.Sec*1e9 + int64(t.Nsec) }

// again repeats a call that a signal cut short.
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR { //nolint:errorlint // a bare errno
			return err
		}
	}
}
