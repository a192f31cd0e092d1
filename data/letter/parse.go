package letter

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxBracket is how long what stands in square brackets may be; longer ones were hardly meant for a placeholder.
const maxBracket = 40

// node is a piece of one line of a template: a text, a placeholder, or what is left out together.
type node struct {
	text     string
	place    *place
	optional []node
	link     []node // a web address: texts and placeholders; made by linked
	column   int    // from 1
}

// blockKind says what a part of a letter is.
type blockKind int

const (
	paragraph blockKind = iota
	list
	itemTable
	alsoTable
)

// source is one block of a template: lines of nodes, or the line of a table.
type source struct {
	kind  blockKind
	lines [][]node
}

// tidy makes line ends \n, tabs blanks, and drops what nobody sees.
func tidy(s string) string {
	s = strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ").Replace(s), "?")
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// parseBody reads a body into its blocks and says what is wrong with it.
func parseBody(body string) ([]source, []Problem) {
	var blocks []source
	var problems []Problem
	open := false // the last block goes on
	for i, line := range strings.Split(tidy(body), "\n") {
		if strings.TrimSpace(line) == "" {
			open = false
			continue
		}
		kind := paragraph
		text, shift := line, 0
		if strings.HasPrefix(line, "- ") {
			kind, text, shift = list, line[2:], 2
		}
		nodes, wrong := parseLine(text, shift)
		for _, p := range wrong {
			p.Field, p.Line = FieldBody, i+1
			problems = append(problems, p)
		}
		if table := tableOf(nodes); table != nil && kind == paragraph {
			kind = itemTable
			if table.key == "Also" {
				kind = alsoTable
			}
			if slices.ContainsFunc(blocks, func(s source) bool { return s.kind == kind }) {
				problems = append(problems, Problem{Field: FieldBody, Line: i + 1, Column: blockIn(nodes).column, Sentence: fmt.Sprintf("[%s] stands there twice.", table.name)})
			}
		} else if n := blockIn(nodes); n != nil {
			problems = append(problems, Problem{
				Field: FieldBody, Line: i + 1, Column: n.column,
				Sentence: fmt.Sprintf("[%s] becomes a table and must stand alone on its line.", n.place.name),
			})
		}
		if !open || kind != blocks[len(blocks)-1].kind || kind == itemTable || kind == alsoTable {
			blocks = append(blocks, source{kind: kind})
		}
		last := &blocks[len(blocks)-1]
		last.lines = append(last.lines, nodes)
		open = true
	}
	return blocks, problems
}

// tableOf is the table that a line is; nil: it is none.
func tableOf(line []node) *place {
	var found *place
	for _, n := range line {
		switch {
		case n.place != nil && n.place.block && found == nil:
			found = n.place
		case n.place == nil && n.optional == nil && strings.TrimSpace(n.text) == "":
		default:
			return nil
		}
	}
	return found
}

// blockIn finds a table in a line; nil: there is none.
func blockIn(line []node) *node {
	for i := range line {
		if line[i].place != nil && line[i].place.block {
			return &line[i]
		}
		if n := blockIn(line[i].optional); n != nil {
			return n
		}
	}
	return nil
}

// parseLine reads one line. Its first character stands at column shift+1.
func parseLine(line string, shift int) ([]node, []Problem) {
	p := &lineParser{rest: line, column: shift + 1}
	return p.nodes(false), p.problems
}

type lineParser struct {
	rest     string
	column   int
	problems []Problem
}

func (p *lineParser) take(n int) string {
	s := p.rest[:n]
	p.rest = p.rest[n:]
	p.column += utf8.RuneCountInString(s)
	return s
}

func (p *lineParser) wrong(column int, warning bool, suggest, sentence string, a ...any) {
	p.problems = append(p.problems, Problem{Column: column, Warning: warning, Suggest: suggest, Sentence: fmt.Sprintf(sentence, a...)})
}

// nodes reads to the end of the line, or, inside curly brackets, to the one that closes them.
func (p *lineParser) nodes(inside bool) []node {
	var out []node
	var text strings.Builder
	began := p.column
	flush := func() {
		if text.Len() > 0 {
			out = append(out, node{text: text.String(), column: began})
			text.Reset()
		}
		began = p.column
	}
	for p.rest != "" {
		switch {
		case strings.HasPrefix(p.rest, "[["), strings.HasPrefix(p.rest, "{{"), strings.HasPrefix(p.rest, "]]"), strings.HasPrefix(p.rest, "}}"):
			text.WriteString(p.take(2)[:1])
		case p.rest[0] == '[':
			flush()
			if n, ok := p.bracket(); ok {
				out = append(out, n)
			}
			began = p.column
		case p.rest[0] == '{' && inside:
			p.wrong(p.column, false, "", "A curly bracket stands inside another.")
			p.take(1)
		case p.rest[0] == '{':
			flush()
			out = append(out, p.brace())
			began = p.column
		case p.rest[0] == '}' && inside:
			flush()
			return out
		case p.rest[0] == ']' || p.rest[0] == '}':
			p.wrong(p.column, true, "", "%q closes nothing that was opened.", p.rest[:1])
			text.WriteString(p.take(1))
		default:
			n := strings.IndexAny(p.rest, "[]{}")
			if n < 0 {
				n = len(p.rest)
			}
			text.WriteString(p.take(n))
		}
	}
	flush()
	return out
}

// bracket reads a placeholder.
func (p *lineParser) bracket() (node, bool) {
	column := p.column
	end := strings.IndexAny(p.rest[1:], "[]{}")
	if end < 0 || p.rest[1+end] != ']' {
		p.wrong(column, false, "", "A square bracket is opened and not closed. For a bracket in the text write [[.")
		p.take(1)
		return node{}, false
	}
	name := p.take(end + 2)
	name = name[1 : len(name)-1]
	if at := placeNamed(name); at != nil {
		return node{place: at, column: column}, true
	}
	if near := nearest(name); near != "" && utf8.RuneCountInString(name) <= maxBracket {
		p.wrong(column, false, "["+near+"]", "[%s] is not known. Did you mean [%s]?", name, near)
		return node{}, false
	}
	shown := []rune(name)
	p.wrong(column, false, "", "[%s] is not known. For a bracket in the text write [[.", string(shown[:min(len(shown), maxBracket)]))
	return node{}, false
}

// brace reads what is left out when a placeholder in it is empty.
func (p *lineParser) brace() node {
	column := p.column
	p.take(1)
	n := node{optional: p.nodes(true), column: column}
	if p.rest == "" {
		p.wrong(column, false, "", "A curly bracket is opened and not closed on the same line. For a bracket in the text write {{.")
		return n
	}
	p.take(1)
	if len(keysOf(n.optional)) == 0 {
		p.wrong(column, true, "", "Nothing in these curly brackets can be empty, so they are always printed.")
	}
	if n.optional == nil {
		n.optional = []node{}
	}
	return n
}

// keysOf lists the placeholders in nodes and the web addresses among them.
func keysOf(nodes []node) []string {
	var keys []string
	for _, n := range nodes {
		if n.place != nil && !n.place.block {
			keys = append(keys, n.place.key)
		}
		keys = append(keys, keysOf(n.link)...)
	}
	return keys
}
