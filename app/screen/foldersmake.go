package screen

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode"
)

// MayMake reports whether a folder can be made here at all.
func (f *Folders) MayMake() bool { return f.at != "" && !f.seen.denied }

// MadeIn says where one is made.
func (f *Folders) MadeIn() string {
	return f.desk.Say("It is made in {{.Path}}", With("Path", shortPath(f.at)))
}

// CheckName is what is wrong with a name for a new folder; empty: nothing.
func (f *Folders) CheckName(name string) string {
	return nameProblem(f.desk, strings.TrimSpace(name), runtime.GOOS == "windows")
}

// Make makes a folder here and goes into it. done gets what went wrong; empty: nothing.
func (f *Folders) Make(name string, done func(problem string)) {
	name = strings.TrimSpace(name)
	if problem := f.CheckName(name); problem != "" {
		done(problem)
		return
	}
	path := filepath.Join(f.at, name)
	askDisk(f, path, func(context.Context) (struct{}, error) {
		return struct{}{}, os.Mkdir(path, 0o770) //nolint:gosec // others drop their mail there
	}, func(_ struct{}, err error) {
		if err != nil {
			done(makeProblem(f.desk, err))
			return
		}
		done("")
		f.typed, f.edited = f.at, false
		f.visit(path, true)
	})
}

func makeProblem(d *Desk, err error) string {
	switch {
	case errors.Is(err, fs.ErrExist):
		return d.Say("There is a folder or a file of this name already.")
	case errors.Is(err, fs.ErrPermission):
		return d.Say("You may not make a folder here. Choose another place, or ask IT to make it.")
	case errors.Is(err, fs.ErrNotExist):
		return d.Say("The folder that was to hold it is gone.")
	}
	return d.Say("The folder could not be made. The disk may be full or made for reading only, or does not take this name.")
}

// nameProblem is what is wrong with a name for a folder, by the rules of Windows too where it is to live there.
func nameProblem(d *Desk, name string, windows bool) string {
	switch {
	case name == "":
		return d.Say("Type a name for the folder.")
	case strings.ContainsAny(name, `/\`):
		return d.Say(`A name holds no / and no \. Make one folder at a time.`)
	case name == "." || name == "..":
		return d.Say("This name has a meaning of its own. Choose another.")
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }):
		return d.Say("A name holds nothing but letters, digits and signs that can be seen.")
	case len(name) > 255:
		return d.Say("This name is too long.")
	case windows && strings.ContainsAny(name, `<>:"|?*`):
		return d.Say(`Windows does not let a name hold any of < > : " | ? *`)
	case windows && strings.HasSuffix(name, "."):
		return d.Say("Windows does not let a name end in a dot.")
	case windows && reservedName(name):
		return d.Say("Windows keeps this name for itself. Choose another.")
	}
	return ""
}

// reservedName reports whether Windows takes name for a device, which it does whatever follows a dot.
func reservedName(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	port, found := strings.CutPrefix(stem, "COM")
	if !found {
		port, found = strings.CutPrefix(stem, "LPT")
	}
	digit := []rune(port)
	return found && len(digit) == 1 && slices.Contains([]rune("1234567890\u00b9\u00b2\u00b3"), digit[0])
}
