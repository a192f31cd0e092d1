package software

import (
	"encoding/binary"
	"image"
	"unsafe"
)

// present copies parts of the picture into the window, at once.
func (n *win32) present(frame *image.RGBA, parts []image.Rectangle) {
	if n.handle == 0 || n.minimised {
		return
	}
	dc := getDC.call(n.handle)
	if dc == 0 {
		return // the session is locked or gone; Windows asks again when somebody can see it
	}
	defer releaseDC.call(n.handle, dc)
	for _, part := range parts {
		part = part.Intersect(frame.Bounds())
		if part.Empty() {
			continue
		}
		n.lines = turned(n.lines, frame, part)
		head := header(part.Size())
		width, height := number(part.Dx()), number(part.Dy())
		//nolint:gosec // as the system wants it
		setDIBitsToDevice.call(dc, number(part.Min.X), number(part.Min.Y), width, height, 0, 0, 0, height,
			uintptr(unsafe.Pointer(&n.lines[0])), uintptr(unsafe.Pointer(&head)), 0)
	}
}

// header describes pixels of 32 bits, the topmost line first.
func header(size image.Point) bitmapHeader {
	h := bitmapHeader{width: int32(size.X), height: -int32(size.Y), planes: 1, bits: 32} //nolint:gosec // no display is that large
	h.size = uint32(unsafe.Sizeof(h))
	return h
}

// turned fills the room with a part of a picture, blue first as Windows has it, and returns the room, grown if need be.
func turned(room []byte, picture *image.RGBA, part image.Rectangle) []byte {
	length := part.Dx() * part.Dy() * 4
	if cap(room) < length {
		room = make([]byte, length)
	}
	room = room[:length]
	line := part.Dx() * 4
	for y := part.Min.Y; y < part.Max.Y; y++ {
		from := picture.PixOffset(part.Min.X, y)
		turn(room[(y-part.Min.Y)*line:][:line], picture.Pix[from:][:line])
	}
	return room
}

// turn exchanges red and blue, four octets at a time.
func turn(to, from []byte) {
	for ; len(from) >= 4 && len(to) >= 4; from, to = from[4:], to[4:] {
		v := binary.LittleEndian.Uint32(from)
		binary.LittleEndian.PutUint32(to, v&0xff00ff00|v>>16&0xff|v&0xff<<16)
	}
}
