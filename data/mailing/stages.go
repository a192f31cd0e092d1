package mailing

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

// letterKeys are the letters that can be written: those that are shipped, then the school's own.
func letterKeys(own []data.Template) []string {
	keys := letter.Keys()
	for i := range own {
		if !slices.Contains(keys, own[i].Key) {
			keys = append(keys, own[i].Key)
		}
	}
	return keys
}

// CheckLetters says which stages of automatic notices name a letter that there is not; to be asked before they are saved.
// own are the school's own texts, Store.Templates.
func CheckLetters(s *data.Settings, own []data.Template) data.Problems {
	var all data.Problems
	keys := letterKeys(own)
	stages := s.Overdue.StageList()
	for i, st := range stages {
		if slices.Contains(keys, st.Template) {
			continue
		}
		p := data.Problem{
			Name:     "overdue.stages",
			Sentence: fmt.Sprintf("There is no letter %q for %s. There are: %s.", data.Clean(st.Template, 60), st.Name(), strings.Join(keys, ", ")),
		}
		if near := letter.Nearest(st.Template, keys); near != "" {
			meant := slices.Clone(stages)
			meant[i].Template = near
			p.Suggest = data.FormatStages(meant)
		}
		all = append(all, p)
	}
	return all
}

// CheckChange is CheckLetters for settings about to be saved, of which changed holds what is new by field name. A stage may
// have lost its letter before: then it keeps nobody from changing something else, and is a warning.
func CheckChange(next *data.Settings, own []data.Template, changed map[string]string) data.Problems {
	problems := CheckLetters(next, own)
	_, stages := changed["overdue.stages"]
	_, on := changed["overdue.enabled"]
	for i := range problems {
		problems[i].Warning = !stages && (!on || !next.Overdue.Enabled)
	}
	return problems
}

// StillUsed says that automatic notices would be left without a letter if the school's own text of it were given up in these
// languages; nil: they would not. CodeConflict, with the stages in words.
func StillUsed(s *data.Settings, own []data.Template, key string, languages ...string) error {
	left := slices.ContainsFunc(own, func(t data.Template) bool { return t.Key == key && !slices.Contains(languages, t.Language) })
	if left || slices.Contains(letter.Keys(), key) {
		return nil
	}
	var stages []string
	for _, st := range s.Overdue.StageList() {
		if st.Template == key {
			stages = append(stages, st.Name())
		}
	}
	if len(stages) == 0 {
		return nil
	}
	return &data.Error{
		Code: data.CodeConflict, Sentence: fmt.Sprintf("Automatic notices use the letter %q (%s), so it cannot be removed.", data.Clean(key, 60), strings.Join(stages, ", ")),
		Next: "Choose another letter for them first: overdue.stages.",
	}
}
