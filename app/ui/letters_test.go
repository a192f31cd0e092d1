package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// letterBench is a window that shows the letters.
type letterBench struct {
	roomBench

	p *lettersPage
}

func openLetters(t *testing.T, fill func(b *screentest.Bench)) *letterBench {
	t.Helper()
	r := openRoom(t, setUp(goldenBench(t), fill), "letters")
	return &letterBench{r, pageOf[*lettersPage](t, r.w, "letters")}
}

// look takes a picture and looks whether all of it can be read and reached.
func (b *letterBench) look(t *testing.T, name string) {
	t.Helper()
	for _, v := range []struct {
		name, theme string
		size        fyne.Size
	}{
		{"light", screen.ThemeLight, fyne.NewSize(1100, 700)}, {"dark", screen.ThemeDark, fyne.NewSize(1100, 700)}, {"small", screen.ThemeLight, fyne.NewSize(800, 600)},
	} {
		b.w.appearance.SetTheme(v.theme)
		b.w.setLook()
		b.w.window.Resize(v.size)
		b.w.root.Refresh()
		b.settle()
		shot(t, b.w, "letters-"+name+"-"+v.name)
		inspect(t, b.w, name+" "+v.name)
		if v.theme == screen.ThemeLight {
			if name != "placeholders" { // longer than the window: what is scrolled away stands above the head of the panel
				tabOrder(t, b.w, name+" "+v.name)
			}
			rings(t, b.w, name+" "+v.name)
		}
	}
	b.w.window.Resize(fyne.NewSize(1100, 700))
	b.settle()
}

// termOfLetters is a school with two dozen people and something overdue for most of them.
func termOfLetters(b *screentest.Bench) {
	smallSchool(b)
	today := data.DateOf(goldenDay)
	var people []data.Patron
	names := [][2]string{{"Ines", "Adler"}, {"Tomás", "Alonso-Fernández de la Torre"}, {"Mei", "Bao"}, {"Louis", "Carrel"}, {"Ruth", "Dorn"}, {"Ivo", "Engel"}, {"Sofia", "Farkas"}, {"Noah", "Gill"}, {"Hana", "Hoshi"}, {"Omar", "Idris"}, {"Kate", "Jones"}, {"Liam", "King"}, {"Nora", "Lund"}, {"Max", "Moser"}, {"Olga", "Nowak"}, {"Piet", "Otter"}, {"Quinn", "Price"}}
	for i, n := range names {
		p := data.Patron{Key: "5" + string(rune('a'+i)), First: n[0], Last: n[1], Group: []string{"7A", "7B", "8A", "8B"}[i%4], Level: "7", AutoOverdue: true}
		if i%5 != 4 {
			p.Email = strings.ToLower(n[0][:2]) + string(rune('a'+i)) + "@school.test"
		}
		people = append(people, p)
	}
	b.People(people...)
	for i := range names {
		key := "5" + string(rune('a'+i))
		b.Lend(key, data.Loan{Barcode: "4" + key, Title: "A Book of Many Pages and Tales", Author: "N. N.", Due: today - data.Date(1+i%9)})
	}
}

func TestLettersPage(t *testing.T) {
	t.Run("without patrons it says so, and leads to the import", func(t *testing.T) {
		b := openLetters(t, nil)
		b.look(t, "nobody")
		has(t, b.w, "No patrons yet.")
		b.press(t, "Import...")
		if len(b.w.layers) != 1 {
			t.Error("nothing opens")
		}
	})
	t.Run("the choice, the list and its letters can be read at every size", func(t *testing.T) {
		b := openLetters(t, termOfLetters)
		b.look(t, "choice")
		b.p.choice.names.pick(5)
		b.p.l.SetText("Dear [Frist name],\n\nthe library is closed.")
		b.settle()
		b.look(t, "free")
		b.p.choice.names.pick(0)
		b.press(t, "Choose groups...")
		b.look(t, "groups")
		key(b.w, fyne.KeyEscape)
		b.press(t, "Make the list")
		b.look(t, "list")
		b.p.list.open(0)
		b.settle()
		b.look(t, "preview")
		key(b.w, fyne.KeyEscape)
		b.press(t, "Print...")
		b.look(t, "print")
		key(b.w, fyne.KeyEscape)
		b.press(t, b.p.l.QueueWords())
		b.look(t, "question")
		b.press(t, "Queue for practice")
		b.look(t, "queued")
	})
	t.Run("the texts can be read at every size", func(t *testing.T) {
		b := openLetters(t, termOfLetters)
		test.Tap(b.p.tabs)
		b.p.turn(partTexts)
		b.settle()
		b.look(t, "texts")
		b.p.texts.body.SetText("Dear [Frist name],\n\n" + b.p.texts.body.Text)
		b.settle()
		b.look(t, "texts-wrong")
		b.press(t, "Insert a placeholder...")
		b.look(t, "placeholders")
		key(b.w, fyne.KeyEscape)
		b.press(t, "Earlier versions...")
		b.look(t, "versions")
	})
}
