package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// text is words that wrap. It has no margin of its own, so that what stands below something stands below it to the pixel.
type text struct {
	widget.BaseWidget

	words  string
	weight tone
	strong bool
	mono   bool                // for machines: letters of one width
	color  fyne.ThemeColorName // in place of the tone's; empty: the tone's
	size   fyne.ThemeSizeName
	rich   *widget.RichText
}

func newText(words string) *text {
	t := &text{words: words, size: theme.SizeNameText}
	t.rich = widget.NewRichText()
	t.rich.Wrapping = fyne.TextWrapWord
	t.ExtendBaseWidget(t)
	t.fill()
	return t
}

// newHint is a text in small, quiet letters.
func newHint(words string) *text {
	t := newText(words)
	t.size = theme.SizeNameCaptionText
	return t.tone(toneHint)
}

func (t *text) set(words string) {
	if t.words == words {
		return
	}
	t.words = words
	t.Refresh()
}

func (t *text) tone(n tone) *text {
	if t.weight != n {
		t.weight = n
		t.Refresh()
	}
	return t
}

func (t *text) bold() *text {
	t.strong = true
	t.Refresh()
	return t
}

// fill puts words and colour into the toolkit's text.
func (t *text) fill() {
	c := t.color
	if c == "" {
		c = t.weight.color()
	}
	t.rich.Segments = []widget.RichTextSegment{&widget.TextSegment{Text: t.words, Style: widget.RichTextStyle{
		ColorName: c, SizeName: t.size, TextStyle: t.style(),
	}}}
}

func (t *text) style() fyne.TextStyle { return fyne.TextStyle{Bold: t.strong, Monospace: t.mono} }

// natural is how wide the words are when nothing makes them wrap.
func (t *text) natural() float32 {
	return fyne.MeasureText(t.words, theme.Size(t.size), t.style()).Width + 1
}

func (t *text) Refresh() {
	t.fill()
	t.rich.Refresh()
	t.BaseWidget.Refresh()
}

func (t *text) CreateRenderer() fyne.WidgetRenderer { return &textRenderer{t: t} }

type textRenderer struct{ t *text }

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Refresh()                     { r.Layout(r.t.Size()) }
func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.t.rich} }

func (r *textRenderer) Layout(s fyne.Size) {
	p := theme.InnerPadding()
	r.t.rich.Move(fyne.NewPos(-p, -p))
	r.t.rich.Resize(fyne.NewSize(s.Width+2*p, s.Height+2*p))
}

func (r *textRenderer) MinSize() fyne.Size {
	p := theme.InnerPadding()
	m := r.t.rich.MinSize()
	return fyne.NewSize(max(m.Width-2*p, 0), max(m.Height-2*p, 0))
}

// word is one line that never wraps: titles, numbers, units.
type word struct {
	widget.BaseWidget

	words string
	size  fyne.ThemeSizeName
	color fyne.ThemeColorName
	bold  bool
}

func newWord(words string, size fyne.ThemeSizeName, c fyne.ThemeColorName, bold bool) *word {
	w := &word{words: words, size: size, color: c, bold: bold}
	w.ExtendBaseWidget(w)
	return w
}

func (w *word) set(words string) {
	if w.words == words {
		return
	}
	w.words = words
	w.Refresh()
}

func (w *word) CreateRenderer() fyne.WidgetRenderer {
	r := &wordRenderer{w: w, line: canvas.NewText(w.words, color.Black)}
	r.paint()
	return r
}

type wordRenderer struct {
	w    *word
	line *canvas.Text
}

func (r *wordRenderer) Destroy()                     {}
func (r *wordRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line} }
func (r *wordRenderer) MinSize() fyne.Size           { return r.line.MinSize() }
func (r *wordRenderer) Layout(s fyne.Size)           { r.line.Resize(s) }

func (r *wordRenderer) Refresh() {
	r.paint()
	r.line.Refresh()
}

func (r *wordRenderer) paint() {
	r.line.Text, r.line.TextSize, r.line.Color = r.w.words, theme.Size(r.w.size), theme.Color(r.w.color)
	r.line.TextStyle.Bold = r.w.bold
}

// newTitle is the title of a screen.
func newTitle(words string) fyne.CanvasObject {
	return newWord(words, theme.SizeNameHeadingText, theme.ColorNameForeground, true)
}

// stateMark is an icon and a word.
type stateMark struct {
	widget.BaseWidget

	mark  mark
	words string
}

func newMark(m mark, words string) *stateMark {
	s := &stateMark{mark: m, words: words}
	s.ExtendBaseWidget(s)
	return s
}

func (s *stateMark) set(m mark, words string) {
	if s.mark == m && s.words == words {
		return
	}
	s.mark, s.words = m, words
	s.Refresh()
}

func (s *stateMark) CreateRenderer() fyne.WidgetRenderer {
	r := &markRenderer{s: s, icon: newIcon("off", colorHint), line: canvas.NewText(s.words, color.Black)}
	r.paint()
	return r
}

type markRenderer struct {
	s    *stateMark
	icon *canvas.Image
	line *canvas.Text
}

func (r *markRenderer) Destroy()                     {}
func (r *markRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.icon, r.line} }

func (r *markRenderer) lead() float32 {
	if r.s.mark == markNone {
		return 0
	}
	return iconSize + 6
}

func (r *markRenderer) MinSize() fyne.Size {
	m := r.line.MinSize()
	return fyne.NewSize(m.Width+r.lead(), max(m.Height, iconSize))
}

func (r *markRenderer) Layout(s fyne.Size) {
	m := r.line.MinSize()
	r.icon.Resize(fyne.NewSquareSize(iconSize))
	r.icon.Move(fyne.NewPos(0, (s.Height-iconSize)/2))
	r.line.Move(fyne.NewPos(r.lead(), (s.Height-m.Height)/2))
	r.line.Resize(fyne.NewSize(max(s.Width-r.lead(), m.Width), m.Height))
}

func (r *markRenderer) Refresh() {
	r.paint()
	r.Layout(r.s.Size())
	r.icon.Refresh()
	r.line.Refresh()
}

func (r *markRenderer) paint() {
	r.icon.Hidden = r.s.mark == markNone
	if r.s.mark != markNone {
		r.icon.Resource = icon{name: string(r.s.mark), color: r.s.mark.color()}
	}
	r.line.Text, r.line.TextSize = r.s.words, theme.TextSize()
	c := r.s.mark.color()
	if r.s.mark == markNone || r.s.mark == markWaiting || r.s.mark == markOff {
		c = theme.ColorNameForeground
	}
	r.line.Color = theme.Color(c)
}
