package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"smtpgateway/app/screen"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/control"
)

// How often what was started or stopped is looked at, and how long a start may take.
const (
	ownLook     = 50 * time.Millisecond
	ownPatience = time.Minute
)

// ownService is the service of a data folder somebody named: a program of this person, that the system knows nothing of.
// It outlives the window.
type ownService struct {
	place   place.Place
	program func() (string, error)

	mu       sync.Mutex
	starting bool
}

func newOwnService(p place.Place) *ownService {
	return &ownService{place: p, program: func() (string, error) { return findProgram(anyProgram) }}
}

// Status looks whether a service has the lock.
func (s *ownService) Status(ctx context.Context) (screen.ServiceStatus, error) {
	// Taking the lock to look, as here, would turn a service away that starts in this moment: while the window starts one
	// nobody looks.
	s.mu.Lock()
	defer s.mu.Unlock()
	st := screen.ServiceStatus{State: screen.ServiceStopped, ByHand: true}
	switch {
	case s.starting:
		st.State = screen.ServiceStarting
	case s.held(ctx):
		st.State = screen.ServiceRunning
	}
	return st, ctx.Err()
}

func (s *ownService) held(ctx context.Context) bool {
	if _, err := os.Stat(filepath.Join(s.place.Data, "gateway.lock")); err != nil {
		return false // nothing ever ran here, and looking shall leave no trace
	}
	lock, err := s.place.Lock(ctx)
	if err == nil {
		_ = lock.Unlock()
	}
	return data.CodeOf(err) == data.CodeInUse
}

// Start starts our own program and waits until it says that it is ready, or ends.
func (s *ownService) Start(ctx context.Context) error {
	s.mu.Lock()
	if s.starting || s.held(ctx) {
		s.mu.Unlock()
		return nil
	}
	s.starting = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.starting = false
		s.mu.Unlock()
	}()
	program, err := s.program()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, ownPatience)
	defer cancel()
	return s.spawn(ctx, program)
}

// spawn runs the program with its words going to a file: there is no terminal, and the last of them says why it ended.
func (s *ownService) spawn(ctx context.Context, program string) (err error) {
	if err := os.MkdirAll(s.place.Logs, 0o770); err != nil { //nolint:gosec // as the place makes it
		return s.noAccess(err)
	}
	words, err := os.OpenFile(filepath.Join(s.place.Logs, "started.log"), os.O_RDWR|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o660) //nolint:gosec // as above
	if err != nil {
		return s.noAccess(err)
	}
	defer func() { _ = words.Close() }()
	c := exec.Command(program, "--data", s.place.Data, "run") //nolint:gosec,noctx // our own program, which outlives the window
	c.Stderr, c.Stdout = words, words
	detach(c)
	if err := c.Start(); err != nil {
		return &data.Error{Code: data.CodeNotNow, Sentence: "The service could not be started.", Next: "Look whether " + program + " may be run.", Err: err}
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	look := time.NewTicker(ownLook)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			return s.ended(ctx, c.Process.Pid, words, err)
		case <-ctx.Done():
			return &data.Error{Code: data.CodeNotNow, Sentence: "The service did not start in time.", Next: "Look again in a minute.", Err: ctx.Err()}
		case <-look.C:
			if beat, err := s.beat(ctx); err == nil && beat.PID == c.Process.Pid && beat.Stopped.IsZero() {
				return nil
			}
		}
	}
}

func (s *ownService) noAccess(err error) error {
	return &data.Error{Code: data.CodeNoAccess, Sentence: "The data folder " + s.place.Data + " cannot be written.", Next: "Choose another one, or ask for access to it.", Err: err}
}

// beat is what the service last said of itself. The store is opened for the question: it is asked at a start and a stop
// only.
func (s *ownService) beat(ctx context.Context) (b data.Heartbeat, err error) {
	st, err := house.Open(ctx, s.place, false, store.Options{})
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return st.Heartbeat(ctx)
}

// event is what a line on the service's standard error begins with.
var event = regexp.MustCompile(`^E\d+ `)

// ended is why a service that was just started is no more: in its own words from the heartbeat, or, where the store is the
// broken part, from what it wrote.
func (s *ownService) ended(ctx context.Context, pid int, words io.ReadSeeker, err error) error {
	e := &data.Error{Code: data.CodeNotNow, Sentence: "The service stopped again at once.", Next: "Look into " + filepath.Join(s.place.Logs, "started.log") + ".", Err: err}
	if beat, err := s.beat(ctx); err == nil && beat.PID == pid && beat.Trouble != "" {
		e.Sentence, e.Next = beat.Trouble, beat.Remedy
		return e
	}
	if _, err := words.Seek(0, io.SeekStart); err != nil {
		return e
	}
	text, err := io.ReadAll(io.LimitReader(words, 1<<16))
	if err != nil {
		return e
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if last := lines[len(lines)-1]; event.MatchString(last) {
		e.Sentence, e.Next = event.ReplaceAllString(last, ""), ""
	}
	return e
}

// Stop asks the service to end, if it is one of ours, and waits until it has.
func (s *ownService) Stop(ctx context.Context) error {
	s.mu.Lock()
	running := s.held(ctx)
	s.mu.Unlock()
	if !running {
		return nil
	}
	beat, err := s.beat(ctx)
	if err != nil {
		return err
	}
	if err := askToStop(beat.PID); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, control.StopTimeout+10*time.Second)
	defer cancel()
	look := time.NewTicker(ownLook)
	defer look.Stop()
	for {
		s.mu.Lock()
		running := s.held(ctx)
		s.mu.Unlock()
		if ctx.Err() == nil && !running {
			return nil
		}
		select {
		case <-ctx.Done():
			return &data.Error{Code: data.CodeNotNow, Sentence: "The service did not stop in time.", Next: "It finishes what it is sending: look again in a minute.", Err: ctx.Err()}
		case <-look.C:
		}
	}
}

// elsewhere: the lock is held by a program that is not ours to end.
func elsewhere(err error) error {
	return &data.Error{
		Code: data.CodeNotNow, Sentence: "The service was started somewhere else, or by somebody else.", Next: "Stop it where it was started: press Ctrl+C there.", Err: err,
	}
}

// SetStartup has nothing to choose: the system does not know this service.
func (*ownService) SetStartup(context.Context, bool) error {
	return &data.Error{
		Code: data.CodeNotNow, Sentence: "A service on a data folder of its own is started by hand.", Next: "Install SMTP Gateway to have it start with the computer.",
	}
}

// UseFolder has nobody to let in: the service is this person's own program and reaches what the person reaches.
func (s *ownService) UseFolder(_ context.Context, path string) error {
	_, err := wholePath(s.place, path)
	return err
}
