package main

import (
	"slices"
	"sync"
	"testing"
)

func TestPoster(t *testing.T) {
	t.Run("the order is kept, whoever runs between", func(t *testing.T) {
		var asked []func()
		turns := 0
		p := &poster{do: func(f func()) { asked = append(asked, f) }}
		var got []int
		for i := range 3 {
			p.post(func() { got = append(got, i) })
		}
		p.post(func() { p.post(func() { got = append(got, 4) }); got = append(got, 3) })
		if len(got) != 0 {
			t.Fatal("it ran on the goroutine that gave it")
		}
		for len(asked) > turns {
			turns++
			asked[turns-1]()
		}
		if want := []int{0, 1, 2, 3, 4}; !slices.Equal(got, want) || turns != 2 {
			t.Fatalf("ran %v in %d turns", got, turns)
		}
	})
	t.Run("what comes after the window is gone is dropped", func(t *testing.T) {
		var turns []func()
		p := &poster{do: func(f func()) { turns = append(turns, f) }}
		p.post(func() { p.close() })
		p.post(func() { t.Error("ran after the window") })
		turns[0]()
		p.post(func() { t.Error("ran after the window") })
		if len(turns) != 1 {
			t.Error("the window was asked again")
		}
	})
	t.Run("a queue that is closed meanwhile does no harm", func(t *testing.T) {
		p := &poster{do: func(func()) { panic("send on closed channel") }}
		p.post(func() {})
		p.post(func() {})
	})
	t.Run("many goroutines lose nothing", func(t *testing.T) {
		calls := make(chan func(), 10000)
		p := &poster{do: func(f func()) { calls <- f }}
		var all sync.WaitGroup
		n := 0
		for range 10 {
			all.Go(func() {
				for range 100 {
					p.post(func() { n++ })
				}
			})
		}
		all.Wait()
		close(calls)
		for f := range calls {
			f()
		}
		if n != 1000 {
			t.Fatalf("%d of 1000 ran", n)
		}
	})
}
