package assets

import (
	_ "embed" // the licences of what we use
	"strings"
)

//go:embed licences.txt
var licences string

// Licence is what a module we use may be used under.
type Licence struct {
	Module  string
	Version string
	Name    string
	Text    string
}

// In licences.txt a line of this begins each text, a line of modules before it for each one under that text.
const (
	licenceRule   = "=====8<=====\n"
	licenceModule = "* "
)

// Licences lists the modules both programs are made with, each with the text of its licence. The file keeps a text once.
func Licences() []Licence {
	var out []Licence
	for part := range strings.SplitSeq(licences, licenceRule) {
		head, words, ok := strings.Cut(part, "\n\n")
		if !ok {
			continue
		}
		for line := range strings.SplitSeq(head, "\n") {
			fields := strings.SplitN(strings.TrimPrefix(line, licenceModule), " ", 3)
			if strings.HasPrefix(line, licenceModule) && len(fields) == 3 {
				out = append(out, Licence{Module: fields[0], Version: fields[1], Name: fields[2], Text: strings.TrimSpace(words)})
			}
		}
	}
	return out
}
