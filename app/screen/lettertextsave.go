package screen

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/mailing"
	"smtpgateway/data/store"
)

// Revert gives up what is typed and not saved.
func (t *LetterText) Revert() {
	t.said = Said{}
	t.begin()
	t.changed()
}

// Save puts the text in force. then gets whether it is; nil: nobody waits.
func (t *LetterText) Save(then func(ok bool)) {
	end := func(ok bool) {
		if then != nil {
			then(ok)
		}
	}
	switch {
	case t.busy != "":
		end(false)
		return
	case t.CannotSave() != "":
		t.said = Said{Words: t.CannotSave(), Bad: true}
		t.changed()
		end(false)
		return
	}
	text := t.draft
	text.Subject, text.Name = strings.TrimSpace(text.Subject), strings.TrimSpace(text.Name)
	t.do(t.desk.Say("Saving."), func(ctx context.Context, s *store.Store) error { return s.SaveTemplate(ctx, text) }, func() {
		if !sameText(&t.draft, &text) && t.draft.Body == text.Body { // blanks that were cut off
			t.draft.Subject, t.draft.Name = text.Subject, text.Name
		}
		t.base.Subject, t.base.Body, t.base.Name, t.base.Columns = text.Subject, text.Body, text.Name, slices.Clone(text.Columns)
		t.missing, t.theirs = false, false
		t.said = Said{Words: t.desk.Say("Saved. Letters queued from now on have this text."), Good: true}
	}, end)
}

// do changes a text in the store, says how it ended, and reads again.
func (t *LetterText) do(doing string, change func(ctx context.Context, s *store.Store) error, done func(), then func(ok bool)) {
	t.busy, t.said = doing, Said{}
	t.changed()
	GoStore(t.desk, func(ctx context.Context, s *store.Store) ([]data.Template, error) {
		if err := change(ctx, s); err != nil {
			return nil, err
		}
		return s.Templates(ctx)
	}, func(all []data.Template, err error) {
		t.busy = ""
		t.asked++ // an answer under way is older
		if err != nil {
			t.said = Said{Words: sentences(asError(err).Error(), t.desk.Say("Nothing was changed.")), Bad: true}
		} else {
			done()
			said := t.said
			t.take(all)
			t.said = said
		}
		t.changed()
		t.desk.Wake()
		if then != nil {
			then(err == nil)
		}
	})
}

// OriginalWords ask before the text goes back to the original.
func (t *LetterText) OriginalWords() (title, text string) {
	return t.desk.Say("Back to the original text?"), t.desk.Say("The letter is as it was delivered again, in {{.Language}}. Your text is kept among the earlier versions.", With("Language", choiceWords(t.desk, "library.language", t.language)))
}

// BackToOriginal puts the original in force again.
func (t *LetterText) BackToOriginal() {
	if t.busy != "" || !t.Changed() {
		return
	}
	key, language := t.key, t.language
	t.do(t.desk.Say("Saving."), func(ctx context.Context, s *store.Store) error {
		if err := stillUsed(ctx, s, key, language); err != nil {
			return err
		}
		return s.DropTemplate(ctx, key, language)
	}, func() {
		t.draft, t.base = data.Template{}, data.Template{}
		t.said = Said{Words: t.desk.Say("The original text is in force again."), Good: true}
	}, nil)
}

// TextVersion is how a text once was.
type TextVersion struct {
	When    string
	Subject string
	Body    string
	Now     bool // it is what is in force

	text data.Template
}

// Versions reads how the text once was, newest first; the original is the last. then gets them, or why they cannot be
// read.
func (t *LetterText) Versions(then func(all []TextVersion, problem string)) {
	key, language, d := t.key, t.language, t.desk
	GoStore(d, func(ctx context.Context, s *store.Store) ([]data.Template, error) {
		return s.TemplateHistory(ctx, key, language)
	},
		func(all []data.Template, err error) {
			if err != nil {
				then(nil, asError(err).Error())
				return
			}
			var out []TextVersion
			for i := range all {
				out = append(out, TextVersion{When: d.When(all[i].Saved), Subject: all[i].Subject, Body: all[i].Body, text: all[i], Now: t.base.Own && all[i].Saved.Equal(t.base.Saved)})
			}
			if o, ok := letter.Original(key, language); ok {
				out = append(out, TextVersion{When: d.Say("the original"), Subject: o.Subject, Body: o.Body, text: o, Now: !t.base.Own})
			}
			then(out, "")
		})
}

// Use puts an earlier version into the fields, to be saved.
func (t *LetterText) Use(v TextVersion) {
	t.write(func(d *data.Template) {
		d.Subject, d.Body, d.Columns = v.text.Subject, v.text.Body, slices.Clone(v.text.Columns)
		if t.Own() {
			d.Name = v.text.Name
		}
	})
}

// mostLetterName is how long the name of a letter may be.
const mostLetterName = 60

// NameWrong is why a new letter cannot be called so; empty: it can.
func (t *LetterText) NameWrong(name string) string {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return t.desk.Say("Write a name for the letter.")
	case len([]rune(name)) > mostLetterName:
		return t.desk.Say("It is longer than {{.N}} letters.", With("N", mostLetterName))
	case slices.ContainsFunc(t.Names(), func(n string) bool { return strings.EqualFold(n, name) }):
		return t.desk.Say("There is a letter of this name already.")
	}
	return ""
}

// Add makes a letter of the school's own out of the text as it stands in the fields, and goes there. then gets whether it
// was stored.
func (t *LetterText) Add(name string) {
	if t.busy != "" || t.NameWrong(name) != "" {
		return
	}
	text := t.draft
	text.Name, text.Key, text.Own = strings.TrimSpace(name), t.newKey(name), true
	if why := t.CannotSave(); why != "" && letter.Wrong(letter.Check(text)) {
		t.said = Said{Words: why, Bad: true}
		t.changed()
		return
	}
	t.do(t.desk.Say("Saving."), func(ctx context.Context, s *store.Store) error { return s.SaveTemplate(ctx, text) }, func() {
		t.key, t.base, t.draft = text.Key, data.Template{}, data.Template{}
		t.said = Said{Words: t.desk.Say("The letter {{.Name}} is made. Change its text as you like.", With("Name", text.Name)), Good: true}
	}, nil)
}

// newKey is the key of a new letter: the plain letters of its name, told apart from all others.
func (t *LetterText) newKey(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	key := "own-" + strings.Trim(b.String(), "-")
	if slices.Contains(t.keys(), key) || key == "own-" {
		key = strings.TrimSuffix(key, "-") + "-" + t.desk.Now().UTC().Format("20060102150405.000")
	}
	return key
}

// DeleteWords ask before a letter of the school's own is deleted.
func (t *LetterText) DeleteWords() (title, text string) {
	return t.desk.Say("Delete the letter {{.Name}}?", With("Name", t.base.Name)),
		t.desk.Say("It is deleted in all languages. Letters that wait in the queue go as they are.")
}

// Delete deletes a letter of the school's own, in all languages.
func (t *LetterText) Delete() {
	if t.busy != "" || !t.Own() {
		return
	}
	key := t.key
	var languages []string
	for _, o := range t.own {
		if o.Key == key {
			languages = append(languages, o.Language)
		}
	}
	t.do(t.desk.Say("Deleting."), func(ctx context.Context, s *store.Store) error {
		if err := stillUsed(ctx, s, key, languages...); err != nil {
			return err
		}
		for _, language := range languages {
			if err := s.DropTemplate(ctx, key, language); err != nil {
				return err
			}
		}
		return nil
	}, func() {
		t.key, t.base, t.draft = letterKeys()[0], data.Template{}, data.Template{}
		t.said = Said{Words: t.desk.Say("The letter is deleted."), Good: true}
	}, nil)
}

// stillUsed keeps automatic notices from being left without a letter they name.
func stillUsed(ctx context.Context, s *store.Store, key string, languages ...string) error {
	values, _, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	own, err := s.Templates(ctx)
	if err != nil {
		return err
	}
	set, _ := data.ParseSettings(values)
	return mailing.StillUsed(&set, own, key, languages...)
}
