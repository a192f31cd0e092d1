package mirror

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Watch listens to a folder. It knows which files were closed after writing or moved in, which the common notification
// libraries do not tell apart from a write, so inotify is spoken here directly. A nil Watch knows nothing.
type Watch struct {
	hints  chan struct{}
	file   *os.File
	log    *slog.Logger
	done   chan struct{}
	wanted func(name string) bool

	mu      sync.Mutex
	delay   time.Duration       // between an event and its hint: a file must lie still that long anyway
	shut    map[string]struct{} // names closed or moved in, and not written to since
	timer   *time.Timer
	closing bool
}

// mostShut bounds the memory, should a flood of files come in that nobody takes; beyond it files wait ten minutes.
const mostShut = 200_000

const events = unix.IN_CLOSE_WRITE | unix.IN_MOVED_TO | unix.IN_MODIFY | unix.IN_DELETE | unix.IN_MOVED_FROM | unix.IN_ONLYDIR

// Watch begins to listen for what happens to files whose names are wanted. A hint follows after delay.
func (f *Folder) Watch(wanted func(name string) bool, delay time.Duration, log *slog.Logger) (*Watch, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, os.NewSyscallError("inotify_init1", err)
	}
	if _, err := unix.InotifyAddWatch(fd, f.path, events); err != nil {
		return nil, errors.Join(os.NewSyscallError("inotify_add_watch", err), unix.Close(fd))
	}
	w := &Watch{
		hints: make(chan struct{}, 1), file: os.NewFile(uintptr(fd), "inotify"), log: log, //nolint:gosec // a descriptor fits
		done: make(chan struct{}), wanted: wanted, delay: delay, shut: map[string]struct{}{},
	}
	go w.listen()
	return w, nil
}

// Stop ends it.
func (w *Watch) Stop() error {
	w.mu.Lock()
	w.closing = true
	if w.timer != nil {
		w.timer.Stop()
	}
	w.mu.Unlock()
	err := w.file.Close()
	<-w.done
	return err
}

// SetDelay changes how long a hint follows after its event.
func (w *Watch) SetDelay(d time.Duration) {
	w.mu.Lock()
	w.delay = d
	w.mu.Unlock()
}

// Closed reports whether a file was seen to be finished by its writer.
func (w *Watch) Closed(name string) bool {
	if w == nil {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.shut[name]
	return ok
}

// Forget drops a name that is taken.
func (w *Watch) Forget(name string) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.shut, name)
}

func (w *Watch) listen() {
	defer close(w.done)
	buf := make([]byte, 64<<10)
	for {
		n, err := w.file.Read(buf)
		if err != nil {
			if !errors.Is(err, os.ErrClosed) {
				w.log.Warn("the folder is not watched any more", "error", fmt.Sprint(err))
			}
			return
		}
		w.digest(buf[:n])
	}
}

// digest reads a run of events: descriptor, mask, cookie, length, name filled up with NULs (inotify(7)).
func (w *Watch) digest(b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(b) >= unix.SizeofInotifyEvent {
		mask := binary.NativeEndian.Uint32(b[4:])
		size := int(binary.NativeEndian.Uint32(b[12:]))
		b = b[unix.SizeofInotifyEvent:]
		if size > len(b) {
			return
		}
		name := string(bytes.TrimRight(b[:size], "\x00"))
		b = b[size:]
		switch {
		case mask&unix.IN_Q_OVERFLOW != 0:
			clear(w.shut) // what was lost may have been a write
			w.hint()
		case !w.wanted(name):
		case mask&(unix.IN_CLOSE_WRITE|unix.IN_MOVED_TO) != 0:
			if len(w.shut) < mostShut {
				w.shut[name] = struct{}{}
			}
			w.hint()
		default:
			delete(w.shut, name) // written to again, or gone
		}
	}
}

// hint gives one hint for all events of the delay.
func (w *Watch) hint() {
	if w.timer != nil || w.closing {
		return
	}
	w.timer = time.AfterFunc(w.delay, func() {
		w.mu.Lock()
		w.timer = nil
		w.mu.Unlock()
		select {
		case w.hints <- struct{}{}:
		default:
		}
	})
}
