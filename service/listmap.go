package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/roster"
)

// readColumns reads --map: header to field; an empty field: the column is not read. A header may hold commas and equals
// signs itself, so that what stands before an equals sign is looked for among the headers of the file.
func readColumns(said []string, kind data.RosterKind, headers []string) (map[string]string, error) {
	columns := map[string]string{}
	for _, text := range said {
		for text != "" {
			header, rest, ok := cutHeader(text, headers)
			if !ok {
				name, _, _ := strings.Cut(text, "=")
				return nil, usage(fmt.Sprintf("The file has no column %q.", data.Clean(name, 60)), "It has "+quoted(headers)+".")
			}
			field, more, _ := strings.Cut(rest, ",")
			field, text = strings.TrimSpace(field), strings.TrimSpace(more)
			if field != "" && !slices.ContainsFunc(roster.Fields(kind), func(f roster.Field) bool { return f.Name == field }) {
				return nil, usage(fmt.Sprintf("A list of %s holds no %q.", kind, data.Clean(field, 60)), "It may hold "+fieldNames(kind)+".")
			}
			for other, same := range columns {
				if field != "" && same == field && !slices.Contains(severalFields, field) {
					return nil, usage(fmt.Sprintf("Two columns are said to hold %q: %q and %q.", field, data.Clean(other, 60), data.Clean(header, 60)), "Only one can.")
				}
			}
			columns[header] = field
		}
	}
	return columns, nil
}

// severalFields may be held by more than one column.
var severalFields = []string{"guardian_email", "guardian_name", "guardian_role", "guardian_notices", "guarantor", "status"}

// cutHeader finds the longest header that text begins with.
func cutHeader(text string, headers []string) (header, rest string, ok bool) {
	for _, h := range headers {
		if len(h) <= len(header) || len(text) <= len(h) || !strings.EqualFold(text[:len(h)], h) {
			continue
		}
		if after, is := strings.CutPrefix(strings.TrimLeft(text[len(h):], " "), "="); is {
			header, rest, ok = h, after, true
		}
	}
	return header, rest, ok
}

// withColumns puts what a person said of columns into a mapping; a field that holds one column only leaves the one it had.
func withColumns(m data.Mapping, said map[string]string) data.Mapping {
	m.Columns = maps.Clone(m.Columns)
	if m.Columns == nil {
		m.Columns = map[string]string{}
	}
	for header, field := range said {
		for h, was := range m.Columns {
			if _, also := said[h]; was == field && !also && !slices.Contains(severalFields, field) {
				delete(m.Columns, h)
			}
		}
		delete(m.Columns, header)
		if field != "" {
			m.Columns[header] = field
		}
	}
	return m
}

func quoted(all []string) string {
	shown := make([]string, 0, len(all))
	for _, s := range all[:min(len(all), 40)] {
		shown = append(shown, fmt.Sprintf("%q", data.Clean(s, 60)))
	}
	return strings.Join(shown, ", ")
}

func fieldNames(kind data.RosterKind) string {
	fields := roster.Fields(kind)
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}

// fieldLabel is a field as a person reads it.
func fieldLabel(kind data.RosterKind, name string) string {
	for _, f := range roster.Fields(kind) {
		if f.Name == name {
			return f.Label
		}
	}
	return name
}
