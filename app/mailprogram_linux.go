package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// mailProgramPatience is how long the desktop may take to say which program it is.
const mailProgramPatience = 5 * time.Second

// MailProgram says which program writes mail when a mailto address is opened: the one the desktop has for such addresses
// (freedesktop.org, Association between MIME types and applications), if it is still installed.
func (d *desktop) MailProgram() (name string, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), mailProgramPatience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "xdg-mime", "query", "default", "x-scheme-handler/mailto").Output()
	if err != nil {
		return "", false
	}
	id, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if !strings.HasSuffix(id, ".desktop") || strings.ContainsRune(id, filepath.Separator) {
		return "", false
	}
	for _, folder := range applicationFolders() {
		// A dash in the id may stand for a folder (Desktop Entry Specification, desktop file id).
		for _, file := range []string{id, strings.Replace(id, "-", "/", 1)} {
			if name, runs := readEntry(filepath.Join(folder, file)); runs {
				return name, true
			}
		}
	}
	return "", false
}

// applicationFolders are where desktop entries lie, the person's own first (XDG Base Directory Specification).
func applicationFolders() []string {
	home := os.Getenv("XDG_DATA_HOME")
	if home == "" {
		home = filepath.Join(os.Getenv("HOME"), ".local", "share")
	}
	shared := os.Getenv("XDG_DATA_DIRS")
	if shared == "" {
		shared = "/usr/local/share:/usr/share"
	}
	var all []string
	for _, folder := range append([]string{home}, filepath.SplitList(shared)...) {
		all = append(all, filepath.Join(folder, "applications"))
	}
	return all
}

// readEntry gives the name a desktop entry shows, and whether the program it starts is there.
func readEntry(path string) (name string, runs bool) {
	f, err := os.Open(path) //nolint:gosec // the desktop's own folders
	if err != nil {
		return "", false
	}
	defer func() { _ = f.Close() }()
	in, command := false, ""
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "[") {
			in = line == "[Desktop Entry]"
		}
		key, value, _ := strings.Cut(line, "=")
		switch key = strings.TrimSpace(key); {
		case !in:
		case key == "Name":
			name = strings.TrimSpace(value)
		case key == "Exec":
			command = strings.TrimSpace(value)
		}
	}
	words := strings.Fields(command)
	if len(words) == 0 {
		return "", false
	}
	_, err = exec.LookPath(strings.Trim(words[0], `"`))
	return name, err == nil
}
