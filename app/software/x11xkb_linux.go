package software

import (
	"errors"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The library has no words for the X Keyboard Extension, which tells which sign a key writes on the third and fourth level
// (AltGr), in the second group (another language), and with which keys held. These are the four requests that are needed of
// it, as "The X Keyboard Extension: Protocol Specification" writes them.
const (
	xkbName           = "XKEYBOARD"
	xkbUse            = 0
	xkbSelectEvents   = 1
	xkbGetMap         = 8
	xkbPerClientFlags = 21
	xkbCoreKeyboard   = 0x100
)

var errNoXKB = errors.New("the display has no keyboard extension")

// xkb is the way to the extension.
type xkb struct {
	conn   *xgb.Conn
	opcode byte
	event  byte // the number of what it tells: another keyboard or layout was chosen
}

// openXKB asks for the extension, for word of other layouts, and that a key held down be told as pressed again and again
// without being let go in between.
func openXKB(conn *xgb.Conn) (*xkb, error) {
	there, err := xproto.QueryExtension(conn, uint16(len(xkbName)), xkbName).Reply()
	if err != nil {
		return nil, err
	}
	if !there.Present {
		return nil, errNoXKB
	}
	x := &xkb{conn: conn, opcode: there.MajorOpcode, event: there.FirstEvent}
	answer, err := x.ask(xkbUse, 1, 0, 0, 0) // version 1.0
	if err != nil {
		return nil, err
	}
	if answer[1] == 0 {
		return nil, errNoXKB
	}
	const newKeyboard, newMap = 1, 2
	const keys = 3 // types and signs
	x.tell(xkbSelectEvents, append(words(xkbCoreKeyboard, newKeyboard|newMap, 0, newKeyboard|newMap), words(keys, keys)...)...)
	const detectable = 1
	if _, err := x.ask(xkbPerClientFlags, append(words(xkbCoreKeyboard, 0), long(detectable, detectable, 0, 0, 0)...)...); err != nil {
		return nil, err
	}
	return x, nil
}

// words and long write numbers of two and of four bytes.
func words(list ...uint16) (b []byte) {
	for _, v := range list {
		b = append(b, byte(v), byte(v>>8)) //nolint:gosec // the lower byte
	}
	return b
}

func long(list ...uint32) (b []byte) {
	for _, v := range list {
		b = append(b, words(uint16(v), uint16(v>>16))...) //nolint:gosec // the lower half
	}
	return b
}

func (x *xkb) request(minor byte, body []byte) []byte {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	b := append([]byte{x.opcode, minor}, words(uint16(1+len(body)/4))...) //nolint:gosec // some bytes
	return append(b, body...)
}

func (x *xkb) tell(minor byte, body ...byte) {
	x.conn.NewRequest(x.request(minor, body), x.conn.NewCookie(false, false))
}

// ask sends a request and waits for its answer, which has 32 bytes at least.
func (x *xkb) ask(minor byte, body ...byte) ([]byte, error) {
	cookie := x.conn.NewCookie(true, true)
	x.conn.NewRequest(x.request(minor, body), cookie)
	return cookie.Reply()
}

// keymap asks for the types of keys and the signs on each.
func (x *xkb) keymap() (*keymap, error) {
	const typesAndSigns = 3
	body := append(words(xkbCoreKeyboard, typesAndSigns, 0), make([]byte, 18)...)
	answer, err := x.ask(xkbGetMap, body...)
	if err != nil {
		return nil, err
	}
	return parseKeymap(answer)
}
