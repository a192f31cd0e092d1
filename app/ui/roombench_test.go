package ui

import (
	"testing"

	"smtpgateway/app/screen/screentest"
)

// roomBench is a window that shows one of its screens.
type roomBench struct {
	*screentest.Bench
	w *Window
}

// openRoom shows a screen, with everything in it that comes by itself; empty: the one a window begins with.
func openRoom(t *testing.T, b *screentest.Bench, name string) roomBench {
	t.Helper()
	r := roomBench{b, open(t, b)}
	b.Look()
	if name != "" {
		r.w.show(name)
	}
	b.Settle()
	arrange(r.w)
	arrange(r.w)
	return r
}

// pageOf is the page of this kind that is open under a name.
func pageOf[T page](t *testing.T, w *Window, name string) T {
	t.Helper()
	p, ok := w.pages[name].(T)
	if !ok {
		t.Fatalf("%s is not shown", name)
	}
	return p
}

// setUp is a bench of a library that is set up, and what fill puts there.
func setUp(b *screentest.Bench, fill func(b *screentest.Bench)) *screentest.Bench {
	b.Configured()
	if fill != nil {
		fill(b)
	}
	return b
}

// settle lets work end, the desk look and the window show it.
func (b *roomBench) settle() {
	b.Settle()
	b.Look()
	b.Settle()
	arrange(b.w)
}

func (b *roomBench) press(t *testing.T, words string) {
	t.Helper()
	press(t, b.w, words)
	b.settle()
}
