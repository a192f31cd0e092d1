package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// listPage is what the pages of long lists share: a table over a window of lines, and above it why what it shows is old.
type listPage struct {
	w *Window

	object  fyne.CanvasObject
	table   *table
	trouble *fyne.Container
	why     *text
}

func newListPage(w *Window) listPage {
	p := listPage{w: w, why: newText("").tone(toneBad)}
	p.trouble = spread(p.why, newButton(lang.L("Try again"), w.desk.Wake))
	p.trouble.Hide()
	return p
}

func (p *listPage) content() fyne.CanvasObject { return p.object }
func (p *listPage) leave(then func())          { then() }

// first is the first line a person sees.
func (p *listPage) first() int { return p.table.first }

// drawList shows the lines anew, with those a person looks at where they are.
func (p *listPage) drawList(m screen.Move, chosen []int, trouble string) {
	if m.By != 0 && !m.Jump {
		p.table.shift(m.By)
	}
	p.table.choose(chosen)
	p.table.refresh()
	if m.Jump {
		p.table.cursor, p.table.anchor = -1, -1
		p.table.top(m.To)
	}
	p.trouble.Hidden = trouble == ""
	p.why.set(trouble)
}
