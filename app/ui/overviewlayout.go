package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// columns puts things beside one another, as many in a row as are at least so wide, and equally high in each row.
func columns(atLeast float32, most int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&columnsLayout{atLeast: atLeast, most: most}, objects...)
}

type columnsLayout struct {
	atLeast float32
	most    int
	width   float32 // as last laid out: how many fit decides how high it is
}

// fit is how many go into a row: all in one, or rows of equal length.
func (l *columnsLayout) fit(n int, width float32) int {
	k := max(min(l.most, n), 1)
	for k > 1 && (float32(k)*(l.atLeast+wideGap)-wideGap > width || n%k != 0) {
		k--
	}
	return k
}

func (l *columnsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	s := fyne.NewSize(0, 0)
	for _, o := range objects {
		s.Width = max(s.Width, o.MinSize().Width)
	}
	k := l.fit(len(objects), l.width)
	for i := 0; i < len(objects); i += k {
		s.Height += highest(objects[i:min(i+k, len(objects))])
		if i > 0 {
			s.Height += wideGap
		}
	}
	return s
}

func highest(objects []fyne.CanvasObject) float32 {
	high := float32(0)
	for _, o := range objects {
		high = max(high, o.MinSize().Height)
	}
	return high
}

func (l *columnsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	k := l.fit(len(objects), size.Width)
	wide := (size.Width - float32(k-1)*wideGap) / float32(k)
	y := float32(0)
	for i := 0; i < len(objects); i += k {
		row := objects[i:min(i+k, len(objects))]
		for _, o := range row { // a text that wraps knows its height only with its width
			o.Resize(fyne.NewSize(wide, o.Size().Height))
		}
		high := highest(row)
		for j, o := range row {
			o.Resize(fyne.NewSize(wide, high))
			o.Move(fyne.NewPos(float32(j)*(wide+wideGap), y))
		}
		y += high + wideGap
	}
}

// withIcon stands an icon before words that wrap, level with their first line.
func withIcon(m *stateMark, words fyne.CanvasObject) *fyne.Container {
	return container.New(&iconLayout{mark: m}, m, words)
}

type iconLayout struct{ mark *stateMark }

func (l *iconLayout) lead() float32 {
	if l.mark.mark == markNone {
		return 0
	}
	return iconSize + 10
}

func (l *iconLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := o[1].MinSize()
	return fyne.NewSize(w.Width+l.lead(), max(w.Height, o[0].MinSize().Height))
}

func (l *iconLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(iconSize, o[0].MinSize().Height))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(s.Width-l.lead(), s.Height))
	o[1].Move(fyne.NewPos(l.lead(), 0))
}

// flush lets a link begin where the words above it do, and take no more room than it needs.
func flush(b *button) *fyne.Container { return container.New(&flushLayout{}, b) }

type flushLayout struct{}

func (flushLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (flushLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(min(o[0].MinSize().Width, s.Width), s.Height))
	o[0].Move(fyne.NewPos(0, 0))
}
