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
	return &About{desk: d, parts: linked(all, info.Deps)}
}

// linked keeps the parts that are in the program, with the versions they have in it, and Go itself.
func linked(all []Component, modules []*debug.Module) []Component {
	versions := make(map[string]string, len(modules))
	for _, m := range modules {
		versions[m.Path] = m.Version
	}
	var parts []Component
	for _, c := range all {
		v, in := versions[c.Name]
		if in && v != "" {
			c.Version = v
		}
		if in || c.Name == "Go" {
			parts = append(parts, c)
		}
	}
	return parts
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
