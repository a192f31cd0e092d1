package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/bmp"
)

func TestRun(t *testing.T) {
	icon := image.NewNRGBA(image.Rect(0, 0, 512, 512))
	for i := range 512 * 512 {
		icon.Set(i%512, i/512, color.NRGBA{R: 31, G: 111, B: 235, A: 255})
	}
	var file bytes.Buffer
	if err := png.Encode(&file, icon); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "icon.png")
	if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{name, dir}); err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		content, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // the test's own
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	t.Run("the pictures have the sizes that the setup program has room for", func(t *testing.T) {
		for name, want := range map[string]image.Point{"side.bmp": {X: 164, Y: 314}, "head.bmp": {X: 150, Y: 57}} {
			picture, err := bmp.Decode(bytes.NewReader(read(name)))
			if err != nil || picture.Bounds().Size() != want {
				t.Errorf("%s: %v, %v", name, picture, err)
			}
		}
	})
	t.Run("the icon holds each size where its list says", func(t *testing.T) {
		ico := read("setup.ico")
		count := int(binary.LittleEndian.Uint16(ico[4:]))
		end := uint32(0)
		for i := range count {
			entry := ico[6+16*i:]
			size, from := binary.LittleEndian.Uint32(entry[8:]), binary.LittleEndian.Uint32(entry[12:])
			side := uint32(entry[0])
			picture := ico[from : from+size]
			end = from + size
			if side == 0 {
				if p, err := png.Decode(bytes.NewReader(picture)); err != nil || p.Bounds().Dx() != 256 {
					t.Errorf("the largest is no picture of 256: %v", err)
				}
				continue
			}
			if binary.LittleEndian.Uint32(picture[4:]) != side || binary.LittleEndian.Uint32(picture[8:]) != 2*side || !bytes.Equal(picture[40:44], []byte{235, 111, 31, 255}) {
				t.Errorf("%d: not its size, or not its colour: % x", side, picture[:44])
			}
		}
		if count != 6 || int(end) != len(ico) {
			t.Errorf("%d sizes, %d of %d bytes", count, end, len(ico))
		}
	})
	t.Run("what is no picture is refused", func(t *testing.T) {
		if run([]string{filepath.Join(dir, "setup.ico"), dir}) == nil || run(nil) == nil {
			t.Error("it was taken")
		}
	})
}
