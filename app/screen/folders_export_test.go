package screen

// NameProblem is what Windows, or another system, says of a name for a folder.
func (d *Desk) NameProblem(name string, windows bool) string { return nameProblem(d, name, windows) }
