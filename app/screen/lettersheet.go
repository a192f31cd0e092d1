package screen

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// LetterBlock is one part of a letter as a mail program shows it: a paragraph, or a table.
type LetterBlock struct {
	Text string // lines parted by \n; empty: a table
	Head []string
	Rows [][]string
}

// Same reports whether two look alike.
func (b *LetterBlock) Same(o *LetterBlock) bool {
	return b.Text == o.Text && slices.Equal(b.Head, o.Head) && slices.EqualFunc(b.Rows, o.Rows, slices.Equal[[]string])
}

// letterBlocks reads the HTML of a letter, which data/letter has made: paragraphs, lists and tables.
func letterBlocks(source string) []LetterBlock {
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil {
		return nil
	}
	var all []LetterBlock
	for n := range doc.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.DataAtom == atom.P:
			all = append(all, LetterBlock{Text: textIn(n)})
		case n.DataAtom == atom.Ul:
			var lines []string
			for li := range n.Descendants() {
				if li.DataAtom == atom.Li {
					lines = append(lines, "• "+textIn(li))
				}
			}
			all = append(all, LetterBlock{Text: strings.Join(lines, "\n")})
		case n.DataAtom == atom.Table:
			all = append(all, tableIn(n))
		}
	}
	return slices.DeleteFunc(all, func(b LetterBlock) bool { return b.Text == "" && len(b.Rows) == 0 })
}

// textIn is what stands in an element, with its line breaks.
func textIn(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(strings.ReplaceAll(c.Data, "\n", " "))
		case c.DataAtom == atom.Br:
			b.WriteString("\n")
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// tableIn reads a table.
func tableIn(n *html.Node) LetterBlock {
	var t LetterBlock
	for row := range n.Descendants() {
		if row.DataAtom != atom.Tr {
			continue
		}
		var cells []string
		head := false
		for c := range row.ChildNodes() {
			if c.DataAtom == atom.Th || c.DataAtom == atom.Td {
				cells = append(cells, textIn(c))
				head = head || c.DataAtom == atom.Th
			}
		}
		if head && t.Head == nil {
			t.Head = cells
		} else {
			t.Rows = append(t.Rows, cells)
		}
	}
	return t
}
