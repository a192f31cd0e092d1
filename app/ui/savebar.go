package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// mostMet is how many changes of somebody else are listed; more would hide the settings themselves.
const mostMet = 4

// saveBar stands below the settings: what is not saved, what became of the last Save, and what to do about it.
type saveBar struct {
	object fyne.CanvasObject
	fresh  string // what is said while nothing is set up

	s                          *screen.Settings
	words                      *text
	met                        *fyne.Container
	start, again, mine, theirs *button
	revert, save               *button
	buttons                    *fyne.Container
	drawn                      barDrawn
	drawnMet                   []screen.Met
}

// barDrawn is what the bar shows besides what somebody else saved.
type barDrawn struct {
	drawn, dirty, busy, fresh bool
	unreadable                string
	said                      screen.Said
}

func newSaveBar(s *screen.Settings) *saveBar {
	b := &saveBar{s: s, words: newText(""), met: rowsBy(2), fresh: lang.L("Nothing is set up yet. Answer the question above, or fill in the fields.")}
	b.start = newButton(lang.L("Start the service"), s.StartService)
	b.again = newButton(lang.L("Try again"), s.TryAgain)
	b.mine = newButton(lang.L("Keep mine"), s.KeepMine)
	b.theirs = newButton(lang.L("Take theirs"), s.TakeTheirs)
	b.revert = newButton(lang.L("Revert"), s.Revert)
	b.save = newPrimary(lang.L("Save"), func() { s.Save(nil) })
	b.buttons = line(b.start, b.again, b.mine, b.theirs, b.revert, b.save)
	inner := padded(spread(rowsBy(4, b.words, b.met), b.buttons), 10, 10, pagePad, pagePad)
	b.object = container.NewStack(newPlate(colorCard, colorLine, 0), inner)
	b.draw()
	return b
}

func (b *saveBar) draw() {
	said, dirty, busy := b.s.Said(), b.s.Dirty(), b.s.Busy()
	met := b.s.Met()
	unreadable := b.s.Unreadable()
	now := barDrawn{drawn: true, unreadable: unreadable, dirty: dirty, busy: busy, fresh: b.s.Fresh(), said: said}
	if now == b.drawn && slices.Equal(met, b.drawnMet) {
		return
	}
	b.drawn, b.drawnMet = now, met
	words, weight := said.Words, toneNormal
	switch {
	case said.Words == "" && dirty:
		words, weight = lang.L("Unsaved changes"), toneWarn
	case said.Words == "" && unreadable != "":
		words, weight = unreadable, toneHint
	case said.Words == "" && b.s.Fresh():
		words, weight = b.fresh, toneHint
	case said.Words == "":
		words, weight = lang.L("Everything is saved."), toneHint
	case said.Good:
		weight = toneGood
	case said.Bad:
		weight = toneBad
	}
	b.words.set(words)
	b.words.tone(weight)
	b.drawMet(met, said.Conflict)
	mine := false
	for _, m := range met {
		mine = mine || m.Mine
	}
	b.start.Hidden = !said.Start
	b.again.Hidden = !said.Again
	b.mine.Hidden = busy || !said.Conflict && len(met) == 0
	b.theirs.Hidden = busy || !mine
	if mine || said.Conflict {
		b.mine.SetText(lang.L("Keep mine"))
	} else {
		b.mine.SetText(lang.L("OK"))
	}
	able(b.revert, dirty && !busy)
	able(b.save, !busy)
	b.save.primary(dirty || b.s.Fresh())
	b.buttons.Refresh()
	b.object.Refresh()
}

func (b *saveBar) drawMet(met []screen.Met, conflict bool) {
	b.met.Objects = nil
	if len(met) > 0 && !conflict {
		b.met.Add(newHint(lang.L("Somebody else has just saved these settings:")))
	}
	for i, m := range met {
		if i == mostMet {
			b.met.Add(newHint(lang.L("and {{.N}} more", map[string]any{"N": len(met) - i})))
			break
		}
		words := m.Words
		if m.Mine {
			words += " " + lang.L("(yours is different)")
		}
		b.met.Add(newHint(words))
	}
	b.met.Hidden = len(met) == 0
}

func able(b *button, on bool) {
	if on {
		b.Enable()
	} else {
		b.Disable()
	}
}
