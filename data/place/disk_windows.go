package place

import (
	"errors"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// FreeBytes is the room left for this account on the disk that holds path.
func FreeBytes(path string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, noAccess(path, err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, noAccess(path, err)
	}
	return free, nil
}

// OnNetworkShare reports whether path lies on another machine's disk, where the database cannot be shared between
// programs safely. What cannot be asked counts as local.
func OnNetworkShare(path string) bool {
	volume := filepath.VolumeName(path)
	if strings.HasPrefix(volume, `\\`) && !strings.HasPrefix(volume, `\\?\`) && !strings.HasPrefix(volume, `\\.\`) {
		return true
	}
	name, err := windows.UTF16PtrFromString(volume + `\`)
	return err == nil && windows.GetDriveType(name) == windows.DRIVE_REMOTE
}

// SyncDir makes what was created, renamed or removed in a folder survive a power cut: NTFS keeps a journal of names
// and has nothing to ask for.
func SyncDir(string) error { return nil }

func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}
