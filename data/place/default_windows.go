package place

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// Default is the place of the installed service. The watched folder and the keys lie beside the data folder, not in
// it: other programs can be let into the one without seeing the queue, and nobody who may write to the queue can
// replace the other. The system is asked for ProgramData: the variable of that name can be set by anyone.
func Default() Place {
	base, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, windows.KF_FLAG_DEFAULT)
	if err != nil || base == "" {
		base = `C:\ProgramData`
	}
	dir := filepath.Join(base, "SMTP Gateway")
	return Place{
		Data:      dir,
		Key:       dir + " Key",
		Folder:    dir + " Email",
		Logs:      filepath.Join(dir, "logs"),
		Backups:   filepath.Join(dir, "backups"),
		Installed: true,
	}
}
