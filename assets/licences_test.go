package assets_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"smtpgateway/assets"
)

// linked lists what the two programs are made of on both systems: module, version, folder.
func linked(t *testing.T) [][3]string {
	t.Helper()
	seen := map[string][3]string{}
	for _, system := range []string{"linux", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "./app", "./service")
		cmd.Dir = ".."
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=1", "GOFLAGS=")
		out, err := cmd.Output()
		if err != nil {
			t.Skipf("the modules cannot be listed here: %v", err)
		}
		for line := range strings.Lines(string(out)) {
			if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
				seen[f[0]] = [3]string(f)
			}
		}
	}
	var all [][3]string
	for _, m := range seen {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b [3]string) int { return strings.Compare(a[0], b[0]) })
	return all
}

func TestLicences(t *testing.T) {
	modules := linked(t)
	if os.Getenv("UPDATE_LICENCES") != "" {
		write(t, modules)
		t.Log("written; run again without UPDATE_LICENCES")
		return
	}
	have := map[string]assets.Licence{}
	for _, l := range assets.Licences() {
		have[l.Module] = l
	}
	for _, m := range modules {
		if l, ok := have[m[0]]; !ok || len(l.Text) < 200 || l.Name == "" {
			t.Errorf("the licence of %s is missing: run with UPDATE_LICENCES=1", m[0])
		}
	}
	if len(have) < 20 {
		t.Errorf("only %d modules have a licence", len(have))
	}
}

// write makes licences.txt out of the module cache.
func write(t *testing.T, modules [][3]string) {
	t.Helper()
	texts := map[string][]string{} // text: its modules
	var order []string
	put := func(module, name, text string) {
		text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		if texts[text] == nil {
			order = append(order, text)
		}
		texts[text] = append(texts[text], module+" "+name)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	goText, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	put("Go "+runtime.Version(), licenceName(string(goText)), string(goText))
	for _, m := range modules {
		first, all := licenceText(t, m[2])
		put(m[0]+" "+m[1], licenceName(first), all)
	}
	var out bytes.Buffer
	for _, text := range order {
		out.WriteString("=====8<=====\n")
		for _, m := range texts[text] {
			fmt.Fprintf(&out, "* %s\n", m)
		}
		fmt.Fprintf(&out, "\n%s\n", text)
	}
	if err := os.WriteFile("licences.txt", out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// licenceText is the licence of the module in folder, and that with what goes with it.
func licenceText(t *testing.T, folder string) (first, text string) {
	t.Helper()
	for _, pattern := range []string{"LICEN[CS]E*", "COPYING*", "license*", "NOTICE*"} {
		found, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			content, err := os.ReadFile(f)
			if err == nil && !strings.HasSuffix(f, ".go") {
				text += string(content) + "\n"
				if first == "" {
					first = string(content)
				}
			}
		}
	}
	if text == "" {
		t.Errorf("%s has no licence", folder)
	}
	return first, text
}

func licenceName(text string) string {
	plain := strings.Join(strings.Fields(text), " ")
	for _, n := range [][2]string{
		{"Apache License", "Apache 2.0"}, {"Mozilla Public License", "MPL 2.0"},
		{"Redistributions in binary form", "BSD"}, {"Permission is hereby granted, free of charge", "MIT"},
		{"Permission to use, copy, modify, and/or distribute", "ISC"}, {"This software is provided 'as-is'", "zlib"}, {"This is free and unencumbered software", "Unlicense"},
	} {
		if strings.Contains(plain, n[0]) {
			return n[1]
		}
	}
	return "its own"
}
