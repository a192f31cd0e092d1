package relay

import (
	"bufio"
	"bytes"
	"io"
	"net/textproto"
	"testing"
)

// FuzzDot: what goes out is what the standard library would write, however the body is cut into parts.
func FuzzDot(f *testing.F) {
	for _, body := range []string{
		"a\r\n", ".\r\n", "..\r\n.\r\n", "no end", "bare\nfeeds\n.\n", "bare\rreturn\r\n", "ends with a return\r", "\r\n\r\n", "\n.\r\n.\rx",
	} {
		f.Add([]byte(body), 1)
		f.Add([]byte(body), 3)
	}
	f.Fuzz(func(t *testing.T, body []byte, part int) {
		if len(body) == 0 || part < 1 || bytes.Contains(body, []byte("\r\r")) {
			return // the standard library adds one to two returns at the end of a line
		}
		var want, got bytes.Buffer
		standard := textproto.NewWriter(bufio.NewWriter(&want)).DotWriter()
		if _, err := standard.Write(body); err != nil {
			t.Fatal(err)
		}
		if err := standard.Close(); err != nil {
			t.Fatal(err)
		}
		w := &dotWriter{text: bufio.NewWriter(&got), last: '\n'}
		w.out = bufio.NewWriterSize(w.text, 16)
		if _, err := io.CopyBuffer(w, struct{ io.Reader }{bytes.NewReader(body)}, make([]byte, min(part, 1<<10))); err != nil {
			t.Fatal(err)
		}
		if err := w.end(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%q became %q, not %q", body, got.Bytes(), want.Bytes())
		}
	})
}
