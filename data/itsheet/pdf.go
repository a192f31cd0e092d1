package itsheet

import (
	"fmt"
	"io"

	"smtpgateway/data/paper"
)

// How the sheet is set: font sizes in points, lengths in millimetres.
const (
	sizeTitle = 15.0
	sizePart  = 9.5
	sizeText  = 8.0
	sizeRaw   = 6.6
	labelWide = 37.0
	badge     = 4.6 // side of the square with the number of a part
	partGap   = 2.6
	linePad   = 0.7
	tickSide  = 2.5
)

// drawing is a sheet under way on paper.
type drawing struct {
	*paper.Sheets

	y     float64
	pages int
	foot  string
}

// PDF writes the request as a PDF on A4 or Letter.
func (s *Sheet) PDF(w io.Writer, size string) error {
	if size != "Letter" {
		size = "A4"
	}
	p, err := paper.New(size)
	if err != nil {
		return err
	}
	p.Left, p.Right, p.Top, p.Bottom = 17, 17, 13, 15
	p.SetTitle(s.Title, true)
	p.SetLang("en")
	d := &drawing{Sheets: p, foot: s.Foot}
	d.sheet()
	d.head(s)
	for i := range s.Parts {
		d.part(i+1, &s.Parts[i])
	}
	return p.Output(w)
}

// sheet begins a new one.
func (d *drawing) sheet() {
	d.AddPage()
	d.pages++
	d.SetTextColor(110, 110, 110)
	d.Put(d.Left, d.End()+5, "", 7, d.foot)
	number := fmt.Sprintf("Sheet %d", d.pages)
	wide, _ := d.GetPageSize()
	d.Put(wide-d.Right-d.Wide("", 7, number), d.End()+5, "", 7, number)
	d.SetTextColor(0, 0, 0)
	d.y = d.Top
}

func (d *drawing) head(s *Sheet) {
	for _, l := range d.Wrap("B", sizeTitle, d.Room(), s.Title) {
		d.Put(d.Left, d.y, "B", sizeTitle, l)
		d.y += sizeTitle * paper.Point * paper.Leading
	}
	d.y++
	for _, l := range d.Wrap("", sizeText, d.Room(), s.Intro) {
		d.Put(d.Left, d.y, "", sizeText, l)
		d.y += height(sizeText)
	}
}

func height(size float64) float64 { return size * paper.Point * paper.Leading }

// part draws one part. Its head is never alone at the end of a sheet, and a short one is not parted.
func (d *drawing) part(number int, p *Part) {
	rows := rowsOf(p.Lines)
	whole := partGap + badge + 2
	for i := range rows {
		whole += d.tall(rows[i])
	}
	first := partGap + badge + 2 + d.tall(rows[0])
	if full := d.End() - d.Top; d.y+first > d.End() || d.y+whole > d.End() && whole < full/3 {
		d.sheet()
	} else {
		d.y += partGap
	}
	d.title(number, p.Title)
	for i := range rows {
		if d.y+d.tall(rows[i]) > d.End() {
			d.sheet()
			d.title(number, p.Title+" (continued)")
		}
		d.row(rows[i])
	}
}

func (d *drawing) title(number int, title string) {
	d.SetFillColor(38, 70, 110)
	d.Rect(d.Left, d.y, badge, badge, "F")
	d.SetTextColor(255, 255, 255)
	n := fmt.Sprint(number)
	d.Put(d.Left+(badge-d.Wide("B", 8.5, n))/2, d.y+0.55, "B", 8.5, n)
	d.SetTextColor(38, 70, 110)
	d.Put(d.Left+badge+2, d.y+0.35, "B", sizePart, title)
	d.SetTextColor(0, 0, 0)
	d.SetDrawColor(38, 70, 110)
	d.SetLineWidth(0.25)
	d.y += badge
	d.Line(d.Left, d.y, d.Left+d.Room(), d.y)
	d.y += 1.2
}

// rowsOf puts boxes to tick that follow each other into one row.
func rowsOf(all []Line) [][]Line {
	var rows [][]Line
	for _, l := range all {
		if n := len(rows); n > 0 && l.Tick && l.Label == "" && rows[n-1][0].Tick {
			rows[n-1] = append(rows[n-1], l)
			continue
		}
		rows = append(rows, []Line{l})
	}
	return rows
}

// Columns of a row.
func (d *drawing) textAt() float64   { return d.Left + labelWide }
func (d *drawing) textWide() float64 { return d.Room() - labelWide }

func (d *drawing) tall(row []Line) float64 {
	switch l := row[0]; {
	case l.Blank:
		return 6.2
	case l.Tick:
		return 5
	default:
		n := max(len(d.Wrap("", sizeText, d.textWide(), l.Text)), len(d.Wrap("B", sizeText, labelWide-2, l.Label)))
		h := float64(n)*height(sizeText) + linePad
		for _, raw := range l.Raw {
			h += float64(len(d.Wrap(paper.Mono, sizeRaw, d.textWide()-2, raw))) * height(sizeRaw)
		}
		if len(l.Raw) > 0 {
			h++
		}
		return h
	}
}

func (d *drawing) row(row []Line) {
	end := d.y + d.tall(row)
	style := ""
	d.SetTextColor(80, 80, 80)
	if row[0].Bold {
		style = "B"
		d.SetTextColor(0, 0, 0)
	}
	for i, part := range d.Wrap(style, sizeText, labelWide-2, row[0].Label) {
		d.Put(d.Left, d.y+float64(i)*height(sizeText)+drop(row[0]), style, sizeText, part)
	}
	d.SetTextColor(0, 0, 0)
	switch {
	case row[0].Blank:
		d.SetDrawColor(140, 140, 140)
		d.SetLineWidth(0.2)
		d.Line(d.textAt(), end-0.8, d.Left+d.Room(), end-0.8)
	case row[0].Tick:
		d.ticks(row)
	default:
		d.words(&row[0])
	}
	d.y = end
}

// drop puts labels of what is filled in by hand onto the line to write on.
func drop(l Line) float64 {
	switch {
	case l.Blank:
		return 2.3
	case l.Tick:
		return 1
	default:
		return 0
	}
}

func (d *drawing) ticks(row []Line) {
	x := d.textAt()
	d.SetDrawColor(60, 60, 60)
	d.SetLineWidth(0.25)
	for _, l := range row {
		d.Rect(x, d.y+1.1, tickSide, tickSide, "D")
		d.Put(x+tickSide+1.4, d.y+1, "", sizeText, l.Text)
		x += tickSide + 1.4 + d.Wide("", sizeText, l.Text) + 6
	}
}

func (d *drawing) words(l *Line) {
	y := d.y
	for _, part := range d.Wrap("", sizeText, d.textWide(), l.Text) {
		d.Put(d.textAt(), y, "", sizeText, part)
		y += height(sizeText)
	}
	if len(l.Raw) == 0 {
		return
	}
	top := y + 0.2
	d.SetTextColor(45, 45, 45)
	for _, raw := range l.Raw {
		for _, part := range d.Wrap(paper.Mono, sizeRaw, d.textWide()-2, raw) {
			d.Put(d.textAt()+2, y+0.3, paper.Mono, sizeRaw, part)
			y += height(sizeRaw)
		}
	}
	d.SetTextColor(0, 0, 0)
	d.SetDrawColor(180, 190, 205)
	d.SetLineWidth(0.6)
	d.Line(d.textAt()+0.5, top, d.textAt()+0.5, y)
}
