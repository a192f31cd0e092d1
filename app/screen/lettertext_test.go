package screen_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

func textsOf(t *testing.T, b *screentest.Bench) *screen.LetterText {
	t.Helper()
	x := screen.NewLetterText(b.Desk)
	b.Watch(x.Refresh)
	x.Refresh(screen.Change{Store: true})
	b.Settle()
	if e := x.Problem(); e != nil {
		t.Fatal(e)
	}
	return x
}

func letterTexts(t *testing.T) (*screentest.Bench, *screen.LetterText) {
	t.Helper()
	b := smallSchool(t)
	b.Configured()
	b.Look()
	return b, textsOf(t, b)
}

// shownText is the preview as one text.
func shownText(x *screen.LetterText) string {
	subject, blocks, note := x.Preview()
	out := subject
	for _, block := range blocks {
		out += "\n" + block.Text
		for _, row := range append([][]string{block.Head}, block.Rows...) {
			out += "\n" + strings.Join(row, "|")
		}
	}
	return out + "\n" + note
}

func save(t *testing.T, b *screentest.Bench, x *screen.LetterText) {
	t.Helper()
	x.Save(nil)
	b.Settle()
	b.Look()
	if said := x.Said(); !said.Good {
		t.Fatal(said)
	}
}

func TestLetterText(t *testing.T) {
	t.Run("a text is shown with real people, those first who are hardest", func(t *testing.T) {
		b, x := letterTexts(t)
		if got := shownText(x); !strings.Contains(got, "Ada Fennimore") || !strings.Contains(got, "The Grey Tower") || x.SampleOf() != "1 of 2" {
			t.Fatal(got, x.SampleOf())
		}
		x.Step(1)
		b.Settle()
		if got := shownText(x); !strings.Contains(got, "Cleo Marsh") || x.CanStep(1) || !strings.HasPrefix(x.SampleWords(), "Cleo Marsh (") {
			t.Error(got, x.SampleWords())
		}
	})
	t.Run("without people it is shown with an invented one", func(t *testing.T) {
		b := screentest.New(t)
		b.Look()
		x := textsOf(t, b)
		if got := shownText(x); !strings.Contains(got, "Anna Berg") || !strings.Contains(got, "Treasure Island") || x.SampleWords() != "Shown with an invented patron" {
			t.Error(got, x.SampleWords())
		}
	})
	t.Run("the preview follows what is typed, and stays while that is wrong", func(t *testing.T) {
		b, x := letterTexts(t)
		x.SetBody("[Greeting], hello!\n\n[Items]")
		b.Settle()
		if got := shownText(x); !strings.Contains(got, "Dear Ada Fennimore, hello!") {
			t.Fatal(got)
		}
		x.SetBody("[Greting], bye!")
		b.Settle()
		if got := shownText(x); !strings.Contains(got, "hello!") || !strings.Contains(got, "The preview follows") {
			t.Error(got)
		}
	})
	t.Run("a mistake is said with its line, keeps Save off, and is mended by one click", func(t *testing.T) {
		b, x := letterTexts(t)
		x.SetBody("Dear reader,\n\n  you, [Frist name]!\n[Items]")
		all := x.Problems()
		if len(all) != 1 || !strings.HasPrefix(all[0].Words, "Line 3: ") || all[0].Offer != "[First name]" || !strings.Contains(x.CannotSave(), "Line 3") {
			t.Fatalf("%+v %s", all, x.CannotSave())
		}
		x.Save(nil)
		b.Settle()
		if said := x.Said(); !said.Bad {
			t.Fatal("it was saved", said)
		}
		x.Mend(all[0])
		if x.Body() != "Dear reader,\n\n  you, [First name]!\n[Items]" || x.CannotSave() != "" || len(x.Problems()) != 0 {
			t.Error(x.Body(), x.CannotSave())
		}
		b.Settle()
	})
	t.Run("a letter that does not say what it is about gets the table by one click", func(t *testing.T) {
		_, x := letterTexts(t)
		x.SetBody("Bring them back.")
		all := x.Problems()
		if len(all) != 1 || !all[0].Warning || all[0].Offer != "[Items]" || x.CannotSave() != "" {
			t.Fatalf("%+v", all)
		}
		x.Mend(all[0])
		if x.Body() != "Bring them back.\n\n[Items]\n" || len(x.Problems()) != 0 {
			t.Errorf("%q %+v", x.Body(), x.Problems())
		}
	})
	t.Run("columns are ticked, and stand in the table", func(t *testing.T) {
		b, x := letterTexts(t)
		x.SetColumn(2, true)
		x.SetColumn(1, false)
		b.Settle()
		if got := shownText(x); !strings.Contains(got, "Title|Barcode|Due|Late") || !strings.Contains(got, "The Grey Tower|30001|") || !x.Dirty() {
			t.Error(got)
		}
	})
	t.Run("a saved text is in force for letters queued from then on", func(t *testing.T) {
		b, x := letterTexts(t)
		x.SetSubject("  Please come by ")
		save(t, b, x)
		if x.Dirty() || x.Subject() != "Please come by" || x.Languages()[0] != "English (changed)" || x.Languages()[1] != "Spanish" || !strings.HasPrefix(x.State(), "Your own text") {
			t.Fatal(x.Dirty(), x.Subject(), x.Languages(), x.State())
		}
		l := lettersOf(t, b)
		made(t, b, l)
		queue(t, b, l)
		if got := waitingLetters(t, b); len(got) != 1 || got[0] != "it@school.test: [Practice] Please come by" {
			t.Error(got)
		}
	})
	t.Run("an earlier version can be taken back, and so can the original", func(t *testing.T) {
		b, x := letterTexts(t)
		original := x.Body()
		for _, words := range []string{"One. [Items]", "Two. [Items]"} {
			x.SetBody(strings.ReplaceAll(words, " ", "\n\n"))
			save(t, b, x)
		}
		var all []screen.TextVersion
		x.Versions(func(got []screen.TextVersion, problem string) { all = got })
		b.Settle()
		if len(all) != 3 || !all[0].Now || all[0].Body != "Two.\n\n[Items]" || all[1].Now || all[2].Body != original {
			t.Fatalf("%+v", all)
		}
		x.Use(all[1])
		if x.Body() != "One.\n\n[Items]" || !x.Dirty() {
			t.Fatal(x.Body())
		}
		save(t, b, x)
		x.BackToOriginal()
		b.Settle()
		b.Look()
		if x.Body() != original || x.Changed() || x.Languages()[0] != "English" || !x.Said().Good {
			t.Error(x.Body(), x.Said())
		}
	})
	t.Run("a letter of one's own begins as a copy, and is deleted in all languages", func(t *testing.T) {
		b, x := letterTexts(t)
		body := x.Body()
		for _, name := range []string{"", "  ", strings.Repeat("x", 61), "letters - overdue first"} {
			if x.NameWrong(name) == "" {
				t.Errorf("%q is taken", name)
			}
		}
		x.Add("Mahnung für Große")
		b.Settle()
		b.Look()
		if !x.Own() || x.Title() != "Mahnung für Große" || x.Body() != body || x.Names()[x.Name()] != "Mahnung für Große" {
			t.Fatal(x.Title(), x.Names())
		}
		x.SetLanguage(3)
		b.Settle()
		if got := x.Languages(); got[3] != "German (not written)" || !strings.Contains(x.State(), "not written") || x.Body() != body {
			t.Fatal(got, x.State())
		}
		x.SetBody("Bitte bringen.\n\n[Items]")
		save(t, b, x)
		x.Delete()
		b.Settle()
		b.Look()
		if kept, err := b.Store.Templates(t.Context()); err != nil || len(kept) != 0 || slices.Contains(x.Names(), "Mahnung für Große") {
			t.Error(kept, err, x.Names())
		}
	})
	t.Run("a letter that automatic notices use is not deleted, and a stage without its letter is not saved", func(t *testing.T) {
		b, x := letterTexts(t)
		x.Add("Ours")
		b.Settle()
		b.Look()
		own, err := b.Store.Templates(t.Context())
		if err != nil || len(own) != 1 {
			t.Fatal(own, err)
		}
		set := screen.NewSettings(b.Desk)
		set.Set("overdue.stages", "+1:nope")
		set.Save(nil)
		b.Settle()
		if got := set.Said(); !got.Bad || set.Note("overdue.stages").Text == "" {
			t.Fatalf("%+v %+v", got, set.Note("overdue.stages"))
		}
		if values, _, err := b.Store.Settings(t.Context()); err != nil || values["overdue.stages"] != "" {
			t.Fatal(values["overdue.stages"], err)
		}
		set.Set("overdue.stages", "+1:"+own[0].Key)
		set.Save(nil)
		b.Settle()
		b.Look()
		x.Delete()
		b.Settle()
		if kept, err := b.Store.Templates(t.Context()); err != nil || len(kept) != 1 || !x.Said().Bad || !strings.Contains(x.Said().Words, "Automatic notices use the letter") {
			t.Fatal(kept, err, x.Said())
		}
	})
	t.Run("what somebody else saves does not overwrite what is typed, and is said", func(t *testing.T) {
		b, x := letterTexts(t)
		x.SetSubject("Mine")
		if err := b.Store.SaveTemplate(t.Context(), data.Template{Key: "overdue-first", Language: "en", Name: "x", Subject: "Theirs", Body: "[Items]"}); err != nil {
			t.Fatal(err)
		}
		b.Look()
		if x.Subject() != "Mine" || !strings.Contains(x.State(), "Somebody else") {
			t.Fatal(x.Subject(), x.State())
		}
		x.Revert()
		b.Settle()
		if x.Subject() != "Theirs" {
			t.Error(x.Subject())
		}
	})
	t.Run("each letter can be shown in each language", func(t *testing.T) {
		b, x := letterTexts(t)
		for i := range x.Names() {
			x.SetName(i)
			for k := range x.Languages() {
				x.SetLanguage(k)
				b.Settle()
				subject, blocks, note := x.Preview()
				if subject == "" || len(blocks) == 0 || note != "" || len(x.Problems()) != 0 {
					t.Errorf("%s %s: %q %d %q %v", x.Names()[i], x.Languages()[k], subject, len(blocks), note, x.Problems())
				}
			}
		}
	})
	t.Run("many placeholders are offered, each with what comes in its place", func(t *testing.T) {
		b, _ := letterTexts(t)
		all := b.Placeholders()
		if len(all) < 15 {
			t.Fatal(len(all))
		}
		for _, p := range all {
			if !strings.HasPrefix(p.Label, "[") || p.Text == "" {
				t.Error(fmt.Sprint(p))
			}
		}
	})
}
