package software

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"os"
	"strings"
	"testing"
)

func TestX11Display(t *testing.T) {
	t.Run("without a display it says so", func(t *testing.T) {
		t.Setenv("DISPLAY", "")
		if err := newNative().open(opening{}, nil); err == nil || !strings.Contains(err.Error(), "no display here") {
			t.Errorf("%v", err)
		}
		t.Setenv("DISPLAY", ":4711")
		if err := newNative().open(opening{}, nil); err == nil || !strings.Contains(err.Error(), ":4711 cannot be reached") {
			t.Errorf("%v", err)
		}
	})
	t.Run("a display with a lock is opened with its key, and not without", func(t *testing.T) {
		folder := t.TempDir()
		key := bytes.Repeat([]byte{7}, 16)
		entry := func(key []byte) string {
			host, err := os.Hostname()
			if err != nil {
				t.Fatal(err)
			}
			b := []byte{1, 0} // this machine
			for _, s := range []string{host, "", "MIT-MAGIC-COOKIE-1", string(key)} {
				b = append(binary.BigEndian.AppendUint16(b, uint16(len(s))), s...)
			}
			path := folder + "/" + fmt.Sprintf("%x", key[0])
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		xDisplay(t, "-auth", entry(key))
		t.Setenv("XAUTHORITY", entry([]byte(strings.Repeat("\x01", 16))))
		if err := newNative().open(opening{width: 10, height: 10}, nil); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
			t.Errorf("%v", err)
		}
		t.Setenv("XAUTHORITY", entry(key))
		openX11(t, opening{title: "locked", class: "locked"})
	})
	t.Run("a display that goes away ends the loop", func(t *testing.T) {
		end := xDisplay(t)
		w := openX11(t, opening{title: "gone", class: "gone"})
		end()
		<-w.ended
		w.n.setTitle("no harm is done")
		w.n.present(image.NewRGBA(image.Rect(0, 0, 400, 300)), []image.Rectangle{image.Rect(0, 0, 9, 9)})
		if got := w.n.clipboard(); got != "" {
			t.Error(got)
		}
	})
}
