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
