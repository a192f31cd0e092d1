package main

import "sync"

// poster runs functions on the window's goroutine in the order they were given, and drops those that come when the
// window is gone: Fyne by itself would run them on the goroutine that gave them, or panic.
type poster struct {
	do func(func()) // runs a function on the window's goroutine, without waiting

	mu     sync.Mutex
	queue  []func()
	asked  bool // the window's goroutine was asked to come and did not yet
	closed bool
}

// post gives a function to the window's goroutine. It never blocks, and any goroutine may call it.
func (p *poster) post(f func()) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return
	}
	p.queue = append(p.queue, f)
	ask := !p.asked
	p.asked = true
	p.mu.Unlock()
	if ask {
		p.ask()
	}
}

// ask calls the window's goroutine. Fyne's queue may be closed between our look and the call, and says so by a panic.
func (p *poster) ask() {
	defer func() {
		if recover() != nil {
			p.close()
		}
	}()
	p.do(p.run)
}

// run runs what was given so far. What those functions give in turn waits for the next time, so that the window is drawn
// in between.
func (p *poster) run() {
	p.mu.Lock()
	queue := p.queue
	p.queue, p.asked = nil, false
	p.mu.Unlock()
	for _, f := range queue {
		p.mu.Lock()
		closed := p.closed
		p.mu.Unlock()
		if closed {
			return
		}
		f()
	}
}

// close drops what was not run, and all that comes.
func (p *poster) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.queue = nil
}
