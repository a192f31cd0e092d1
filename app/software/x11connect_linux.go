package software

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// prepare readies the library, before there is any connection: its tables are read by each. It writes nothing about the
// cookie file and about a lost connection, as what is to be known is told in our words. And it passes on what extensions
// tell: of numbers it does not know it would drop an event, and wait for ever for an answer that is an error.
var prepare = sync.OnceFunc(func() {
	xgb.Logger.SetOutput(io.Discard)
	const firstEvent, lastEvent, firstError, lastError = 64, 127, 128, 255 // of extensions
	for i := firstEvent; i <= lastEvent; i++ {
		xgb.NewEventFuncs[i] = func(buf []byte) xgb.Event { return extensionEvent{buf} }
	}
	for i := firstError; i <= lastError; i++ {
		xgb.NewErrorFuncs[i] = func(buf []byte) xgb.Error { return extensionError{buf} }
	}
})

// extensionEvent is what an extension tells.
type extensionEvent struct{ raw []byte }

func (e extensionEvent) Bytes() []byte  { return e.raw }
func (e extensionEvent) String() string { return "event of an extension" }

// extensionError is an extension's answer to a request that it does not understand.
type extensionError struct{ raw []byte }

func (e extensionError) SequenceId() uint16 { return xgb.Get16(e.raw[2:]) } //nolint:revive,staticcheck // as the library names it
func (e extensionError) BadId() uint32      { return xgb.Get32(e.raw[4:]) }
func (e extensionError) Error() string      { return "an extension of the display refuses a request" }

// connect finds the display and what it can show.
func (n *x11) connect() error {
	prepare()
	if os.Getenv("DISPLAY") == "" {
		return errors.New("there is no display here: DISPLAY is not set")
	}
	conn, err := xgb.NewConn()
	if err != nil {
		return fmt.Errorf("the display %s cannot be reached: %w", os.Getenv("DISPLAY"), err)
	}
	n.conn, n.setup = conn, xproto.Setup(conn)
	if conn.DefaultScreen >= len(n.setup.Roots) {
		conn.Close()
		return fmt.Errorf("the display %s has no screen %d", os.Getenv("DISPLAY"), conn.DefaultScreen)
	}
	n.screen = n.setup.DefaultScreen(conn)
	n.atoms = map[string]xproto.Atom{}
	n.intern("WM_PROTOCOLS", "WM_DELETE_WINDOW", "WM_STATE", "UTF8_STRING", "CLIPBOARD", "TARGETS", "MULTIPLE", "TIMESTAMP", "INCR", "ATOM_PAIR",
		"TEXT", textPlain, textPlainUTF8, selectionProperty, timeProperty, "CLIPBOARD_MANAGER", "SAVE_TARGETS",
		"_NET_WM_NAME", "_NET_WM_ICON_NAME", "_NET_WM_ICON", "_NET_WM_PID", "_NET_WM_PING", "_NET_WM_WINDOW_TYPE", "_NET_WM_WINDOW_TYPE_NORMAL",
		"_NET_WM_STATE", "_NET_WM_STATE_HIDDEN", "_NET_ACTIVE_WINDOW", "_NET_SUPPORTED", "_NET_WORKAREA", "_NET_CURRENT_DESKTOP")
	return nil
}

// intern asks for the numbers of names all at once: one way there and back, which may be a long one.
func (n *x11) intern(names ...string) {
	asked := make([]xproto.InternAtomCookie, len(names))
	for i, name := range names {
		asked[i] = xproto.InternAtom(n.conn, false, uint16(len(name)), name) //nolint:gosec // short names
	}
	for i, name := range names {
		if got, err := asked[i].Reply(); err == nil {
			n.atoms[name] = got.Atom
		}
	}
}

// atom is the server's number of a name.
func (n *x11) atom(name string) xproto.Atom {
	if _, there := n.atoms[name]; !there {
		n.intern(name)
	}
	return n.atoms[name]
}

// propertyOf reads what stands at a window, and of which kind that is: none if nothing stands there, or cannot be read.
func (n *x11) propertyOf(of xproto.Window, name xproto.Atom) (kind xproto.Atom, all []byte) {
	for {
		const quarterMegabyte = 1 << 16                                                                                               // in units of four bytes
		p, err := xproto.GetProperty(n.conn, false, of, name, xproto.GetPropertyTypeAny, uint32(len(all)/4), quarterMegabyte).Reply() //nolint:gosec // a property is no longer than that
		if err != nil || p == nil || p.Format == 0 {
			return kind, all
		}
		kind, all = p.Type, append(all, p.Value...)
		if p.BytesAfter == 0 || len(p.Value) == 0 || len(all) > longestPaste {
			return kind, all
		}
	}
}

// property reads what stands at a window if it is of the kind that is expected.
func (n *x11) property(of xproto.Window, name, kind xproto.Atom) []byte {
	got, all := n.propertyOf(of, name)
	if kind != xproto.GetPropertyTypeAny && got != kind {
		return nil
	}
	return all
}

// numbers reads a property that is a list of numbers.
func (n *x11) numbers(of xproto.Window, name, kind xproto.Atom) (list []uint32) {
	raw := n.property(of, name, kind)
	for ; len(raw) >= 4; raw = raw[4:] {
		list = append(list, xgb.Get32(raw))
	}
	return list
}

// setText and setNumbers write properties of the window.
func (n *x11) setText(name, kind xproto.Atom, text string) {
	xproto.ChangeProperty(n.conn, xproto.PropModeReplace, n.id, name, kind, 8, uint32(len(text)), []byte(text)) //nolint:gosec // titles and names
}

func (n *x11) setNumbers(name, kind xproto.Atom, list ...uint32) {
	raw := make([]byte, 4*len(list))
	for i, v := range list {
		xgb.Put32(raw[4*i:], v)
	}
	xproto.ChangeProperty(n.conn, xproto.PropModeReplace, n.id, name, kind, 32, uint32(len(list)), raw) //nolint:gosec // short lists
}
