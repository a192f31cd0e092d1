package ui

import (
	"fyne.io/fyne/v2/lang"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
	"smtpgateway/assets"
)

const panelWidth = 640

// about shows what the program is and what it is made of.
func (w *Window) about() {
	var parts []screen.Component
	for _, l := range assets.Licences() {
		parts = append(parts, screen.Component{Name: l.Module, Version: l.Version, Licence: l.Name, Text: l.Text})
	}
	a := screen.NewAbout(w.desk, parts)
	problem := newText("").tone(toneBad)
	problem.Hide()
	a.OnChange = func() {
		problem.set(a.Problem())
		problem.Hidden = a.Problem() == ""
		problem.Refresh()
	}
	logo := canvas.NewImageFromResource(fyne.NewStaticResource("icon.png", assets.AppIcon()))
	logo.FillMode = canvas.ImageFillContain
	logo.SetMinSize(fyne.NewSquareSize(48))
	list := newTable([]column{{title: lang.L("Made with")}, {title: lang.L("Version"), width: 130}, {title: lang.L("Licence"), width: 110}}, tableOptions{
		length: func() int { return len(a.Components()) },
		row: func(i int) []cell {
			c := a.Components()[i]
			return []cell{{text: c.Name}, {text: c.Version, tone: toneHint}, {text: c.Licence}}
		},
		open: func(i int) { w.licence(a.Components()[i]) },
	})
	read := newButton(lang.L("Read the licence"), func() {
		if picked := list.selection(); len(picked) > 0 {
			w.licence(a.Components()[picked[0]])
		}
	})
	read.Disable()
	list.o.selected = func(picked []int) {
		if len(picked) > 0 {
			read.Enable()
		} else {
			read.Disable()
		}
	}
	body := rowsBy(wideGap,
		container.New(&lineLayout{gap: cardPad}, logo, rowsBy(2,
			newWord("SMTP Gateway Manager", theme.SizeNameSubHeadingText, theme.ColorNameForeground, true),
			newText(a.Version()).tone(toneHint))),
		newText(lang.L("Sends the library's letters and notices through the school's mail server, at a pace it tolerates, and shows what became of each.")),
		spread(rowsBy(2, newHint(lang.L("Data folder")), newText(a.Folder())), newButton(lang.L("Open folder"), a.OpenFolder)),
		problem,
		container.New(&highLayout{high: headHigh + 6*rowHigh}, list),
		line(read),
	)
	w.panel(lang.L("About"), body, panelWidth, nil)
}

// licence shows the words of one licence.
func (w *Window) licence(c screen.Component) {
	w.panel(c.Name, rows(newText(c.Version+", "+c.Licence).tone(toneHint), newHint(c.Text).tone(toneNormal)), panelWidth, nil)
}

// highLayout gives its one object a fixed height.
type highLayout struct{ high float32 }

func (l *highLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width, l.high)
}
func (l *highLayout) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
