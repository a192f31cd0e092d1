package software

import (
	"runtime"
	"sync"
)

// queue holds what other goroutines want done on the window's. It never blocks whoever gives, and never fills up.
type queue struct {
	wake func() // any goroutine may call it

	mu     sync.Mutex
	owner  uint64 // the window's goroutine
	todo   []job
	closed bool
}

type job struct {
	do   func()
	done chan struct{} // nil: nobody waits
}

// own makes the goroutine that calls it the window's.
func (q *queue) own() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.owner = goroutine()
}

// give hands a function over. With wait it comes back when the function has; on the window's own goroutine that means at
// once. After the end nothing is run that nobody waits for, and what somebody waits for is run where it stands.
func (q *queue) give(do func(), wait bool) {
	q.mu.Lock()
	if wait && (q.closed || q.owner == goroutine()) {
		q.mu.Unlock()
		do()
		return
	}
	if q.closed {
		q.mu.Unlock()
		return
	}
	j := job{do: do}
	if wait {
		j.done = make(chan struct{})
	}
	q.todo = append(q.todo, j)
	first := len(q.todo) == 1
	q.mu.Unlock()
	if first {
		q.wake()
	}
	if wait {
		<-j.done
	}
}

// run does what was given so far. What comes meanwhile waits for the next time, so that the window is drawn in between.
func (q *queue) run() {
	q.mu.Lock()
	todo := q.todo
	q.todo = nil
	q.mu.Unlock()
	for _, j := range todo {
		j.run()
	}
}

func (j job) run() {
	if j.done != nil {
		defer close(j.done)
	}
	j.do()
}

// close does what is left, and takes nothing any more.
func (q *queue) close() {
	q.mu.Lock()
	todo := q.todo
	q.todo, q.closed = nil, true
	q.mu.Unlock()
	for _, j := range todo {
		j.run()
	}
}

// goroutine is the number of the goroutine that asks: "goroutine 17 [running]" begins what the runtime tells about it.
func goroutine() (id uint64) {
	var told [32]byte
	n := runtime.Stack(told[:], false)
	for _, b := range told[len("goroutine "):n] {
		if b < '0' || b > '9' {
			break
		}
		id = id*10 + uint64(b-'0')
	}
	return id
}
