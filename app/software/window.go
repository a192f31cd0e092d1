package software

import (
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// frameTime is the least time from one picture to the next.
const frameTime = time.Second / 30

// window is the one window: to Fyne a window, to the system's window its handler. Everything happens on one goroutine.
type window struct {
	driver  *driver
	canvas  *screen
	painter *painter
	pointer mouse
	held    fyne.KeyModifier // the keys held down beside others

	title     string
	icon      fyne.Resource
	onClosed  func()
	intercept func()
	fixed     bool
	dropped   func(fyne.Position, []fyne.URI)
	menu      *fyne.MainMenu

	width, height int  // of the window inside, in pixels
	centred       bool // it is to open in the middle
	open          bool // Show was called
	seen          bool // not minimised
	gone          bool
	foreground    bool

	dirty   bool // something may look other than it is shown
	drawing bool
	asked   bool // the loop was asked to come and draw
	drawn   time.Time
}

func newWindow(d *driver) *window {
	w := &window{driver: d, painter: newPainter(), seen: true}
	w.canvas = newScreen(w)
	w.pointer.window = w
	return w
}

func (w *window) Title() string { return w.title }

func (w *window) SetTitle(title string) {
	w.title = title
	if !w.gone {
		w.driver.native.setTitle(title)
	}
}

// pixels is how many whole pixels a size takes.
func (w *window) pixels(s fyne.Size) (width, height int) {
	return int(math.Ceil(float64(s.Width * w.canvas.scale))), int(math.Ceil(float64(s.Height * w.canvas.scale)))
}

// Resize gives the window another size inside, but none in which its content has no room.
func (w *window) Resize(s fyne.Size) {
	if w.gone {
		return
	}
	s = s.Max(w.canvas.least())
	w.driver.native.resize(w.pixels(s))
	if !w.open {
		w.width, w.height = w.pixels(s)
		w.canvas.resize(s)
	}
}

// RequestFocus brings the window to the front.
func (w *window) RequestFocus() {
	if !w.gone && w.open {
		w.driver.native.raise()
	}
}

// CenterOnScreen puts the window in the middle, as soon as its size is known.
func (w *window) CenterOnScreen() {
	w.centred = true
	if w.open && !w.gone {
		w.driver.native.center()
	}
}

func (w *window) FullScreen() bool               { return false }
func (w *window) SetFullScreen(bool)             {} // it can be made as large as the screen by its frame
func (w *window) FixedSize() bool                { return w.fixed }
func (w *window) SetFixedSize(fixed bool)        { w.fixed = fixed }
func (w *window) Padded() bool                   { return w.canvas.padded }
func (w *window) MainMenu() *fyne.MainMenu       { return w.menu }
func (w *window) SetMainMenu(m *fyne.MainMenu)   { w.menu = m }
func (w *window) SetMaster()                     {}
func (w *window) SetOnClosed(f func())           { w.onClosed = f }
func (w *window) SetCloseIntercept(f func())     { w.intercept = f }
func (w *window) Content() fyne.CanvasObject     { return w.canvas.content }
func (w *window) SetContent(o fyne.CanvasObject) { w.canvas.SetContent(o) }
func (w *window) Canvas() fyne.Canvas            { return w.canvas }
func (w *window) Clipboard() fyne.Clipboard      { return w.driver.Clipboard() }
func (w *window) SetIcon(r fyne.Resource)        { w.icon = r }

// Icon is the window's, else the application's.
func (w *window) Icon() fyne.Resource {
	if w.icon != nil {
		return w.icon
	}
	return w.driver.app.resource
}

// SetPadded says whether there is an edge round the content.
func (w *window) SetPadded(padded bool) {
	w.canvas.padded = padded
	w.canvas.resize(w.canvas.size)
}

// SetOnDropped keeps what would be told of dropped files; this window takes none.
func (w *window) SetOnDropped(f func(fyne.Position, []fyne.URI)) { w.dropped = f }

// Show lets the window be seen.
func (w *window) Show() {
	if w.gone || w.open {
		return
	}
	w.open = true
	w.canvas.resize(w.canvas.size.Max(w.canvas.least()))
	w.width, w.height = w.pixels(w.canvas.size)
	w.driver.native.resize(w.width, w.height)
	w.fit()
	if w.centred {
		w.driver.native.center()
	}
	w.driver.native.show()
	w.dirtied()
}

// Hide is not offered: a window that nobody sees could not be brought back.
func (w *window) Hide() {}

// ShowAndRun shows the window and comes back when it was closed.
func (w *window) ShowAndRun() {
	w.Show()
	w.driver.Run()
}

// Close ends the window, and with it the loop.
func (w *window) Close() {
	if w.gone {
		return
	}
	tell(w.onClosed)
	w.gone = true
	w.driver.native.close()
}

// RunNative calls with what names the window to the system.
func (w *window) RunNative(f func(context any)) { f(nativeContext(w.driver.native)) }

// dirtied notes that there may be something to draw, and sees to it that the loop comes round.
func (w *window) dirtied() {
	if w.drawing {
		return
	}
	w.dirty = true
	w.plan()
}

// plan asks the loop to come and draw: at once, or as soon as the last picture is old enough.
func (w *window) plan() {
	if w.asked || !w.dirty || !w.open || !w.seen || w.gone {
		return
	}
	w.asked = true
	if wait := time.Until(w.drawn.Add(frameTime)); wait > 0 {
		time.AfterFunc(wait, w.driver.native.wake)
	} else {
		w.driver.native.wake()
	}
}

// work is called by the loop: what other goroutines want is done first, so that one picture shows all of it.
func (w *window) work() {
	w.driver.queue.run()
	switch {
	case !w.dirty, !w.open, !w.seen, w.gone:
		w.asked = false
	case time.Since(w.drawn) >= frameTime:
		w.draw()
	}
}

// draw makes the picture anew where something changed, and shows those parts.
func (w *window) draw() {
	w.asked, w.drawing = false, true // what changes now is in the picture
	w.canvas.keyboard().drop()
	again := false
	for range 4 { // a text that got longer moves others, which then need another width
		if again = w.arrange(); !again {
			break
		}
	}
	parts := w.painter.paint(w.scene())
	w.drawing, w.dirty = false, again
	w.drawn = time.Now()
	if len(parts) > 0 {
		w.driver.native.present(w.painter.frame, parts)
	}
	w.plan()
}

func (w *window) arrange() bool {
	c := w.canvas
	changed := c.sizes.arrange(c.trees(), c.size)
	if changed {
		w.fit()
	}
	return changed
}

// fit sees to it that the content has room.
func (w *window) fit() {
	least := w.canvas.least()
	w.driver.native.setMinSize(w.pixels(least))
	if w.canvas.size.Width < least.Width || w.canvas.size.Height < least.Height {
		w.canvas.resize(w.canvas.size.Max(least))
		if w.open {
			w.driver.native.resize(w.pixels(w.canvas.size))
		}
	}
}

func (w *window) scene() scene {
	return scene{
		roots: w.canvas.trees(), scale: w.canvas.scale, size: image.Pt(w.width, w.height),
		ground: theme.Color(theme.ColorNameBackground),
	}
}

// What the system's window tells.

func (w *window) resized(width, height int) {
	if width <= 0 || height <= 0 || w.gone || (width == w.width && height == w.height) {
		return
	}
	w.width, w.height = width, height
	w.canvas.resize(fyne.NewSize(float32(width)/w.canvas.scale, float32(height)/w.canvas.scale))
	// While the edge is being drawn about, the system may run a loop of its own.
	if w.open && w.seen && time.Since(w.drawn) >= frameTime {
		w.draw()
	}
}

// scaled takes the display's scale, times what somebody chose.
func (w *window) scaled(factor float32) { w.canvas.scale = max(factor, 0.25) * chosenScale() }

func (w *window) rescaled(factor float32) {
	w.scaled(factor)
	w.painter.forget()
	for _, o := range w.canvas.trees() {
		redrawn(o)
	}
	w.canvas.resize(fyne.NewSize(float32(w.width)/w.canvas.scale, float32(w.height)/w.canvas.scale))
	w.fit()
}

func (w *window) exposed(part image.Rectangle) {
	if w.gone {
		return
	}
	if f := w.painter.frame; f != nil && f.Bounds().Size() == image.Pt(w.width, w.height) {
		if part = part.Intersect(f.Bounds()); !part.Empty() {
			w.driver.native.present(f, []image.Rectangle{part})
		}
		return
	}
	if w.open && w.seen {
		w.draw()
	}
}

func (w *window) shown(seen bool) {
	w.seen = seen
	w.asked = w.asked && seen
	if seen {
		w.plan()
	}
}

func (w *window) focused(has bool) {
	if has == w.foreground || w.gone {
		return
	}
	w.foreground, w.held = has, 0
	f := w.canvas.keyboard()
	switch {
	case has && f.has != nil:
		f.has.FocusGained()
	case !has && f.has != nil:
		f.has.FocusLost()
	}
	if has {
		tell(w.driver.app.lifecycle.entered)
	} else {
		tell(w.driver.app.lifecycle.exited)
	}
}

func (w *window) closeAsked() {
	if w.intercept != nil {
		w.intercept()
		return
	}
	w.Close()
}

var (
	_ handler        = (*window)(nil)
	_ fyne.Window    = (*window)(nil)
	_ desktop.Canvas = (*screen)(nil)
)
