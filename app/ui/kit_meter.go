package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// meter is a bar that says how much of something is done. Words with the numbers stand beside it.
type meter struct {
	widget.BaseWidget

	part float32 // 0 to 1
}

const (
	meterWide = 160
	meterHigh = 8
)

func newMeter() *meter {
	m := &meter{}
	m.ExtendBaseWidget(m)
	return m
}

// set shows n of all; all 0: nobody knows, and nothing is shown.
func (m *meter) set(n, all int) {
	part := float32(0)
	if all > 0 {
		part = float32(min(n, all)) / float32(all)
	}
	showIf(m, all > 0)
	if part != m.part {
		m.part = part
		m.Refresh()
	}
}

func (m *meter) CreateRenderer() fyne.WidgetRenderer {
	return &meterRenderer{m: m, ground: canvas.NewRectangle(color.Transparent), bar: canvas.NewRectangle(color.Transparent)}
}

type meterRenderer struct {
	m           *meter
	ground, bar *canvas.Rectangle
}

func (r *meterRenderer) Destroy()           {}
func (r *meterRenderer) MinSize() fyne.Size { return fyne.NewSize(meterWide, meterHigh) }
func (r *meterRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.bar}
}

func (r *meterRenderer) Layout(s fyne.Size) {
	r.ground.Resize(s)
	r.bar.Resize(fyne.NewSize(s.Width*r.m.part, s.Height))
	paint(r.ground, theme.ColorNameHeaderBackground, colorLine, meterHigh/2)
	paint(r.bar, colorAccent, colorNone, meterHigh/2)
}

func (r *meterRenderer) Refresh() {
	r.Layout(r.m.Size())
	r.ground.Refresh()
	r.bar.Refresh()
}
