package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// patronSave stands at the foot of a person's panel: what is not saved, how the last thing done ended, and what to do.
type patronSave struct {
	p *patronPanel

	object       fyne.CanvasObject
	words        *text
	theirs       *fyne.Container
	mine, take   *button
	revert, save *button
	buttons      *fyne.Container
}

func newPatronSave(p *patronPanel) *patronSave {
	b := &patronSave{p: p, words: newText(""), theirs: rowsBy(2)}
	b.mine = newButton(lang.L("Keep mine"), func() { p.p.KeepMine(nil) })
	b.take = newButton(lang.L("Take theirs"), p.p.TakeTheirs)
	b.revert = newButton(lang.L("Revert"), p.p.Revert)
	b.save = newPrimary(lang.L("Save"), func() { p.save(nil) })
	b.buttons = line(b.mine, b.take, b.revert, b.save)
	b.object = spread(rowsBy(4, b.words, b.theirs), b.buttons)
	return b
}

func (b *patronSave) draw() {
	said, busy, dirty := b.p.p.Said(), b.p.p.Busy(), b.p.p.Dirty()
	words, weight := said.Words, toneHint
	switch {
	case busy != "":
		words = busy
	case said.Bad:
		weight = toneBad
	case said.Good && !dirty:
		weight = toneGood
	case dirty && b.p.p.New():
		words, weight = lang.L("Not saved yet"), toneWarn
	case dirty:
		words, weight = lang.L("Unsaved changes"), toneWarn
	case b.p.p.New():
		words = lang.L("Fill in at least a name.")
	default:
		words = lang.L("Everything is saved.")
	}
	b.words.set(words)
	b.words.tone(weight)
	b.theirs.Objects = nil
	for _, l := range b.p.p.Theirs() {
		b.theirs.Add(newHint(b.p.w.desk.Say("{{.Label}}: {{.Value}}", screen.With("Label", l.Label, "Value", l.Text))))
	}
	b.theirs.Hidden = len(b.theirs.Objects) == 0
	conflict := said.Conflict && busy == ""
	b.mine.Hidden, b.take.Hidden = !conflict, !conflict
	b.revert.Hidden = conflict || b.p.p.New()
	b.save.Hidden = conflict
	able(b.revert, dirty && busy == "")
	able(b.save, busy == "" && (dirty || b.p.p.New()))
	b.buttons.Refresh()
	b.object.Refresh()
}
