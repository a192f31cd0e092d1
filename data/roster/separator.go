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
	quoted := false
	for lines := 0; lines < separatorLines; {
		line, err := b.ReadSlice('\n')
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
			return 0, false, err
		}
		if lines == 0 && !quoted {
			rest, ok := strings.CutPrefix(strings.ToLower(string(bytes.Trim(line[:min(len(line), 20)], "\" \r\n"))), "sep=")
			if ok && len(rest) <= 1 {
				if rest == "" { // the tab was trimmed away, or nothing stands there
					rest = "\t"
				}
				return rest[0], true, nil
			}
		}
		for _, ch := range line {
			if ch == '"' {
				quoted = !quoted
			}
			if i := bytes.IndexByte(separators, ch); i >= 0 && !quoted {
				here[i]++
			}
		}
		if err != nil {
			quoted = false
		}
		if !quoted && len(bytes.TrimSpace(line)) > 0 {
			for i, n := range here {
				counts[i][n]++
				here[i] = 0
			}
			lines++
		}
		if err != nil {
			break
		}
	}
	best, bestRows, bestCount := 0, 0, 0
	for i, c := range counts {
		for n, rows := range c {
			if n > 0 && (rows > bestRows || rows == bestRows && n > bestCount) {
				best, bestRows, bestCount = i, rows, n
			}
		}
	}
	return separators[best], false, nil
}
