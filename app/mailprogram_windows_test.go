package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// values are a registry of its own: keys, each with its values by name; the empty name is the default.
type values map[string]map[string]string

// place writes them below a key that nobody else uses, and removes it in the end.
func (v values) place(t *testing.T) registry.Key {
	t.Helper()
	const top = `Software\SMTP Gateway test`
	root, _, err := registry.CreateKey(registry.CURRENT_USER, top, registry.ALL_ACCESS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		empty(root)
		_ = root.Close()
		_ = registry.DeleteKey(registry.CURRENT_USER, top)
	})
	for path, all := range v {
		k, _, err := registry.CreateKey(root, path, registry.ALL_ACCESS)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range all {
			if err := k.SetExpandStringValue(name, value); err != nil {
				t.Fatal(err)
			}
		}
		_ = k.Close()
	}
	return root
}

// empty removes all below a key; Windows removes no key that has others below it.
func empty(k registry.Key) {
	names, _ := k.ReadSubKeyNames(-1)
	for _, name := range names {
		if below, err := registry.OpenKey(k, name, registry.ALL_ACCESS); err == nil {
			empty(below)
			_ = below.Close()
		}
		_ = registry.DeleteKey(k, name)
	}
}

func TestMailProgram(t *testing.T) {
	there, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := func(path string) map[string]string { return map[string]string{"": path} }
	for _, c := range []struct {
		promise string
		v       values
		name    string
		ok      bool
	}{
		{"nothing registered is no program", values{}, "", false},
		{"a class without a command is none", values{`mailto`: {"URL Protocol": ""}, `mailto\shell\open`: {"x": "y"}}, "", false},
		{"the one registered for mail is known by its file", values{`mailto\shell\open\command`: command(`"` + there + `" -m "%1"`)}, strings.TrimSuffix(filepath.Base(there), filepath.Ext(there)), true},
		{"the one a person chose comes first, by the name it shows", values{
			mailtoChoice: {"ProgId": "Letters.1"}, `Letters.1\shell\open\command`: command(`letters.exe /mail %1`), `Letters.1\Application`: {"ApplicationName": "Letters"},
			`mailto\shell\open\command`: command(`other.exe %1`),
		}, "Letters", true},
		{"a program of the Store has no command", values{
			mailtoChoice: {"ProgId": "AppX1"}, `AppX1\shell\open\command`: {"DelegateExecute": "{4ED3A719}"}, `AppX1\Application`: {"ApplicationName": "@{a?ms-resource://b}"},
		}, "", true},
		{"a program that was removed is none", values{`mailto\shell\open\command`: command(`"%SystemRoot%\never\gone.exe" %1`)}, "", false},
		{"a choice that was removed falls back", values{
			mailtoChoice: {"ProgId": "Gone.1"}, `Gone.1\shell\open\command`: command(`"C:\never\gone.exe"`), `mailto\shell\open\command`: command(`C:\windows\explorer.exe %1`),
		}, "explorer", true},
	} {
		t.Run(c.promise, func(t *testing.T) {
			root := c.v.place(t)
			if name, ok := mailProgram(root, root); name != c.name || ok != c.ok {
				t.Errorf("%q, %v", name, ok)
			}
		})
	}
}
