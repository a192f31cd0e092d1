package mirror

// OpenTells reports whether opening a file tells that its writer is done: where Read shares with nobody, it does.
const OpenTells = openTells

// Hints come when files were finished or moved in and it is worth a look. Events get lost, so a look now and then is needed
// anyway. The channel is never closed; nil: there is no watch.
func (w *Watch) Hints() <-chan struct{} {
	if w == nil {
		return nil
	}
	return w.hints
}
