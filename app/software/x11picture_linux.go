package software

import (
	"encoding/binary"
	"fmt"
	"image"
	"math/bits"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// pixelFormat is how the server wants a pixel.
type pixelFormat struct {
	visual           xproto.Visualid
	depth            byte
	bytes            int // a pixel takes
	order            binary.ByteOrder
	red, green, blue channel
	plain            bool // four bytes: blue, green, red and one that says nothing
}

// channel is where a colour lies in a pixel.
type channel struct{ shift, drop int }

func channelOf(mask uint32) channel {
	return channel{shift: bits.TrailingZeros32(mask), drop: 8 - bits.OnesCount32(mask)}
}

func (c channel) put(v byte) uint32 { return uint32(v) >> c.drop << c.shift }

// pixelFormatOf picks the colours of the screen if they are true ones, else the best true ones it offers.
func pixelFormatOf(setup *xproto.SetupInfo, screen *xproto.ScreenInfo) (pixelFormat, error) {
	var best pixelFormat
	rank := 0
	for _, d := range screen.AllowedDepths {
		for _, v := range d.Visuals {
			f := pixelFormat{visual: v.VisualId, depth: d.Depth, order: binary.LittleEndian, red: channelOf(v.RedMask), green: channelOf(v.GreenMask), blue: channelOf(v.BlueMask)}
			if v.Class != xproto.VisualClassTrueColor || f.red.drop < 0 || f.green.drop < 0 || f.blue.drop < 0 || f.green.drop > 3 {
				continue
			}
			if setup.ImageByteOrder == xproto.ImageOrderMSBFirst {
				f.order = binary.BigEndian
			}
			for _, p := range setup.PixmapFormats {
				if p.Depth == d.Depth && (p.BitsPerPixel == 16 || p.BitsPerPixel == 32) && p.ScanlinePad == 32 {
					f.bytes = int(p.BitsPerPixel) / 8
				}
			}
			if f.bytes == 0 {
				continue
			}
			f.plain = f.bytes == 4 && setup.ImageByteOrder == xproto.ImageOrderLSBFirst && f.red == channel{shift: 16} && f.green == channel{shift: 8} && f.blue == channel{}
			worth := 1 + f.bytes // more colours before fewer; a depth of 32 has a see-through channel, which is not wanted
			switch {
			case v.VisualId == screen.RootVisual:
				worth = 9
			case d.Depth == 24:
				worth = 8
			}
			if worth > rank {
				best, rank = f, worth
			}
		}
	}
	if rank == 0 {
		return best, fmt.Errorf("the display shows %d bits of colour a pixel; 16, 24 or 32 are needed", screen.RootDepth)
	}
	return best, nil
}

// pack writes a row of the picture as the server wants it.
func (f pixelFormat) pack(to, from []byte) {
	switch {
	case f.plain:
		for ; len(from) >= 4 && len(to) >= 4; to, from = to[4:], from[4:] {
			v := binary.LittleEndian.Uint32(from)
			binary.LittleEndian.PutUint32(to, v&0xff00ff00|v&0xff<<16|v>>16&0xff)
		}
	case f.bytes == 4:
		for ; len(from) >= 4 && len(to) >= 4; to, from = to[4:], from[4:] {
			v := f.red.put(from[0]) | f.green.put(from[1]) | f.blue.put(from[2])
			if f.depth == 32 {
				v |= ^(f.red.put(0xff) | f.green.put(0xff) | f.blue.put(0xff)) // opaque
			}
			f.order.PutUint32(to, v)
		}
	default:
		for ; len(from) >= 4 && len(to) >= 2; to, from = to[2:], from[4:] {
			f.order.PutUint16(to, uint16(f.red.put(from[0])|f.green.put(from[1])|f.blue.put(from[2]))) //nolint:gosec // the masks lie within
		}
	}
}

// present sends parts of the picture, in pieces that the server takes.
func (n *x11) present(frame *image.RGBA, parts []image.Rectangle) {
	if n.closed {
		return
	}
	for _, part := range parts {
		part = part.Intersect(frame.Rect).Intersect(image.Rectangle{Max: n.inner})
		if part.Empty() {
			continue
		}
		stride := (part.Dx()*n.format.bytes + 3) &^ 3
		rows := (n.longest() - putImageHeader) / stride
		for y := part.Min.Y; y < part.Max.Y; y += rows {
			n.put(frame, image.Rect(part.Min.X, y, part.Max.X, min(y+rows, part.Max.Y)), stride)
		}
	}
}

// longest is how many bytes a request may have.
func (n *x11) longest() int { return int(n.setup.MaximumRequestLength) * 4 }

const putImageHeader = 24

// put sends one piece: the request PutImage of the X protocol, written here so that pixels are turned into the server's
// straight where they are sent from. A request is on its way when NewRequest comes back, so the room is free again.
func (n *x11) put(frame *image.RGBA, r image.Rectangle, stride int) {
	size := putImageHeader + stride*r.Dy()
	if cap(n.room) < size {
		n.room = make([]byte, max(size, n.longest()))
	}
	b := n.room[:size]
	const putImage = 72
	b[0], b[1] = putImage, xproto.ImageFormatZPixmap
	xgb.Put16(b[2:], uint16(size/4)) //nolint:gosec // no longer than the server takes
	xgb.Put32(b[4:], uint32(n.id))
	xgb.Put32(b[8:], uint32(n.paint))
	xgb.Put16(b[12:], uint16(r.Dx()))  //nolint:gosec // a window is no wider
	xgb.Put16(b[14:], uint16(r.Dy()))  //nolint:gosec // nor higher
	xgb.Put16(b[16:], uint16(r.Min.X)) //nolint:gosec // see above
	xgb.Put16(b[18:], uint16(r.Min.Y)) //nolint:gosec // see above
	b[20], b[21] = 0, n.format.depth   // no bits to leave out
	b[22], b[23] = 0, 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := frame.Pix[frame.PixOffset(r.Min.X, y):]
		n.format.pack(b[putImageHeader+(y-r.Min.Y)*stride:][:stride], from[:4*r.Dx()])
	}
	n.conn.NewRequest(b, n.conn.NewCookie(false, false))
}
