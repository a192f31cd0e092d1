package gateway

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// storeWrites hints that somebody wrote to the database, this process included, and says how often to ask all the
// same. An idle service is then woken by nothing; polling cost it five wake-ups a second.
func (g *Gateway) storeWrites(ctx context.Context) (<-chan struct{}, time.Duration) {
	w, err := fsnotify.NewWatcher()
	if err == nil {
		err = w.Add(g.o.Place.Data)
		if err != nil {
			_ = w.Close()
		}
	}
	if err != nil {
		g.o.Log.Warn("changes of the database are not told, it is asked instead", "error", err)
		return nil, noticePoll
	}
	hint := make(chan struct{}, 1)
	name := filepath.Base(g.o.Place.Database())
	go func() {
		defer func() { _ = w.Close() }()
		for {
			select {
			case <-ctx.Done():
				return
			case _, open := <-w.Errors: // an overflow: the quiet interval catches it
				if !open {
					return
				}
			case e, open := <-w.Events:
				if !open {
					return
				}
				if !strings.HasPrefix(filepath.Base(e.Name), name) {
					continue
				}
				select {
				case hint <- struct{}{}:
				default:
				}
			}
		}
	}()
	if runtime.GOOS == "windows" {
		return hint, noticePoll // there a write is told when the file is closed, or later
	}
	return hint, noticeQuiet
}
