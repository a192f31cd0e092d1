package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// grace is how long the toolkit may take to come back once its window was closed.
const grace = 3 * time.Second

// ending sees to it that the program ends when its window was closed. Now and then Fyne 2.7.1 stays in its main loop
// then: what it queues while the loop closes its queue is run by nobody and waited for by the loop (internal/driver/glfw,
// runGL, the case of d.done). A program without a window would take every later start to itself, and show nothing.
type ending struct {
	closed chan struct{} // the window was closed, or somebody told the program to end
	back   chan struct{} // the toolkit came back
	shut   func()
}

// newEnding waits in the background; finish is called, once at most, where the toolkit does not come back.
func newEnding(finish func()) *ending {
	e := &ending{closed: make(chan struct{}), back: make(chan struct{})}
	e.shut = sync.OnceFunc(func() { close(e.closed) })
	go func() {
		select {
		case <-e.back:
			return
		case <-e.closed:
		}
		select {
		case <-e.back:
		case <-time.After(grace):
			finish()
		}
	}()
	return e
}

// windowClosed is told when the window was closed.
func (e *ending) windowClosed() { e.shut() }

// returned is told when the toolkit came back; its caller ends the program as usual.
func (e *ending) returned() { close(e.back) }

// heed takes the signals that end the toolkit's loop for a closed window. They reach the toolkit as well.
func (e *ending) heed() {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		select {
		case <-told:
			e.shut()
		case <-e.back:
		}
		signal.Stop(told)
	}()
}
