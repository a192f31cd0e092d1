package software

import (
	"image"
	"image/color"
	"image/draw"
	"maps"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// scene is what is to be painted.
type scene struct {
	roots  []fyne.CanvasObject
	size   image.Point // in pixels
	scale  float32
	ground color.Color
}

// painter composes the picture of the window. Fyne's painter draws all of it anew each time, which takes too long on
// computers that have no OpenGL: ours lets it draw each thing once, and composes what changed.
type painter struct {
	frame  *image.RGBA
	items  []item // what the frame shows
	ground color.Color
	album  album
	turns  map[fyne.CanvasObject]uint64
	turn   uint64
	boxes  uint64
	tidied time.Time
}

func newPainter() *painter { return &painter{turns: map[fyne.CanvasObject]uint64{}} }

// Picture is what the window would show of a canvas.
func Picture(c fyne.Canvas) *image.RGBA {
	all := &collector{scale: c.Scale()}
	s := scene{
		roots: append([]fyne.CanvasObject{c.Content()}, c.Overlays().List()...), scale: c.Scale(),
		size: image.Pt(all.pixel(c.Size().Width), all.pixel(c.Size().Height)), ground: theme.Color(theme.ColorNameBackground),
	}
	p := newPainter()
	p.paint(s)
	return p.frame
}

// changed is told what looks otherwise than before.
func (p *painter) changed(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *canvas.Rectangle, *canvas.Text, *canvas.Circle, *canvas.Line: // their look says it
	case *canvas.Image:
		if drawnInto(o) {
			p.turn++
			p.turns[o] = p.turn
		}
	case *canvas.Raster:
		p.turn++
		p.turns[o] = p.turn
	default:
		p.boxes++
	}
}

// forget makes all pictures anew: they were for another scale.
func (p *painter) forget() {
	p.album.forget()
	p.items, p.frame = nil, nil
}

// paint brings the frame up to date and tells which parts of it changed.
func (p *painter) paint(s scene) []image.Rectangle {
	whole := image.Rectangle{Max: s.size}
	c := &collector{scale: s.scale, whole: whole, turns: p.turns, boxes: p.boxes, items: make([]item, 0, len(p.items)+64)}
	for _, o := range s.roots {
		walk(o, fyne.Position{}, everywhere, c.visit)
	}
	p.clean(c.items)
	var parts []image.Rectangle
	if p.frame == nil || p.frame.Bounds() != whole || p.ground != s.ground {
		p.frame, p.ground = image.NewRGBA(whole), s.ground
		parts = []image.Rectangle{whole}
	} else {
		parts = damage(p.items, c.items)
	}
	for _, part := range parts {
		p.compose(part, c.items)
	}
	p.items = c.items
	p.album.tidy()
	return parts
}

func (p *painter) compose(part image.Rectangle, items []item) {
	draw.Draw(p.frame, part, image.NewUniform(p.ground), image.Point{}, draw.Src)
	for _, i := range items {
		in := i.seen.Intersect(part)
		switch {
		case in.Empty():
		case i.look.kind == aFill:
			draw.Draw(p.frame, in, image.NewUniform(i.look.fill), image.Point{}, draw.Over)
		default:
			p.album.of(i).put(p.frame, i.at, in)
		}
	}
}

// cleanEvery is how often Fyne's own caches are cleaned.
const cleanEvery = 15 * time.Second

// clean lets Fyne give up what belongs to widgets that are gone. It must follow right after a walk through all that is
// shown: what was not looked at for a minute is given up. Of what is not shown any more nothing is kept here either.
func (p *painter) clean(items []item) {
	now := time.Now()
	if now.Sub(p.tidied) <= cleanEvery {
		return
	}
	p.tidied = now
	test.NewCanvas().Capture()
	there := map[fyne.CanvasObject]bool{}
	for _, i := range items {
		there[i.leaf] = true
	}
	maps.DeleteFunc(p.turns, func(o fyne.CanvasObject, _ uint64) bool { return !there[o] })
	p.album.drop(func(l look) bool { return l.of != nil && !there[l.of] })
}

// redrawn draws the drawings in a tree anew, which are as sharp as the display they were drawn for.
func redrawn(o fyne.CanvasObject) {
	if o == nil {
		return
	}
	if i, ok := o.(*canvas.Image); ok {
		i.Refresh()
	}
	for _, inside := range children(o) {
		redrawn(inside)
	}
}
