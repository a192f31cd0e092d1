package mail

import (
	"bytes"
	"errors"
	"io"
)

// tailLooked is how much of a file's end is searched for the last boundary.
const tailLooked = 64 << 10

// HeaderComplete tells whether a file looks half-written: complete says that its header has an end, multipartOpen that
// it is a multipart whose closing boundary is not within its last 64 KiB. A file that Receive will refuse counts as
// complete, so that it is refused now. Of a src that is an io.Seeker only both ends are read. Errors come from src.
func HeaderComplete(src io.Reader) (complete, multipartOpen bool, err error) {
	l := newLines(src)
	if b, err := l.r.Peek(1); len(b) == 0 {
		if errors.Is(err, io.EOF) {
			return false, false, nil
		}
		return false, false, err
	}
	if refused := l.sniff(); refused != nil {
		return ours(refused)
	}
	h, ended, err := readHeader(l)
	if err != nil && !l.cut { // a line that is still being written is judged by nobody
		return ours(err)
	}
	if !ended {
		return false, false, nil
	}
	p := newPart(h)
	if p.kind != multipart {
		return true, false, nil
	}
	open, err := unclosed(l, src, p.boundary)
	return true, open, err
}

// ours tells a refusal from trouble with the file.
func ours(err error) (bool, bool, error) {
	if isRefusal(err) {
		return true, false, nil
	}
	return false, false, err
}

// unclosed looks for the closing boundary at the end of what is left.
func unclosed(l *lines, src io.Reader, boundary string) (bool, error) {
	rest := io.Reader(l.r)
	if s, ok := src.(io.Seeker); ok {
		end, err := s.Seek(0, io.SeekEnd)
		if err != nil {
			return false, err
		}
		if far := end - tailLooked; far > l.read {
			if _, err := s.Seek(far, io.SeekStart); err != nil {
				return false, err
			}
			rest = src
		} else if _, err := s.Seek(l.read, io.SeekStart); err != nil {
			return false, err
		} else {
			rest = src
		}
	}
	tail, err := lastOctets(rest)
	if err != nil {
		return false, err
	}
	mark := []byte("--" + boundary + "--")
	for len(tail) > 0 {
		i := bytes.Index(tail, mark)
		if i < 0 {
			return true, nil
		}
		if i == 0 || tail[i-1] == '\n' || tail[i-1] == '\r' {
			return false, nil
		}
		tail = tail[i+1:]
	}
	return true, nil
}

func lastOctets(r io.Reader) ([]byte, error) {
	var tail []byte
	buf := make([]byte, tailLooked/2)
	for {
		n, err := r.Read(buf)
		tail = append(tail, buf[:n]...)
		if over := len(tail) - tailLooked; over > 0 {
			tail = append(tail[:0], tail[over:]...)
		}
		if errors.Is(err, io.EOF) {
			return tail, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
