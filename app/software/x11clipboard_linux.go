package software

import (
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

const textPlain, textPlainUTF8 = "text/plain", "text/plain;charset=utf-8"

type board11 struct {
	text string
	ours bool
}

func (n *x11) clipboard() string                     { return n.board.text }
func (n *x11) setClipboard(text string)              { n.board.text = text }
func (n *x11) boardEvent(xgb.Event)                  {}
func (n *x11) boardTaken(xproto.PropertyNotifyEvent) {}
func (n *x11) boardGone(xproto.Window)               {}
func (n *x11) handOver()                             {}
func (n *x11) now() xproto.Timestamp                 { return n.time }
