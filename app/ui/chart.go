package ui

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"smtpgateway/app/screen"
)

// Measures of the chart.
const (
	chartHigh  = 120 // of the highest bar
	chartTop   = 18  // for the number above it
	chartFoot  = 20  // for the days below the baseline
	barAtLeast = 2   // a single message among thousands is still seen
)

// chart shows what was sent and what failed on each day, as bars. It says nothing that the words beside it do not say.
type chart struct {
	widget.BaseWidget

	shown screen.Chart
}

func newChart() *chart {
	c := &chart{}
	c.ExtendBaseWidget(c)
	return c
}

func (c *chart) set(shown screen.Chart) {
	c.shown = shown
	c.Refresh()
}

func (c *chart) CreateRenderer() fyne.WidgetRenderer {
	r := &chartRenderer{chart: c, base: canvas.NewRectangle(color.Transparent), top: canvas.NewRectangle(color.Transparent)}
	for i := range r.words {
		r.words[i] = canvas.NewText("", color.Transparent)
		r.words[i].TextSize = smallText
	}
	for range 2 * screen.ChartDays {
		r.bars = append(r.bars, canvas.NewRectangle(color.Transparent))
	}
	r.objects = append(r.objects, r.top)
	for _, b := range r.bars {
		r.objects = append(r.objects, b)
	}
	r.objects = append(r.objects, r.base, r.words[0], r.words[1], r.words[2])
	return r
}

type chartRenderer struct {
	chart   *chart
	base    *canvas.Rectangle
	top     *canvas.Rectangle
	bars    []*canvas.Rectangle // for each day what was sent, then what failed
	words   [3]*canvas.Text     // the highest number, the first day, the last day
	objects []fyne.CanvasObject
}

func (r *chartRenderer) Destroy()                     {}
func (r *chartRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *chartRenderer) MinSize() fyne.Size {
	return fyne.NewSize(screen.ChartDays*4, chartTop+chartHigh+chartFoot)
}

func (r *chartRenderer) Refresh() {
	r.Layout(r.chart.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *chartRenderer) Layout(s fyne.Size) {
	shown := r.chart.shown
	floor := float32(chartTop + chartHigh)
	putBox(r.base, colorField, fyne.NewPos(0, floor), fyne.NewSize(s.Width, 1))
	putBox(r.top, colorLine, fyne.NewPos(0, chartTop), fyne.NewSize(s.Width, 1))
	r.top.Hidden = shown.Top == 0
	step := s.Width / screen.ChartDays
	for i := range screen.ChartDays {
		sent, failed := float32(0), float32(0)
		if i < len(shown.Days) && shown.Top > 0 {
			sent, failed = barHigh(shown.Days[i].Sent, shown.Top), barHigh(shown.Days[i].Failed, shown.Top)
			sent = min(sent, chartHigh-failed) // the least height of one must not push the other out
		}
		x, wide := step*float32(i)+step*0.15, step*0.7
		putBox(r.bars[2*i], theme.ColorNamePrimary, fyne.NewPos(x, floor-sent), fyne.NewSize(wide, sent))
		putBox(r.bars[2*i+1], colorBad, fyne.NewPos(x, floor-sent-failed), fyne.NewSize(wide, failed))
	}
	number := ""
	if shown.Top > 0 {
		number = strconv.FormatInt(shown.Top, 10)
	}
	for i, words := range []string{number, shown.First, shown.Last} {
		t := r.words[i]
		t.Text, t.Color = words, theme.Color(colorHint)
		t.Resize(t.MinSize())
	}
	r.words[0].Move(fyne.NewPos(0, 0))
	r.words[1].Move(fyne.NewPos(0, floor+4))
	r.words[2].Move(fyne.NewPos(s.Width-r.words[2].MinSize().Width, floor+4))
}

func barHigh(n, top int64) float32 {
	if n <= 0 {
		return 0
	}
	return max(chartHigh*float32(n)/float32(top), barAtLeast)
}

func putBox(box *canvas.Rectangle, fill fyne.ThemeColorName, at fyne.Position, size fyne.Size) {
	box.FillColor = theme.Color(fill)
	box.Move(at)
	box.Resize(size)
}

// share is a bar that fills up: so much of what is allowed is used.
type share struct {
	widget.BaseWidget

	part float32 // 0 to 1
}

func newShare() *share {
	s := &share{}
	s.ExtendBaseWidget(s)
	return s
}

func (s *share) set(part float32) {
	s.part = part
	s.Refresh()
}

func (s *share) CreateRenderer() fyne.WidgetRenderer {
	return &shareRenderer{share: s, all: canvas.NewRectangle(color.Transparent), used: canvas.NewRectangle(color.Transparent)}
}

type shareRenderer struct {
	share     *share
	all, used *canvas.Rectangle
}

func (r *shareRenderer) Destroy()                     {}
func (r *shareRenderer) MinSize() fyne.Size           { return fyne.NewSize(100, 6) }
func (r *shareRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.all, r.used} }

func (r *shareRenderer) Refresh() {
	r.Layout(r.share.Size())
	r.all.Refresh()
	r.used.Refresh()
}

func (r *shareRenderer) Layout(s fyne.Size) {
	high := r.MinSize().Height
	y := (s.Height - high) / 2
	r.all.CornerRadius, r.used.CornerRadius = high/2, high/2
	putBox(r.all, colorLine, fyne.NewPos(0, y), fyne.NewSize(s.Width, high))
	fill := theme.ColorNamePrimary
	if r.share.part >= 1 {
		fill = colorWarn
	}
	wide := s.Width * r.share.part
	if wide > 0 {
		wide = max(wide, high)
	}
	putBox(r.used, fill, fyne.NewPos(0, y), fyne.NewSize(wide, high))
}

// key is a square in the colour of bars, with what they mean.
func newKey(fill fyne.ThemeColorName, words string) fyne.CanvasObject {
	square := newPlate(fill, colorNone, 2)
	square.min = fyne.NewSquareSize(10)
	return line(square, newWord(words, theme.SizeNameCaptionText, colorHint, false))
}
