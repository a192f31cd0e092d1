package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

const guideWidth = 720

// newSignInGuide shows what IT does once, step by step, with every line to paste and every page to open beside its button.
func newSignInGuide(w *Window, m *screen.SignIn) {
	said := newText("").tone(toneGood)
	copied := func(text string) func() {
		return func() {
			w.desk.Desktop().Copy(text)
			say(said, lang.L("Copied."))
			refreshLayers(w)
		}
	}
	all := newButton(lang.L("Copy the whole guide"), func() {
		m.CopyGuide()
		say(said, lang.L("Copied. Paste it into a message to your IT department."))
		refreshLayers(w)
	})
	said.Hide()
	body := rowsBy(wideGap,
		newText(lang.L("An administrator of the school does this once. It gives the school an app registration of its own; nobody else stands between the school and its mail.")),
		line(all, said))
	for i, step := range m.Guide() {
		rest := rowsBy(6, newText(step.Title).bold(), newText(step.Text))
		if step.Page != "" {
			rest.Add(spread(newHint(step.Page), line(
				newButton(lang.L("Open"), func() { w.openOutside(step.Page) }), newButton(lang.L("Copy"), copied(step.Page)))))
		}
		for _, words := range step.Copy {
			rest.Add(spread(newMono(words), newButton(lang.L("Copy"), copied(words))))
		}
		number := newWord(fmt.Sprint(i+1), theme.SizeNameSubHeadingText, colorLink, true)
		body.Add(container.New(&testColumns{widths: []float32{24, 0}}, number, rest))
	}
	w.panel(lang.L("What IT has to do"), body, guideWidth, nil)
}

// openOutside opens an address in the browser, away from the window's goroutine.
func (w *Window) openOutside(address string) {
	w.desk.OpenOutside(address, func(words string) { w.tell(lang.L("It could not be opened"), words) })
}

// newMono is a text for machines on a ground of its own.
func newMono(words string) fyne.CanvasObject {
	t := newText(words)
	t.mono = true
	t.Refresh()
	return container.NewStack(newPlate(theme.ColorNameInputBackground, colorLine, 4), padded(t, 5, 5, 8, 8))
}
