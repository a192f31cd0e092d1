package roster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	maxRow   = 4 << 20 // octets of one row
	maxCells = 4096
)

// scanner splits text into rows of cells (RFC 4180), one row in memory at a time. The reader of the standard library would
// keep every cell of columns nobody may keep, read to the end of the file behind a quotation mark that is not closed, and
// refuse the stray marks in titles that library programs write; here such a mark is a letter.
type scanner struct {
	r     *bufio.Reader
	comma byte
	row   int
	buf   []byte // the cells of the row, one after the other
	ends  []int  // where each ends in buf
	cells []string
	long  []byte // a line that did not fit the reader's buffer
}

// next gives the cells of the next row; io.EOF: there is none. An error that is a problem of the row itself does not exist:
// a mark that is never closed makes all rows behind it doubtful.
func (c *scanner) next(want []bool) ([]string, error) {
	line, err := c.line(0)
	if err != nil {
		return nil, err
	}
	c.row++
	c.buf, c.ends = c.buf[:0], c.ends[:0]
	size := len(line)
	for i := 0; ; {
		keep := len(c.ends) >= len(want) || want[len(c.ends)]
		quoted := i < len(line) && line[i] == '"'
		if quoted {
			stray, broken := false, false
			from, had := i, len(c.buf)
			i++
			for {
				n := bytes.IndexByte(line[i:], '"')
				if n < 0 && stray && !broken { // "Big" Joe: the marks are letters of the cell
					i, c.buf, quoted = from, c.buf[:had], false
					break
				}
				if n < 0 { // the cell goes on in the next line
					if keep {
						c.buf = append(append(c.buf, line[i:]...), '\n')
					}
					broken = true
					if line, err = c.line(size); err != nil {
						if errors.Is(err, io.EOF) {
							return nil, c.unclosed()
						}
						return nil, err
					}
					size += len(line)
					i = 0
					continue
				}
				if keep {
					c.buf = append(c.buf, line[i:i+n]...)
				}
				i += n + 1
				if i < len(line) && line[i] == '"' {
					if keep {
						c.buf = append(c.buf, '"')
					}
					i++
					continue
				}
				rest := bytes.TrimLeft(line[i:], " ")
				if len(rest) == 0 || rest[0] == c.comma {
					i = len(line) - len(rest)
					break
				}
				stray = true
				if keep {
					c.buf = append(c.buf, '"')
				}
			}
			if stray && broken {
				return nil, c.unclosed()
			}
		}
		if !quoted {
			n := bytes.IndexByte(line[i:], c.comma)
			if n < 0 {
				n = len(line) - i
			}
			if keep {
				c.buf = append(c.buf, line[i:i+n]...)
			}
			i += n
		}
		c.ends = append(c.ends, len(c.buf))
		if i >= len(line) {
			break
		}
		if len(c.ends) > maxCells {
			return nil, refuse(fmt.Sprintf("Row %d has more than %d columns.", c.row, maxCells), "The separator is probably another one.")
		}
		i++ // the separator
	}
	all := string(c.buf)
	c.cells = c.cells[:0]
	from := 0
	for _, to := range c.ends {
		c.cells = append(c.cells, all[from:to])
		from = to
	}
	return c.cells, nil
}

func (c *scanner) unclosed() error {
	return refuse(fmt.Sprintf("In row %d a quotation mark is opened and not closed, so nobody can tell where its cells end.", c.row),
		"Correct this row in the list, or export it again.")
}

// line is the next line without its end; had is how much of the row is read already.
func (c *scanner) line(had int) ([]byte, error) {
	line, err := c.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		c.long = c.long[:0]
		for errors.Is(err, bufio.ErrBufferFull) && len(c.long)+had <= maxRow {
			c.long = append(c.long, line...)
			line, err = c.r.ReadSlice('\n')
		}
		c.long = append(c.long, line...)
		line = c.long
	}
	if len(line)+had > maxRow {
		if had > 0 {
			return nil, c.unclosed()
		}
		return nil, refuse(fmt.Sprintf("Row %d is longer than %d MB.", c.row+1, maxRow>>20), "It is probably no list; look at the file.")
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
		return nil, err
	}
	line = bytes.TrimSuffix(line, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	return line, nil
}

// textTable is the rows of a text file.
type textTable struct {
	open  func() (io.ReadCloser, error)
	text  sniffed
	size  int64
	moved func(read, size int64) // progress; may be nil
}

func (t *textTable) walk(ctx context.Context, want []bool, take func(row int, cells []string) error) error {
	r, err := t.open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	count := &counter{r: r}
	b, err := t.text.decode(count)
	if err != nil {
		return err
	}
	c := &scanner{r: b, comma: t.text.comma}
	for {
		if c.row&1023 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if t.moved != nil {
				t.moved(count.n, t.size)
			}
		}
		cells, err := c.next(want)
		if errors.Is(err, io.EOF) {
			if t.moved != nil {
				t.moved(t.size, t.size)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if c.row == 1 && t.text.told {
			continue
		}
		if err := take(c.row, cells); err != nil {
			return err
		}
	}
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// foreignLetters reports whether a cell has letters outside ASCII.
func foreignLetters(cells []string) bool {
	for _, s := range cells {
		for i := range len(s) {
			if s[i] >= utf8.RuneSelf {
				return true
			}
		}
	}
	return false
}
