package relay

import (
	"bufio"
	"bytes"
)

// bodyBuffer is what of a body goes out in one write: a usual message as a whole, and the most a TLS record holds.
const bodyBuffer = 16 << 10

// dotWriter writes a body as DATA wants it (RFC 5321 4.5.2): every line ends with CRLF, and one that begins with a dot
// gets a second one. It goes from line to line; the standard library's goes from octet to octet.
type dotWriter struct {
	out  *bufio.Writer
	text *bufio.Writer // of the commands, below out
	last byte          // the last octet written
}

// dotWriter begins a body, in buffers that the session keeps for its next one.
func (s *Session) dotWriter() *dotWriter {
	if s.out == nil {
		s.out, s.chunk = bufio.NewWriterSize(s.client.Text.W, bodyBuffer), make([]byte, bodyBuffer)
	}
	return &dotWriter{out: s.out, text: s.client.Text.W, last: '\n'}
}

// Write takes part of the body. An error of the connection may show only with a later part, or at the end.
func (w *dotWriter) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		if w.last == '\n' && rest[0] == '.' {
			_ = w.out.WriteByte('.')
		}
		line, next, whole := bytes.Cut(rest, []byte{'\n'})
		if len(line) > 0 {
			_, _ = w.out.Write(line)
			w.last = line[len(line)-1]
		}
		if whole {
			w.endLine()
		}
		rest = next
	}
	_, err := w.out.Write(nil) // the first error stays in the buffer
	return len(p), err
}

func (w *dotWriter) endLine() {
	if w.last != '\r' {
		_ = w.out.WriteByte('\r')
	}
	_ = w.out.WriteByte('\n')
	w.last = '\n'
}

// end writes the final dot; after it nothing more may be written.
func (w *dotWriter) end() error {
	if w.last != '\n' {
		w.endLine()
	}
	_, _ = w.out.WriteString(".\r\n")
	if err := w.out.Flush(); err != nil {
		return err
	}
	return w.text.Flush()
}
