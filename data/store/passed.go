package store

import "smtpgateway/data"

// passed remembers, for one check, how far each row of candidates has been gone through, so that a check that may try
// everything once ("send now") does not step over what it has tried already again and again. It is a short cut only:
// when nothing is found beyond it, the search begins at the front once more.
type passed struct {
	check check
	spots [2][8][2]spot // by server, class, deferred
	used  bool          // a search began elsewhere than at the front
}

// check is what has to be equal for two searches to belong together.
type check struct {
	tried    int64
	practice bool
	letters  bool
	bound    bool
	early    bool // takes what is not due yet
}

// spot is a place in the index delivery_due.
type spot struct{ due, id int64 }

func (p *passed) begin(w *data.Want, l limits) {
	now := check{tried: l.tried, practice: l.practice, letters: l.letters, bound: l.bound, early: l.horizon > l.now}
	if now != p.check || w.TriedLast.IsZero() {
		p.forget()
		p.check = now
	}
	p.used = false
}

func (p *passed) forget() { p.spots, p.used = [2][8][2]spot{}, false }

func (p *passed) at(server, class, deferred int) spot {
	from := p.spots[(server-1)&1][class][deferred]
	if from == (spot{}) {
		return spot{never, never}
	}
	p.used = true
	return from
}

func (p *passed) reach(server, class, deferred int, here spot) {
	p.spots[(server-1)&1][class][deferred] = here
}
