package screen

import (
	"context"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
	"smtpgateway/data/store"
)

// LetterText is the part of the screen of letters in which their texts are written: one letter in one language at a time.
// What is typed is kept apart from what is stored until Save.
type LetterText struct {
	OnChange func() // something shown changed; nil: nobody looks

	desk    *Desk
	own     []data.Template // in force, of the school's making or changed by it
	loaded  bool
	problem *data.Error
	asked   int64

	key, language string
	base          data.Template // in force when editing began
	missing       bool          // a letter of the school's own has no text in this language; base is another's
	draft         data.Template
	theirs        bool // somebody else saved this text since editing began
	problems      []TextProblem

	samples letterSamples
	busy    string
	said    Said
}

// NewLetterText makes the screen; nothing is asked before Refresh.
func NewLetterText(d *Desk) *LetterText {
	t := &LetterText{desk: d, key: letterKeys()[0]}
	t.samples.of = t
	return t
}

func (t *LetterText) changed() {
	if t.OnChange != nil {
		t.OnChange()
	}
}

// Refresh reads the texts, or reads again what may have changed. What is typed and not saved stays.
func (t *LetterText) Refresh(c Change) {
	if t.loaded && !c.Store {
		return
	}
	t.asked++
	number := t.asked
	GoStore(t.desk, func(ctx context.Context, s *store.Store) ([]data.Template, error) { return s.Templates(ctx) },
		func(all []data.Template, err error) {
			if number != t.asked {
				return
			}
			if t.problem = nil; err != nil {
				t.problem = asError(err)
			} else {
				t.take(all)
			}
			t.changed()
		})
	t.samples.refresh()
}

func (t *LetterText) take(all []data.Template) {
	dirty := t.loaded && t.Dirty()
	t.own = all
	if !t.loaded {
		t.language, t.loaded = libraryLanguage(&t.desk.facts.Settings), true
	}
	if !slices.Contains(t.keys(), t.key) && !dirty {
		t.key = letterKeys()[0]
	}
	if !dirty {
		t.begin()
		return
	}
	now, _ := t.inForce(t.key, t.language)
	t.theirs = !now.Saved.Equal(t.base.Saved)
}

// begin edits what is in force.
func (t *LetterText) begin() {
	was := t.draft
	var ok bool
	t.base, ok = t.inForce(t.key, t.language)
	t.missing, t.theirs = !ok, false
	t.draft = t.base
	t.draft.Columns = slices.Clone(t.base.Columns)
	t.look()
	if was.Key != t.draft.Key {
		t.samples.forLetter()
	}
}

// inForce is the text people get; false: there is none in this language, and another's is given to begin with.
func (t *LetterText) inForce(key, language string) (data.Template, bool) {
	find := func(language string) (data.Template, bool) {
		if i := slices.IndexFunc(t.own, func(o data.Template) bool { return o.Key == key && o.Language == language }); i >= 0 {
			return t.own[i], true
		}
		return letter.Original(key, language)
	}
	if text, ok := find(language); ok {
		return text, true
	}
	for _, other := range append([]string{libraryLanguage(&t.desk.facts.Settings)}, data.Languages()...) {
		if text, ok := find(other); ok {
			text.Language, text.Own = language, false
			return text, false
		}
	}
	return data.Template{Key: key, Language: language}, false
}

// look finds what is wrong and shows the letter as it would be.
func (t *LetterText) look() {
	t.problems = t.desk.textProblems(&t.draft)
	t.samples.show()
}

// Loaded reports whether anything was read yet.
func (t *LetterText) Loaded() bool { return t.loaded }

// Problem is why nothing could be read; nil: it could.
func (t *LetterText) Problem() *data.Error { return t.problem }

func (t *LetterText) keys() []string {
	keys := letterKeys()
	for _, o := range ownLetters(t.own, libraryLanguage(&t.desk.facts.Settings)) {
		keys = append(keys, o.Key)
	}
	return keys
}

// Names are the letters there are; those whose text was changed in a language say so.
func (t *LetterText) Names() []string {
	keys := t.keys()
	own := ownLetters(t.own, libraryLanguage(&t.desk.facts.Settings))
	words := make([]string, len(keys))
	for i, key := range keys {
		words[i] = t.desk.letterWords(key, own)
	}
	return words
}

// Name is the choice in force, an index of Names.
func (t *LetterText) Name() int { return slices.Index(t.keys(), t.key) }

// SetName takes another letter. What is not saved of this one is given up: ask before.
func (t *LetterText) SetName(i int) {
	if keys := t.keys(); i >= 0 && i < len(keys) && keys[i] != t.key {
		t.turn(keys[i], t.language)
	}
}

// Show takes a letter by its key, in the library's language.
func (t *LetterText) Show(key string) {
	if t.loaded && slices.Contains(t.keys(), key) {
		t.turn(key, libraryLanguage(&t.desk.facts.Settings))
		return
	}
	t.key = key
}

func (t *LetterText) turn(key, language string) {
	t.key, t.language, t.said = key, language, Said{}
	t.begin()
	t.changed()
}

// Languages are those a text can be in, and how it stands in each.
func (t *LetterText) Languages() []string {
	words := make([]string, len(data.Languages()))
	for i, language := range data.Languages() {
		name := choiceWords(t.desk, "library.language", language)
		own := slices.ContainsFunc(t.own, func(o data.Template) bool { return o.Key == t.key && o.Language == language })
		switch shipped := slices.Contains(letter.Keys(), t.key); {
		case shipped && own:
			name = t.desk.Say("{{.Language}} (changed)", With("Language", name))
		case !shipped && !own:
			name = t.desk.Say("{{.Language}} (not written)", With("Language", name))
		}
		words[i] = name
	}
	return words
}

// Language is the choice in force, an index of Languages.
func (t *LetterText) Language() int { return slices.Index(data.Languages(), t.language) }

// SetLanguage takes another language. What is not saved of this text is given up: ask before.
func (t *LetterText) SetLanguage(i int) {
	if all := data.Languages(); i >= 0 && i < len(all) && all[i] != t.language {
		t.turn(t.key, all[i])
	}
}

// Own reports whether the letter is of the school's own making.
func (t *LetterText) Own() bool { return !slices.Contains(letter.Keys(), t.key) }

// Changed reports whether the text in force differs from the original.
func (t *LetterText) Changed() bool { return t.base.Own && !t.Own() }

// State says what text this is.
func (t *LetterText) State() string {
	say := t.desk.Say
	switch {
	case t.missing:
		return say("This letter is not written in this language. Patrons of this language get the text below as it is, in the other language, until you save one of their own.")
	case t.theirs:
		return say("Somebody else has saved this text meanwhile. If you save yours, theirs is kept among the earlier versions.")
	case t.Own():
		return say("A letter of your own, saved {{.When}}.", With("When", t.desk.When(t.base.Saved)))
	case t.base.Own:
		return say("Your own text, saved {{.When}}.", With("When", t.desk.When(t.base.Saved)))
	}
	return say("The original text.")
}

// Subject, Body and Title are as typed; Title is what a letter of the school's own is called.
func (t *LetterText) Subject() string { return t.draft.Subject }

// Body is the text as typed, lines parted by \n.
func (t *LetterText) Body() string { return t.draft.Body }

// Title is what a letter of the school's own is called, as typed.
func (t *LetterText) Title() string { return t.draft.Name }

// SetSubject takes what was typed.
func (t *LetterText) SetSubject(typed string) { t.write(func(d *data.Template) { d.Subject = typed }) }

// SetBody takes what was typed.
func (t *LetterText) SetBody(typed string) { t.write(func(d *data.Template) { d.Body = typed }) }

// SetTitle takes what was typed.
func (t *LetterText) SetTitle(typed string) {
	if t.Own() {
		t.write(func(d *data.Template) { d.Name = typed })
	}
}

func (t *LetterText) write(change func(d *data.Template)) {
	before := t.draft
	change(&t.draft)
	if sameText(&before, &t.draft) {
		return
	}
	if !t.said.Bad || t.busy == "" {
		t.said = Said{}
	}
	t.look()
	t.changed()
}

func sameText(a, b *data.Template) bool {
	return a.Subject == b.Subject && a.Body == b.Body && a.Name == b.Name && slices.Equal(a.Columns, b.Columns)
}

// TextColumn is one of the table of items.
type TextColumn struct {
	Words string
	On    bool
}

// Columns are those the table of items can have.
func (t *LetterText) Columns() []TextColumn {
	say := t.desk.Say
	words := map[string]string{
		"title": say("Title"), "author": say("Author"), "barcode": say("Barcode"), "call-number": say("Call number"), "due": say("Due date"), "late": say("Days late"), "price": say("Price"),
	}
	var all []TextColumn
	for _, c := range letter.Columns() {
		all = append(all, TextColumn{Words: words[c], On: slices.Contains(t.draft.Columns, c)})
	}
	return all
}

// SetColumn puts a column in or leaves it out.
func (t *LetterText) SetColumn(i int, on bool) {
	all := letter.Columns()
	if i < 0 || i >= len(all) {
		return
	}
	t.write(func(d *data.Template) {
		var next []string
		for k, c := range all {
			if k == i && on || k != i && slices.Contains(d.Columns, c) {
				next = append(next, c)
			}
		}
		d.Columns = next
	})
}

// Placeholders are what can be put into a text, with what comes in their place.
func (d *Desk) Placeholders() []Line {
	var all []Line
	for _, p := range letter.Placeholders() {
		all = append(all, Line{Label: p.Name, Text: d.Say(p.Hint)})
	}
	return all
}

// Problems are what is wrong with the text.
func (t *LetterText) Problems() []TextProblem { return t.problems }

// Mend takes a suggestion.
func (t *LetterText) Mend(p TextProblem) { t.write(p.mend) }

// Dirty reports whether something is typed and not saved.
func (t *LetterText) Dirty() bool { return t.loaded && !sameText(&t.base, &t.draft) }

// CannotSave is why the text cannot be saved; empty: it can.
func (t *LetterText) CannotSave() string {
	if t.Own() && strings.TrimSpace(t.draft.Name) == "" {
		return t.desk.Say("The letter has no name.")
	}
	for _, p := range t.problems {
		if !p.Warning {
			return t.desk.Say("It cannot be saved yet: {{.Why}}", With("Why", p.Words))
		}
	}
	return ""
}

// Busy says what is being done; empty: nothing.
func (t *LetterText) Busy() string { return t.busy }

// Said is how the last thing done ended; no words: nothing was done.
func (t *LetterText) Said() Said { return t.said }
