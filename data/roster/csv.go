package roster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	rest  []byte // of the line under way
	size  int    // of the row so far
	buf   []byte // the cells of the row, one after the other
	ends  []int  // where each ends in buf
	cells []string
	long  []byte // a line that did not fit the reader's buffer
	open  bool   // the line under way is the last one, and nothing ends it
}

// next gives the cells of the next row; io.EOF: there is none. A row that is wrong by itself does not exist here: a mark
// that is never closed makes all rows behind it doubtful.
func (c *scanner) next(want []bool) ([]string, error) {
	var err error
	if c.rest, err = c.line(0); err != nil {
		return nil, err
	}
	c.row++
	c.buf, c.ends, c.size = c.buf[:0], c.ends[:0], len(c.rest)
	for {
		keep := len(c.ends) >= len(want) || want[len(c.ends)]
		done := false
		if len(c.rest) > 0 && c.rest[0] == '"' {
			if done, err = c.quoted(keep); err != nil {
				return nil, err
			}
		}
		if !done {
			c.bare(keep)
		}
		c.ends = append(c.ends, len(c.buf))
		if len(c.rest) == 0 {
			break
		}
		if len(c.ends) > maxCells {
			return nil, refuse(fmt.Sprintf("Row %d has more than %d columns.", c.row, maxCells), "The separator is probably another one.")
		}
		c.rest = c.rest[1:] // the separator; behind the last one stands an empty cell
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

// bare takes a cell up to the next separator.
func (c *scanner) bare(keep bool) {
	n := bytes.IndexByte(c.rest, c.comma)
	if n < 0 {
		n = len(c.rest)
	}
	c.keep(keep, c.rest[:n])
	c.rest = c.rest[n:]
}

func (c *scanner) keep(really bool, b []byte) {
	if really {
		c.buf = append(c.buf, b...)
	}
}

// quoted takes a cell between quotation marks, which may go on over lines. done false: the marks are letters, as in
// "Big" Joe, and nothing was taken. Once a mark has turned out to be a letter, one that opens another cell ends the search
// for one that closes this.
func (c *scanner) quoted(keep bool) (done bool, err error) {
	begin, had := c.rest, len(c.buf)
	stray, broken := false, false
	letters := func() (bool, error) {
		if broken {
			return false, c.unclosed()
		}
		c.rest, c.buf = begin, c.buf[:had]
		return false, nil
	}
	c.rest = c.rest[1:]
	for {
		n := bytes.IndexByte(c.rest, '"')
		if stray && n > 0 && c.rest[n-1] == c.comma {
			return letters()
		}
		if n < 0 {
			if stray && !broken {
				return letters()
			}
			c.keep(keep, c.rest)
			c.keep(keep, []byte{'\n'})
			broken = true
			if err := c.goOn(); err != nil {
				return false, err
			}
			continue
		}
		c.keep(keep, c.rest[:n])
		c.rest = c.rest[n+1:]
		if len(c.rest) > 0 && c.rest[0] == '"' {
			c.keep(keep, c.rest[:1])
			c.rest = c.rest[1:]
			if !stray || !c.atEnd() {
				continue
			}
		}
		if c.atEnd() {
			c.rest = bytes.TrimLeft(c.rest, " ")
			if stray && broken {
				return false, c.unclosed()
			}
			return true, nil
		}
		stray = true
		c.keep(keep, []byte{'"'})
	}
}

// atEnd reports whether nothing but blanks stands before the end of the cell.
func (c *scanner) atEnd() bool {
	end := bytes.TrimLeft(c.rest, " ")
	return len(end) == 0 || end[0] == c.comma
}

// goOn reads another line of the row.
func (c *scanner) goOn() (err error) {
	c.rest, err = c.line(c.size)
	if errors.Is(err, io.EOF) {
		return c.unclosed()
	}
	c.size += len(c.rest)
	return err
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
	c.open = err != nil
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
	last  bool                   // the row that was given last ends with the file, without a line end
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
		t.last = c.open
		if err := take(c.row, cells); err != nil {
			return err
		}
	}
}

func (t *textTable) breaksOff() bool { return t.last }

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
