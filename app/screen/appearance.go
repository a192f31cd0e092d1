package screen

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"smtpgateway/data/place"
)

// The themes of the window.
const (
	ThemeLight  = "light"
	ThemeDark   = "dark"
	ThemeSystem = "system" // as the desktop has it
)

// Scales are the sizes the window can be drawn in, in percent.
var Scales = []int{100, 125, 150, 175, 200}

// Preferences is what this person chose about the window. The rest of what can be chosen is the gateway's and lies in its
// database; this lies with the person.
type Preferences struct {
	Theme  string  `json:"theme"`
	Scale  int     `json:"scale"`  // percent; one of Scales
	Width  float32 `json:"width"`  // of the window
	Height float32 `json:"height"` // of the window
	Screen string  `json:"screen"` // shown last; empty: the first
}

// The sizes a window may be remembered with: a smaller one would be hard to find, a larger one is a damaged file.
const (
	usualWidth, usualHeight       = 1100, 700
	smallestWidth, smallestHeight = 800, 560
	largestSide                   = 10_000
)

// DefaultPreferences is what holds before anybody chose.
func DefaultPreferences() Preferences {
	return Preferences{Theme: ThemeSystem, Scale: 100, Width: usualWidth, Height: usualHeight}
}

// LoadPreferences reads what was chosen. A missing or damaged file is no trouble: nobody should be kept from the window
// by how large it was last time.
func LoadPreferences(path string) Preferences {
	p := DefaultPreferences()
	if path == "" {
		return p
	}
	content, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(content, &p) != nil {
		return DefaultPreferences()
	}
	return p.sound()
}

// sound puts the default in the place of each value that cannot be.
func (p Preferences) sound() Preferences {
	usual := DefaultPreferences()
	if !slices.Contains([]string{ThemeLight, ThemeDark, ThemeSystem}, p.Theme) {
		p.Theme = usual.Theme
	}
	if !slices.Contains(Scales, p.Scale) {
		p.Scale = usual.Scale
	}
	fits := p.Width >= smallestWidth && p.Width <= largestSide && p.Height >= smallestHeight && p.Height <= largestSide
	if !fits {
		p.Width, p.Height = usual.Width, usual.Height
	}
	return p
}

// savePreferences writes p; an empty path keeps nothing.
func savePreferences(path string, p Preferences) error {
	if path == "" {
		return nil
	}
	content, err := json.MarshalIndent(p.sound(), "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return place.WriteFile(path, append(content, '\n'), 0o600)
}

// PreferencesFile is where this person's choices about the window are kept; empty: nowhere.
func (d *Desk) PreferencesFile() string { return d.o.Preferences }

// Appearance knows how this person wants the window.
type Appearance struct {
	desk *Desk
	// OnChange is called when something was chosen or could not be kept; nil: nobody.
	OnChange func()

	chosen  Preferences
	drawn   int // the scale this window was opened with
	saving  bool
	again   bool
	problem string
}

// NewAppearance starts with what was loaded when the program began.
func NewAppearance(d *Desk) *Appearance {
	p := d.o.Chosen.sound()
	return &Appearance{desk: d, chosen: p, drawn: p.Scale}
}

// Preferences is what is chosen now.
func (a *Appearance) Preferences() Preferences { return a.chosen }

// Problem is why the choice could not be kept, in words; empty: it was.
func (a *Appearance) Problem() string { return a.problem }

// Later says what takes effect only when the window is opened again; empty: nothing.
func (a *Appearance) Later() string {
	if a.chosen.Scale == a.drawn {
		return ""
	}
	return a.desk.Say("The new size takes effect when you close this window and open it again.")
}

// SetTheme chooses light, dark or system.
func (a *Appearance) SetTheme(name string) { a.choose(func(p *Preferences) { p.Theme = name }) }

// SetScale chooses how large everything is drawn, in percent.
func (a *Appearance) SetScale(percent int) { a.choose(func(p *Preferences) { p.Scale = percent }) }

// SetScreen remembers the screen shown last.
func (a *Appearance) SetScreen(name string) { a.choose(func(p *Preferences) { p.Screen = name }) }

func (a *Appearance) choose(change func(*Preferences)) {
	before := a.chosen
	change(&a.chosen)
	a.chosen = a.chosen.sound()
	if a.chosen == before {
		return
	}
	a.save()
	a.changed()
}

// Leave remembers the window's size. It writes before it comes back, because the window is about to go: the one write
// here that does, of a few bytes beside the person's other files.
func (a *Appearance) Leave(width, height float32) {
	a.chosen.Width, a.chosen.Height = width, height
	_ = savePreferences(a.desk.o.Preferences, a.chosen) // nobody is left to be told
}

// save writes off the window's goroutine, one write at a time, the last choice last.
func (a *Appearance) save() {
	if a.saving {
		a.again = true
		return
	}
	a.saving = true
	chosen, path := a.chosen, a.desk.o.Preferences
	Go(a.desk, func(context.Context) (struct{}, error) {
		return struct{}{}, savePreferences(path, chosen)
	}, func(_ struct{}, err error) {
		a.saving, a.problem = false, ""
		if err != nil {
			a.problem = a.desk.Say("This choice holds until the window is closed: it could not be written to your own folder.")
		}
		if a.again {
			a.again = false
			a.save()
			return
		}
		a.changed()
	})
}

func (a *Appearance) changed() {
	if a.OnChange != nil {
		a.OnChange()
	}
}
