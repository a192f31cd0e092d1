package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// letterTexts is where the texts of letters are written, with the letter as it would be beside it.
type letterTexts struct {
	page *lettersPage
	w    *Window
	t    *screen.LetterText

	object    fyne.CanvasObject
	scroll    *container.Scroll
	names     *choice
	languages *choice
	state     *text
	original  *button
	remove    *button
	title     *entry
	titleRow  *fyne.Container
	subject   *entry
	body      *entry
	into      *entry // that had the keyboard last: a placeholder goes there
	columns   []*check
	problems  *letterProblems
	trouble   *text

	sample     *text
	sampleOf   *word
	prev, next *button
	sheet      *letterSheet
	shownNote  *text
	bar        fyne.CanvasObject
	barWords   *text
	revert     *button
	save       *button
}

func newLetterTexts(page *lettersPage) *letterTexts {
	v := &letterTexts{page: page, w: page.w, t: screen.NewLetterText(page.w.desk)}
	content := container.New(&besideLayout{}, v.writing(), v.preview())
	v.scroll = container.NewVScroll(padded(rowsBy(wideGap, v.head(), content), 2, pagePad, pagePad, pagePad))
	v.barWords = newText("")
	v.revert, v.save = newButton(lang.L("Revert"), v.t.Revert), newPrimary(lang.L("Save"), func() { v.t.Save(nil) })
	v.bar = container.NewStack(newPlate(colorCard, colorLine, 0), padded(spread(v.barWords, line(v.revert, v.save)), 10, 10, pagePad, pagePad))
	v.object = container.NewBorder(nil, v.bar, nil, nil, v.scroll)
	v.t.OnChange = v.draw
	v.draw()
	return v
}

// head chooses the text, and does things to it as a whole.
func (v *letterTexts) head() fyne.CanvasObject {
	v.names = newChoice(v.t.Names(), func(i int) { v.leave(func() { v.t.SetName(i) }) })
	v.languages = newChoice(v.t.Languages(), func(i int) { v.leave(func() { v.t.SetLanguage(i) }) })
	v.state, v.trouble = newHint(""), newText("").tone(toneBad)
	v.original = newButton(lang.L("Back to the original text..."), v.askOriginal)
	v.remove = newDanger(lang.L("Delete..."), v.askDelete)
	more := newButton(lang.L("New letter..."), v.askName)
	history := newButton(lang.L("Earlier versions..."), func() { newTextVersions(v) })
	return newCard("", flow(sized(v.names, 240), sized(v.languages, 190), more, history, v.original, v.remove), v.state, v.trouble)
}

// writing is where a person types.
func (v *letterTexts) writing() fyne.CanvasObject {
	v.title, v.subject, v.body = newEntry(v.t.SetTitle), newEntry(v.t.SetSubject), newLines(v.t.SetBody)
	v.body.SetMinRowsVisible(15)
	v.into = v.body
	v.subject.entered, v.body.entered = func() { v.into = v.subject }, func() { v.into = v.body }
	v.titleRow = rowsBy(2, newHint(lang.L("Name of the letter")), v.title)
	v.problems = newLetterProblems(v.t.Mend)
	v.problems.object.Hide()
	ticks := flow()
	for i, c := range v.t.Columns() {
		tick := newCheck(c.Words, func(on bool) { v.t.SetColumn(i, on) })
		v.columns = append(v.columns, tick)
		ticks.Add(tick)
	}
	insert := newButton(lang.L("Insert a placeholder..."), func() { newPlaceholders(v.w, v.into) })
	return newCard(lang.L("The text"), v.titleRow,
		rowsBy(2, newHint(lang.L("Subject")), v.subject), rowsBy(2, newHint(lang.L("Text")), v.body), v.problems.object, line(insert),
		rowsBy(2, newHint(lang.L("Columns of the table of items")), ticks),
		newHint(lang.L("What stands in {curly brackets} is left out when a placeholder in it is empty.")))
}

// preview is the letter as it would be.
func (v *letterTexts) preview() fyne.CanvasObject {
	v.sample, v.sampleOf = newText("").tone(toneHint), newWord("", theme.SizeNameText, colorHint, false)
	v.prev, v.next = newButton(lang.L("Previous"), func() { v.t.Step(-1) }), newButton(lang.L("Next"), func() { v.t.Step(1) })
	v.sheet, v.shownNote = newLetterSheet(), newText("").tone(toneWarn)
	return newCard(lang.L("As it will be read"), v.sample, line(v.prev, v.next, v.sampleOf), v.shownNote, v.sheet.object)
}

// leave asks what is to become of what was typed, if anything was.
func (v *letterTexts) leave(then func()) {
	if !v.t.Dirty() {
		then()
		return
	}
	v.draw() // a choice that was made waits for the answer
	l := &layer{}
	stay := newButton(lang.L("Stay"), func() { v.w.drop(l) })
	discard := newDanger(lang.L("Discard"), func() {
		v.w.drop(l)
		v.t.Revert()
		then()
	})
	save := newPrimary(lang.L("Save"), func() {
		v.w.drop(l)
		v.t.Save(func(ok bool) {
			if ok {
				then()
			}
		})
	})
	words := lang.L("The text was changed and is not saved.")
	if why := v.t.CannotSave(); why != "" {
		words += " " + why
		save.Disable()
	}
	l.escape, l.enter = stay.press, save.press
	v.w.lay(l, v.w.dialog(lang.L("Save the text of the letter?"), words, nil, stay, discard, save), dialogWidth, stay)
}

func (v *letterTexts) askOriginal() {
	title, words := v.t.OriginalWords()
	v.w.ask(question{title: title, text: words, yes: lang.L("Back to the original"), no: lang.L("Go back"), danger: true, then: v.t.BackToOriginal})
}

func (v *letterTexts) askDelete() {
	title, words := v.t.DeleteWords()
	v.w.ask(question{title: title, text: words, yes: lang.L("Delete"), no: lang.L("Go back"), danger: true, then: v.t.Delete})
}

// askName asks what a new letter is called.
func (v *letterTexts) askName() {
	name := newEntry(nil)
	f := newField(lang.L("Name"), "", lang.L("It begins as a copy of the text that is shown now."), name)
	name.OnChanged = func(typed string) { f.setError(v.t.NameWrong(typed)) }
	fine := func() bool {
		f.setError(v.t.NameWrong(name.Text))
		return v.t.NameWrong(name.Text) == ""
	}
	v.w.form(lang.L("A new letter"), f.object, lang.L("Make it"), name, fine, func() { v.t.Add(name.Text) })
}

// draw shows what the screen knows now.
func (v *letterTexts) draw() {
	t := v.t
	v.names.setWords(t.Names())
	v.names.setIndex(t.Name())
	v.languages.setWords(t.Languages())
	v.languages.setIndex(t.Language())
	v.state.set(t.State())
	problem := t.Problem()
	v.trouble.Hidden = problem == nil
	if problem != nil {
		v.trouble.set(problem.Error())
	}
	showIf(v.original, t.Changed())
	showIf(v.remove, t.Own())
	showIf(v.titleRow, t.Own())
	for e, words := range map[*entry]string{v.title: t.Title(), v.subject: t.Subject(), v.body: t.Body()} {
		if e.Text != words {
			e.SetText(words)
		}
	}
	for i, c := range t.Columns() {
		v.columns[i].SetChecked(c.On)
	}
	v.problems.draw(t.Problems())
	v.drawPreview()
	v.drawBar()
	v.scroll.Content.Refresh()
	v.scroll.Refresh()
	v.object.Refresh()
}

func (v *letterTexts) drawPreview() {
	v.sample.set(v.t.SampleWords())
	v.sampleOf.set(v.t.SampleOf())
	for by, b := range map[int]*button{-1: v.prev, 1: v.next} {
		showIf(b, v.t.SampleOf() != "")
		able(b, v.t.CanStep(by))
	}
	subject, blocks, note := v.t.Preview()
	v.sheet.draw(subject, blocks)
	say(v.shownNote, note)
}

func (v *letterTexts) drawBar() {
	said, dirty, busy := v.t.Said(), v.t.Dirty(), v.t.Busy()
	words, weight := said.Words, toneHint
	switch {
	case busy != "":
		words = busy
	case said.Bad:
		weight = toneBad
	case dirty && v.t.CannotSave() != "":
		words, weight = v.t.CannotSave(), toneBad
	case dirty:
		words, weight = lang.L("Unsaved changes"), toneWarn
	case said.Good:
		weight = toneGood
	default:
		words = lang.L("Everything is saved.")
	}
	v.barWords.tone(weight).set(words)
	able(v.revert, dirty && busy == "")
	able(v.save, dirty && busy == "" && v.t.CannotSave() == "")
}
