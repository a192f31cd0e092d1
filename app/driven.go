//go:build driven && linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"smtpgateway/service/sendercheck"
)

// controlsVariable names the file the map goes to, namesVariable the address of a test's own name service.
const (
	controlsVariable = "SMTP_GATEWAY_CONTROLS"
	namesVariable    = "SMTP_GATEWAY_NAMES"
)

// names lets the sender check ask a test's own name service, if there is one.
func names() sendercheck.Options {
	at := os.Getenv(namesVariable)
	if at == "" {
		return sendercheck.Options{}
	}
	return sendercheck.Options{Resolver: &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, at)
	}}}
}

// spot is one thing on the screen, in pixels of the window.
type spot struct {
	Kind     string  `json:"kind"` // its Go type
	Words    string  `json:"words,omitempty"`
	X        float32 `json:"x"`
	Y        float32 `json:"y"`
	W        float32 `json:"w"`
	H        float32 `json:"h"`
	Layer    int     `json:"layer"`            // 0: the window itself; more: what lies above it
	Hidden   bool    `json:"hidden,omitempty"` // scrolled out of sight
	Active   bool    `json:"active,omitempty"` // can be pressed, typed into or reached by Tab
	Focused  bool    `json:"focused,omitempty"`
	Disabled bool    `json:"disabled,omitempty"`
}

// drive writes a map of everything that is shown whenever the program gets SIGUSR1, so that a test can press what a
// person would press. Programs for people are built without it.
func drive(w fyne.Window, post func(func())) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	go func() {
		for range asked {
			post(func() {
				if err := writeControls(os.Getenv(controlsVariable), w.Canvas()); err != nil {
					fmt.Fprintln(os.Stderr, "the map of controls:", err)
				}
			})
		}
	}()
}

func writeControls(file string, c fyne.Canvas) error {
	m := mapper{canvas: c}
	m.walk(c.Content(), fyne.NewPos(0, 0), fyne.NewPos(0, 0), c.Size())
	for i, o := range c.Overlays().List() {
		m.layer = i + 1
		m.walk(o, fyne.NewPos(0, 0), fyne.NewPos(0, 0), c.Size())
	}
	text, err := json.Marshal(m.seen)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// mapper walks a tree of what is shown.
type mapper struct {
	canvas fyne.Canvas
	layer  int
	seen   []spot
}

// walk notes an object at a place, within the part of the window it can be seen in, and gives the words in it.
func (m *mapper) walk(o fyne.CanvasObject, at, clip fyne.Position, room fyne.Size) string {
	if o == nil || !o.Visible() {
		return ""
	}
	at = at.Add(o.Position())
	var inside []fyne.CanvasObject
	words := ""
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case *canvas.Text:
		words = o.Text
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	mine := len(m.seen)
	m.seen = append(m.seen, m.note(o, at, clip, room))
	if _, scrolls := o.(*container.Scroll); scrolls {
		clip, room = overlap(clip, room, at, o.Size())
	}
	parts := []string{}
	if words != "" {
		parts = append(parts, words)
	}
	for _, i := range inside {
		if w := m.walk(i, at, clip, room); w != "" {
			parts = append(parts, w)
		}
	}
	m.seen[mine].Words = strings.Join(parts, " ")
	return m.seen[mine].Words
}

func (m *mapper) note(o fyne.CanvasObject, at, clip fyne.Position, room fyne.Size) spot {
	s, size := m.canvas.Scale(), o.Size()
	middle := at.AddXY(size.Width/2, size.Height/2)
	c := spot{
		Kind: fmt.Sprintf("%T", o), X: at.X * s, Y: at.Y * s, W: size.Width * s, H: size.Height * s, Layer: m.layer,
		Hidden: middle.X < clip.X || middle.Y < clip.Y || middle.X > clip.X+room.Width || middle.Y > clip.Y+room.Height,
	}
	if f, ok := o.(fyne.Focusable); ok {
		c.Active, c.Focused = true, m.canvas.Focused() == f
	}
	if _, ok := o.(fyne.Tappable); ok {
		c.Active = true
	}
	if d, ok := o.(fyne.Disableable); ok {
		c.Disabled = d.Disabled()
	}
	return c
}

func overlap(at fyne.Position, size fyne.Size, other fyne.Position, otherSize fyne.Size) (fyne.Position, fyne.Size) {
	left, top := max(at.X, other.X), max(at.Y, other.Y)
	right, bottom := min(at.X+size.Width, other.X+otherSize.Width), min(at.Y+size.Height, other.Y+otherSize.Height)
	return fyne.NewPos(left, top), fyne.NewSize(max(0, right-left), max(0, bottom-top))
}
