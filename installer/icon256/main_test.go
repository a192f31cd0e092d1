package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

func drawn(t *testing.T, n int, c func(x, y int) color.RGBA) *bytes.Buffer {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, n, n))
	for y := range n {
		for x := range n {
			picture.SetRGBA(x, y, c(x, y))
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return &out
}

func TestHalve(t *testing.T) {
	t.Run("four points become one, without dark edges", func(t *testing.T) {
		var out bytes.Buffer
		err := halve(drawn(t, 512, func(x, _ int) color.RGBA {
			if x%2 == 0 {
				return color.RGBA{R: 200, A: 255}
			}
			return color.RGBA{}
		}), &out)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(&out)
		if err != nil || got.Bounds().Dx() != side || got.Bounds().Dy() != side {
			t.Fatalf("%v, %v", got.Bounds(), err)
		}
		if c, ok := color.NRGBAModel.Convert(got.At(7, 7)).(color.NRGBA); !ok || c.R < 198 || c.A != 128 {
			t.Errorf("a red point at the edge became %+v", c)
		}
	})
	t.Run("what is no icon of ours is refused", func(t *testing.T) {
		var out bytes.Buffer
		if halve(strings.NewReader("junk"), &out) == nil || halve(drawn(t, 300, func(int, int) color.RGBA { return color.RGBA{} }), &out) == nil || out.Len() > 0 {
			t.Error("taken")
		}
	})
}
