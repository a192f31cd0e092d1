package software

import (
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/jezek/xgb/xproto"
)

// Numbers of shapes in the font "cursor" that every server has: appendix B of the X protocol. The usual arrow is none of
// them: it is the one the desktop has, large or small, as the person chose it.
var shapes = map[desktop.Cursor]uint16{
	desktop.TextCursor: 152, desktop.PointerCursor: 60, desktop.CrosshairCursor: 34, desktop.HResizeCursor: 108, desktop.VResizeCursor: 116,
}

// setCursor gives the mouse a shape while it is over the window.
func (n *x11) setCursor(c desktop.Cursor) {
	if n.closed {
		return
	}
	id := n.cursor(c)
	if id != n.pointer.now {
		n.pointer.now = id
		xproto.ChangeWindowAttributes(n.conn, n.id, xproto.CwCursor, []uint32{uint32(id)})
	}
}

// cursor is the server's number of a shape; 0 is the desktop's own.
func (n *x11) cursor(c desktop.Cursor) xproto.Cursor {
	standard, ok := c.(desktop.StandardCursor)
	if !ok || standard == desktop.DefaultCursor {
		return xproto.CursorNone // pictures of ours are not drawn here
	}
	p := &n.pointer
	if id, made := p.cursors[standard]; made {
		return id
	}
	id, err := xproto.NewCursorId(n.conn)
	if err != nil {
		return xproto.CursorNone
	}
	if shape, ok := shapes[standard]; ok {
		err = n.glyph(id, shape)
	} else {
		err = n.nothing(id)
	}
	if err != nil {
		id = xproto.CursorNone
	}
	if p.cursors == nil {
		p.cursors = map[desktop.Cursor]xproto.Cursor{}
	}
	p.cursors[standard] = id
	return id
}

// glyph takes a shape out of the font, the one after it being its edge: black on white.
func (n *x11) glyph(id xproto.Cursor, shape uint16) (err error) {
	const name, white = "cursor", 0xffff
	p := &n.pointer
	if p.font == 0 {
		if p.font, err = xproto.NewFontId(n.conn); err != nil {
			return err
		}
		if err = xproto.OpenFontChecked(n.conn, p.font, uint16(len(name)), name).Check(); err != nil {
			return err
		}
	}
	return xproto.CreateGlyphCursorChecked(n.conn, id, p.font, p.font, shape, shape+1, 0, 0, 0, white, white, white).Check()
}

// nothing is a shape without a dot.
func (n *x11) nothing(id xproto.Cursor) error {
	dot, err := xproto.NewPixmapId(n.conn)
	if err != nil {
		return err
	}
	xproto.CreatePixmap(n.conn, 1, dot, xproto.Drawable(n.id), 1, 1)
	defer xproto.FreePixmap(n.conn, dot)
	clean, err := xproto.NewGcontextId(n.conn)
	if err != nil {
		return err
	}
	xproto.CreateGC(n.conn, clean, xproto.Drawable(dot), xproto.GcForeground, []uint32{0})
	defer xproto.FreeGC(n.conn, clean)
	xproto.PolyFillRectangle(n.conn, xproto.Drawable(dot), clean, []xproto.Rectangle{{Width: 1, Height: 1}})
	return xproto.CreateCursorChecked(n.conn, id, dot, dot, 0, 0, 0, 0, 0, 0, 0, 0).Check()
}
