package software

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
)

// driver is Fyne's way to the one window.
type driver struct {
	app    *app
	queue  *queue
	native native
	window *window
}

func newDriver(a *app, n native) *driver {
	d := &driver{app: a, native: n, queue: &queue{wake: n.wake}}
	d.queue.own()
	d.window = newWindow(d)
	return d
}

// CreateWindow gives the window. There is one: asked again, it is the same, under the new title.
func (d *driver) CreateWindow(title string) fyne.Window {
	d.window.SetTitle(title)
	return d.window
}

// CreateSplashWindow gives the window as well.
func (d *driver) CreateSplashWindow() fyne.Window { return d.window }

func (d *driver) AllWindows() []fyne.Window {
	if d.window.gone {
		return nil
	}
	return []fyne.Window{d.window}
}

func (d *driver) RenderedTextSize(text string, size float32, style fyne.TextStyle, source fyne.Resource) (fyne.Size, float32) {
	return d.app.base.Driver().RenderedTextSize(text, size, style, source)
}

// CanvasForObject is the one there is; also for what is not on it yet, which does no harm.
func (d *driver) CanvasForObject(fyne.CanvasObject) fyne.Canvas { return d.window.canvas }

func (d *driver) AbsolutePositionForObject(o fyne.CanvasObject) fyne.Position {
	return placeOf(o, d.window.canvas.trees())
}

func (d *driver) Device() fyne.Device { return device{d} }

// Run shows the window's pictures until it is closed.
func (d *driver) Run() {
	d.queue.own()
	stop := d.app.settings.follow()
	defer stop()
	told := make(chan os.Signal, 1)
	ended := make(chan struct{})
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-told:
			d.queue.give(d.Quit, false)
		case <-ended:
		}
		signal.Stop(told)
	}()
	tell(d.app.lifecycle.started)
	if !d.window.gone {
		d.native.run()
	}
	close(ended)
	d.window.gone = true
	d.queue.close()
	tell(d.app.lifecycle.stopped)
}

// Quit closes the window, and with it the application.
func (d *driver) Quit() { d.queue.give(d.window.Close, true) }

// StartAnimation jumps to the end: see ShowAnimations. What blinks for ever, a text cursor, is left in the state in which
// it is seen.
func (d *driver) StartAnimation(a *fyne.Animation) {
	a.Tick(1)
	if a.AutoReverse && a.RepeatCount != fyne.AnimationRepeatForever {
		a.Tick(0)
	}
}

// StopAnimation has nothing to stop.
func (d *driver) StopAnimation(*fyne.Animation) {}

// DoubleTapDelay is how soon a second press must follow the first.
func (d *driver) DoubleTapDelay() time.Duration { return 300 * time.Millisecond }

// SetDisableScreenBlanking changes nothing: this window has no film to show.
func (d *driver) SetDisableScreenBlanking(bool) {}

func (d *driver) DoFromGoroutine(f func(), wait bool) { d.queue.give(f, wait) }

// CurrentKeyModifiers are the keys held down beside others.
func (d *driver) CurrentKeyModifiers() fyne.KeyModifier { return d.window.held }

// Clipboard is the system's.
func (d *driver) Clipboard() fyne.Clipboard { return clipboard{d} }

type clipboard struct{ driver *driver }

func (c clipboard) Content() (text string) {
	c.driver.queue.give(func() { text = c.driver.native.clipboard() }, true)
	return text
}

func (c clipboard) SetContent(text string) {
	c.driver.queue.give(func() { c.driver.native.setClipboard(text) }, true)
}

// device is a desktop computer.
type device struct{ driver *driver }

func (d device) Orientation() fyne.DeviceOrientation { return fyne.OrientationHorizontalLeft }
func (d device) IsMobile() bool                      { return false }
func (d device) IsBrowser() bool                     { return false }
func (d device) HasKeyboard() bool                   { return true }
func (d device) Locale() fyne.Locale                 { return d.driver.app.base.Driver().Device().Locale() }

func (d device) SystemScaleForWindow(fyne.Window) float32 { return d.driver.native.scale() }
