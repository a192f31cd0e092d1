package mirror

import (
	"log/slog"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watch listens to a folder. Here opening a file tells whether its writer is done, so an event is a hint and no more. A nil
// Watch knows nothing.
type Watch struct {
	hints  chan struct{}
	from   *fsnotify.Watcher
	done   chan struct{}
	wanted func(name string) bool
}

// Watch begins to listen for what happens to files whose names are wanted. Hints come at once, whatever the delay.
func (f *Folder) Watch(wanted func(name string) bool, _ time.Duration, log *slog.Logger) (*Watch, error) {
	from, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	if err := from.Add(f.path); err != nil {
		_ = from.Close()
		return nil, err
	}
	w := &Watch{hints: make(chan struct{}, 1), from: from, done: make(chan struct{}), wanted: wanted}
	go w.listen(log)
	return w, nil
}

// Stop ends it.
func (w *Watch) Stop() error {
	err := w.from.Close()
	<-w.done
	return err
}

// Closed reports whether a file was seen to be finished by its writer: here nobody tells.
func (w *Watch) Closed(string) bool { return false }

// Forget drops a name that is taken.
func (w *Watch) Forget(string) {}

func (w *Watch) listen(log *slog.Logger) {
	defer close(w.done)
	for {
		select {
		case e, ok := <-w.from.Events:
			if !ok {
				return
			}
			if e.Has(fsnotify.Remove) || !w.wanted(filepath.Base(e.Name)) {
				continue
			}
			select {
			case w.hints <- struct{}{}:
			default:
			}
		case err, ok := <-w.from.Errors:
			if !ok {
				return
			}
			log.Warn("watching the folder", "error", err)
		}
	}
}
