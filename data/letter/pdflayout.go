package letter

// layout turns blocks into atoms of a width.
func (p *pdf) layout(blocks []block, width, size float64) []atom {
	var out []atom
	for i, b := range blocks {
		if i > 0 {
			g := gap(size * point * 0.7)
			g.keep = b.table != nil || i == len(blocks)-1 // the signature is not alone on a sheet
			out = append(out, g)
		}
		before := i+1 < len(blocks) && blocks[i+1].table != nil || i == len(blocks)-2 // a line above a table goes with it
		out = append(out, p.lines(b, width, size, before)...)
		if b.table != nil {
			if len(b.lines) > 0 {
				g := gap(size * point * 0.4)
				g.keep = true
				out = append(out, g)
			}
			out = append(out, p.rows(b.table, width, size)...)
		}
	}
	return out
}

// lines are the atoms of a paragraph or list. A short one is not parted.
func (p *pdf) lines(b block, width, size float64, before bool) []atom {
	const together = 6
	height := size * point * leading
	var out []atom
	for _, line := range b.lines {
		indent := 0.0
		if b.kind == list {
			indent = 5
		}
		for j, part := range p.Wrap("", size, width-indent, line) {
			dot := b.kind == list && j == 0
			out = append(out, atom{height: height, keep: true, draw: func(x, y float64) {
				if dot {
					p.Put(x+1, y, "", size, "•")
				}
				p.Put(x+indent, y, "", size, part)
			}})
		}
	}
	for j := range out {
		switch last := j == len(out)-1; {
		case last:
			out[j].keep = before || b.table != nil
		case len(out) > together:
			out[j].keep = j == 0 || j == len(out)-2 // no line of a long one stands alone
		}
	}
	return out
}

// padding is the room between the columns of a table.
const padding = 3.0

// rows are the atoms of a table: its head, which begins each sheet again, and one for each row.
func (p *pdf) rows(t *table, width, size float64) []atom {
	if len(t.columns) == 0 {
		return nil
	}
	size = min(size, 9.5)
	columns := p.columns(t, width, size)
	head := p.row(t.heads, columns, "B", size, 0.3)
	head.keep = true
	out := []atom{head}
	for _, cells := range t.rows {
		a := p.row(cells, columns, "", size, 0.1)
		a.again = &head
		out = append(out, a)
	}
	if t.more != "" {
		out = append(out, gap(1), atom{height: size * point * leading, draw: func(x, y float64) { p.Put(x, y, "", size, t.more) }})
	}
	return out
}

// row is the atom of one row with a line below it.
func (p *pdf) row(cells []string, columns []float64, style string, size, line float64) atom {
	height := size * point * leading
	lines := make([][]string, len(cells))
	most := 1
	for j, cell := range cells {
		lines[j] = p.Wrap(style, size, columns[j]-padding, cell)
		most = max(most, len(lines[j]))
	}
	whole := float64(most)*height + 2
	return atom{height: whole, draw: func(x, y float64) {
		at, end := x, x
		for j := range cells {
			if cells[j] == tick {
				p.SetLineWidth(0.2)
				p.SetDrawColor(0, 0, 0)
				p.Rect(at, y+1.2, 3, 3, "D")
				at += columns[j]
				continue
			}
			for k, s := range lines[j] {
				p.Put(at, y+0.8+float64(k)*height, style, size, s)
			}
			at += columns[j]
			end = at
		}
		p.SetLineWidth(line)
		p.SetDrawColor(110, 110, 110)
		p.Line(x, y+whole, end, y+whole)
	}}
}

// columns gives each column its width: what it wants, and where that is too much in all, less to the widest.
func (p *pdf) columns(t *table, width, size float64) []float64 {
	wants := make([]float64, len(t.columns))
	for j := range wants {
		wants[j] = p.Wide("B", size, t.heads[j])
		for _, row := range t.rows {
			wants[j] = max(wants[j], p.Wide("", size, row[j]))
		}
		wants[j] += padding + 0.5
	}
	for range 100 {
		sum, widest := 0.0, 0
		for j, w := range wants {
			sum += w
			if w > wants[widest] {
				widest = j
			}
		}
		if sum <= width {
			break
		}
		second := 0.0
		for j, w := range wants {
			if j != widest {
				second = max(second, w)
			}
		}
		// The widest gives what is too much, but becomes no narrower than the next one by more than a little.
		wants[widest] = max(wants[widest]-(sum-width), min(second, wants[widest]-2)-2)
	}
	return wants
}
