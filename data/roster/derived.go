package roster

import (
	"slices"
	"strings"
)

// derived is a column that a file hides in others: "CLASS:4b,HOUSE:Red" in Koha's patron_attributes, or Evergreen's pairs of
// statcat_name1 and statcat_value1.
type derived struct {
	header string
	about  string // CLASS, School/Homeroom
	from   int    // column of the codes, or of the name
	to     int    // column of the value; -1: it stands behind the code
}

// value is what a row has for it.
func (d *derived) value(cells []string) string {
	if d.from >= len(cells) {
		return ""
	}
	if d.to >= 0 {
		if d.to < len(cells) && clean(cells[d.from]) == d.about {
			return clean(cells[d.to])
		}
		return ""
	}
	for part := range strings.SplitSeq(cells[d.from], ",") {
		if code, v, ok := strings.Cut(part, ":"); ok && clean(strings.Trim(code, `"`)) == d.about {
			return clean(strings.Trim(v, `" `))
		}
	}
	return ""
}

// derivedField is the field an attribute of this name most likely holds.
func derivedField(about string) string {
	name := fold(about)
	if _, last, ok := strings.Cut(name, "/"); ok {
		name = last
	}
	for _, a := range patronAliases {
		if (a.field == fieldGroup || a.field == fieldLevel) && slices.Contains(a.names, name) {
			return a.field
		}
	}
	return ""
}

// codes collects the attributes rows have.
type codes struct {
	all   []derived
	seen  map[string]bool
	pairs [][2]int
	list  int
}

func newCodes(headers []string) *codes {
	c := &codes{seen: map[string]bool{}, list: -1}
	for i, h := range headers {
		name := fold(h)
		if name == "patronattributes" {
			c.list = i
		}
		if n, ok := strings.CutPrefix(name, "statcatname"); ok {
			if j := slices.IndexFunc(headers, func(h string) bool { return fold(h) == "statcatvalue"+n }); j >= 0 {
				c.pairs = append(c.pairs, [2]int{i, j})
			}
		}
	}
	return c
}

func (c *codes) see(cells []string) {
	if c.list >= 0 && c.list < len(cells) {
		for part := range strings.SplitSeq(cells[c.list], ",") {
			if code, _, ok := strings.Cut(part, ":"); ok {
				c.add(derived{about: clean(strings.Trim(code, `"`)), from: c.list, to: -1}, "patron_attributes:")
			}
		}
	}
	for _, p := range c.pairs {
		if p[0] < len(cells) && cells[p[0]] != "" {
			c.add(derived{about: clean(cells[p[0]]), from: p[0], to: p[1]}, "statcat:")
		}
	}
}

func (c *codes) add(d derived, prefix string) {
	d.header = prefix + d.about
	if d.about == "" || c.seen[d.header] || len(c.all) >= 20 {
		return
	}
	c.seen[d.header] = true
	c.all = append(c.all, d)
}

func (c *codes) found() []derived { return c.all }
