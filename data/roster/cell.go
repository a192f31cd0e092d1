package roster

import "strings"

// plainCell is the cell cleaned; the marks with which spreadsheets are made to leave text alone are taken off.
func plainCell(s string) string {
	s = clean(s)
	if len(s) < 2 {
		return s
	}
	if strings.HasPrefix(s, `="`) && strings.HasSuffix(s, `"`) && len(s) > 3 {
		if in := s[2 : len(s)-1]; !strings.Contains(in, `"`) {
			return in
		}
	}
	if s[0] == '\'' && guarded(s[1:]) {
		return s[1:]
	}
	return s
}

// plainLines is a cell that may have several lines.
func plainLines(s string) string {
	if !strings.Contains(s, "\n") {
		return plainCell(s)
	}
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = plainCell(line); line != "" && len(lines) < 6 {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// names takes a name in one cell apart.
func names(whole, order string) (first, last string) {
	if a, b, ok := strings.Cut(whole, ","); ok {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		if order == "first-last" {
			return a, b
		}
		return b, a
	}
	at := strings.LastIndexByte(whole, ' ')
	if order == "last-first" {
		at = strings.IndexByte(whole, ' ')
	}
	if at < 0 {
		return "", whole
	}
	if order == "last-first" {
		return whole[at+1:], whole[:at]
	}
	return whole[:at], whole[at+1:]
}
