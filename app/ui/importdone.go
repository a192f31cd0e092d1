package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// importDone says what was done.
type importDone struct {
	p      *importPanel
	object fyne.CanvasObject
	head   *text
	more   *fyne.Container
}

func newImportDone(p *importPanel) importStep {
	d := &importDone{p: p, head: newText("").bold(), more: rowsBy(4)}
	d.object = importScroll(newCard("", container.New(&footLayout{}, newMark(markGood, ""), d.head), d.more))
	return d
}

func (d *importDone) content() fyne.CanvasObject { return d.object }
func (d *importDone) first() fyne.Focusable      { return nil }

func (d *importDone) draw() {
	head, more := d.p.im.DoneWords()
	d.head.set(head)
	d.more.Objects = nil
	for _, words := range more {
		d.more.Add(newText(words))
	}
	d.more.Hidden = len(more) == 0
}
