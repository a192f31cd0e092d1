package store

import (
	"bytes"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"smtpgateway/data"
)

// The roll has one line for each patron: sort, number, marks, hold, group and the words the patron is found by. A gigabyte
// a second can be looked through for a word, while no index of words answers "a" by last name in the time between two
// keys: it knows ten thousand patrons with an a and has to look up the name of each.
const (
	rollPart  = 512 // patrons in a part, by their numbers
	rollField = "\x1f"
	rollEnd   = '\n'
)

// The marks of a line.
const (
	markLeft        = 'l'
	markUnreachable = 'n'
	markBad         = 'b'
)

// rollWord is a text as it may stand in a line.
func rollWord(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s))
}

// rollLine is the line of a patron, without its end.
func rollLine(p *data.Patron, sort string, bad bool) string {
	var b strings.Builder
	b.WriteString(sort)
	b.WriteString(rollField)
	b.WriteString(strconv.FormatInt(p.ID, 10))
	b.WriteString(rollField)
	if p.Left != 0 {
		b.WriteByte(markLeft)
	}
	if unreachable(p) {
		b.WriteByte(markUnreachable)
	}
	if bad {
		b.WriteByte(markBad)
	}
	b.WriteString(rollField)
	if p.HoldUntil != 0 {
		b.WriteString(strconv.Itoa(int(p.HoldUntil)))
	}
	b.WriteString(rollField)
	b.WriteString(rollWord(p.Group))
	b.WriteString(rollField)
	for i, word := range append([]string{p.First, p.Last, p.Group, p.Card, p.Key}, addressesOf(p)...) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(rollWord(fold(word)))
		if i >= 5 {
			if key := addressKey(word); key != strings.ToLower(word) {
				b.WriteByte(' ')
				b.WriteString(fold(key))
			}
		}
	}
	return b.String()
}

// addressesOf are the e-mail addresses of a patron and all guardians.
func addressesOf(p *data.Patron) []string {
	var all []string
	if p.Email != "" {
		all = append(all, p.Email)
	}
	for _, g := range p.Guardians {
		if g.Email != "" {
			all = append(all, g.Email)
		}
	}
	return all
}

// unreachable reports whether there is no address for letters at all.
func unreachable(p *data.Patron) bool {
	return p.Email == "" && !slices.ContainsFunc(p.Guardians, func(g data.Guardian) bool { return g.Email != "" && g.Notices })
}

// addressKey is the address as the table address has it; what is no address stays as it is.
func addressKey(address string) string {
	a, err := data.ParseAddress(address)
	if err != nil {
		return strings.ToLower(strings.TrimSpace(address))
	}
	return a.Key()
}

// rollEdit collects what changes in the roll, to be written once for each part.
type rollEdit map[int64]map[int64]string // part, patron: the line; empty: it goes

func (e rollEdit) set(id int64, line string) {
	part := id / rollPart
	if e[part] == nil {
		e[part] = make(map[int64]string, 1)
	}
	e[part][id] = line
}

func (s *Store) writeRoll(tx *work, e rollEdit) error {
	for part, lines := range e {
		var old []byte
		err := s.row(tx, `SELECT lines FROM roll WHERE part = ?`, part).Scan(&old)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		next := make([]byte, 0, len(old)+len(lines)*120)
		for len(old) > 0 {
			line := old[:bytes.IndexByte(old, rollEnd)+1]
			if _, changes := lines[parseRoll(line).id]; !changes {
				next = append(next, line...)
			}
			old = old[len(line):]
		}
		for _, line := range lines {
			if line != "" {
				next = append(append(next, line...), rollEnd)
			}
		}
		if _, err := s.exec(tx, writeRollPart, part, next); err != nil {
			return err
		}
	}
	return nil
}

// writeRollPart needs the revision of the change to be there already: see raise.
const writeRollPart = `INSERT INTO roll (part, lines, revision) VALUES (?, ?, (SELECT revision FROM library))
	ON CONFLICT (part) DO UPDATE SET lines = excluded.lines, revision = excluded.revision`

// rollEntry is one line taken apart. Its octets are those of the part it came from.
type rollEntry struct {
	sort  []byte
	id    int64
	marks []byte
	hold  data.Date
	group []byte
}

func (e *rollEntry) marked(c byte) bool { return bytes.IndexByte(e.marks, c) >= 0 }

func parseRoll(line []byte) rollEntry {
	var fields [5][]byte
	for i := range fields {
		fields[i], line, _ = bytes.Cut(line, []byte(rollField))
	}
	hold := data.Date(number(fields[3])) //nolint:gosec // rollLine wrote a day
	return rollEntry{sort: fields[0], id: number(fields[1]), marks: fields[2], hold: hold, group: fields[4]}
}

// rollSort is the first field alone.
func rollSort(line []byte) []byte { return line[:bytes.IndexByte(line, rollField[0])] }

func number(digits []byte) (n int64) {
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	return n
}

// rollSearch finds lines in which every word begins a word.
type rollSearch struct {
	words [][]byte // folded, the longest first: it is the rarest most often
}

func newRollSearch(text string) rollSearch {
	var r rollSearch
	for w := range strings.FieldsSeq(fold(rollWord(text))) {
		r.words = append(r.words, []byte(w))
	}
	slices.SortStableFunc(r.words, func(a, b []byte) int { return len(b) - len(a) })
	return r
}

// in gives every line that has all words to f.
func (r rollSearch) in(lines []byte, f func(line []byte)) {
	if len(r.words) == 0 {
		for len(lines) > 0 {
			end := bytes.IndexByte(lines, rollEnd)
			f(lines[:end])
			lines = lines[end+1:]
		}
		return
	}
	first, rest := r.words[0], r.words[1:]
	for at := 0; at < len(lines); {
		i := bytes.Index(lines[at:], first)
		if i < 0 {
			return
		}
		i += at
		if !beginsWord(lines, i) {
			at = i + 1
			continue
		}
		start := bytes.LastIndexByte(lines[:i], rollEnd) + 1
		end := i + bytes.IndexByte(lines[i:], rollEnd)
		line := lines[start:end]
		words := line[bytes.LastIndexByte(line, rollField[0])+1:]
		if i < end-len(words) { // in the sort, the number, the marks or the group
			at = end - len(words)
			continue
		}
		all := true
		for _, w := range rest {
			all = all && hasWord(words, w)
		}
		if all {
			f(line)
		}
		at = end + 1
	}
}

func hasWord(words, w []byte) bool {
	for at := 0; ; {
		i := bytes.Index(words[at:], w)
		if i < 0 {
			return false
		}
		if at += i; beginsWord(words, at) {
			return true
		}
		at++
	}
}

// beginsWord reports whether a word begins at an octet: no letter or digit stands before it.
func beginsWord(text []byte, at int) bool {
	if at == 0 {
		return true
	}
	if c := text[at-1]; c < utf8.RuneSelf {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}
	before, _ := utf8.DecodeLastRune(text[:at])
	return !unicode.IsLetter(before) && !unicode.IsDigit(before)
}
