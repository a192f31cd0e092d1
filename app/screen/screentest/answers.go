package screentest

import (
	"context"
	"slices"
	"sync"
)

// answers is what somebody outside is asked and says, as a test sets it.
type answers[T any] struct {
	mu    sync.Mutex
	found T
	wait  chan struct{}
	asked []string
}

// Finds sets what is found from now on. wait, unless it is nil, holds the answer back until it is closed.
func (a *answers[T]) Finds(found T, wait chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.found, a.wait = found, wait
}

// Asked lists what was asked about.
func (a *answers[T]) Asked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.asked)
}

// answer notes a question and gives what was set when it came.
func (a *answers[T]) answer(ctx context.Context, about string) T {
	a.mu.Lock()
	a.asked = append(a.asked, about)
	found, wait := a.found, a.wait
	a.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
		}
	}
	return found
}
