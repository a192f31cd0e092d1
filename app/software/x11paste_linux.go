package software

import (
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"golang.org/x/text/encoding/charmap"
)

const (
	selectionProperty = "SMTP_GATEWAY_SELECTION" // of our window: where other programs put what we ask them for
	timeProperty      = "SMTP_GATEWAY_TIME"
	answerTime        = time.Second      // for another program to answer, or to go on
	pasteTime         = 10 * time.Second // for all of a text
	longestPaste      = 64 << 20
)

// clipboard is the text on the clipboard. The program that has it is waited for, but only for a while, in which ours stands
// still; "" if it has no text, or does not answer.
func (n *x11) clipboard() string {
	if n.closed {
		return ""
	}
	board := n.atom("CLIPBOARD")
	owner, err := xproto.GetSelectionOwner(n.conn, board).Reply()
	switch {
	case err != nil || owner.Owner == xproto.WindowNone:
		return ""
	case owner.Owner == n.id:
		return n.board.text
	}
	for _, kind := range []string{"UTF8_STRING", textPlainUTF8, "STRING"} {
		text, answered := n.convert(board, n.atom(kind))
		if !answered {
			return ""
		}
		if text == nil {
			continue
		}
		if kind == "STRING" {
			text, _ = charmap.ISO8859_1.NewDecoder().Bytes(text) //nolint:errcheck // each byte is a letter there
		}
		return strings.ReplaceAll(strings.ToValidUTF8(strings.TrimRight(string(text), "\x00"), "\uFFFD"), "\r\n", "\n")
	}
	return ""
}

// convert asks for what is on the clipboard as one kind of text; nil if it is not to be had as that.
func (n *x11) convert(board, kind xproto.Atom) (text []byte, answered bool) {
	property := n.atom(selectionProperty)
	xproto.DeleteProperty(n.conn, n.id, property)
	at := n.now()
	xproto.ConvertSelection(n.conn, n.id, board, kind, property, at)
	e, ok := n.await(answerTime, func(e xgb.Event) bool {
		done, ok := e.(xproto.SelectionNotifyEvent)
		return ok && done.Selection == board && done.Target == kind && done.Time == at // not a late answer to what was asked before
	}).(xproto.SelectionNotifyEvent)
	if !ok {
		return nil, false
	}
	if e.Property == xproto.AtomNone {
		return nil, true
	}
	got, text := n.propertyOf(n.id, property)
	xproto.DeleteProperty(n.conn, n.id, property) // with INCR that means: begin
	if got == n.atom("INCR") {
		got, text, answered = n.pieces(property)
		if !answered {
			return nil, false
		}
	}
	if got != kind { // a picture, whatever was asked for
		return nil, true
	}
	return append([]byte{}, text...), true
}

// pieces takes in a long text: section 2.7.2 of the conventions.
func (n *x11) pieces(property xproto.Atom) (kind xproto.Atom, text []byte, answered bool) {
	for end := time.Now().Add(pasteTime); time.Now().Before(end) && len(text) < longestPaste; {
		if n.await(answerTime, func(e xgb.Event) bool {
			p, ok := e.(xproto.PropertyNotifyEvent)
			return ok && p.Window == n.id && p.Atom == property && p.State == xproto.PropertyNewValue
		}) == nil {
			return kind, nil, false
		}
		got, piece := n.propertyOf(n.id, property)
		if got == xproto.AtomNone { // that was word of the one before
			continue
		}
		xproto.DeleteProperty(n.conn, n.id, property)
		if len(piece) == 0 {
			return got, text, true
		}
		text = append(text, piece...)
	}
	return kind, nil, false
}

// now is the server's time, which it tells with a change that changes nothing.
func (n *x11) now() xproto.Timestamp {
	property := n.atom(timeProperty)
	xproto.ChangeProperty(n.conn, xproto.PropModeAppend, n.id, property, xproto.AtomInteger, 32, 0, nil)
	e, ok := n.await(answerTime, func(e xgb.Event) bool {
		p, ok := e.(xproto.PropertyNotifyEvent)
		return ok && p.Window == n.id && p.Atom == property
	}).(xproto.PropertyNotifyEvent)
	if !ok {
		return n.time
	}
	return e.Time
}

// await waits for something to be told, for so long. Programs that want what we have are answered meanwhile: one of them
// may be the one that is waited for. All else is left for the loop.
func (n *x11) await(limit time.Duration, wanted func(xgb.Event) bool) (found xgb.Event) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var others []xgb.Event
	defer func() { n.events.giveBack(others) }()
	for {
		events, err := n.events.take()
		for _, e := range events {
			switch {
			case found == nil && wanted(e):
				found = e
			case !n.boardEvent(e):
				others = append(others, e)
			}
		}
		if found != nil || err != nil {
			return found
		}
		select {
		case <-n.events.arrived:
		case <-timer.C:
			return nil
		}
	}
}
