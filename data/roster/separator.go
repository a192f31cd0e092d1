package roster

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

const separatorLines = 20

var separators = []byte{',', ';', '\t', '|'}

// findSeparator looks at the first lines: the character that stands outside quotation marks equally often in most of
// them parts the columns. A first line "sep=;", which Excel honours, has the last word.
func findSeparator(b *bufio.Reader) (comma byte, told bool, err error) {
	counts := make([]map[int]int, len(separators)) // how many rows have so many of it
	for i := range counts {
		counts[i] = map[int]int{}
	}
	here := make([]int, len(separators))
	quoted, first := false, true
	for rows := 0; rows < separatorLines; {
		line, more, err := lineOf(b)
		if err != nil {
			return 0, false, err
		}
		if first {
			if comma, ok := saidSeparator(line); ok {
				return comma, true, nil
			}
			first = false
		}
		quoted = countSeparators(line, here, quoted) && more
		if !quoted && len(bytes.TrimSpace(line)) > 0 {
			for i, n := range here {
				counts[i][n]++
			}
			clear(here)
			rows++
		}
		if !more {
			break
		}
	}
	return mostConsistent(counts), false, nil
}

// lineOf is the next line; more false: it is the last that is worth looking at.
func lineOf(b *bufio.Reader) (line []byte, more bool, err error) {
	line, err = b.ReadSlice('\n')
	if errors.Is(err, io.EOF) || errors.Is(err, bufio.ErrBufferFull) {
		return line, false, nil
	}
	return line, true, err
}

// saidSeparator reads "sep=;".
func saidSeparator(line []byte) (byte, bool) {
	said, ok := strings.CutPrefix(strings.ToLower(string(bytes.Trim(line[:min(len(line), 20)], "\" \r\n"))), "sep=")
	if !ok || len(said) != 1 || said[0] == '"' || said[0] >= 'a' && said[0] <= 'z' || said[0] >= '0' && said[0] <= '9' {
		return 0, false
	}
	return said[0], true
}

// countSeparators counts those outside quotation marks, and tells whether the line ends inside of some.
func countSeparators(line []byte, here []int, quoted bool) bool {
	for _, ch := range line {
		if ch == '"' {
			quoted = !quoted
		}
		if i := bytes.IndexByte(separators, ch); i >= 0 && !quoted {
			here[i]++
		}
	}
	return quoted
}

func mostConsistent(counts []map[int]int) byte {
	best, bestRows, bestCount := 0, 0, 0
	for i, c := range counts {
		for n, rows := range c {
			if n > 0 && (rows > bestRows || rows == bestRows && n > bestCount) {
				best, bestRows, bestCount = i, rows, n
			}
		}
	}
	return separators[best]
}
