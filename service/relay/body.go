package relay

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"smtpgateway/data"
)

// headerLimit is the longest header block that is looked into or written anew.
const headerLimit = 1 << 20

var errLength = errors.New("the stored message is not as long as it should be")

// load opens the body, so that a message that cannot be read is known before the server hears of it. A body with 8-bit
// octets for a server without 8BITMIME is written anew.
func (t *transaction) load(b data.Body) (io.ReadCloser, error) {
	offered, _ := t.client.Extension("8BITMIME")
	if !t.m.EightBit || offered {
		t.eight = t.m.EightBit
		return b.Open()
	}
	header, err := readHeader(b)
	if err != nil {
		return nil, err
	}
	t.size = -1
	newHeader, newBody, err := t.sevenBit(header, func() (io.ReadCloser, error) { return skip(b, int64(len(header))) })
	if err != nil {
		return nil, &unsuitableError{err}
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(newHeader), newBody), newBody}, nil
}

// unsuitableError: the message itself cannot be written for this server.
type unsuitableError struct{ err error }

func (e *unsuitableError) Error() string { return e.err.Error() }
func (e *unsuitableError) Unwrap() error { return e.err }

// readHeader gives the header block with the blank line that ends it.
func readHeader(b data.Body) ([]byte, error) {
	f, err := b.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	r := bufio.NewReader(io.LimitReader(f, headerLimit))
	var header []byte
	for {
		line, err := r.ReadBytes('\n')
		header = append(header, line...)
		switch {
		case errors.Is(err, io.EOF):
			return header, nil // a message without a body, or with an absurd header: left as it is
		case err != nil:
			return nil, fmt.Errorf("reading the header: %w", err)
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			return header, nil
		}
	}
}

// skip opens b behind its first n octets.
func skip(b data.Body, n int64) (io.ReadCloser, error) {
	f, err := b.Open()
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, f, n); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("skipping the header: %w", err)
	}
	return f, nil
}

// counted reads the body and remembers whose fault an end is: a copy alone cannot tell reading from writing.
type counted struct {
	r   io.Reader
	n   int64
	err error
}

// Read reads and counts.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// pour sends the body with its final dot; it reports whether the answer to the dot is to be waited for. If anything goes
// wrong before the dot has left, the connection is closed at once.
func (t *transaction) pour(body io.Reader) bool {
	size := max(t.size, t.m.Size)
	t.raw.within(t.timeouts.Data + time.Duration(size>>20+1)*t.timeouts.Body)
	source := &counted{r: body}
	w := t.dotWriter()
	_, err := io.CopyBuffer(w, source, t.chunk)
	switch {
	case source.err != nil:
		t.halfway(data.PhaseLocal, source.err)
		return false
	case err == nil && t.size >= 0 && source.n != t.size:
		t.halfway(data.PhaseLocal, errLength)
		return false
	case err == nil && t.stopped():
		t.halfway(data.PhaseBody, errStopped)
		return false
	case err == nil:
		err = w.end()
	}
	if err == nil {
		err = t.raw.lost // what did not leave whole did not leave with its dot
	}
	if err != nil {
		t.interrupted(err)
		return false
	}
	return true
}

// interrupted is for a server that stopped taking the body. Some say why before they close: that is worth hearing.
func (t *transaction) interrupted(err error) {
	if !t.stopped() && !timedOut(err) {
		t.raw.within(min(goodbye, t.timeouts.Command))
		if _, reply := t.answer(2); settled(reply) || is421(reply) {
			err = reply
		}
	}
	t.halfway(data.PhaseBody, err)
}

func (t *transaction) halfway(phase data.Phase, err error) {
	t.drop()
	for _, i := range t.accepted {
		t.out[i], _ = t.judge(i, phase, err)
	}
}
