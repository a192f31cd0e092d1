// Command icon256 halves a PNG of 512 by 512: the icon of a Windows program has at most 256.
//
//	icon256 <icon.png >smaller.png
package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"os"
)

func main() {
	if err := halve(os.Stdin, os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "icon256:", err)
		os.Exit(1)
	}
}

// side is that of the picture that comes out.
const side = 256

func halve(from io.Reader, to io.Writer) error {
	picture, err := png.Decode(from)
	if err != nil {
		return err
	}
	if picture.Bounds().Dx() != 2*side || picture.Bounds().Dy() != 2*side {
		return errors.New("the picture is not 512 by 512")
	}
	// Colours multiplied by their opacity, so that what is not seen at an edge does not shine through.
	whole := image.NewRGBA(image.Rect(0, 0, 2*side, 2*side))
	draw.Draw(whole, whole.Bounds(), picture, picture.Bounds().Min, draw.Src)
	half := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			half.SetRGBA(x, y, mean(whole.RGBAAt(2*x, 2*y), whole.RGBAAt(2*x+1, 2*y), whole.RGBAAt(2*x, 2*y+1), whole.RGBAAt(2*x+1, 2*y+1)))
		}
	}
	return png.Encode(to, half)
}

func mean(four ...color.RGBA) color.RGBA {
	var r, g, b, a int
	for _, c := range four {
		r, g, b, a = r+int(c.R), g+int(c.G), b+int(c.B), a+int(c.A)
	}
	quarter := func(sum int) uint8 { return uint8((sum + 2) / 4) } //nolint:gosec // four octets
	return color.RGBA{R: quarter(r), G: quarter(g), B: quarter(b), A: quarter(a)}
}
