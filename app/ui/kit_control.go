package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// control is what everything that is pressed has in common: it can be greyed out, shows where the keyboard is and what the
// mouse is over.
type control struct {
	widget.BaseWidget

	self    fyne.Widget // the control this is part of
	off     bool
	over    bool
	focused bool
}

func (c *control) become(self fyne.Widget) {
	c.self = self
	c.ExtendBaseWidget(self)
}

// Enable lets it be used again.
func (c *control) Enable() { c.setOff(false) }

// Disable greys it out.
func (c *control) Disable() { c.setOff(true) }

// Disabled reports whether it is greyed out.
func (c *control) Disabled() bool { return c.off }

func (c *control) setOff(off bool) {
	if c.off == off {
		return
	}
	c.off = off
	c.Refresh()
}

// FocusGained shows the ring.
func (c *control) FocusGained() { c.focused = true; c.Refresh(); intoSight(c.self) }

// FocusLost hides it.
func (c *control) FocusLost() { c.focused = false; c.Refresh() }

// MouseIn marks it as what a click would press.
func (c *control) MouseIn(*desktop.MouseEvent) { c.over = true; c.Refresh() }

// MouseMoved changes nothing.
func (c *control) MouseMoved(*desktop.MouseEvent) {}

// MouseOut unmarks it.
func (c *control) MouseOut() { c.over = false; c.Refresh() }
