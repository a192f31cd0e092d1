package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// newCard is a white card with a title, which may be empty.
func newCard(title string, body ...fyne.CanvasObject) *fyne.Container {
	if title != "" {
		head := newWord(title, theme.SizeNameSubHeadingText, theme.ColorNameForeground, true)
		body = append([]fyne.CanvasObject{head}, body...)
	}
	return container.NewStack(newPlate(colorCard, colorLine, 8), padded(rows(body...), cardPad, cardPad, cardPad, cardPad))
}

// newPage is a screen that scrolls below its title.
func newPage(title string, right fyne.CanvasObject, body ...fyne.CanvasObject) fyne.CanvasObject {
	scroll := container.NewVScroll(padded(rowsBy(wideGap, body...), 2, pagePad, pagePad, pagePad))
	return container.NewBorder(pageHead(title, right), nil, nil, nil, scroll)
}

// newFixedPage is a screen that does not scroll: top stands below the title, body takes the rest. For tables, which
// scroll by themselves.
func newFixedPage(title string, right, top, body fyne.CanvasObject) fyne.CanvasObject {
	head := pageHead(title, right)
	if top != nil {
		head = rowsBy(0, head, padded(top, 2, wideGap, pagePad, pagePad))
	}
	return container.NewBorder(head, nil, nil, nil, padded(body, 2, pagePad, pagePad, pagePad))
}

func pageHead(title string, right fyne.CanvasObject) *fyne.Container {
	if right == nil {
		return padded(newTitle(title), pagePad, 10, pagePad, pagePad)
	}
	return padded(spread(newTitle(title), right), pagePad, 10, pagePad, pagePad)
}
