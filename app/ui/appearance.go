package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// themes in the order they are offered.
var themes = []string{screen.ThemeSystem, screen.ThemeLight, screen.ThemeDark}

// setLook draws everything in the chosen theme.
func (w *Window) setLook() {
	fyne.CurrentApp().Settings().SetTheme(Theme(w.appearance.Preferences().Theme))
}

// chooseAppearance shows what a person can choose about the window.
func (w *Window) chooseAppearance() {
	a := w.appearance
	look := newChoice([]string{lang.L("As the desktop has it"), lang.L("Light"), lang.L("Dark")}, func(i int) {
		a.SetTheme(themes[i])
		w.setLook()
	})
	look.setIndex(slices.Index(themes, a.Preferences().Theme))
	sizes := make([]string, len(screen.Scales))
	for i, s := range screen.Scales {
		sizes[i] = strconv.Itoa(s) + " %"
	}
	size := newChoice(sizes, func(i int) { a.SetScale(screen.Scales[i]) })
	size.setIndex(slices.Index(screen.Scales, a.Preferences().Scale))
	later, problem := newText("").tone(toneWarn), newText("").tone(toneBad)
	body := rowsBy(wideGap,
		newForm(
			newField(lang.L("Colours"), "", lang.L("Takes effect at once."), look),
			newField(lang.L("Size of everything"), "", lang.L("Larger letters, larger buttons."), size),
		),
		later, problem,
	)
	a.OnChange = func() {
		later.set(a.Later())
		later.Hidden = a.Later() == ""
		problem.set(a.Problem())
		problem.Hidden = a.Problem() == ""
		body.Refresh()
	}
	a.OnChange()
	w.panel(lang.L("Appearance"), body, 560, func() { a.OnChange = nil })
}
