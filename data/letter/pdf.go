package letter

import (
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// pdf is a PDF under way. All lengths are millimetres, font sizes points.
type pdf struct {
	*fpdf.Fpdf
	*glyphs
	paper                    Paper
	left, top, right, bottom float64 // margins
	overflow                 func()  // draws the head of a sheet on which something goes on; nil: nothing
}

const (
	family   = "go"
	fontSize = 10.5
	small    = 9.0
	leading  = 1.35 // line height by font size
	point    = 25.4 / 72
)

func newPDF(paper Paper) (*pdf, error) {
	g, err := newGlyphs()
	if err != nil {
		return nil, err
	}
	if paper != PaperLetter {
		paper = PaperA4
	}
	p := &pdf{Fpdf: fpdf.New("P", "mm", string(paper), ""), glyphs: g, paper: paper, left: 25, top: 20, right: 20, bottom: 20}
	p.AddUTF8FontFromBytes(family, "", regular())
	p.AddUTF8FontFromBytes(family, "B", bold())
	p.SetAutoPageBreak(false, 0)
	p.SetCellMargin(0)
	p.SetCreator("SMTP Gateway", true)
	return p, nil
}

// finish writes the PDF out.
func (p *pdf) finish(w io.Writer) error { return p.Output(w) }

func (p *pdf) width() float64 {
	w, _ := p.GetPageSize()
	return w - p.left - p.right
}

// end is the lowest place on a sheet.
func (p *pdf) end() float64 {
	_, h := p.GetPageSize()
	return h - p.bottom
}

// write draws one line of text, its upper edge at y.
func (p *pdf) write(x, y float64, style string, size float64, text string) {
	p.SetFont(family, style, size)
	p.Text(x, y+size*point, p.printable(text))
}

func (p *pdf) textWidth(style string, size float64, text string) float64 {
	p.SetFont(family, style, size)
	return p.GetStringWidth(p.printable(text))
}

// split parts a text into lines that are no wider than width, at blanks where it can.
func (p *pdf) split(style string, size, width float64, text string) []string {
	p.SetFont(family, style, size)
	var out []string
	for line := range strings.SplitSeq(p.printable(text), "\n") {
		rest := []rune(strings.TrimRight(line, " "))
		for {
			n := p.fits(rest, width)
			if n == len(rest) {
				out = append(out, string(rest))
				break
			}
			at := n
			for i := n; i > 0; i-- {
				if rest[i] == ' ' {
					at = i
					break
				}
			}
			out = append(out, strings.TrimRight(string(rest[:at]), " "))
			rest = []rune(strings.TrimLeft(string(rest[at:]), " "))
		}
	}
	return out
}

// fits counts how many characters fit into width, at least one.
func (p *pdf) fits(s []rune, width float64) int {
	size, _ := p.GetFontSize()
	used := 0.0
	for i, r := range s {
		used += float64(p.GetStringSymbolWidth(string(r))) * size * point / 1000
		if used > width && i > 0 {
			return i
		}
	}
	return len(s)
}

// atom is a strip of a letter that is not parted between sheets.
type atom struct {
	height float64
	draw   func(x, y float64)
	keep   bool  // stays on one sheet with the next one
	again  *atom // drawn first when the atom begins a sheet: the head of a table
}

// flow places atoms from y on, on new sheets where one is full, and gives the place behind the last.
func (p *pdf) flow(atoms []atom, x, y float64) float64 {
	for i := 0; i < len(atoms); {
		n, height := 0, 0.0
		for i+n < len(atoms) {
			height += atoms[i+n].height
			n++
			if !atoms[i+n-1].keep {
				break
			}
		}
		if y+height > p.end() && y > p.top {
			p.AddPage()
			y = p.top
			if p.overflow != nil {
				p.overflow()
				y += 8
			}
			if again := atoms[i].again; again != nil {
				again.draw(x, y)
				y += again.height
			}
		}
		for range n {
			atoms[i].draw(x, y)
			y += atoms[i].height
			i++
		}
	}
	return y
}

func heightOf(atoms []atom) float64 {
	sum := 0.0
	for _, a := range atoms {
		sum += a.height
	}
	return sum
}

func gap(height float64) atom { return atom{height: height, draw: func(float64, float64) {}} }
