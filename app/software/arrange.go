package software

import "fyne.io/fyne/v2"

// sizes are the smallest sizes that things had when they were last looked at: where one changed, what is around it is laid
// out again. Fyne's other drivers do the same before each picture.
type sizes struct {
	known map[fyne.CanvasObject]size
	round int
}

type size struct {
	least fyne.Size
	round int
}

// arrange lays out what needs it and tells whether anything did.
func (s *sizes) arrange(roots []fyne.CanvasObject, whole fyne.Size) (changed bool) {
	if s.known == nil {
		s.known = map[fyne.CanvasObject]size{}
	}
	s.round++
	for _, o := range roots {
		if o == nil || !s.visit(o) {
			continue
		}
		changed = true
		least, is := o.MinSize(), o.Size()
		if wanted := least.Max(is); wanted != is && is != whole {
			o.Resize(wanted)
		} else {
			layout(o)
		}
	}
	for o, v := range s.known {
		if v.round != s.round {
			delete(s.known, o)
		}
	}
	return changed
}

// visit tells whether the smallest size of an object is another than before.
func (s *sizes) visit(o fyne.CanvasObject) bool {
	if !o.Visible() {
		return false
	}
	inside := false
	for _, c := range children(o) {
		if c != nil && s.visit(c) {
			inside = true
		}
	}
	if inside {
		layout(o)
	}
	least := o.MinSize()
	was, known := s.known[o]
	s.known[o] = size{least, s.round}
	return !known || was.least != least
}
