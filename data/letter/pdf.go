package letter

import "smtpgateway/data/paper"

// pdf is letters on paper under way.
type pdf struct {
	*paper.Sheets

	size     Paper
	overflow func() // draws the head of a sheet on which something goes on; nil: nothing
}

const (
	fontSize = 10.5
	small    = 9.0
	leading  = paper.Leading
	point    = paper.Point
)

func newPDF(size Paper) (*pdf, error) {
	if size != PaperLetter {
		size = PaperA4
	}
	sheets, err := paper.New(string(size))
	if err != nil {
		return nil, err
	}
	return &pdf{Sheets: sheets, size: size}, nil
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
		if y+height > p.End() && y > p.Top {
			p.AddPage()
			y = p.Top
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
