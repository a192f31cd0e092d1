package main

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

const programName = "smtp-gateway.exe"

func usualFolders() []string {
	files, err := windows.KnownFolderPath(windows.FOLDERID_ProgramFiles, windows.KF_FLAG_DEFAULT)
	if err != nil {
		return nil
	}
	return []string{filepath.Join(files, "SMTP Gateway")}
}

// trusted leaves the judgement to Windows, which shows the administrator the program and who signed it.
func trusted(string) bool { return true }
