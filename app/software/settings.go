package software

import (
	"os"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// settings are how it looks. Light or dark is the system's choice, also when that changes.
type settings struct {
	app *app

	mu        sync.Mutex
	theme     fyne.Theme
	variant   fyne.ThemeVariant
	listeners []func(fyne.Settings)
	channels  []chan fyne.Settings
}

func newSettings(a *app) *settings {
	s := &settings{app: a, theme: theme.DefaultTheme(), variant: theme.VariantLight}
	switch os.Getenv("FYNE_THEME") {
	case "light":
	case "dark":
		s.variant = theme.VariantDark
	default:
		if v, known := systemVariant(); known {
			s.variant = v
		}
	}
	return s
}

// follow changes between light and dark when the system does.
func (s *settings) follow() (stop func()) {
	if v := os.Getenv("FYNE_THEME"); v == "light" || v == "dark" {
		return func() {}
	}
	return watchVariant(func(v fyne.ThemeVariant) { s.app.driver.DoFromGoroutine(func() { s.setVariant(v) }, false) })
}

func (s *settings) setVariant(v fyne.ThemeVariant) {
	s.mu.Lock()
	same := s.variant == v
	s.variant = v
	s.mu.Unlock()
	if !same {
		s.apply()
	}
}

func (s *settings) Theme() fyne.Theme {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.theme
}

// SetTheme changes how it looks, at once.
func (s *settings) SetTheme(t fyne.Theme) {
	s.mu.Lock()
	s.theme = t
	s.mu.Unlock()
	s.apply()
}

func (s *settings) ThemeVariant() fyne.ThemeVariant {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.variant
}

func (s *settings) Scale() float32            { return chosenScale() }
func (s *settings) PrimaryColor() string      { return theme.ColorBlue }
func (s *settings) BuildType() fyne.BuildType { return fyne.BuildStandard }

// ShowAnimations is false: each step would be a picture to draw, and on a remote desktop one to send.
func (s *settings) ShowAnimations() bool { return false }

func (s *settings) AddListener(f func(fyne.Settings)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, f)
}

func (s *settings) AddChangeListener(c chan fyne.Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels = append(s.channels, c)
}

// apply lets everything on the screen look anew, then tells who wanted to know.
func (s *settings) apply() {
	s.forget()
	for _, w := range s.app.driver.AllWindows() {
		c := w.Canvas()
		restyle(c.Content())
		for _, o := range c.Overlays().List() {
			restyle(o)
		}
		canvas.Refresh(c.Content())
	}
	s.mu.Lock()
	listeners, channels := append([]func(fyne.Settings){}, s.listeners...), append([]chan fyne.Settings{}, s.channels...)
	s.mu.Unlock()
	for _, c := range channels {
		select {
		case c <- s:
		default:
			go func() { c <- s }()
		}
	}
	for _, f := range listeners {
		f(s)
	}
}

// forget empties Fyne's caches of fonts and of drawings in the colours of before. Only its own settings can do that, and
// those of the base have nothing else to do; they want another goroutine than the window's.
func (s *settings) forget() {
	done, t := make(chan struct{}), s.Theme()
	go func() {
		defer close(done)
		s.app.base.Settings().SetTheme(t)
	}()
	<-done
}

// restyle gives everything in a tree the colours and sizes of the theme.
func restyle(o fyne.CanvasObject) {
	if o == nil {
		return
	}
	for _, inside := range children(o) {
		restyle(inside)
	}
	layout(o)
	o.Refresh()
}

// layout puts what is in an object in its place.
func layout(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
	case fyne.Widget:
		test.WidgetRenderer(o).Layout(o.Size())
	}
}
