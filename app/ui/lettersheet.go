package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// mostSheetRows is how many rows of a table a sheet shows: each is several objects, and nobody looks at more here.
const mostSheetRows = 30

// letterSheet shows a letter as a mail program would.
type letterSheet struct {
	object fyne.CanvasObject

	title  *text
	body   *fyne.Container
	blocks []screen.LetterBlock
}

func newLetterSheet() *letterSheet {
	s := &letterSheet{title: newText("").bold(), body: rowsBy(wideGap)}
	s.object = container.NewStack(newPlate(theme.ColorNameInputBackground, colorLine, 6), padded(rowsBy(wideGap, s.title, s.body), wideGap, wideGap, cardPad, cardPad))
	return s
}

// draw shows a letter. Parts that are as they were stay: it runs at every letter that is typed.
func (s *letterSheet) draw(subject string, blocks []screen.LetterBlock) {
	say(s.title, subject)
	var objects []fyne.CanvasObject
	for i := range blocks {
		if i < len(s.blocks) && s.blocks[i].Same(&blocks[i]) {
			objects = append(objects, s.body.Objects[i])
			continue
		}
		objects = append(objects, newLetterBlock(&blocks[i]))
	}
	s.blocks = blocks
	s.body.Objects = objects
	s.body.Refresh()
}

func newLetterBlock(b *screen.LetterBlock) fyne.CanvasObject {
	if len(b.Rows) == 0 {
		return newText(b.Text)
	}
	grid := container.New(&gridLayout{columns: len(b.Head)})
	for _, h := range b.Head {
		grid.Add(newText(h).bold())
	}
	for i, row := range b.Rows {
		if i == mostSheetRows {
			break
		}
		for k := range b.Head {
			words := ""
			if k < len(row) {
				words = row[k]
			}
			grid.Add(newText(words))
		}
	}
	if more := len(b.Rows) - mostSheetRows; more > 0 {
		return rowsBy(gap, grid, newText(lang.L("and {{.N}} more", map[string]any{"N": more})).tone(toneHint))
	}
	return grid
}

// gridLayout stands texts in columns, each as wide as what is in it needs, as far as there is room.
type gridLayout struct {
	columns int
	width   float32
}

// widths shares out a width: narrow columns get what they need, wide ones what is left in equal parts.
func (l *gridLayout) widths(o []fyne.CanvasObject, total float32) []float32 {
	out := make([]float32, l.columns)
	for i, x := range o {
		out[i%l.columns] = max(out[i%l.columns], widthOf(x))
	}
	room := total - float32(l.columns-1)*wideGap
	for open := l.columns; open > 0; {
		sum := float32(0)
		for _, w := range out {
			sum += w
		}
		if sum <= room {
			break
		}
		// The widest are cut down to a common width until all fit.
		widest, second, n := float32(0), float32(0), 0
		for _, w := range out {
			switch {
			case w > widest:
				widest, second, n = w, widest, 1
			case w == widest:
				n++
			default:
				second = max(second, w)
			}
		}
		cut := max(second, widest-(sum-room)/float32(n))
		for i, w := range out {
			if w == widest {
				out[i] = max(cut, 24)
			}
		}
		open--
	}
	return out
}

// place goes through the rows and gives the height of all; move: it also puts things there.
func (l *gridLayout) place(o []fyne.CanvasObject, width float32, move bool) float32 {
	widths, y := l.widths(o, width), float32(0)
	for from := 0; from < len(o); from += l.columns {
		high, x := float32(0), float32(0)
		for k := 0; k < l.columns && from+k < len(o); k++ {
			at := o[from+k]
			at.Resize(fyne.NewSize(widths[k], at.MinSize().Height))
			high = max(high, at.MinSize().Height)
			if move {
				at.Resize(fyne.NewSize(widths[k], at.MinSize().Height))
				at.Move(fyne.NewPos(x, y))
			}
			x += widths[k] + wideGap
		}
		y += high + 4
	}
	return max(y-4, 0)
}

func (l *gridLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(l.columns)*24, l.place(o, max(l.width, 160), false))
}

func (l *gridLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.place(o, s.Width, true)
}
