package screen

import (
	"strings"
	"text/template"
)

// English is the language the keys are written in: it gives key itself, with its places filled from data[0] as
// text/template does, which is how the window's translations do it too.
func English(key string, data ...any) string {
	if len(data) == 0 || !strings.Contains(key, "{{") {
		return key
	}
	t, err := template.New("").Option("missingkey=error").Parse(key)
	if err != nil {
		return key
	}
	var out strings.Builder
	if err := t.Execute(&out, data[0]); err != nil {
		return key
	}
	return out.String()
}

// With fills the places of a key: With("N", 3, "Time", "11:40").
func With(pairs ...any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			m[name] = pairs[i+1]
		}
	}
	return m
}
