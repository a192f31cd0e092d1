package ui

import (
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"smtpgateway/app/screen"
)

// calendarImport takes closed days in from a file, after showing what is in it.
type calendarImport struct {
	p     *noticesPage
	found screen.CalendarFile

	path        *entry
	region      *choice
	regionField *field
	said        *text
	spans       *fyne.Container
	take        *button
	close       func()
}

func newCalendarImport(p *noticesPage) {
	c := &calendarImport{p: p, said: newText(""), spans: rowsBy(2), path: newEntry(nil)}
	c.path.OnSubmitted = func(string) { c.read() }
	c.path.OnChanged = func(string) { c.forget() } // what was read belongs to another path
	c.region = newChoice(nil, func(i int) {
		c.found = p.n.InRegion(c.found, c.found.Regions[i])
		weight := toneNormal
		if len(c.found.Spans) == 0 {
			weight = toneBad
		}
		c.show(c.found.Words, weight)
	})
	c.take = newPrimary(lang.L("Take them in"), func() {
		c.close()
		p.n.TakeCalendar(c.found)
	})
	choose := newButton(lang.L("Choose..."), func() {
		start := ""
		if path := c.path.Text; path != "" {
			start = filepath.Dir(path)
		}
		p.w.chooseCalendar(start, func(path string) {
			c.path.SetText(path)
			c.read()
		})
	})
	file := newField(lang.L("File"), "", lang.L("An iCalendar file (.ics) or a CSV file with first day, last day and name. Schools and ministries offer them for download."), c.path)
	c.regionField = newField(lang.L("Region"), "", lang.L("Holidays of the whole country are taken in with those of your region."), c.region)
	c.forget()
	body := rowsBy(wideGap, file.object, line(choose, newButton(lang.L("Look into it"), c.read)), c.regionField.object, c.said, c.spans, line(c.take))
	c.close = p.w.panel(lang.L("Import a calendar file"), body, 640, nil)
}

// forget shows nothing of any file.
func (c *calendarImport) forget() {
	c.found = screen.CalendarFile{}
	c.regionField.object.Hide()
	c.show("", toneHint)
}

func (c *calendarImport) read() {
	asked := c.path.Text
	c.forget()
	c.show(lang.L("Reading the file."), toneHint)
	c.p.n.ReadCalendar(asked, func(found screen.CalendarFile) {
		if c.path.Text != asked {
			return
		}
		c.found = found
		c.region.setWords(found.Regions)
		c.region.setIndex(-1)
		if len(found.Regions) > 0 {
			c.regionField.object.Show()
		}
		c.show(found.Words, toneNormal)
	}, func(words string) {
		if c.path.Text == asked {
			c.show(words, toneBad)
		}
	})
}

// show says something of the file, and what of it can be taken in.
func (c *calendarImport) show(words string, weight tone) {
	c.said.set(words)
	c.said.tone(weight)
	c.spans.Objects = nil
	for _, one := range c.found.Spans {
		c.spans.Add(newText(one))
	}
	c.spans.Hidden = len(c.found.Spans) == 0
	able(c.take, len(c.found.Spans) > 0)
	refreshLayers(c.p.w)
}

// refreshLayers lays out what stands above, where something came or went.
func refreshLayers(w *Window) {
	for _, l := range w.layers {
		l.over.Refresh()
	}
}
