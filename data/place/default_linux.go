package place

// Default is the place of the installed service. The watched folder and the keys lie beside the data folder, not in
// it: other programs can be let into the one without seeing the queue, and nobody who may write to the queue can
// replace the other.
func Default() Place {
	const lib = "/var/lib/smtp-gateway"
	return Place{
		Data:      lib,
		Key:       lib + "-key",
		Folder:    lib + "-email",
		Logs:      "/var/log/smtp-gateway",
		Backups:   lib + "/backups",
		Installed: true,
	}
}
