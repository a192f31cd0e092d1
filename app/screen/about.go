package screen

import (
	"context"
	"runtime/debug"
)

// Component is a module the program is made with.
type Component struct {
	Name    string
	Version string
	Licence string // its name
	Text    string // its words
}

// About knows what the program is and what it is made of.
type About struct {
	desk *Desk
	// OnChange is called when Problem has changed; nil: nobody.
	OnChange func()

	parts   []Component
	problem string
}

// NewAbout takes the licences of everything both programs of this product use and keeps those of this one.
func NewAbout(d *Desk, all []Component) *About {
	info, ok := debug.ReadBuildInfo()
	if !ok || len(info.Deps) == 0 {
		return &About{desk: d, parts: all}
	}
	linked := make(map[string]string, len(info.Deps))
	for _, m := range info.Deps {
		for m.Replace != nil && m.Replace.Version != "" {
			m = m.Replace
		}
		linked[m.Path] = m.Version
	}
	a := &About{desk: d}
	for _, c := range all {
		if v, is := linked[c.Name]; is || c.Name == "Go" {
			if is && v != "" {
				c.Version = v
			}
			a.parts = append(a.parts, c)
		}
	}
	return a
}

// Version is the program's, in words.
func (a *About) Version() string {
	return a.desk.Say("Version {{.Version}}", With("Version", a.desk.Version()))
}

// Folder is where database and mail lie.
func (a *About) Folder() string { return a.desk.Place().Data }

// Components lists what the program is made with.
func (a *About) Components() []Component { return a.parts }

// Problem is why the folder could not be opened; empty: it could.
func (a *About) Problem() string { return a.problem }

// OpenFolder shows the data folder in the desktop's file manager.
func (a *About) OpenFolder() {
	folder := a.Folder()
	Go(a.desk, func(context.Context) (struct{}, error) {
		return struct{}{}, a.desk.Desktop().Open(folder)
	}, func(_ struct{}, err error) {
		a.problem = ""
		if err != nil {
			a.problem = a.desk.Say("The folder could not be opened. Open it by hand: {{.Folder}}", With("Folder", folder))
		}
		if a.OnChange != nil {
			a.OnChange()
		}
	})
}
