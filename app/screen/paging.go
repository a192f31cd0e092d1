package screen

import "smtpgateway/data"

// paging is what the screens of long lists share: a window of lines that slides over a list in the store, and one question
// at a time about it.
type paging struct {
	asking

	loaded  bool
	opened  int // which opening of the store the window is from
	problem *data.Error
	bottom  bool // nothing comes behind the window
	moved   Move
	waiting struct{ reread, further, back bool } // came up while an answer was awaited
}

// reopened reports whether the store was opened anew since: perhaps another one, where the same numbers are something else.
func (p *paging) reopened(d *Desk) bool {
	other := p.opened != d.facts.Opened
	p.opened = d.facts.Opened
	return other && p.loaded
}

// answered takes in how a question ended; false: there is nothing to show.
func (p *paging) answered(err error) bool {
	if err != nil {
		p.problem = asError(err)
		return false
	}
	p.problem, p.loaded = nil, true
	return true
}

// later notes what is to be asked when the answer that is awaited is there; false: none is.
func (p *paging) later(what *bool) bool {
	if p.stop == nil {
		return false
	}
	*what = true
	return true
}

// goOn asks what came up while an answer was awaited.
func (p *paging) goOn(reread, further, back func()) {
	w := p.waiting
	p.waiting.reread, p.waiting.further, p.waiting.back = false, false, false
	switch {
	case p.stop != nil || p.problem != nil:
	case w.reread:
		reread()
	case w.further:
		further()
	case w.back:
		back()
	}
}

// Problem is why nothing can be shown; nil: nothing is wrong.
func (p *paging) Problem() *data.Error { return p.problem }

// Trouble is the same in words; empty: nothing is wrong.
func (p *paging) Trouble() string {
	if p.problem == nil {
		return ""
	}
	return p.problem.Error()
}

// Moved is what happened to the lines since Moved was last called.
func (p *paging) Moved() Move {
	m := p.moved
	p.moved = Move{}
	return m
}
