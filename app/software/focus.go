package software

import "fyne.io/fyne/v2"

// focus is who has the keyboard in one tree of objects. Its rules are those of Fyne's own.
type focus struct {
	root fyne.CanvasObject
	has  fyne.Focusable
}

// set gives the keyboard to an object, if that is in the tree and can take it, and tells whether it is in the tree.
func (f *focus) set(o fyne.Focusable) bool {
	if o == nil {
		f.move(nil)
		return true
	}
	found, hidden := search(f.root, o, false)
	switch {
	case !found:
		return false
	case hidden:
		return true
	}
	if d, ok := o.(fyne.Disableable); ok && d.Disabled() {
		// What is disabled can still be read and copied from.
		if _, selectable := o.(interface{ SelectedText() string }); !selectable {
			return true
		}
	}
	f.move(o)
	return true
}

// search looks for an object, also among what is not shown, as far as that can be looked into without being drawn.
func search(in fyne.CanvasObject, wanted fyne.Focusable, hidden bool) (found, unseen bool) {
	if in == nil {
		return false, false
	}
	hidden = hidden || !in.Visible()
	if f, ok := in.(fyne.Focusable); ok && f == wanted {
		return true, hidden
	}
	if _, drawn := in.(fyne.Widget); hidden && drawn {
		return false, false
	}
	for _, o := range children(in) {
		if found, unseen = search(o, wanted, hidden); found {
			return found, unseen
		}
	}
	return false, false
}

func (f *focus) move(o fyne.Focusable) {
	if f.has == o {
		return
	}
	if f.has != nil {
		f.has.FocusLost()
	}
	f.has = o
	if o != nil {
		o.FocusGained()
	}
}

// next gives the keyboard to the one after, or before; round the end to the first, or last.
func (f *focus) next(back bool) {
	chain := f.chain()
	if len(chain) == 0 {
		f.move(nil)
		return
	}
	to := 0
	if back {
		to = len(chain) - 1
	}
	for i, o := range chain {
		switch {
		case f.has == nil || o != f.has:
		case back:
			to = (i + len(chain) - 1) % len(chain)
		default:
			to = (i + 1) % len(chain)
		}
	}
	f.move(chain[to])
}

// drop takes the keyboard from what is not shown any more: what somebody types goes nowhere unseen.
func (f *focus) drop() {
	if f.has == nil {
		return
	}
	shown := walk(f.root, fyne.Position{}, everywhere, func(o fyne.CanvasObject, _ fyne.Position, _ room) bool {
		is, ok := o.(fyne.Focusable)
		return ok && is == f.has
	})
	if !shown {
		f.move(nil)
	}
}

func (f *focus) chain() (chain []fyne.Focusable) {
	walk(f.root, fyne.Position{}, everywhere, func(o fyne.CanvasObject, _ fyne.Position, _ room) bool {
		if d, ok := o.(fyne.Disableable); ok && d.Disabled() {
			return false
		}
		if o, ok := o.(fyne.Focusable); ok {
			chain = append(chain, o)
		}
		return false
	})
	return chain
}
