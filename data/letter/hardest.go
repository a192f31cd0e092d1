package letter

import (
	"slices"
	"unicode/utf8"

	"smtpgateway/data"
)

// Hard is one patron whose letter is most likely to look wrong, and why.
type Hard struct {
	Patron int    // index in the roster's Patrons
	Why    string // a few words
}

// Hardest picks the patrons a letter should be looked at with before it goes to all: each at most once.
func Hardest(r *data.Roster) []Hard {
	measures := []struct {
		why  string
		size func(p *data.Patron) int
	}{
		{"longest name", func(p *data.Patron) int { return utf8.RuneCountInString(p.Name()) }},
		{"most items", func(p *data.Patron) int { return len(r.Loans[p.ID]) }},
		{"letters with accents", func(p *data.Patron) int { return foreign(p.Name()) }},
		{"longest title", func(p *data.Patron) int {
			longest := 0
			for i := range r.Loans[p.ID] {
				longest = max(longest, utf8.RuneCountInString(r.Loans[p.ID][i].Title))
			}
			return longest
		}},
		{"no e-mail address", func(p *data.Patron) int {
			if p.Email != "" || slices.ContainsFunc(p.Guardians, func(g data.Guardian) bool { return g.Email != "" }) {
				return 0
			}
			return 1 + len(r.Loans[p.ID])
		}},
		{"most guardians", func(p *data.Patron) int { return max(0, len(p.Guardians)-1) }},
		{"nothing on loan", func(p *data.Patron) int {
			if len(r.Loans[p.ID]) > 0 {
				return 0
			}
			return 1
		}},
	}
	var out []Hard
	taken := map[int]bool{}
	for _, m := range measures {
		best, most := -1, 0
		for i := range r.Patrons {
			if n := m.size(&r.Patrons[i]); n > most && !taken[i] {
				best, most = i, n
			}
		}
		if best >= 0 {
			taken[best] = true
			out = append(out, Hard{Patron: best, Why: m.why})
		}
	}
	return out
}

// foreign counts the letters that are not plain ASCII.
func foreign(s string) int {
	n := 0
	for _, r := range s {
		if r > 127 {
			n++
		}
	}
	return n
}
