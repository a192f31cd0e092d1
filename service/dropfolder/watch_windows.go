package dropfolder

import (
	"log/slog"

	"github.com/fsnotify/fsnotify"

	"smtpgateway/data/mirror"
)

// watch listens to the folder. Here opening a file tells whether its writer is done, so an event is a hint and no more.
type watch struct {
	hints chan struct{}
	from  *fsnotify.Watcher
	done  chan struct{}
}

func startWatch(m *mirror.Folder, log *slog.Logger) (*watch, error) {
	from, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	if err := from.Add(m.Path()); err != nil {
		_ = from.Close()
		return nil, err
	}
	w := &watch{hints: make(chan struct{}, 1), from: from, done: make(chan struct{})}
	go w.listen(log)
	return w, nil
}

func (w *watch) stop() error {
	err := w.from.Close()
	<-w.done
	return err
}

func (w *watch) closed(string) bool { return false }

func (w *watch) forget(string) {}

func (w *watch) listen(log *slog.Logger) {
	defer close(w.done)
	for {
		select {
		case e, ok := <-w.from.Events:
			if !ok {
				return
			}
			if e.Has(fsnotify.Remove) {
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
