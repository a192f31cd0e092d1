// Package place is in charge of where things lie: the database, the keys, the logs, the folder that is watched and
// the backups, on each system, with the rights each of them needs. It knows paths, disks and locks, nothing of mail.
package place

import (
	"os"
	"path/filepath"
)

// Variable is the environment variable that names the data folder when no flag does.
const Variable = "SMTP_GATEWAY_DATA"

// Service account and group on Linux.
const (
	Account = "smtp-gateway"
	Group   = "smtp-gateway"
)

// Names on Windows: the service, whose own SID gets rights, and the local group of those who work with the window.
const (
	WindowsService = "SMTPGateway"
	WindowsGroup   = "SMTP Gateway Users"
)

// Place is one set of folders that belong together. All paths are absolute.
type Place struct {
	Data      string // the database and its lock; members of the group may write
	Key       string // the key pair and the counter; only the service may write
	Logs      string // the program's own log
	Folder    string // the folder to watch unless the settings name another
	Backups   string // copies of the database
	Installed bool   // the place of the service the system runs, not one somebody named
}

// At is the place in a folder somebody named: everything inside it but the keys, which lie beside it in DIR.key, so
// that a copied data folder carries no usable password with it. A relative path counts from the working folder.
func At(dir string) Place {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	dir = filepath.Clean(dir)
	return Place{
		Data:    dir,
		Key:     dir + ".key",
		Logs:    filepath.Join(dir, "logs"),
		Folder:  filepath.Join(dir, "email"),
		Backups: filepath.Join(dir, "backups"),
	}
}

// Find is the place meant by the --data flag, else by the environment, else the installed one. A flag that names
// the installed data folder means the installed place.
func Find(flag string) Place {
	dir := flag
	if dir == "" {
		dir = os.Getenv(Variable)
	}
	installed := Default()
	if dir == "" {
		return installed
	}
	if p := At(dir); p.Data != installed.Data {
		return p
	}
	return installed
}

// Database is the path of the store.
func (p Place) Database() string { return filepath.Join(p.Data, "gateway.db") }
