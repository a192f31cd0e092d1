package screen

import (
	"context"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// SavedAnswers is one mapping that is kept.
type SavedAnswers struct {
	Name string
	What string // for which kind of list, how many columns, and since when
}

// Mappings are the answers that are kept.
func (l *Lists) Mappings() []SavedAnswers {
	var all []SavedAnswers
	for i := range l.seen.mappings {
		m := &l.seen.mappings[i]
		with := With("Kind", l.desk.rosterWords(m.Kind), "N", len(m.Columns), "When", l.desk.When(m.Saved))
		what := l.desk.Say("{{.Kind}}. {{.N}} columns are taken; kept {{.When}}.", with)
		if len(m.Columns) == 1 {
			what = l.desk.Say("{{.Kind}}. 1 column is taken; kept {{.When}}.", with)
		}
		all = append(all, SavedAnswers{Name: m.Name, What: what})
	}
	return all
}

// NameWrong is what is wrong with a name for answer i; empty: nothing.
func (l *Lists) NameWrong(i int, name string) string {
	name = data.Clean(strings.TrimSpace(name), 100)
	if name == "" {
		return l.desk.Say("Type a name.")
	}
	if slices.ContainsFunc(l.seen.mappings, func(m data.Mapping) bool {
		return m.Name == name && i < len(l.seen.mappings) && m.Kind == l.seen.mappings[i].Kind && m.Name != l.seen.mappings[i].Name
	}) {
		return l.desk.Say("There are answers of this name already.")
	}
	return ""
}

// Rename calls the answers i by another name.
func (l *Lists) Rename(i int, name string) {
	name = data.Clean(strings.TrimSpace(name), 100)
	if i < 0 || i >= len(l.seen.mappings) || l.NameWrong(i, name) != "" || name == l.seen.mappings[i].Name {
		return
	}
	m := l.seen.mappings[i]
	was := m.Name
	listsDo(l, l.desk.Say("Saving."), func(ctx context.Context, s *store.Store) (struct{}, error) {
		m.Name = name
		if err := s.SaveMapping(ctx, m); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, s.DeleteMapping(ctx, was, m.Kind)
	}, func(struct{}) string {
		return l.desk.Say("\"{{.Was}}\" is called \"{{.Name}}\" now.", With("Was", was, "Name", name))
	})
}

// Forget deletes the answers i.
func (l *Lists) Forget(i int) {
	if i < 0 || i >= len(l.seen.mappings) {
		return
	}
	m := l.seen.mappings[i]
	listsDo(l, l.desk.Say("Deleting."), func(ctx context.Context, s *store.Store) (struct{}, error) {
		return struct{}{}, s.DeleteMapping(ctx, m.Name, m.Kind)
	}, func(struct{}) string {
		return l.desk.Say("\"{{.Name}}\" is deleted. The next list of this shape asks again.", With("Name", m.Name))
	})
}

// Folder is the one whose lists are taken in by themselves; empty: none is.
func (l *Lists) Folder() string { return l.seen.folder }

// Lying is what lies in it, and a sentence on that or on why it cannot be looked into; empty: nothing to say.
func (l *Lists) Lying() (files []FolderEntry, note string, bad bool) {
	switch {
	case l.seen.folder == "":
		return nil, "", false
	case l.lyingWrong != "":
		return nil, l.lyingWrong, true
	case len(l.lying) == 0 && len(l.held) > 0:
		return nil, "", false
	case len(l.lying) == 0:
		return nil, l.desk.Say("No list lies in it now."), false
	case l.lyingMore:
		return l.lying, l.desk.Say("There are more."), false
	}
	return l.lying, "", false
}

// SetFolder makes another folder the one whose lists are taken in by themselves; empty: none is.
func (l *Lists) SetFolder(path string) {
	listsDo(l, l.desk.Say("Saving."), func(ctx context.Context, s *store.Store) (struct{}, error) {
		_, revision, err := s.Settings(ctx)
		if err != nil {
			return struct{}{}, err
		}
		w, err := l.desk.write(ctx, s, revision, map[string]string{"imports.folder": path}, nil)
		switch {
		case err != nil:
		case w.met:
			err = &data.Error{Code: data.CodeConflict, Sentence: l.desk.Say("Somebody else saved settings at the same moment."), Next: l.desk.Say("Try again.")}
		default:
			for _, p := range w.problems {
				if p.Name == "imports.folder" {
					err = &data.Error{Code: data.CodeBadSettings, Sentence: p.Sentence}
				}
			}
		}
		return struct{}{}, err
	}, func(struct{}) string {
		if path == "" {
			return l.desk.Say("Lists are no longer taken in by themselves.")
		}
		return l.desk.Say("Lists in {{.Path}} are taken in by themselves, with the answers that are kept.", With("Path", shortPath(path)))
	})
}
