package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// The parts of the screen of letters.
const (
	partSend = iota
	partTexts
)

// lettersPage sends letters, and has their texts.
type lettersPage struct {
	w *Window
	l *screen.Letters

	object  fyne.CanvasObject
	tabs    *tabs
	nobody  *fyne.Container // stands in place of the choice while there are no people at all
	choice  *letterChoice
	list    *letterList
	texts   *letterTexts // nil: never looked at
	parts   *fyne.Container
	trouble *fyne.Container // what is shown is old, and why
	why     *text
}

func newLetters(w *Window) page {
	p := &lettersPage{w: w, l: screen.NewLetters(w.desk)}
	p.tabs = newTabs([]string{lang.L("Send letters"), lang.L("Texts of letters")}, p.turn)
	p.nobody = container.NewVBox(padded(newCard(lang.L("No patrons yet."),
		newText(lang.L("Letters are written to patrons and their guardians, about what they have on loan. Import the lists your library system exports; the texts of letters can be written before.")),
		line(newPrimary(lang.L("Import..."), func() { importLists(w) }))), 2, pagePad, pagePad, pagePad))
	p.choice, p.list = newLetterChoice(p), newLetterList(p)
	p.why = newText("").tone(toneBad)
	p.trouble = padded(spread(p.why, newButton(lang.L("Try again"), w.desk.Wake)), 0, gap, pagePad, pagePad)
	p.parts = container.NewStack(p.nobody, p.choice.object, p.list.object)
	head := rowsBy(0, pageHead(lang.L("Letters"), p.tabs), p.trouble)
	p.object = container.NewBorder(head, nil, nil, nil, p.parts)
	p.l.OnChange, p.l.OnNotice = p.draw, w.notice
	p.draw()
	return p
}

func (p *lettersPage) content() fyne.CanvasObject { return p.object }

func (p *lettersPage) shown() { p.changed(screen.Change{Store: true}) }

func (p *lettersPage) changed(c screen.Change) {
	p.l.Refresh(c)
	if p.texts != nil {
		p.texts.t.Refresh(c)
	}
}

// leave asks what is to become of a text that is typed and not saved.
func (p *lettersPage) leave(then func()) {
	if p.texts == nil {
		then()
		return
	}
	p.texts.leave(then)
}

// turn goes to another part.
func (p *lettersPage) turn(i int) {
	p.leave(func() {
		if i == partTexts && p.texts == nil {
			p.texts = newLetterTexts(p)
			p.parts.Add(p.texts.object)
			p.texts.t.Refresh(screen.Change{Store: true})
		}
		p.tabs.set(i)
		p.draw()
	})
}

// editText goes to the text of a letter.
func (p *lettersPage) editText(key string) {
	p.turn(partTexts)
	p.texts.t.Show(key)
}

// draw shows what the screen knows now.
func (p *lettersPage) draw() {
	texts := p.tabs.at == partTexts
	problem := p.l.Problem()
	p.trouble.Hidden = problem == nil
	if problem != nil {
		p.why.set(problem.Error())
	}
	showIf(p.nobody, !texts && p.l.Nobody())
	showIf(p.choice.object, !texts && !p.l.Nobody() && !p.l.Made())
	showIf(p.list.object, !texts && !p.l.Nobody() && p.l.Made())
	if p.texts != nil {
		showIf(p.texts.object, texts)
	}
	switch {
	case texts:
	case p.l.Made():
		p.list.draw()
	default:
		p.choice.draw()
	}
	p.object.Refresh()
}

// letterProblems lists what is wrong with a text, with what mends it.
type letterProblems struct {
	object *fyne.Container
	drawn  []screen.TextProblem
	mend   func(p screen.TextProblem)
}

func newLetterProblems(mend func(p screen.TextProblem)) *letterProblems {
	l := &letterProblems{object: rowsBy(4), mend: mend}
	l.object.Hide()
	return l
}

// draw makes the lines anew only when they are others: a link that has the keyboard keeps it.
func (l *letterProblems) draw(all []screen.TextProblem) {
	same := len(all) == len(l.drawn)
	for i := 0; same && i < len(all); i++ {
		same = all[i] == l.drawn[i]
	}
	if same {
		return
	}
	l.drawn = all
	l.object.RemoveAll()
	for _, p := range all {
		m, weight := markBad, toneBad
		if p.Warning {
			m, weight = markWarn, toneWarn
		}
		l.object.Add(line(newMark(m, ""), newText(p.Words).tone(weight)))
		if p.Offer != "" {
			l.object.Add(padded(line(newButton(lang.L("Put {{.Name}} there", map[string]any{"Name": p.Offer}), func() { l.mend(p) })), 0, 4, iconSize+6+gap, 0))
		}
	}
	showIf(l.object, len(all) > 0)
}
