// Command art draws what the setup program for Windows shows, from the icon: setup.ico, side.bmp and head.bmp.
//
//	art ICON.PNG FOLDER
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"

	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "art:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("give the icon and a folder")
	}
	raw, err := os.ReadFile(args[0]) //nolint:gosec // whoever builds names it
	if err != nil {
		return err
	}
	icon, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	ico, err := icons(icon, 16, 24, 32, 48, 64, 256)
	if err != nil {
		return err
	}
	side, err := picture(164, 314, icon, image.Rect(34, 60, 130, 156))
	if err != nil {
		return err
	}
	head, err := picture(150, 57, icon, image.Rect(101, 8, 142, 49))
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"setup.ico": ico, "side.bmp": side, "head.bmp": head} {
		if err := os.WriteFile(filepath.Join(args[1], name), content, 0o600); err != nil { //nolint:gosec // the same
			return err
		}
	}
	return nil
}

// page is the colour behind the icon: white at the head, where the page is white; the side is the window's rail.
var page, rail = color.White, color.RGBA{R: 0xec, G: 0xee, B: 0xf2, A: 0xff}

func picture(width, height int, icon image.Image, at image.Rectangle) ([]byte, error) {
	whole := image.NewRGBA(image.Rect(0, 0, width, height))
	var ground color.Color = page
	if height > width {
		ground = rail
	}
	draw.Draw(whole, whole.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(whole, at, icon, icon.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	err := bmp.Encode(&out, whole)
	return out.Bytes(), err
}

// icons is an ICO file with the picture in several sizes, each as 32 bit colours with opacity, as every Windows reads them;
// the largest as PNG, as Windows has it.
func icons(icon image.Image, sizes ...int) ([]byte, error) {
	const head, entry = 6, 16
	var out, pictures bytes.Buffer
	write := func(v any) { _ = binary.Write(&out, binary.LittleEndian, v) } // into memory: it cannot fail
	write([3]uint16{0, 1, uint16(len(sizes))})                              //nolint:gosec // a few
	for _, size := range sizes {
		small := image.NewNRGBA(image.Rect(0, 0, size, size))
		draw.CatmullRom.Scale(small, small.Bounds(), icon, icon.Bounds(), draw.Src, nil)
		from := pictures.Len()
		if size >= 256 {
			if err := png.Encode(&pictures, small); err != nil {
				return nil, err
			}
		} else {
			bitmap(&pictures, small)
		}
		side := byte(size) //nolint:gosec // 256 is written as 0
		write([4]byte{side, side, 0, 0})
		write([2]uint16{1, 32})
		write([2]uint32{uint32(pictures.Len() - from), uint32(head + entry*len(sizes) + from)}) //nolint:gosec // small
	}
	out.Write(pictures.Bytes())
	return out.Bytes(), nil
}

// bitmap writes a picture as icons have it: from below, blue first, and a mask that is not used.
func bitmap(to *bytes.Buffer, p *image.NRGBA) {
	side := p.Bounds().Dx()
	write := func(v any) { _ = binary.Write(to, binary.LittleEndian, v) }
	write([3]int32{40, int32(side), int32(2 * side)}) //nolint:gosec // small
	write([2]uint16{1, 32})
	write([6]uint32{})
	for y := side - 1; y >= 0; y-- {
		for x := range side {
			c := p.NRGBAAt(x, y)
			to.Write([]byte{c.B, c.G, c.R, c.A})
		}
	}
	to.Write(make([]byte, (side+31)/32*4*side))
}
