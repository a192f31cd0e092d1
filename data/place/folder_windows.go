package place

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// systemFolder says why a path belongs to the system; empty: it does not.
func systemFolder(path string) string {
	if path == filepath.VolumeName(path)+`\` {
		return "it is a whole disk"
	}
	for _, id := range []*windows.KNOWNFOLDERID{
		windows.FOLDERID_Windows, windows.FOLDERID_ProgramFiles, windows.FOLDERID_ProgramFilesX86,
	} {
		dir, err := windows.KnownFolderPath(id, windows.KF_FLAG_DEFAULT)
		if err == nil && (strings.EqualFold(path, dir) || within(path, dir)) {
			return "it belongs to the system"
		}
	}
	for _, id := range []*windows.KNOWNFOLDERID{windows.FOLDERID_ProgramData, windows.FOLDERID_UserProfiles} {
		if dir, err := windows.KnownFolderPath(id, windows.KF_FLAG_DEFAULT); err == nil && strings.EqualFold(path, dir) {
			return "it holds other things"
		}
	}
	return ""
}
