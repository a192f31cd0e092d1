// Package paper is in charge of sheets of paper as a PDF: the font, which characters it has, and lines of text broken where
// they must be. What stands on a sheet is its caller's.
package paper

import (
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gomono"
)

// Sheets is a PDF under way. All lengths are millimetres, font sizes points.
type Sheets struct {
	*fpdf.Fpdf
	*Glyphs

	Left, Top, Right, Bottom float64 // margins

	mono bool // the cut of equal widths is in the PDF
}

// Styles of text. Mono is for what is copied letter by letter.
const (
	Regular = ""
	Bold    = "B"
	Mono    = "M"
)

// Names of the fonts inside the PDF.
const (
	family = "go"
	typed  = "gomono"
)

// font chooses the font of what comes next.
func (p *Sheets) font(style string, size float64) {
	if style != Mono {
		p.SetFont(family, style, size)
		return
	}
	if !p.mono {
		p.AddUTF8FontFromBytes(typed, "", gomono.TTF)
		p.mono = true
	}
	p.SetFont(typed, "", size)
}

// How text is set.
const (
	Leading = 1.35      // line height by font size
	Point   = 25.4 / 72 // millimetres
)

// New begins a PDF on sheets of a size: A4 or Letter.
func New(size string) (*Sheets, error) {
	g, err := NewGlyphs()
	if err != nil {
		return nil, err
	}
	p := &Sheets{Fpdf: fpdf.New("P", "mm", size, ""), Glyphs: g, Left: 25, Top: 20, Right: 20, Bottom: 20}
	p.AddUTF8FontFromBytes(family, "", regular())
	p.AddUTF8FontFromBytes(family, "B", bold())
	p.SetAutoPageBreak(false, 0)
	p.SetCellMargin(0)
	p.SetCreator("SMTP Gateway", true)
	return p, nil
}

// Room is how wide a line may be.
func (p *Sheets) Room() float64 {
	w, _ := p.GetPageSize()
	return w - p.Left - p.Right
}

// End is the lowest place on a sheet.
func (p *Sheets) End() float64 {
	_, h := p.GetPageSize()
	return h - p.Bottom
}

// Put draws one line of text, its upper edge at y.
func (p *Sheets) Put(x, y float64, style string, size float64, text string) {
	p.font(style, size)
	p.Text(x, y+size*Point, p.Printable(text))
}

// Wide is the width of one line of text.
func (p *Sheets) Wide(style string, size float64, text string) float64 {
	p.font(style, size)
	return p.GetStringWidth(p.Printable(text))
}

// Wrap parts a text into lines that are no wider than width, at blanks where it can.
func (p *Sheets) Wrap(style string, size, width float64, text string) []string {
	p.font(style, size)
	var out []string
	for line := range strings.SplitSeq(p.Printable(text), "\n") {
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
func (p *Sheets) fits(s []rune, width float64) int {
	size, _ := p.GetFontSize()
	used := 0.0
	for i, r := range s {
		used += float64(p.GetStringSymbolWidth(string(r))) * size * Point / 1000
		if used > width && i > 0 {
			return i
		}
	}
	return len(s)
}
