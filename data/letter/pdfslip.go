package letter

import "slices"

// A slip is folded twice: the text in the middle, printed side in, then the name to the back, so that it is all that can be
// read from outside.
const (
	slipEdge  = 10.0 // margin of a sheet of slips
	slipName  = 50.0 // width of the part with the name
	slipGap   = 8.0  // between two slips, with the cutting line in the middle
	slipLeast = 60.0
	slipTick  = 4.0 // marks of the folds
	slipSize  = 8.5
)

// slips puts slips onto sheets.
type slips struct {
	*pdf

	y    float64
	full bool // the sheet takes no more: something else was printed since
	any  bool
}

// put prints one slip; false: it is too long for a sheet and must be a letter.
func (s *slips) put(page *Page) bool {
	wide, high := s.GetPageSize()
	inside := wide - 2*slipEdge - slipName
	atoms := s.layout(narrow(page.Letter.blocks), inside-4, slipSize)
	height := max(heightOf(atoms)+4, slipLeast)
	if page.long() || height > high-2*slipEdge {
		return false
	}
	if !s.any || s.full || s.y+slipGap+height > high-slipEdge {
		s.AddPage()
		s.any, s.full, s.y = true, false, slipEdge
	} else {
		s.line(0, s.y+slipGap/2, wide, s.y+slipGap/2, 3, 2)
		s.y += slipGap
	}
	s.SetTextColor(0, 0, 0)
	for _, x := range []float64{slipEdge + slipName, slipEdge + slipName + inside/2} {
		s.line(x, s.y-slipTick/2, x, s.y+slipTick/2, 0.6, 0.6)
		s.line(x, s.y+height-slipTick/2, x, s.y+height+slipTick/2, 0.6, 0.6)
	}
	s.outside(page, slipEdge, s.y+height/2-12)
	y := s.y + 2
	for _, a := range atoms {
		a.draw(slipEdge+slipName+4, y)
		y += a.height
	}
	s.y += height
	return true
}

// outside prints what is read when the slip is folded.
func (s *slips) outside(page *Page, x, y float64) {
	for _, part := range []struct {
		text, style string
		size        float64
	}{{page.For, "", small}, {page.Name, "B", 12}, {page.Class, "", fontSize}, {page.Date, "", small}} {
		if part.text == "" {
			continue
		}
		for _, line := range s.Wrap(part.style, part.size, slipName-4, part.text) {
			s.Put(x, y, part.style, part.size, line)
			y += part.size * point * leading
		}
		y++
	}
}

// narrow makes lines of tables.
func narrow(blocks []block) []block {
	out := make([]block, 0, len(blocks))
	for _, b := range blocks {
		if b.table == nil {
			out = append(out, b)
			continue
		}
		if len(b.lines) > 0 {
			out = append(out, block{kind: paragraph, lines: b.lines})
		}
		lines := b.table.short
		if b.table.more != "" {
			lines = append(slices.Clip(lines), b.table.more)
		}
		out = append(out, block{kind: list, lines: lines})
	}
	return out
}

// line is a broken line: to cut along, or to fold at.
func (p *pdf) line(x1, y1, x2, y2, dash, between float64) {
	p.SetDrawColor(120, 120, 120)
	p.SetLineWidth(0.2)
	p.SetDashPattern([]float64{dash, between}, 0)
	p.Line(x1, y1, x2, y2)
	p.SetDashPattern(nil, 0)
}
