package mailing

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

// textID names one text of a letter.
type textID struct{ key, language string }

// texts are the letters in force, each compiled when it is first wanted.
type texts struct {
	own      map[textID]data.Template
	compiled map[textID]*letter.Compiled
	library  string // the language of who has none
}

func (m *Mailer) texts(ctx context.Context, s *data.Settings) (*texts, error) {
	all, err := m.o.Store.Templates(ctx)
	if err != nil {
		return nil, err
	}
	t := &texts{own: make(map[textID]data.Template, len(all)), compiled: make(map[textID]*letter.Compiled), library: cmp.Or(s.Library.Language, data.Languages()[0])}
	for _, one := range all {
		t.own[textID{one.Key, one.Language}] = one
	}
	return t, nil
}

// find is the text of a letter for somebody's language: the school's own, else the original; where there is none in
// that language, the one in the library's, and at last any that there is. The original of the free letter is nothing
// without the words that a person puts into it, in whatever language.
func (t *texts) find(key, language string) (data.Template, bool) {
	languages := append([]string{cmp.Or(language, t.library), t.library}, data.Languages()...)
	if key == letter.KeyFree {
		for _, l := range languages {
			if own, ok := t.own[textID{key, l}]; ok {
				return own, true
			}
		}
	}
	for _, l := range languages {
		if own, ok := t.own[textID{key, l}]; ok {
			return own, true
		}
		if original, ok := letter.Original(key, l); ok {
			return original, true
		}
	}
	return data.Template{}, false
}

// wordless says that a letter has no words of its own yet; nil: it has.
func (t *texts) wordless(key string) error {
	text, _ := t.find(key, "")
	original, _ := letter.Original(letter.KeyFree, text.Language)
	if key != letter.KeyFree || strings.TrimSpace(text.Body) != original.Body {
		return nil
	}
	return &data.Error{Code: data.CodeNotNow, Sentence: "The free letter has no words yet.", Next: "Write its text first, under Letters."}
}

// compile is find, ready to be rendered. It fails in words when there is no such letter, or its text has a mistake.
func (t *texts) compile(key, language string) (*letter.Compiled, data.Template, error) {
	text, ok := t.find(key, language)
	if !ok {
		return nil, text, &data.Error{
			Code: data.CodeNotFound, Sentence: fmt.Sprintf("There is no letter %q.", data.Clean(key, 60)), Next: "smtp-gateway letters templates list shows them.",
		}
	}
	id := textID{text.Key, text.Language}
	if c, ok := t.compiled[id]; ok {
		return c, text, nil
	}
	c, err := letter.Compile(text)
	if err != nil {
		what, todo := data.Words(err)
		return nil, text, &data.Error{
			Code: data.CodeOf(err), Sentence: fmt.Sprintf("The letter %q (%s) cannot be written: %s", text.Name, text.Language, what), Next: todo, Err: err,
		}
	}
	t.compiled[id] = c
	return c, text, nil
}
