package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

const (
	importWidth = 880
	importHigh  = 900 // or as high as the window lets it be: nothing moves from step to step
)

// importStep is what one step shows.
type importStep interface {
	content() fyne.CanvasObject
	draw()
	first() fyne.Focusable // where the keyboard begins; nil: on the button that goes on
}

// importPanel takes a list of patrons or loans in, step by step, above whatever screen asked for it.
type importPanel struct {
	w  *Window
	im *screen.Import

	layer                   *layer
	over                    bool
	where                   *word
	holder                  *fyne.Container
	steps                   map[screen.ImportStep]importStep
	shown                   screen.ImportStep
	said, busy              *text
	wrong                   *fyne.Container
	why                     *text
	stop, back, undo, other *button
	next                    *button
	content                 *fyne.Container
	exporting               func() // shows how an export goes; nil: none is open
}

// importLists lets a person take in lists of patrons and loans.
func importLists(w *Window) { newImportPanel(w) }

func newImportPanel(w *Window) *importPanel {
	p := &importPanel{w: w, im: screen.NewImport(w.desk), steps: map[screen.ImportStep]importStep{}, shown: -1}
	p.where = newWord("", theme.SizeNameCaptionText, colorHint, false)
	p.said, p.busy = newText(""), newText("").tone(toneHint)
	p.stop = newLink(lang.L("Stop"), p.im.Stop)
	p.back = newButton(lang.L("Back"), p.im.Back)
	p.undo = newButton(lang.L("Undo this import..."), p.askUndo)
	p.other = newButton(lang.L("Another list"), p.im.Another)
	p.next = newPrimary("", p.goOn)
	head := spread(rowsBy(2, newWord(lang.L("Import a list"), theme.SizeNameSubHeadingText, theme.ColorNameForeground, true), p.where), newButton(lang.L("Close"), p.leave))
	p.why = newText("").tone(toneBad)
	p.wrong = container.NewStack(newPlate(colorBadBack, colorNone, 6), padded(container.New(&footLayout{}, newMark(markBad, ""), p.why), 8, 8, 12, 12))
	foot := rowsBy(gap, p.said, p.wrong, spread(line(p.busy, p.stop), line(p.back, p.undo, p.other, p.next)))
	p.holder = container.NewStack()
	p.content = container.New(&importLayout{}, head, p.holder, foot)
	p.layer = &layer{escape: p.leave}
	p.im.OnChange = p.draw
	p.im.Load()
	w.lay(p.layer, p.content, importWidth, nil)
	p.draw()
	return p
}

// goOn is the button that goes on, whatever that means at this step.
func (p *importPanel) goOn() {
	switch p.im.Step() {
	case screen.ImportPlan:
		doubt := p.im.Doubt()
		if doubt == "" {
			p.im.Do(true)
			return
		}
		p.w.ask(question{
			title: lang.L("Take it in all the same?"), text: doubt + "\n\n" + lang.L("If you are not sure, export the list again and look whether all of it is there."),
			yes: lang.L("Take it in"), no: lang.L("Go back"), danger: true, then: func() { p.im.Do(true) },
		})
	case screen.ImportDone:
		p.leave()
	default:
		p.im.Next()
	}
}

func (p *importPanel) askUndo() {
	title, words := p.im.UndoWords()
	p.w.ask(question{title: title, text: words, yes: lang.L("Undo"), no: lang.L("Go back"), danger: true, then: p.im.Undo})
}

// leave closes it; what is under way is stopped first.
func (p *importPanel) leave() {
	end := func() {
		p.over = true
		p.im.Close()
		p.w.drop(p.layer)
	}
	switch step := p.im.Step(); {
	case p.im.Busy() != "":
		p.im.Stop()
	case step == screen.ImportColumns || step == screen.ImportPlan:
		p.w.ask(question{title: lang.L("Leave without taking the list in?"), text: lang.L("Nothing has been changed. What you said about the columns is not kept."), yes: lang.L("Leave"), no: lang.L("Stay"), then: end})
	default:
		end()
	}
}

// step gives what shows a step, made when it is first needed.
func (p *importPanel) step(at screen.ImportStep) importStep {
	s := p.steps[at]
	if s == nil {
		switch at {
		case screen.ImportLook:
			s = newImportLook(p)
		case screen.ImportColumns:
			s = newImportColumns(p)
		case screen.ImportPlan:
			s = newImportPlan(p)
		case screen.ImportDone:
			s = newImportDone(p)
		default:
			s = newImportFile(p)
		}
		p.steps[at] = s
	}
	return s
}

func (p *importPanel) draw() {
	if p.over {
		return
	}
	at := p.im.Step()
	s := p.step(at)
	other := at != p.shown
	p.shown = at
	if other {
		p.holder.Objects = []fyne.CanvasObject{s.content()}
	}
	s.draw()
	p.where.set(p.im.StepWords())
	said, busy := p.im.Said(), p.im.Busy()
	p.said.set(said.Words)
	p.why.set(said.Words)
	showIf(p.said, said.Words != "" && busy == "" && !said.Bad)
	showIf(p.wrong, said.Words != "" && busy == "" && said.Bad)
	p.busy.set(busy)
	showIf(p.busy, busy != "")
	showIf(p.stop, busy != "" && at != screen.ImportDone)
	p.drawButtons(at, busy == "")
	if p.exporting != nil {
		p.exporting()
	}
	p.content.Refresh()
	p.layer.over.Refresh()
	if other {
		p.begin(s)
	}
}

func (p *importPanel) drawButtons(at screen.ImportStep, idle bool) {
	words := lang.L("Next")
	switch {
	case at == screen.ImportColumns, at == screen.ImportLook && p.im.SavedIn() > 0:
		words = lang.L("See what would change")
	case at == screen.ImportPlan:
		words = lang.L("Import")
	case at == screen.ImportDone:
		words = lang.L("Done")
	}
	p.next.SetText(words)
	showIf(p.back, at > screen.ImportFile && at < screen.ImportDone)
	showIf(p.undo, at == screen.ImportDone && (p.im.MayUndo() || !idle))
	showIf(p.other, at == screen.ImportDone)
	able(p.back, idle)
	able(p.undo, p.im.MayUndo())
	able(p.other, idle)
	able(p.next, idle && (at != screen.ImportPlan || p.im.MayDo()))
}

// begin puts the keyboard where a step begins, unless a question lies above.
func (p *importPanel) begin(s importStep) {
	if len(p.w.layers) == 0 || p.w.layers[len(p.w.layers)-1] != p.layer {
		return
	}
	to := s.first()
	if to == nil {
		to = p.next
	}
	focusOn(to)
	if scroll, ok := s.content().(*container.Scroll); ok {
		scroll.ScrollToTop() // the keyboard brings into sight what it stands on and no more
	}
}

// importLayout stands a head above a step and what goes on below it. The step reaches into the card's edge by ringRoom.
type importLayout struct{}

func (importLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(320, importHigh) }

func (importLayout) Layout(o []fyne.CanvasObject, s fyne.Size) { footedLayout{}.Layout(o, s) }

// captioned is a control with its name in small letters above it.
func captioned(words string, control fyne.CanvasObject, width float32) *fyne.Container {
	return container.New(&widthLayout{width: width}, rowsBy(2, newHint(words), control))
}

// importScroll is what a step scrolls.
func importScroll(body ...fyne.CanvasObject) *container.Scroll {
	return container.NewVScroll(padded(rowsBy(wideGap, body...), ringRoom, ringRoom, ringRoom, ringRoom+4))
}

// heightLayout gives its one object a fixed height.
type heightLayout struct{ high float32 }

func (l *heightLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width, l.high)
}
func (l *heightLayout) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

func atHeight(o fyne.CanvasObject, high float32) *fyne.Container {
	return container.New(&heightLayout{high: high}, o)
}
