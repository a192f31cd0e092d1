package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/assets"
	"smtpgateway/data"
)

// importBench is a window in which a list is taken in.
type importBench struct {
	roomBench

	p *importPanel
}

func openImport(t *testing.T, fill func(b *screentest.Bench)) *importBench {
	t.Helper()
	r := openRoom(t, setUp(goldenBench(t), fill), "")
	i := &importBench{r, newImportPanel(r.w)}
	i.settle()
	return i
}

// choose types the path of a file and presses Return.
func (b *importBench) choose(t *testing.T, path string) {
	t.Helper()
	whole, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	e := find[*entry](b.p.step(screen.ImportFile).content())[0]
	b.w.window.Canvas().Focus(e)
	e.SetText(whole)
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.settle()
}

func schoolList(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func listFixture(name string) string { return filepath.Join("../../data/roster/testdata", name) }

const twoPatrons = "cardnumber,surname,firstname,class,email\n90001,Berg,Mila,4b,mila@school.test\n90002,Okoye,Tobi,4b,=cmd()\n"

func TestImportPanel(t *testing.T) {
	t.Run("a list goes in from the first step to the last, and is taken back", func(t *testing.T) {
		b := openImport(t, nil)
		people, _ := assets.School(goldenDay)
		has(t, b.w, "Import a list", "Step 1 of 4: Choose the file")
		b.choose(t, schoolList(t, "patrons.csv", string(people)))
		has(t, b.w, "Step 2 of 4: What it is", "rows.")
		b.press(t, "Next")
		has(t, b.w, "Step 3 of 4: What its columns mean", "Becomes")
		b.press(t, "See what would change")
		has(t, b.w, "Step 4 of 4: What would change", "new")
		if n := b.counts(t).Patrons; n != 0 {
			t.Fatalf("%d patrons are here before it was agreed to", n)
		}
		b.press(t, "Import")
		has(t, b.w, "Done", "patrons imported: ", " new, 0 changed, 0 gone.")
		if b.counts(t).Patrons == 0 {
			t.Fatal("nobody is here")
		}
		b.press(t, "Undo this import...")
		has(t, b.w, "Undo the import of patrons.csv?", "patrons it brought are removed.")
		b.press(t, "Undo")
		has(t, b.w, "The import was undone.")
		if n := b.counts(t).Patrons; n != 0 {
			t.Error(n)
		}
	})
	t.Run("a file is found by looking for it", func(t *testing.T) {
		b := openImport(t, nil)
		path := schoolList(t, "patrons.csv", twoPatrons)
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), "picture.png"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		b.p.im.Type(filepath.Dir(path))
		b.press(t, "Choose...")
		has(t, b.w, "Choose the file", "patrons.csv")
		if strings.Contains(words(b.w), "picture.png") {
			t.Error("a picture is offered")
		}
		inspect(t, b.w, "chooser")
		key(b.w, fyne.KeyDown)
		b.settle()
		has(t, b.w, "File to take: ")
		key(b.w, fyne.KeyReturn)
		b.settle()
		has(t, b.w, "Step 2 of 4")
	})
	t.Run("a folder that holds the files of one list is taken as a whole", func(t *testing.T) {
		b := openImport(t, nil)
		whole, err := filepath.Abs(listFixture("oneroster11"))
		if err != nil {
			t.Fatal(err)
		}
		b.p.im.Type(whole)
		b.press(t, "Choose...")
		b.press(t, "Choose the whole folder")
		has(t, b.w, "Step 2 of 4", "OneRoster 1.1")
	})
	t.Run("a file that is no list is said, and the window stays usable", func(t *testing.T) {
		b := openImport(t, nil)
		b.choose(t, schoolList(t, "a.csv", ""))
		has(t, b.w, "The file is empty.", "Step 1 of 4")
		b.choose(t, schoolList(t, "b.csv", twoPatrons))
		has(t, b.w, "Step 2 of 4")
	})
	t.Run("a question is answered by tick, and the columns follow", func(t *testing.T) {
		b := openImport(t, nil)
		b.choose(t, listFixture("destiny.csv"))
		b.press(t, "Next")
		has(t, b.w, "Which of these is the parent's address?", "field_emailSecondary (nina.berg@example.org)")
		for _, c := range find[*check](b.w) {
			if strings.HasPrefix(c.text, "field_emailSecondary") && c.Checked || strings.HasPrefix(c.text, "field_email3") {
				test.Tap(c)
				b.settle()
			}
		}
		is := map[string]string{}
		all, _ := b.p.im.Columns()
		for i := range all {
			c := b.p.im.Column(i)
			is[c.Header] = b.p.im.FieldWords()[c.Field]
		}
		if is["field_emailSecondary"] != "not taken" || is["field_email3"] != "Guardian's e-mail address" {
			t.Error(is)
		}
	})
	t.Run("dates in doubt hold Next up until one is chosen", func(t *testing.T) {
		b := openImport(t, smallSchool)
		b.choose(t, schoolList(t, "loans.csv", "cardnumber,title,barcode,due\n90001,Emil,5001,03/04/2026\n90002,Momo,5002,05/06/2026\n"))
		b.press(t, "Next")
		has(t, b.w, "03/04/2026: is this 3 April 2026 or 4 March 2026?", "This is not answered yet.")
		b.press(t, "See what would change")
		has(t, b.w, "One question is not answered yet")
		c := find[*choice](b.w)[0]
		c.pick(1)
		b.settle()
		b.press(t, "See what would change")
		has(t, b.w, "Step 4 of 4", "Wed 4 Mar 2026")
	})
	t.Run("kept answers lead from the file to what would change, without a question", func(t *testing.T) {
		b := openImport(t, nil)
		path := schoolList(t, "a.csv", twoPatrons)
		b.choose(t, path)
		b.press(t, "Next")
		b.p.im.SetName("Ours")
		b.press(t, "See what would change")
		b.press(t, "Import")
		has(t, b.w, `kept as "Ours"`)
		b.press(t, "Another list")
		b.choose(t, path)
		has(t, b.w, `The saved answers "Ours" fit this file.`)
		b.press(t, "See what would change")
		has(t, b.w, "Everything is as it is here already.")
	})
	t.Run("a list cut short is taken in only after a second yes, and No comes first", func(t *testing.T) {
		b := openImport(t, nil)
		many := "cardnumber,surname,firstname\n"
		for i := range 40 {
			many += fmt.Sprintf("9%03d,Last%d,First\n", i, i)
		}
		b.choose(t, schoolList(t, "all.csv", many))
		b.press(t, "Next")
		b.press(t, "See what would change")
		b.press(t, "Import")
		b.press(t, "Another list")
		b.choose(t, schoolList(t, "short.csv", strings.Join(strings.SplitAfter(many, "\n")[:21], "")))
		b.press(t, "Look at the columns")
		for _, c := range find[*check](b.w) {
			if c.text == "This list is complete" && !c.Checked {
				test.Tap(c)
			}
		}
		b.press(t, "See what would change")
		has(t, b.w, "20 of 40 patrons would leave")
		shot(t, b.w, "import-doubt")
		b.press(t, "Import")
		has(t, b.w, "Take it in all the same?", "20 of 40 patrons would leave")
		key(b.w, fyne.KeyReturn) // on Go back
		b.settle()
		if b.counts(t).Left != 0 {
			t.Fatal("Return was a yes")
		}
		b.press(t, "Import")
		b.press(t, "Take it in")
		if b.counts(t).Left != 20 {
			t.Error(b.counts(t).Left)
		}
	})
	t.Run("a problem is read whole, and all are written into a file", func(t *testing.T) {
		b := openImport(t, nil)
		b.choose(t, schoolList(t, "a.csv", twoPatrons))
		b.press(t, "Next")
		b.press(t, "See what would change")
		plan, ok := b.p.step(screen.ImportPlan).(*importPlan)
		if !ok {
			t.Fatal("no plan")
		}
		plan.lists.pick(3)
		b.settle()
		b.w.window.Canvas().Focus(plan.table)
		plan.table.types(fyne.KeyDown, fyne.KeyReturn)
		b.settle()
		has(t, b.w, "Row 3", "email: =cmd()", "The rest of the row is taken in.")
		key(b.w, fyne.KeyEscape)
		b.press(t, "Export the problems...")
		path := filepath.Join(t.TempDir(), "problems.csv")
		find[*entry](b.w)[0].SetText(path)
		b.press(t, "Export")
		has(t, b.w, "The file is written")
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), "3,email,'=cmd(),") {
			t.Error(string(text), err)
		}
	})
	t.Run("Escape stops what is under way, and asks before it leaves answers behind", func(t *testing.T) {
		b := openImport(t, nil)
		b.choose(t, schoolList(t, "a.csv", twoPatrons))
		b.press(t, "Next")
		press(t, b.w, "See what would change")
		key(b.w, fyne.KeyEscape)
		b.settle()
		has(t, b.w, "Step 3 of 4", "Stopped. Nothing was changed.")
		key(b.w, fyne.KeyEscape)
		has(t, b.w, "Leave without taking the list in?")
		b.press(t, "Leave")
		if len(b.w.layers) != 0 {
			t.Error("it stays")
		}
	})
	t.Run("every column can be looked at, and what is never taken has nothing to choose", func(t *testing.T) {
		b := openImport(t, nil)
		b.choose(t, listFixture("koha_patrons.csv"))
		b.press(t, "Next")
		all, taken := b.p.im.Columns()
		b.press(t, fmt.Sprintf("Show the %d columns that are not taken", all-taken))
		has(t, b.w, "password", "never taken: no letter needs it")
		if strings.Contains(words(b.w), "secret-1") {
			t.Error("a password is shown")
		}
	})
	t.Run("only lines in sight exist, however many people a list has", func(t *testing.T) {
		b := openImport(t, nil)
		var many strings.Builder
		many.WriteString("cardnumber,surname,firstname\n")
		for i := range 20_000 {
			fmt.Fprintf(&many, "9%05d,Last%d,First\n", i, i)
		}
		b.choose(t, schoolList(t, "a.csv", many.String()))
		b.press(t, "Next")
		b.press(t, "See what would change")
		if n := len(find[*tableRow](b.w)); n == 0 || n > 40 {
			t.Errorf("%d lines exist", n)
		}
	})
}

func (b *importBench) counts(t *testing.T) data.PatronCounts {
	t.Helper()
	c, err := b.Store.PatronCounts(t.Context(), data.DateOf(goldenDay))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestListsPanel(t *testing.T) {
	imported := func(t *testing.T) *importBench {
		t.Helper()
		b := openImport(t, nil)
		b.choose(t, schoolList(t, "a.csv", twoPatrons))
		b.press(t, "Next")
		b.p.im.SetName("Ours")
		b.press(t, "See what would change")
		b.press(t, "Import")
		b.press(t, "Done")
		newListsPanel(b.w)
		b.settle()
		return b
	}
	t.Run("the last import is undone after a question", func(t *testing.T) {
		b := imported(t)
		has(t, b.w, "2 patrons imported: 2 new, 0 changed, 0 gone.", `a.csv, read as "Ours"`)
		b.press(t, "Undo...")
		has(t, b.w, "Undo the import of a.csv?")
		b.press(t, "Undo")
		has(t, b.w, "The import was undone.", "undone ")
		if b.counts(t).Patrons != 0 {
			t.Error("the patrons are still here")
		}
	})
	t.Run("kept answers are renamed and deleted", func(t *testing.T) {
		b := imported(t)
		b.press(t, "Rename...")
		typeIn(t, b.w, "Name", "Koha patrons")
		b.press(t, "Rename")
		has(t, b.w, `"Ours" is called "Koha patrons" now.`)
		b.press(t, "Delete...")
		b.press(t, "Delete")
		has(t, b.w, `"Koha patrons" is deleted.`, "None yet.")
	})
	t.Run("the folder for lists is chosen, shows what it holds back and why, and is given up", func(t *testing.T) {
		b := imported(t)
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "loans.csv"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"patrons.csv.held": "x", "patrons.csv.held.txt": "It looks cut short.\r\n"} {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		b.press(t, "Choose the folder...")
		find[*entry](b.w)[0].SetText(folder)
		b.press(t, "Use this folder")
		has(t, b.w, "are taken in by themselves", "loans.csv (1 bytes", "Not taken in", "patrons.csv (1 bytes", "It looks cut short.")
		if strings.Contains(words(b.w), ".held") {
			t.Error("names are shown that are only ours")
		}
		b.press(t, "Take none in by itself")
		has(t, b.w, "None is chosen: every list is taken in by hand.")
	})
	t.Run("the patrons are written into a file", func(t *testing.T) {
		b := imported(t)
		b.press(t, "Export patrons...")
		path := filepath.Join(t.TempDir(), "patrons.csv")
		find[*entry](b.w)[0].SetText(path)
		b.press(t, "Export")
		has(t, b.w, "The file is written")
		if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), "Mila") {
			t.Error(string(text), err)
		}
	})
}

// TestWalkImport looks at every step as TestWalk does at the screens.
func TestWalkImport(t *testing.T) {
	for _, v := range []struct {
		name, theme string
		scale       float32
		size        fyne.Size
	}{
		{"light", screen.ThemeLight, 1, fyne.NewSize(1100, 700)},
		{"dark", screen.ThemeDark, 1, fyne.NewSize(1100, 700)},
		{"small", screen.ThemeLight, 1, fyne.NewSize(800, 600)},
		{"scaled", screen.ThemeLight, 1.5, fyne.NewSize(900, 560)},
	} {
		t.Run(v.name, func(t *testing.T) {
			b := openImport(t, smallSchool)
			b.w.appearance.SetTheme(v.theme)
			b.w.setLook()
			b.w.window.Resize(v.size)
			if c, ok := b.w.window.Canvas().(test.WindowlessCanvas); ok {
				c.SetScale(v.scale)
			}
			look := func(name string) {
				t.Helper()
				b.settle()
				shot(t, b.w, "import-"+name+"-"+v.name)
				inspect(t, b.w, name)
				tabOrder(t, b.w, name)
				if v.theme == screen.ThemeLight {
					rings(t, b.w, name)
				}
			}
			look("1-file")
			b.choose(t, schoolList(t, "none.csv", "%PDF-1.7"))
			look("1-refused")
			b.choose(t, listFixture("pmb.csv"))
			look("2-letters")
			b.press(t, "Back")
			b.choose(t, listFixture("koha_patrons.csv"))
			look("2-koha")
			b.press(t, "Next")
			look("3-koha")
			all, taken := b.p.im.Columns()
			b.press(t, fmt.Sprintf("Show the %d columns that are not taken", all-taken))
			look("3-all")
			b.press(t, "See what would change")
			look("4-koha")
			b.press(t, "Back")
			b.press(t, "Back")
			b.press(t, "Back")
			long := "Number;Surname;Firstname;Class;" + longWord + "\n90001;" + longWord + ";" + longWord + ";" + longWord + ";x\n90002;Ångström;Zoë;7B;not.an.address\n"
			b.choose(t, schoolList(t, longWord+".csv", long))
			look("2-long")
			b.press(t, "Next")
			look("3-long")
			b.press(t, "See what would change")
			look("4-long")
			b.press(t, "Back")
			b.press(t, "Back")
			b.press(t, "Back")
			b.choose(t, schoolList(t, "loans.csv", "cardnumber,title,barcode,due\n90001,Moths of the North,30002,03/04/2026\n90003,A Short History of Salt,30003,05/06/2026\n90009,Nobody's,30007,05/06/2026\n"))
			b.press(t, "Next")
			look("3-dates")
			find[*choice](b.w)[0].pick(0)
			b.press(t, "See what would change")
			look("4-loans")
			b.press(t, "Import")
			look("5-done")
			b.press(t, "Done")
			newListsPanel(b.w)
			b.settle()
			look("lists")
		})
	}
}
