package software

import (
	"image"
	"image/color"
	"math"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// look is all that decides what the picture of something is like. Things that look the same share one picture.
type look struct {
	kind         kind
	scale        float32
	size         fyne.Size
	fill, stroke color.RGBA64
	width        float32 // of the stroke
	corners      [4]float32
	from, to     fyne.Position
	angle        float64

	text  string
	style fyne.TextStyle
	font  fyne.Resource

	pixels image.Image // of an image
	fit    canvas.ImageFill
	smooth canvas.ImageScale
	faded  float64
	of     fyne.CanvasObject // what is drawn by its own hand
	turn   uint64            // how often its look changed
}

type kind uint8

const (
	aFill kind = iota // one colour, no edge: needs no picture
	aBox
	aCircle
	aLine
	aText
	anImage
	aShade
	another
)

// item is one thing in the picture of the window, in pixels.
type item struct {
	look look
	at   image.Rectangle   // all of it
	seen image.Rectangle   // what can be seen of it
	leaf fyne.CanvasObject // what is drawn; not part of how it looks
}

func (i item) same(o item) bool { return i.at == o.at && i.seen == o.seen && i.look == o.look }

// collector gathers what is to be drawn, from back to front.
type collector struct {
	scale float32
	whole image.Rectangle
	turns map[fyne.CanvasObject]uint64
	boxes uint64 // how often anything was refreshed that is made of others
	items []item
}

func (c *collector) pixel(v float32) int { return int(math.Ceil(float64(v * c.scale))) }

// area is where Fyne's painter puts something: it rounds the place and the size each for itself.
func (c *collector) area(at fyne.Position, s fyne.Size) image.Rectangle {
	x, y := c.pixel(at.X), c.pixel(at.Y)
	return image.Rect(x, y, x+c.pixel(s.Width), y+c.pixel(s.Height))
}

// thin is how many pixels something is wide. A line is not made twice as thick where a point takes little more than a pixel.
func (c *collector) thin(v float32) int {
	if v > 0 && v <= 1 {
		return max(int(math.Round(float64(v*c.scale))), 1)
	}
	return c.pixel(v)
}

// visible is the room in which something can be seen, in pixels.
func (c *collector) visible(r room) image.Rectangle {
	if r.left <= everywhere.left && r.right >= everywhere.right {
		return c.whole
	}
	return image.Rect(c.pixel(r.left), c.pixel(r.top), c.pixel(r.right), c.pixel(r.bottom)).Intersect(c.whole)
}

func (c *collector) visit(o fyne.CanvasObject, at fyne.Position, seen room) bool {
	switch o.(type) {
	case *fyne.Container, fyne.Widget:
		return false
	}
	in := c.visible(seen)
	if in.Empty() {
		return false
	}
	l, where, ok := c.look(o, at)
	if !ok {
		return false
	}
	l.scale = c.scale
	if in = in.Intersect(where); !in.Empty() {
		c.items = append(c.items, item{look: l, at: where, seen: in, leaf: o})
	}
	return false
}

// look is how something looks and where it goes; false if nothing of it can be seen.
func (c *collector) look(o fyne.CanvasObject, at fyne.Position) (l look, where image.Rectangle, ok bool) {
	switch o := o.(type) {
	case *canvas.Rectangle:
		return c.rectangle(o, at)
	case *canvas.Text:
		return c.text(o, at)
	case *canvas.Image:
		if o.Image == nil || o.Size().IsZero() {
			return l, where, false
		}
		l = look{kind: anImage, size: o.Size(), pixels: o.Image, fit: o.FillMode, smooth: o.ScaleMode, faded: o.Translucency, width: o.CornerRadius}
		if drawnInto(o) {
			l.of, l.turn = o, c.turns[o]
		}
		if !reflect.TypeOf(o.Image).Comparable() {
			l.pixels, l.of = nil, o
		}
		return l, c.area(at, o.Size()), true
	case *canvas.Circle:
		l = look{kind: aCircle, size: o.Size(), fill: exact(o.FillColor), stroke: exact(o.StrokeColor), width: o.StrokeWidth}
	case *canvas.Line:
		l = look{
			kind: aLine, size: o.Size(), stroke: exact(o.StrokeColor), width: o.StrokeWidth,
			from: o.Position1.Subtract(o.Position()), to: o.Position2.Subtract(o.Position()),
		}
	case *canvas.LinearGradient:
		return look{kind: aShade, size: o.Size(), fill: exact(o.StartColor), stroke: exact(o.EndColor), angle: o.Angle}, c.area(at, o.Size()), !o.Size().IsZero()
	case *canvas.RadialGradient:
		l = look{kind: aShade, size: o.Size(), fill: exact(o.StartColor), stroke: exact(o.EndColor), from: fyne.NewPos(float32(o.CenterOffsetX), float32(o.CenterOffsetY)), width: 1}
		return l, c.area(at, o.Size()), !o.Size().IsZero()
	default:
		l = look{kind: another, size: o.Size(), of: o, turn: c.turns[o] + c.boxes}
	}
	edge := edgeOf(o)
	return l, c.area(at.SubtractXY(edge, edge), o.Size().AddWidthHeight(2*edge, 2*edge)), true
}

// drawnInto tells whether an image is somebody else's, who may draw in it at any time.
func drawnInto(i *canvas.Image) bool { return i.Resource == nil && i.File == "" }

func (c *collector) rectangle(o *canvas.Rectangle, at fyne.Position) (l look, where image.Rectangle, ok bool) {
	s := o.Size()
	if o.Aspect != 0 && s.Height > 0 {
		whole := s
		if s.Width/s.Height > o.Aspect {
			s.Width = s.Height * o.Aspect
		} else {
			s.Height = s.Width / o.Aspect
		}
		at = at.AddXY((whole.Width-s.Width)/2, (whole.Height-s.Height)/2)
	}
	l = look{kind: aFill, size: s, fill: exact(o.FillColor)}
	l.corners = [4]float32{o.TopLeftCornerRadius, o.TopRightCornerRadius, o.BottomLeftCornerRadius, o.BottomRightCornerRadius}
	for i, r := range l.corners {
		if r == 0 {
			l.corners[i] = o.CornerRadius
		}
	}
	if o.StrokeColor != nil && o.StrokeWidth > 0 {
		l.kind, l.stroke, l.width = aBox, exact(o.StrokeColor), o.StrokeWidth
	}
	if l.corners != [4]float32{} {
		l.kind = aBox
	}
	if l.fill.A == 0 && l.stroke.A == 0 {
		return l, where, false
	}
	if l.kind == aFill {
		l.size, l.corners = fyne.Size{}, [4]float32{}
		where = c.area(at, s)
		where.Max.X, where.Max.Y = where.Min.X+c.thin(s.Width), where.Min.Y+c.thin(s.Height)
		return l, where, true
	}
	edge := edgeOf(o)
	return l, c.area(at.SubtractXY(edge, edge), s.AddWidthHeight(2*edge, 2*edge)), true
}

func (c *collector) text(o *canvas.Text, at fyne.Position) (l look, where image.Rectangle, ok bool) {
	colour := o.Color
	if colour == nil {
		colour = theme.Color(theme.ColorNameForeground)
	}
	l = look{kind: aText, fill: exact(colour), text: o.Text, style: o.TextStyle, font: o.FontSource, width: o.TextSize}
	if o.FontSource != nil && !reflect.TypeOf(o.FontSource).Comparable() {
		l.font, l.of = nil, o
	}
	if o.Text == "" || l.fill.A == 0 {
		return l, where, false
	}
	least, is := o.MinSize(), o.Size()
	switch o.Alignment {
	case fyne.TextAlignTrailing:
		at.X += is.Width - least.Width
	case fyne.TextAlignCenter:
		at.X += (is.Width - least.Width) / 2
	case fyne.TextAlignLeading:
	}
	if is.Height > least.Height {
		at.Y += (is.Height - least.Height) / 2
	}
	least.Width += edgeOf(o)
	return l, c.area(at, least), true
}

// edgeOf is how far the drawing of something reaches beyond its size: Fyne's rule (internal/painter, VectorPad).
func edgeOf(o fyne.CanvasObject) float32 {
	stroked := func(width float32, c color.Color, else_ float32) float32 {
		if width > 0 && c != nil {
			return width + 2
		}
		return else_
	}
	switch o := o.(type) {
	case *canvas.Circle:
		return stroked(o.StrokeWidth, o.StrokeColor, 1)
	case *canvas.Line:
		return stroked(o.StrokeWidth, color.Black, 0)
	case *canvas.Polygon:
		return stroked(o.StrokeWidth, o.StrokeColor, 0)
	case *canvas.Rectangle:
		return stroked(o.StrokeWidth, o.StrokeColor, 0)
	case *canvas.Arc:
		return stroked(o.StrokeWidth, o.StrokeColor, 0)
	case *canvas.Text:
		if o.TextStyle.Italic {
			return o.TextSize / 5
		}
	}
	return 0
}

func exact(c color.Color) color.RGBA64 {
	if c == nil {
		return color.RGBA64{}
	}
	r, g, b, a := c.RGBA()
	return color.RGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: uint16(a)} //nolint:gosec // RGBA gives 16 bits of each
}
