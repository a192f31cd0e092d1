package letter

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// Where things stand on a letter: the window of an envelope (DIN 5008 form B; letters of the US fit theirs, too), and the
// marks at which it is folded into three.
const (
	windowTop  = 45.0
	textTop    = 95.0
	windowWide = 85.0
)

// PrintPDF writes a pile of letters as one PDF: each letter begins a sheet, slips share them. Ask PDFProblems first which
// letters hold characters it cannot print.
func PrintPDF(w io.Writer, pages []Page) error {
	var paper Paper
	if len(pages) > 0 {
		paper = pages[0].Paper
	}
	p, err := newPDF(paper)
	if err != nil {
		return err
	}
	s := &slips{pdf: p}
	for i := range pages {
		page := &pages[i]
		if i == 0 {
			p.SetTitle(page.Letter.Subject, true)
			p.SetLang(page.Letter.language)
		}
		if page.Slip && s.put(page) {
			continue
		}
		s.full = true
		if page.List {
			p.list(page)
		} else {
			p.letter(page)
		}
	}
	if len(pages) == 0 {
		p.AddPage()
	}
	return p.Output(w)
}

// letter prints one letter from a new sheet on.
func (p *pdf) letter(page *Page) {
	p.AddPage()
	wide, high := p.GetPageSize()
	p.SetTextColor(0, 0, 0)
	p.SetDrawColor(110, 110, 110)
	p.SetLineWidth(0.1)
	for _, y := range foldMarks(p.size, high) {
		p.Line(4, y, 9, y)
	}
	y := windowTop
	p.SetTextColor(70, 70, 70)
	for _, line := range p.Wrap("", 7.5, windowWide, page.Sender) {
		p.Put(p.Left, y, "", 7.5, line)
		y += 3.4
	}
	p.SetTextColor(0, 0, 0)
	y += 2.5
	for _, line := range p.Wrap("", fontSize, windowWide, page.Address) {
		p.Put(p.Left, y, "", fontSize, line)
		y += 5
	}
	p.Put(wide-p.Right-p.Wide("", fontSize, page.Date), textTop-8, "", fontSize, page.Date)
	y = max(textTop, y+5)
	for _, line := range p.Wrap("B", fontSize, p.Room(), page.Letter.Subject) {
		p.Put(p.Left, y, "B", fontSize, line)
		y += 5
	}
	y += 4
	blocks := page.Letter.blocks
	atoms := p.layout(blocks, p.Room(), fontSize)
	if y+heightOf(atoms) > p.End() { // a little smaller is better than a second sheet with a signature
		if less := p.layout(blocks, p.Room(), fontSize-1); y+heightOf(less) <= p.End() {
			atoms = less
		}
	}
	p.body(page, atoms, y)
}

// body prints what stands below the head of a page, and the name above what goes on.
func (p *pdf) body(page *Page, atoms []atom, y float64) {
	sheet, who := 1, page.heading()
	p.overflow = func() {
		sheet++
		p.Put(p.Left, p.Top-2, "", small, strings.TrimSpace(fmt.Sprintf("%s – %d –", who, sheet)))
	}
	p.flow(atoms, p.Left, y)
	p.overflow = nil
}

// list prints a list for the staff from a new sheet on.
func (p *pdf) list(page *Page) {
	const edge = 15
	left, right := p.Left, p.Right
	p.Left, p.Right = edge, edge
	defer func() { p.Left, p.Right = left, right }()
	p.AddPage()
	p.SetTextColor(0, 0, 0)
	y := p.Top
	p.Put(p.Left, y, "B", 14, page.Letter.Subject)
	y += 7
	p.Put(p.Left, y, "", small, strings.Join(parts(page.Sender, page.Date), " · "))
	p.body(page, p.layout(page.Letter.blocks, p.Room(), fontSize), y+8)
}

// heading is whom a page is for, above sheets on which it goes on.
func (p *Page) heading() string { return cmp.Or(p.Name, p.Letter.Subject) }

func foldMarks(paper Paper, height float64) []float64 {
	if paper == PaperLetter {
		return []float64{height / 3, height * 2 / 3}
	}
	return []float64{105, 210} // DIN 5008 form B
}
