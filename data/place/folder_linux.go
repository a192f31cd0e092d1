package place

import "slices"

// systemFolder says why a path belongs to the system; empty: it does not.
func systemFolder(path string) string {
	for _, dir := range []string{"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr"} {
		if path == dir || within(path, dir) {
			return "it belongs to the system"
		}
	}
	// Folders of many people or programs, which may well hold a folder for mail but are none.
	if slices.Contains([]string{
		"/", "/home", "/media", "/mnt", "/opt", "/root", "/run", "/srv", "/tmp", "/var", "/var/lib", "/var/log", "/var/mail",
		"/var/spool", "/var/tmp",
	}, path) {
		return "it holds other things"
	}
	return ""
}
