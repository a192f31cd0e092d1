// Command sbom writes the bill of materials of finished programs: what they are made of, read out of the programs
// themselves, with versions and licences, as CycloneDX 1.5.
//
//	sbom VERSION TIME PROGRAM... >smtp-gateway.cdx.json
//
// TIME is that of the commit, as RFC 3339 has it: the same programs give the same bytes.
package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"smtpgateway/assets"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: sbom VERSION TIME PROGRAM...")
		os.Exit(64)
	}
	if err := write(os.Stdout, os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// document is the part of CycloneDX that is used here.
type document struct {
	Format     string      `json:"bomFormat"`   //nolint:tagliatelle // CycloneDX names it
	Spec       string      `json:"specVersion"` //nolint:tagliatelle // CycloneDX names it
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"` //nolint:tagliatelle // CycloneDX names it
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	URL        string     `json:"purl,omitempty"`
	Licences   []licence  `json:"licenses,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type licence struct {
	Licence struct {
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"`
	} `json:"license"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func write(to io.Writer, version, at string, programs []string) error {
	names := map[string]string{}
	for _, l := range assets.Licences() {
		names[l.Module] = l.Name
	}
	parts := map[string]*component{}
	for _, path := range programs {
		info, err := buildinfo.ReadFile(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		program := filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path)
		add(parts, names, program, "Go", info.GoVersion, "pkg:generic/go@"+strings.TrimPrefix(info.GoVersion, "go"), "")
		for _, m := range info.Deps {
			sum := m.Sum
			if m.Replace != nil && m.Replace.Version != "" {
				m, sum = m.Replace, m.Replace.Sum
			}
			add(parts, names, program, m.Path, m.Version, moduleURL(m), sum)
		}
	}
	d := document{Format: "CycloneDX", Spec: "1.5", Version: 1, Metadata: metadata{
		Timestamp: at,
		Component: component{Type: "application", Ref: "smtp-gateway@" + version, Name: "SMTP Gateway", Version: version},
	}}
	for _, c := range parts {
		d.Components = append(d.Components, *c)
	}
	slices.SortFunc(d.Components, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	out := json.NewEncoder(to)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(d)
}

func moduleURL(m *debug.Module) string { return "pkg:golang/" + m.Path + "@" + m.Version }

// add notes that a program holds a part.
func add(parts map[string]*component, names map[string]string, program, name, version, url, sum string) {
	ref := name + "@" + version
	c := parts[ref]
	if c == nil {
		c = &component{Type: "library", Ref: ref, Name: name, Version: version, URL: url}
		if n := names[name]; n != "" {
			c.Licences = []licence{known(n)}
		}
		if sum != "" {
			c.Properties = append(c.Properties, property{"smtp-gateway:go.sum", sum})
		}
		parts[ref] = c
	}
	c.Properties = append(c.Properties, property{"smtp-gateway:in", program})
}

// known is a licence by its SPDX name where ours says exactly which one it is.
func known(name string) (l licence) {
	ids := map[string]string{"MIT": "MIT", "ISC": "ISC", "Apache 2.0": "Apache-2.0", "MPL 2.0": "MPL-2.0", "Unlicense": "Unlicense", "zlib": "Zlib"}
	if l.Licence.ID = ids[name]; l.Licence.ID == "" {
		l.Licence.Name = name
	}
	return l
}
