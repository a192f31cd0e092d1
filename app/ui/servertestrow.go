package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// Widths of what stands in columns in a test.
const (
	stepState = 92
	stepLabel = 180
	pairLabel = labelWidth + wideGap - gap // level with the fields
)

// stepRow is one step: how it stands, what it is, what was seen, and the detail behind a word to press.
type stepRow struct {
	t      *serverTest
	object *fyne.Container

	state  *stateMark
	label  *text
	words  *text
	took   *text
	more   *button
	detail *text
}

func newStepRow(t *serverTest) *stepRow {
	r := &stepRow{t: t, state: newMark(markBusy, ""), label: newText(""), words: newText(""), took: newText("").tone(toneHint), detail: newHint("")}
	r.more = newLink(lang.L("Details"), func() { r.open(r.detail.Hidden) })
	r.detail.Hide()
	head := container.New(&testColumns{widths: []float32{stepState, stepLabel, 0}}, r.state, r.label, r.words)
	r.object = rowsBy(2, spread(head, line(r.took, r.more)), padded(r.detail, 0, 0, stepState+stepLabel+2*gap, 0))
	return r
}

func (r *stepRow) draw(s screen.TestStep) {
	switch s.State {
	case screen.StepRunning:
		r.state.set(markBusy, lang.L("running"))
	case screen.StepOK:
		r.state.set(markGood, lang.L("ok"))
	case screen.StepFailed:
		r.state.set(markBad, lang.L("not ok"))
	}
	r.label.set(s.Label)
	r.words.set(s.Text)
	r.took.set(s.Took)
	showIf(r.took, s.Took != "")
	if r.detail.words != s.Detail {
		r.detail.set(s.Detail)
		r.open(false)
	}
	showIf(r.more, s.Detail != "")
}

func (r *stepRow) open(on bool) {
	showIf(r.detail, on)
	showIf(r.object.Objects[1], on)
	word := lang.L("Details")
	if on {
		word = lang.L("Hide details")
	}
	r.more.SetText(word)
	r.object.Refresh()
	r.t.object.Refresh()
	if s := scrollAround(r.t.object); s != nil {
		s.Refresh()
	}
}

// noteLine is an icon and a sentence that wraps; without a sentence it is not there.
type noteLine struct {
	object *fyne.Container
	mark   *stateMark
	words  *text
}

func newNoteLine() *noteLine {
	n := &noteLine{mark: newMark(markNone, ""), words: newText("")}
	n.object = container.New(&testColumns{widths: []float32{iconSize, 0}}, n.mark, n.words)
	n.object.Hide()
	return n
}

func (n *noteLine) set(m mark, words string) {
	n.mark.set(m, "")
	n.words.set(words)
	showIf(n.object, words != "")
}

// newPair is a label and beside it what it is the label of.
func newPair(label string, value fyne.CanvasObject) *fyne.Container {
	return container.New(&testColumns{widths: []float32{pairLabel, 0}}, newText(label).tone(toneHint), value)
}

func showIf(o fyne.CanvasObject, on bool) {
	if o.Visible() == on {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// testColumns stands things beside one another in columns, their first lines level; a width of 0 takes what is left.
type testColumns struct{ widths []float32 }

func (l *testColumns) width(i int, whole float32) float32 {
	if l.widths[i] > 0 {
		return l.widths[i]
	}
	for j, w := range l.widths {
		if j != i {
			whole -= w
		}
	}
	return max(whole-gap*float32(len(l.widths)-1), 0)
}

func (l *testColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for i, o := range objects {
		s.Height = max(s.Height, o.MinSize().Height)
		s.Width += max(l.widths[i], 40) + gap
	}
	return s
}

func (l *testColumns) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	x := float32(0)
	for i, o := range objects {
		w := l.width(i, s.Width)
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
		o.Move(fyne.NewPos(x, 0))
		x += w + gap
	}
}
