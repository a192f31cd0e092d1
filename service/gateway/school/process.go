package school

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything here may take before the test gives up on it.
const patience = time.Minute

// logbook keeps what the servers say, and tells those who wait for a word.
type logbook struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{} // closed and renewed with each line
}

func (b *logbook) add(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text.WriteString(line + "\n")
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

func (b *logbook) all() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// wait waits until the text from an octet on holds a word.
func (b *logbook) wait(ctx context.Context, from int, text string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		b.mu.Lock()
		found := strings.Contains(b.text.String()[from:], text)
		if b.changed == nil {
			b.changed = make(chan struct{})
		}
		changed := b.changed
		b.mu.Unlock()
		if found {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// start runs a server in the foreground, until t ends or it is stopped, and comes back when it has said ready. It lives
// in a session of its own: Postfix wants to lead one, and signals all of it when it stops.
func (b *logbook) start(t testing.TB, ready string, name string, args ...string) (end func(), err error) {
	t.Helper()
	from := len(b.all()) // a server that was stopped has said ready before
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	cmd.Stdout, cmd.Stderr = w, w
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, r.Close(), w.Close())
	}
	_ = w.Close()
	silent := make(chan struct{}) // closed when the last child has let go of its output
	go func() {
		defer close(silent)
		b.read(r)
	}()
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		if err := cmd.Wait(); err != nil {
			b.add(name + " ended: " + err.Error())
		}
	}()
	var once sync.Once
	end = func() { once.Do(func() { stop(t, cmd, exited, silent) }) }
	t.Cleanup(end)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		select {
		case <-exited:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := b.wait(ctx, from, ready); err != nil {
		return nil, fmt.Errorf("%s never said %q:\n%s", name, ready, b.all())
	}
	return end, nil
}

func (b *logbook) read(r io.ReadCloser) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		b.add(lines.Text())
	}
	_ = r.Close()
}

// stop ends a server and its children: gently at first, by force if that is not enough.
func stop(t testing.TB, cmd *exec.Cmd, exited, silent <-chan struct{}) {
	t.Helper()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		signalGroup(cmd, sig)
		late := time.After(patience / 2)
		select {
		case <-exited:
		case <-late:
			continue
		}
		select {
		case <-silent:
			return
		case <-late:
		}
	}
	t.Errorf("%s does not stop", cmd.Path)
}
