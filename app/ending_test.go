package main

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestEnding(t *testing.T) {
	t.Run("a toolkit that does not come back after its window was closed is left", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			left := 0
			e := newEnding(func() { left++ })
			<-time.After(time.Hour)
			synctest.Wait()
			if left != 0 {
				t.Fatal("left while the window was open")
			}
			e.windowClosed()
			e.windowClosed()
			<-time.After(grace)
			synctest.Wait()
			if left != 1 {
				t.Fatalf("left %d times", left)
			}
		})
	})
	t.Run("one that comes back ends the program as usual", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := newEnding(func() { t.Error("left") })
			e.windowClosed()
			<-time.After(grace / 2)
			e.returned()
			<-time.After(grace)
		})
	})
	t.Run("one that never opened its window as well", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			e := newEnding(func() { t.Error("left") })
			e.returned()
			synctest.Wait()
		})
	})
}
