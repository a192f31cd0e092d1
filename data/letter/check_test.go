package letter_test

import (
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/letter"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		promise, subject, body string
		want                   letter.Problem
	}{
		{"a misspelt placeholder is named with its place and what was meant", "", "Hello\n\nDear [Frist name],", letter.Problem{Field: "body", Line: 3, Column: 6, Sentence: "[Frist name] is not known. Did you mean [First name]?", Suggest: "[First name]"}},
		{"places are counted in characters", "", "Grüße an [Libarry]", letter.Problem{Field: "body", Line: 1, Column: 10, Sentence: "[Libarry] is not known. Did you mean [Library]?", Suggest: "[Library]"}},
		{"a placeholder like no other says how to write a bracket", "", "He said [sic!]", letter.Problem{Field: "body", Line: 1, Column: 9, Sentence: "[sic!] is not known. For a bracket in the text write [[."}},
		{"a bracket that is not closed is told", "", "a\n [First name", letter.Problem{Field: "body", Line: 2, Column: 2, Sentence: "A square bracket is opened and not closed. For a bracket in the text write [[."}},
		{"an optional sentence that is not closed is told", "", "{Call [Library phone]", letter.Problem{Field: "body", Line: 1, Column: 1, Sentence: "A curly bracket is opened and not closed on the same line. For a bracket in the text write {{."}},
		{"an optional sentence in another is told", "", "{a [Card] {b}}", letter.Problem{Field: "body", Line: 1, Column: 11, Sentence: "A curly bracket stands inside another."}},
		{"the table must stand alone", "", "You have [Items] here", letter.Problem{Field: "body", Line: 1, Column: 10, Sentence: "[Items] becomes a table and must stand alone on its line."}},
		{"the table cannot be optional", "", "{[Also on loan]}", letter.Problem{Field: "body", Line: 1, Column: 2, Sentence: "[Also on loan] becomes a table and must stand alone on its line."}},
		{"the table is no list item", "", "- [Items]", letter.Problem{Field: "body", Line: 1, Column: 3, Sentence: "[Items] becomes a table and must stand alone on its line."}},
		{"a table stands there once", "", "[Items]\n\n[Also on loan]\n [items]", letter.Problem{Field: "body", Line: 4, Column: 2, Sentence: "[Items] stands there twice."}},
		{"an empty letter is told", "", " \n\t\r\n", letter.Problem{Field: "body", Line: 1, Sentence: "The letter is empty."}},
		{"an empty subject is told", " ", "a", letter.Problem{Field: "subject", Line: 1, Sentence: "The subject is empty."}},
		{"a subject tells no titles", "Bring [Items] back", "a", letter.Problem{Field: "subject", Line: 1, Column: 7, Sentence: "The subject tells no titles: anybody may see it on a screen."}},
		{"a subject is one line", "a\r\nBcc: evil@example.org", "a", letter.Problem{Field: "subject", Line: 1, Sentence: "The subject must be one line."}},
		{"a subject is short", strings.Repeat("ü", 201), "a", letter.Problem{Field: "subject", Line: 1, Sentence: "The subject has 201 characters; 200 are the most."}},
		{"a text is no book", "", strings.Repeat("ü", 20_001), letter.Problem{Field: "body", Sentence: "The text has 20001 characters; 20000 are the most."}},
	} {
		t.Run(c.promise, func(t *testing.T) {
			tpl := text(c.body)
			if c.subject != "" {
				tpl.Subject = c.subject
			}
			all := letter.Check(tpl)
			if !slices.Contains(all, c.want) || !letter.Wrong(all) {
				t.Errorf("%+v", all)
			}
			_, err := letter.Compile(tpl)
			if data.CodeOf(err) != data.CodeUsage {
				t.Errorf("it compiles: %v", err)
			}
		})
	}
	t.Run("what works and is hardly meant so is a warning", func(t *testing.T) {
		for _, tpl := range []data.Template{
			{Key: "overdue-first", Subject: "a", Body: "Please come."},
			text("{always there}"), text("closed] twice}"), text("You have [Number of items] Items."), text("{You are [Days late] days late}"),
		} {
			all := letter.Check(tpl)
			if len(all) == 0 || letter.Wrong(all) {
				t.Errorf("%q: %+v", tpl.Body, all)
			}
			render(t, tpl, anna(1))
		}
	})
	t.Run("a column nobody knows is told", func(t *testing.T) {
		tpl := text("[Items]")
		tpl.Columns = []string{"title", "shoe size"}
		if all := letter.Check(tpl); len(all) != 1 || all[0].Field != letter.FieldColumns {
			t.Errorf("%+v", all)
		}
	})
	t.Run("every placeholder of the menu is known, in any case", func(t *testing.T) {
		for _, p := range letter.Placeholders() {
			if all := letter.Check(text(strings.ToUpper(p.Name))); len(all) != 0 || p.Hint == "" {
				t.Errorf("%s: %+v", p.Name, all)
			}
		}
	})
}
