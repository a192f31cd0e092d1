package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// field is a row of a form: label, control with its unit, hint, and what is wrong.
type field struct {
	object fyne.CanvasObject

	label   string
	control fyne.CanvasObject
	box     *fyne.Container
	hint    *text
	wrong   *text
	offered *button
	take    func()
}

// narrow is how wide a field is whose value has a unit: a number.
const narrow = 112

func newField(label, unit, hint string, control fyne.CanvasObject) *field {
	f := &field{label: label, control: control, hint: newHint(hint), wrong: newHint("").tone(toneBad)}
	f.offered = newLink("", func() {
		if f.take != nil {
			f.take()
		}
	})
	f.offered.Hide()
	f.wrong.Hide()
	f.hint.Hidden = hint == ""
	right := control
	if unit != "" {
		right = line(container.New(&widthLayout{width: narrow}, control), newWord(unit, theme.SizeNameText, colorHint, false))
	}
	f.box = rowsBy(4, right, f.wrong, f.offered, f.hint)
	f.object = container.New(&fieldLayout{}, newText(label), f.box)
	return f
}

// setError says what is wrong under the field; empty: nothing.
func (f *field) setError(words string) {
	f.wrong.set(words)
	f.wrong.Hidden = words == ""
	if e, ok := f.control.(*entry); ok {
		e.setWrong(words != "")
	}
	f.object.Refresh()
}

// setHint changes the explanation.
func (f *field) setHint(words string) {
	f.hint.set(words)
	f.hint.Hidden = words == ""
	f.object.Refresh()
}

// offer shows a link below that takes a suggestion; empty words remove it.
func (f *field) offer(words string, take func()) {
	f.take = take
	f.offered.SetText(words)
	f.offered.Hidden = words == ""
	f.object.Refresh()
}

// newForm puts fields below one another, no wider than is easy to read.
func newForm(fields ...*field) fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(fields))
	for i, f := range fields {
		objects[i] = f.object
	}
	return container.New(&atMostLayout{width: formWidth}, rowsBy(wideGap, objects...))
}

// fieldLayout stands the label beside the first line of the control.
type fieldLayout struct{}

func (fieldLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	l, r := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(labelWidth+wideGap+narrowest(o[1]), max(l.Height+6, r.Height))
}

// leastChoice is how wide a choice among fields must be: what is longer ends in dots, and is read whole when it is opened.
const leastChoice = 220

// narrowest is how wide a control of a form must be.
func narrowest(o fyne.CanvasObject) float32 {
	width := o.MinSize().Width
	switch x := o.(type) {
	case *choice:
		return min(width, leastChoice)
	case *fyne.Container:
		if _, is := x.Layout.(*rowsLayout); !is {
			return width
		}
		width = 0
		for _, child := range visible(x.Objects) {
			width = max(width, narrowest(child))
		}
	}
	return width
}

func (fieldLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(labelWidth, s.Height))
	o[0].Resize(fyne.NewSize(labelWidth, o[0].MinSize().Height))
	o[0].Move(fyne.NewPos(0, 6))
	o[1].Move(fyne.NewPos(labelWidth+wideGap, 0))
	o[1].Resize(fyne.NewSize(s.Width-labelWidth-wideGap, s.Height))
}

// widthLayout gives its one object a fixed width.
type widthLayout struct{ width float32 }

func (l *widthLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.width, o[0].MinSize().Height)
}
func (l *widthLayout) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

// atMostLayout lets its one object grow to a width and no further.
type atMostLayout struct{ width float32 }

func (l *atMostLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

func (l *atMostLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(min(l.width, s.Width), s.Height))
}
