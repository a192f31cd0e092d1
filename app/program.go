package main

import (
	"os"
	"path/filepath"

	"smtpgateway/data"
)

// findProgram finds our command line: beside the window's own program, where a build or a package puts it, or where it is
// installed. The search path is not asked, as anybody may have put something into it.
func findProgram(fit func(path string) bool) (string, error) {
	var folders []string
	if self, err := os.Executable(); err == nil {
		if whole, err := filepath.EvalSymlinks(self); err == nil {
			self = whole
		}
		folders = append(folders, filepath.Dir(self))
	}
	for _, folder := range append(folders, usualFolders()...) {
		path := filepath.Join(folder, programName)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && fit(path) {
			return path, nil
		}
	}
	return "", &data.Error{
		Code: data.CodeNotFound, Sentence: "The program " + programName + " is not where it belongs.",
		Next: "Put it beside the window's program, or install SMTP Gateway again.",
	}
}

// anyProgram fits all: it is run with no more rights than the window has.
func anyProgram(string) bool { return true }
