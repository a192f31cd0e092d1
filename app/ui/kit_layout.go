package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// rows puts things below one another.
func rows(objects ...fyne.CanvasObject) *fyne.Container { return rowsBy(gap, objects...) }

func rowsBy(between float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&rowsLayout{gap: between}, objects...)
}

// line puts things beside one another, their middles in one line; a text takes what is left if it needs it.
func line(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&lineLayout{gap: gap}, objects...)
}

// spread gives right its size and left the rest.
func spread(left, right fyne.CanvasObject) *fyne.Container {
	return container.New(&spreadLayout{}, left, right)
}

// flow puts things beside one another as line does, and goes on below where the line is full.
func flow(objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flowLayout{}, objects...)
}

// padded puts room round o: top, bottom, left, right.
func padded(o fyne.CanvasObject, top, bottom, left, right float32) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), o)
}

// wraps reports whether o is a text, or rows with one: it can do with less width than it would like.
func wraps(o fyne.CanvasObject) bool {
	if _, ok := o.(*text); ok {
		return true
	}
	c, ok := o.(*fyne.Container)
	if !ok {
		return false
	}
	_, ok = c.Layout.(*rowsLayout)
	return ok && slices.ContainsFunc(c.Objects, wraps)
}

// widthOf is the width o would like.
func widthOf(o fyne.CanvasObject) float32 {
	if t, ok := o.(*text); ok {
		return t.natural()
	}
	w := o.MinSize().Width
	if c, ok := o.(*fyne.Container); ok && wraps(o) {
		for _, child := range visible(c.Objects) {
			w = max(w, widthOf(child))
		}
	}
	return w
}

// rowsLayout asks for heights only after it gave widths, because a text that wraps has no height before.
type rowsLayout struct{ gap float32 }

func (l *rowsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width = max(s.Width, m.Width)
		s.Height += m.Height
		n++
	}
	if n > 1 {
		s.Height += float32(n-1) * l.gap
	}
	return s
}

func (l *rowsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, y))
		y += h + l.gap
	}
}

type lineLayout struct{ gap float32 }

func (l *lineLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if wraps(o) {
			m.Width = max(m.Width, min(widthOf(o), 200))
		}
		s.Width += m.Width
		s.Height = max(s.Height, m.Height)
		n++
	}
	if n > 1 {
		s.Width += float32(n-1) * l.gap
	}
	return s
}

func (l *lineLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, texts := size.Width, 0
	for i, o := range visible(objects) {
		if i > 0 {
			left -= l.gap
		}
		if wraps(o) {
			texts++
			continue
		}
		left -= o.MinSize().Width
	}
	x := float32(0)
	for _, o := range visible(objects) {
		m := o.MinSize()
		if wraps(o) {
			m.Width = max(min(widthOf(o), left/float32(texts)), 0)
			left -= m.Width
			texts--
			o.Resize(m)
			m.Height = o.MinSize().Height
		}
		o.Resize(m)
		o.Move(fyne.NewPos(x, max((size.Height-m.Height)/2, 0)))
		x += m.Width + l.gap
	}
}

func visible(objects []fyne.CanvasObject) []fyne.CanvasObject {
	out := make([]fyne.CanvasObject, 0, len(objects))
	for _, o := range objects {
		if o.Visible() {
			out = append(out, o)
		}
	}
	return out
}

type spreadLayout struct{}

func (spreadLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	l, r := o[0].MinSize(), o[1].MinSize()
	if !o[1].Visible() {
		return l
	}
	return fyne.NewSize(l.Width+r.Width+gap, max(l.Height, r.Height))
}

func (spreadLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	r := o[1].MinSize()
	rest := size.Width
	if o[1].Visible() {
		rest -= r.Width + gap
	}
	o[0].Resize(fyne.NewSize(rest, o[0].MinSize().Height))
	h := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(rest, h))
	o[0].Move(fyne.NewPos(0, max((size.Height-h)/2, 0)))
	o[1].Resize(r)
	o[1].Move(fyne.NewPos(size.Width-r.Width, max((size.Height-r.Height)/2, 0)))
}

// flowLayout remembers its width, because what it needs in height follows from it.
type flowLayout struct{ width float32 }

func (l *flowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, o := range visible(objects) {
		s.Width = max(s.Width, o.MinSize().Width)
	}
	s.Height = l.place(objects, max(l.width, s.Width), false)
	return s
}

func (l *flowLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.place(objects, s.Width, true)
}

// place goes through the lines and gives the height of all; move: it also puts things there.
func (l *flowLayout) place(objects []fyne.CanvasObject, width float32, move bool) float32 {
	var x, y, high float32
	from := 0
	shown := visible(objects)
	settle := func(to int) {
		if !move {
			return
		}
		for _, o := range shown[from:to] {
			o.Move(o.Position().AddXY(0, (high-o.Size().Height)/2))
		}
	}
	for i, o := range shown {
		m := o.MinSize()
		m.Width = min(max(m.Width, widthOf(o)), width)
		if x > 0 && x+m.Width > width {
			settle(i)
			x, y, high, from = 0, y+high+gap, 0, i
		}
		if move {
			o.Resize(m)
			o.Move(fyne.NewPos(x, y))
		}
		x += m.Width + gap
		high = max(high, m.Height)
	}
	settle(len(shown))
	return y + high
}
