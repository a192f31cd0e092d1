package letter

import (
	"fmt"
	"slices"

	"smtpgateway/data/paper"
)

// PDFProblems says which letters PrintPDF cannot print as they are; PrintHTML can, with the fonts of the browser. PrintPDF
// prints letters without their accents or question marks in their place.
func PDFProblems(pages []Page) []Problem {
	g, err := paper.NewGlyphs()
	if err != nil {
		return []Problem{{Sentence: "The font for PDF cannot be read: print from the browser instead."}}
	}
	var problems []Problem
	for i := range pages {
		g.Forget()
		for _, s := range pages[i].strings() {
			g.Printable(s)
		}
		if missing := g.Missing(); missing != "" {
			who := pages[i].heading()
			problems = append(problems, Problem{Warning: true, Sentence: fmt.Sprintf(
				"The page for %s has characters that a PDF of this program cannot show: %s. Print it from the browser instead.", who, missing)})
		}
	}
	return problems
}

// strings lists all that is printed on a page.
func (p *Page) strings() []string {
	all := []string{p.Sender, p.Address, p.Date, p.For, p.Name, p.Class, p.Letter.Subject}
	for _, b := range p.Letter.blocks {
		all = append(all, b.lines...)
		if b.table != nil {
			all = append(append(all, b.table.heads...), b.table.more)
			for _, row := range b.table.rows {
				all = append(all, row...)
			}
			if b.table.columns[0] == "tick" {
				all = slices.DeleteFunc(all, func(s string) bool { return s == tick }) // drawn
			}
		}
	}
	return all
}
