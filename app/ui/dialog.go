package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
)

// question is something to decide before anything else.
type question struct {
	title, text, yes, no string // yes and no: words of the buttons; empty: OK, Cancel
	danger               bool   // yes deletes, stops or cancels something
	body                 fyne.CanvasObject
	then, otherwise      func()
}

const dialogWidth = 440

// layer is a card above everything else.
type layer struct {
	over   fyne.CanvasObject
	back   fyne.Focusable // what had the keyboard before
	enter  func()
	escape func()
}

// ask shows a question. Return is yes, unless yes cannot be taken back; Escape is no.
func (w *Window) ask(q question) {
	if q.yes == "" {
		q.yes = lang.L("OK")
	}
	if q.no == "" {
		q.no = lang.L("Cancel")
	}
	var l *layer
	answer := func(f func()) func() {
		return func() {
			w.drop(l)
			if f != nil {
				f()
			}
		}
	}
	no, yes := newButton(q.no, answer(q.otherwise)), newPrimary(q.yes, answer(q.then))
	if q.danger {
		yes = newDanger(q.yes, answer(q.then))
	}
	l = &layer{escape: no.press, enter: yes.press}
	first := fyne.Focusable(yes)
	if q.danger {
		l.enter, first = nil, no
	}
	if q.body != nil {
		first = nil
	}
	w.lay(l, w.dialog(q.title, q.text, q.body, no, yes), dialogWidth, first)
}

// tell says a sentence.
func (w *Window) tell(title, words string) {
	var l *layer
	ok := newPrimary(lang.L("OK"), func() { w.drop(l) })
	l = &layer{escape: ok.press, enter: ok.press}
	w.lay(l, w.dialog(title, words, nil, ok), dialogWidth, ok)
}

func (w *Window) dialog(title, words string, body fyne.CanvasObject, buttons ...*button) fyne.CanvasObject {
	var content []fyne.CanvasObject
	content = append(content, newWord(title, theme.SizeNameSubHeadingText, theme.ColorNameForeground, true))
	if words != "" {
		content = append(content, newText(words))
	}
	if body != nil {
		content = append(content, body)
	}
	foot := line()
	for _, b := range buttons {
		foot.Add(b)
	}
	content = append(content, padded(footOf(nil, foot), gap, 0, 0, 0))
	return rowsBy(wideGap, content...)
}

// footOf is the last line of a card: what else can be done at its left, and at its right, the last of all, what it is for.
func footOf(others, buttons fyne.CanvasObject) fyne.CanvasObject {
	if others == nil {
		others = rows()
	}
	return spread(others, buttons)
}

// panel shows a card above everything. What is in it scrolls if it does not fit. closed is called however it is closed.
func (w *Window) panel(title string, body fyne.CanvasObject, width float32, closed func()) (closePanel func()) {
	var l *layer
	shut := func() {
		if w.drop(l) && closed != nil {
			closed()
		}
	}
	button := newButton(lang.L("Close"), shut)
	l = &layer{escape: shut}
	head := spread(newWord(title, theme.SizeNameSubHeadingText, theme.ColorNameForeground, true), button)
	// What scrolls is cut at its edge: the room round it is for the rings of what stands there.
	scroll := container.NewVScroll(padded(body, ringRoom, ringRoom, ringRoom, ringRoom+4))
	w.lay(l, container.New(&panelLayout{}, head, scroll), width, nil)
	w.window.Canvas().FocusNext() // past Close to what the panel is for, if there is anything
	return shut
}

// lay puts content on a card above everything and the keyboard on first, or on its first control.
func (w *Window) lay(l *layer, content fyne.CanvasObject, width float32, first fyne.Focusable) {
	c := w.window.Canvas()
	l.back = c.Focused()
	c.Unfocus()
	card := container.NewStack(newPlate(colorCard, colorLine, 8), padded(content, pagePad, pagePad, pagePad, pagePad))
	l.over = container.NewStack(newPlate(colorVeil, colorNone, 0), container.New(&cardLayout{width: width}, card))
	w.layers = append(w.layers, l)
	c.Overlays().Add(l.over)
	l.over.Resize(c.Size())
	l.over.Refresh()
	if first != nil {
		c.Focus(first)
		return
	}
	c.FocusNext()
}

// drop takes a card away and gives the keyboard back; false: it was away already.
func (w *Window) drop(l *layer) bool {
	for i, o := range w.layers {
		if o != l {
			continue
		}
		w.layers = w.layers[:i]
		c := w.window.Canvas()
		c.Overlays().Remove(l.over)
		if l.back != nil {
			c.Focus(l.back)
		}
		return true
	}
	return false
}

// typedKey is a key no control had a use for.
func (w *Window) typedKey(ev *fyne.KeyEvent) {
	if len(w.layers) == 0 {
		return
	}
	l := w.layers[len(w.layers)-1]
	switch ev.Name {
	case fyne.KeyEscape:
		if l.escape != nil {
			l.escape()
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		if l.enter != nil {
			l.enter()
		}
	default:
	}
}

// ringRoom is how far a ring may stand out of its control.
const ringRoom = 6

// panelLayout stands a head above what scrolls, which reaches into the card's edge by ringRoom.
type panelLayout struct{}

func (panelLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width-2*ringRoom), a.Height+gap+b.Height)
}

func (panelLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	high := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, high))
	o[1].Move(fyne.NewPos(-ringRoom, high+gap))
	o[1].Resize(fyne.NewSize(s.Width+2*ringRoom+4, s.Height-high-gap+ringRoom))
}

// cardLayout stands a card in the middle, as high as it needs to be and no higher than the window.
type cardLayout struct{ width float32 }

func (l *cardLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

func (l *cardLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	width := min(l.width, s.Width-2*pagePad)
	o[0].Resize(fyne.NewSize(width, s.Height-2*pagePad))
	high := min(natural(o[0]), s.Height-2*pagePad)
	o[0].Resize(fyne.NewSize(width, high))
	o[0].Move(fyne.NewPos((s.Width-width)/2, max((s.Height-high)/2, pagePad)))
}

// natural is how high o wants to be, with what scrolls in it laid out in full.
func natural(o fyne.CanvasObject) float32 {
	high := o.MinSize().Height
	for _, s := range scrolls(o) {
		high += max(s.Content.MinSize().Height-s.MinSize().Height, 0)
	}
	return high
}

func scrolls(o fyne.CanvasObject) []*container.Scroll {
	switch x := o.(type) {
	case *container.Scroll:
		return []*container.Scroll{x}
	case *fyne.Container:
		var out []*container.Scroll
		for _, c := range x.Objects {
			out = append(out, scrolls(c)...)
		}
		return out
	default:
		return nil
	}
}
