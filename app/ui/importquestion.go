package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// importQuestion is one thing only a person knows.
type importQuestion struct {
	object  fyne.CanvasObject
	ask     string
	choices []string
	one     *choice
	many    []*check
	open    *text
}

func newImportQuestion(im *screen.Import, at int, asked *screen.ImportQuestion) *importQuestion {
	q := &importQuestion{ask: asked.Ask, choices: asked.Choices, open: newText(lang.L("This is not answered yet.")).tone(toneWarn)}
	body := []fyne.CanvasObject{newText(asked.Ask).bold()}
	if asked.Hint != "" {
		body = append(body, newHint(asked.Hint))
	}
	if asked.Many {
		for i, words := range asked.Choices {
			box := newCheck(words, func(on bool) { im.Answer(at, i, on) })
			q.many = append(q.many, box)
			body = append(body, box)
		}
	} else {
		q.one = newChoice(asked.Choices, func(i int) { im.Answer(at, i, true) })
		body = append(body, line(sized(q.one, 360)))
	}
	q.object = newCard("", append(body, q.open)...)
	return q
}

func (q *importQuestion) first() fyne.Focusable {
	if q.one != nil {
		return q.one
	}
	return q.many[0]
}

func (q *importQuestion) draw(asked *screen.ImportQuestion) {
	at := -1
	for i, on := range asked.Chosen {
		if i < len(q.many) {
			q.many[i].SetChecked(on)
		}
		if on {
			at = i
		}
	}
	if q.one != nil && q.one.index() != at {
		q.one.setIndex(at)
	}
	showIf(q.open, asked.Open)
}

// importColumnRow is a column of the file and what it becomes.
type importColumnRow struct {
	i       int
	object  *fyne.Container
	becomes *choice // nil: it is never taken
}

func newImportColumnRow(im *screen.Import, i int, words []string) *importColumnRow {
	r := &importColumnRow{i: i}
	c := im.Column(i)
	right := fyne.CanvasObject(newText(lang.L("never taken: no letter needs it")).tone(toneHint))
	if !c.Never {
		r.becomes = newChoice(words, func(to int) { im.SetField(i, to) })
		right = r.becomes
	}
	r.object = becoming(newImportName(c.Header, c.Example), right)
	return r
}

func (r *importColumnRow) draw(im *screen.Import) {
	if r.becomes == nil {
		return
	}
	if at := im.Column(r.i).Field; r.becomes.index() != at {
		r.becomes.setIndex(at)
	}
}

// importName is the name of a column with a value of it, each on a line and cut where there is no more room.
type importName struct {
	name, example   string
	object          *fyne.Container
	shown, instance *word
}

func newImportName(name, example string) fyne.CanvasObject {
	n := &importName{name: name, example: example}
	n.shown = newWord(name, theme.SizeNameText, theme.ColorNameForeground, true)
	n.instance = newWord(example, theme.SizeNameCaptionText, colorHint, false)
	if example == "" {
		n.example = lang.L("no value was seen")
	}
	n.object = container.New(n, n.shown, n.instance)
	return n.object
}

// MinSize is two lines high and as narrow as it must be.
func (n *importName) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(60, n.shown.MinSize().Height+n.instance.MinSize().Height)
}

// Layout cuts both lines to the room there is.
func (n *importName) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	n.shown.set(fit(n.name, s.Width-2, theme.TextSize(), fyne.TextStyle{Bold: true}))
	n.instance.set(fit(n.example, s.Width-2, theme.Size(theme.SizeNameCaptionText), fyne.TextStyle{}))
	n.shown.Resize(n.shown.MinSize())
	n.instance.Move(fyne.NewPos(0, n.shown.MinSize().Height))
	n.instance.Resize(n.instance.MinSize())
}

// becomingLayout stands what a column becomes beside the column, and not far from it.
type becomingLayout struct{}

// How wide both are where there is room: near enough that the eye keeps its line.
const (
	nameWide    = 340
	becomesWide = 300
)

func becoming(left, right fyne.CanvasObject) *fyne.Container {
	return container.New(&becomingLayout{}, left, right)
}

func (becomingLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(160+gap+160, max(a.Height, b.Height))
}

func (becomingLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	right := min(becomesWide, s.Width/2)
	left := min(s.Width-right-wideGap, nameWide)
	for i, at := range []fyne.Position{fyne.NewPos(0, 0), fyne.NewPos(left+wideGap, 0)} {
		width := []float32{left, right}[i]
		o[i].Resize(fyne.NewSize(width, o[i].MinSize().Height))
		high := o[i].MinSize().Height
		o[i].Resize(fyne.NewSize(width, high))
		o[i].Move(fyne.NewPos(at.X, max((s.Height-high)/2, 0)))
	}
}

// indented stands a hint below the words of a check.
func indented(o fyne.CanvasObject) *fyne.Container { return padded(o, 0, 0, checkBox+8, 0) }
