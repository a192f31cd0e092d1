package software

import (
	"errors"
	"fmt"
	"image"
	"os"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// x11 is a plain window of the X Window System. It asks nothing of the server but to show pixels, and so works without
// OpenGL, through a network, and on a remote desktop.
type x11 struct {
	handler handler
	conn    *xgb.Conn // nil before open
	setup   *xproto.SetupInfo
	screen  *xproto.ScreenInfo
	id      xproto.Window
	atoms   map[string]xproto.Atom
	events  *inbox
	woken   chan struct{}
	end     sync.Once
	closed  bool // the loop is to come back

	format pixelFormat
	paint  xproto.Gcontext
	room   []byte // for the pixels in the order of the server

	inner, least image.Point // the size inside, as it was told last; the least
	placed       bool        // somebody said where the window is to be
	mapped       bool        // the window manager lets it be there
	hidden       bool        // ... but has it minimised all the same
	covered      bool        // nothing of it is to be seen
	seen         bool        // what the handler was told of that
	factor       float32     // what the handler was told of the scale

	time    xproto.Timestamp // of the last thing the person did
	pointer pointer11
	keys    keyboard11
	board   board11
}

func newNative() native { return &x11{woken: make(chan struct{}, 1)} }

// open connects to the display of $DISPLAY, with the cookie of $XAUTHORITY or ~/.Xauthority.
func (n *x11) open(o opening, h handler) error {
	n.handler = h
	if err := n.connect(); err != nil {
		return err
	}
	if err := n.make(o); err != nil {
		n.conn.Close()
		n.conn = nil
		return err
	}
	return nil
}

func (n *x11) make(o opening) error {
	if err := n.create(o); err != nil {
		return fmt.Errorf("the display makes no window: %w", err)
	}
	if err := n.keys.open(n.conn, n.setup); err != nil {
		return fmt.Errorf("the display tells nothing of its keyboard: %w", err)
	}
	n.introduce(o)
	n.factor = n.scale()
	n.events = receive(n.conn)
	return nil
}

// show lets the window manager know of the window. The server says when it wants the first picture.
func (n *x11) show() {
	n.sizeHints()
	xproto.MapWindow(n.conn, n.id)
}

// run waits for the server and for wake, whichever comes.
func (n *x11) run() {
	for !n.closed {
		select {
		case <-n.woken:
			n.handler.work()
		case <-n.events.arrived:
			n.takeIn()
		}
	}
}

// takeIn hands on what the server sent so far.
func (n *x11) takeIn() {
	events, err := n.events.take()
	n.dispatch(events)
	if err != nil && !n.closed {
		fmt.Fprintln(os.Stderr, "SMTP Gateway Manager ends:", err)
		n.closed = true
	}
}

// wake leaves a note; one is enough however often it is called.
func (n *x11) wake() {
	select {
	case n.woken <- struct{}{}:
	default:
	}
}

// close does away with the window and lets the loop come back.
func (n *x11) close() {
	n.end.Do(func() {
		n.closed = true
		if n.conn == nil {
			return
		}
		n.handOver()
		xproto.DestroyWindow(n.conn, n.id)
		n.conn.Close()
		n.wake()
	})
}

var errGone = errors.New("the display went away")

// inbox keeps what the server sends until the loop has time for it: the connection must never wait for the loop, which may
// itself be waiting for an answer of the server.
type inbox struct {
	arrived chan struct{} // there is something, or the end

	mu     sync.Mutex
	events []xgb.Event
	err    error
}

func receive(conn *xgb.Conn) *inbox {
	in := &inbox{arrived: make(chan struct{}, 1)}
	go func() {
		for {
			event, failed := conn.WaitForEvent()
			in.mu.Lock()
			switch {
			case event != nil:
				in.events = append(in.events, event)
			case failed == nil:
				in.err = errGone
			}
			ended := in.err != nil
			in.mu.Unlock()
			in.ring()
			if ended {
				return
			}
		}
	}()
	return in
}

// take gives what came so far, and errGone after the last.
func (in *inbox) take() ([]xgb.Event, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	events := in.events
	in.events = nil
	return events, in.err
}

// giveBack puts events before those that came meanwhile.
func (in *inbox) giveBack(events []xgb.Event) {
	in.mu.Lock()
	in.events = append(events, in.events...)
	in.mu.Unlock()
	in.ring()
}

func (in *inbox) ring() {
	select {
	case in.arrived <- struct{}{}:
	default:
	}
}
