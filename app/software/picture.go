package software

import (
	"image"
	"image/draw"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynesoftware "fyne.io/fyne/v2/driver/software"
)

// picture is what something looks like. Of a box the middle is left out, which is stretched to its size.
type picture struct {
	img   *image.RGBA
	slice bool        // stretch the pixel column and row at cut
	cut   image.Point // in img
	used  int         // in which round it was last needed
}

// album keeps pictures, so that each is painted once.
type album struct {
	pictures map[look]*picture
	bytes    int
	round    int
}

// albumRoom is how much the kept pictures may take: three screens full of them.
const albumRoom = 32 << 20

func (a *album) of(i item) *picture {
	l, leaf := i.look, i.leaf
	cut := 0
	if l.kind == aBox {
		l, leaf, cut = shortened(l, leaf)
	}
	p := a.pictures[l]
	if p == nil {
		size := i.at.Size()
		if cut > 0 {
			edge := edgeOf(leaf)
			size = image.Pt(upwards((l.size.Width+2*edge)*l.scale), upwards((l.size.Height+2*edge)*l.scale))
		}
		p = &picture{img: paint(leaf, l.scale, size)}
		if a.pictures == nil {
			a.pictures = map[look]*picture{}
		}
		if cut > 0 {
			p.slice, p.cut = true, size.Div(2)
		}
		a.pictures[l] = p
		a.bytes += len(p.img.Pix)
	}
	p.used = a.round
	return p
}

func upwards(v float32) int { return int(math.Ceil(float64(v))) }

// shortened makes a large box small, by whole points that are whole pixels, so that its edges and corners are drawn just
// as those of the large one. It gives 0 where that cannot be done.
func shortened(l look, leaf fyne.CanvasObject) (look, fyne.CanvasObject, int) {
	step := 0
	for n := 1; n <= 20; n++ {
		if p := float64(n) * float64(l.scale); math.Abs(p-math.Round(p)) < 1e-6 {
			step = n
			break
		}
	}
	box, ok := leaf.(*canvas.Rectangle)
	if step == 0 || !ok {
		return l, leaf, 0
	}
	corner := slices.Max(l.corners[:])
	least := 2*(corner+l.width) + 4
	less := func(v float32) float32 {
		if spare := int(v-least) / step * step; spare > 0 {
			return v - float32(spare)
		}
		return v
	}
	small := fyne.NewSize(less(l.size.Width), less(l.size.Height))
	if small.Width < least || small.Height < least {
		return l, leaf, 0 // the corners of one side meet
	}
	copied := *box
	copied.Aspect = 0
	copied.Resize(small)
	l.size = small
	return l, &copied, 1
}

// paint lets Fyne's painter draw one thing.
func paint(o fyne.CanvasObject, scale float32, size image.Point) *image.RGBA {
	edge, offset := edgeOf(o), fyne.Position{}
	if _, text := o.(*canvas.Text); !text {
		offset = fyne.NewSquareOffsetPos(edge)
	}
	was := o.Position()
	if t, ok := o.(*canvas.Text); ok {
		copied := *t
		copied.Resize(t.MinSize()) // it is put into its place later
		copied.Alignment = fyne.TextAlignLeading
		o = &copied
		was = fyne.Position{}
		copied.Move(was)
	}
	c := fynesoftware.NewTransparentCanvas()
	c.SetPadded(false)
	c.SetScale(scale)
	frame := container.NewWithoutLayout(o)
	c.SetContent(frame)
	c.Resize(fyne.NewSize(float32(size.X)/scale, float32(size.Y)/scale))
	frame.Move(offset.Subtract(was))
	img := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(img, img.Bounds(), c.Capture(), image.Point{}, draw.Src)
	return img
}

// tidy gives up what was not needed for long, once there is too much.
func (a *album) tidy() {
	a.round++
	if a.bytes <= albumRoom {
		return
	}
	type kept struct {
		look look
		used int
	}
	all := make([]kept, 0, len(a.pictures))
	for l, p := range a.pictures {
		all = append(all, kept{l, p.used})
	}
	slices.SortFunc(all, func(a, b kept) int { return a.used - b.used })
	for _, k := range all {
		if a.bytes <= albumRoom/4*3 || k.used >= a.round-1 {
			break
		}
		a.remove(k.look)
	}
}

func (a *album) remove(l look) {
	a.bytes -= len(a.pictures[l].img.Pix)
	delete(a.pictures, l)
}

// drop gives up pictures that nobody will ask for.
func (a *album) drop(useless func(look) bool) {
	for l := range a.pictures {
		if useless(l) {
			a.remove(l)
		}
	}
}

func (a *album) forget() { a.pictures, a.bytes = nil, 0 }

// put draws a picture at its place, as far as it lies within a part of the window.
func (p *picture) put(onto *image.RGBA, at, part image.Rectangle) {
	if !p.slice {
		draw.Draw(onto, part, p.img, part.Min.Sub(at.Min), draw.Over)
		return
	}
	from := p.img.Bounds()
	more := at.Size().Sub(from.Size())
	if more.X < 0 || more.Y < 0 { // rounded the other way
		more.X, more.Y = max(more.X, 0), max(more.Y, 0)
	}
	// Nine parts: the corners are copied, between them the column and the row of the cut are repeated.
	x := [4]int{at.Min.X, at.Min.X + p.cut.X, at.Min.X + p.cut.X + more.X, at.Max.X}
	y := [4]int{at.Min.Y, at.Min.Y + p.cut.Y, at.Min.Y + p.cut.Y + more.Y, at.Max.Y}
	for row := range 3 {
		for column := range 3 {
			to := image.Rect(x[column], y[row], x[column+1], y[row+1]).Intersect(part)
			if to.Empty() {
				continue
			}
			source := to.Min.Sub(at.Min)
			if column > 0 {
				source.X = max(p.cut.X, source.X-more.X)
			}
			if row > 0 {
				source.Y = max(p.cut.Y, source.Y-more.Y)
			}
			p.stretch(onto, to, source, column == 1, row == 1)
		}
	}
}

// stretch draws one of the nine parts.
func (p *picture) stretch(onto *image.RGBA, to image.Rectangle, from image.Point, wide, tall bool) {
	switch {
	case wide && tall:
		p.fill(onto, to, p.cut)
	case wide:
		for y := range to.Dy() {
			p.fill(onto, image.Rect(to.Min.X, to.Min.Y+y, to.Max.X, to.Min.Y+y+1), image.Pt(p.cut.X, from.Y+y))
		}
	case tall:
		for x := range to.Dx() {
			p.fill(onto, image.Rect(to.Min.X+x, to.Min.Y, to.Min.X+x+1, to.Max.Y), image.Pt(from.X+x, p.cut.Y))
		}
	default:
		draw.Draw(onto, to, p.img, from, draw.Over)
	}
}

func (p *picture) fill(onto *image.RGBA, to image.Rectangle, from image.Point) {
	if c := p.img.RGBAAt(from.X, from.Y); c.A != 0 {
		draw.Draw(onto, to, image.NewUniform(c), image.Point{}, draw.Over)
	}
}
