package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
)

// choosing opens the card on a fresh folder with others in it. taken holds what was chosen.
func choosing(t *testing.T, folders ...string) (b *screentest.Bench, w *Window, top string, taken *[]string) {
	t.Helper()
	top = t.TempDir()
	for _, name := range folders {
		if err := os.MkdirAll(filepath.Join(top, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b = screentest.New(t)
	b.Look()
	w, taken = open(t, b), &[]string{}
	w.chooseFolder(top, func(path string) { *taken = append(*taken, path) })
	b.Settle()
	arrange(w)
	return b, w, top, taken
}

// keys types keys wherever the keyboard is.
func keys(w *Window, names ...fyne.KeyName) {
	for _, name := range names {
		key(w, name)
	}
	arrange(w)
}

func chose(t *testing.T, w *Window, taken []string, want string) {
	t.Helper()
	if len(taken) != 1 || taken[0] != want || len(w.layers) != 0 {
		t.Errorf("%v was chosen, not %s; %d cards stay; shown: %s", taken, want, len(w.layers), words(w))
	}
}

func TestChooseFolder(t *testing.T) {
	t.Run("by mouse: a double click goes in, and the button takes the folder", func(t *testing.T) {
		b, w, top, taken := choosing(t, "alpha", "beta/inner")
		row := find[*tableRow](w)[1]
		row.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
		if said := words(w); !strings.Contains(said, "Folder to use: "+filepath.Join(top, "beta")) {
			t.Error(said)
		}
		row.DoubleTapped(nil)
		b.Settle()
		shot(t, w, "folders-in")
		if said := words(w); !strings.Contains(said, "inner") || strings.Contains(said, "alpha") {
			t.Error(said)
		}
		press(t, w, "Up")
		b.Settle()
		if said := words(w); !strings.Contains(said, "Folder to use: "+top+"\n") || !strings.Contains(said, "alpha") {
			t.Error(said)
		}
		find[*tableRow](w)[0].MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
		press(t, w, "Use this folder")
		b.Settle()
		chose(t, w, *taken, filepath.Join(top, "alpha"))
	})
	t.Run("by keyboard: Enter goes in, Backspace up, a letter to its folder, Tab to the button", func(t *testing.T) {
		b, w, top, taken := choosing(t, "alpha", "beta/inner", "gamma")
		keys(w, fyne.KeyDown, fyne.KeyB, fyne.KeyReturn)
		b.Settle()
		if said := words(w); !strings.Contains(said, "Folder to use: "+filepath.Join(top, "beta")) {
			t.Error(said)
		}
		keys(w, fyne.KeyBackspace)
		b.Settle()
		keys(w, fyne.KeyDown) // from the folder one came out of
		shot(t, w, "folders-key")
		c := w.window.Canvas()
		for range 20 {
			if on, ok := c.Focused().(*button); ok && on.text == "Use this folder" {
				break
			}
			c.FocusNext()
		}
		keys(w, fyne.KeyReturn)
		b.Settle()
		chose(t, w, *taken, filepath.Join(top, "gamma"))
	})
	t.Run("a path typed is gone to by Enter, and what is wrong with it is said", func(t *testing.T) {
		b, w, top, taken := choosing(t, ".hidden/inner")
		path := find[*entry](w)[0]
		w.window.Canvas().Focus(path)
		path.SetText("")
		test.Type(path, "nothing")
		keys(w, fyne.KeyReturn)
		b.Settle()
		shot(t, w, "folders-wrong")
		if said := words(w); !strings.Contains(said, "There is no folder "+filepath.Join(top, "nothing")) || !path.wrong || path.Text != "nothing" {
			t.Error(said)
		}
		path.SetText("")
		test.Type(path, filepath.Join(top, ".hidden"))
		keys(w, fyne.KeyReturn)
		b.Settle()
		if said := words(w); !strings.Contains(said, "inner") || path.wrong {
			t.Error(said)
		}
		path.SetText("")
		test.Type(path, "inner")
		press(t, w, "Use this folder")
		b.Settle()
		chose(t, w, *taken, filepath.Join(top, ".hidden", "inner"))
	})
	t.Run("a new folder gets a name that will do, and is gone into", func(t *testing.T) {
		b, w, top, taken := choosing(t, "alpha")
		press(t, w, "New folder...")
		test.Type(find[*entry](w)[0], "a/b")
		shot(t, w, "folders-new-wrong")
		if said := words(w); !strings.Contains(said, "A name holds no /") {
			t.Error(said)
		}
		find[*entry](w)[0].SetText("alpha")
		press(t, w, "Make folder")
		b.Settle()
		if said := words(w); !strings.Contains(said, "There is a folder or a file of this name already.") {
			t.Error(said)
		}
		find[*entry](w)[0].SetText("post")
		keys(w, fyne.KeyReturn)
		b.Settle()
		if info, err := os.Stat(filepath.Join(top, "post")); err != nil || !info.IsDir() {
			t.Fatal(err)
		}
		press(t, w, "Use this folder")
		b.Settle()
		chose(t, w, *taken, filepath.Join(top, "post"))
	})
	t.Run("who thinks better of it chooses nothing", func(t *testing.T) {
		for name, leave := range map[string]func(w *Window){
			"Escape in the list":  func(w *Window) { keys(w, fyne.KeyEscape) },
			"Escape in the field": func(w *Window) { w.window.Canvas().Focus(find[*entry](w)[0]); keys(w, fyne.KeyEscape) },
			"Cancel":              func(w *Window) { press(t, w, "Cancel") },
		} {
			b, w, _, taken := choosing(t, "alpha")
			leave(w)
			b.Settle()
			if len(w.layers) != 0 || len(*taken) != 0 {
				t.Errorf("%s: %d cards, %v", name, len(w.layers), *taken)
			}
		}
	})
	t.Run("one folder at a time", func(t *testing.T) {
		_, w, top, _ := choosing(t, "alpha", "beta", "gamma")
		tb := find[*table](w)[0]
		tb.pick(1, false, false)
		tb.selectAll()
		if got := tb.selection(); len(got) != 1 || !strings.Contains(words(w), "Folder to use: "+filepath.Join(top, "beta")) {
			t.Errorf("%v: %s", got, words(w))
		}
	})
	t.Run("a place is gone to", func(t *testing.T) {
		b, w, _, _ := choosing(t)
		press(t, w, "Usual mail folder")
		b.Settle()
		if got := find[*entry](w)[0].Text; got != b.Place().Folder {
			t.Error(got)
		}
	})
}

// TestFoldersLook looks at the card as the walk does at the screens: light, dark, and in a small window.
func TestFoldersLook(t *testing.T) {
	long := strings.Repeat("a-very-long-name-", 9)
	for _, v := range []struct {
		name, theme string
		size        fyne.Size
		folders     []string
	}{
		{"light", screen.ThemeLight, fyne.NewSize(1100, 700), nil},
		{"dark", screen.ThemeDark, fyne.NewSize(1100, 700), nil},
		{"small", screen.ThemeLight, fyne.NewSize(640, 420), nil},
		{"long", screen.ThemeLight, fyne.NewSize(900, 560), []string{long, long + "/" + long, ".hidden"}},
		{"empty", screen.ThemeLight, fyne.NewSize(900, 560), []string{}},
	} {
		t.Run(v.name, func(t *testing.T) {
			folders := v.folders
			if folders == nil {
				for i := range 30 {
					folders = append(folders, fmt.Sprintf("Class %d", i))
				}
			}
			b, w, top, _ := choosing(t, folders...)
			if err := os.Symlink("/nowhere/"+long, filepath.Join(top, "x")); err != nil {
				t.Fatal(err)
			}
			w.appearance.SetTheme(v.theme)
			w.setLook()
			w.window.Resize(v.size)
			if len(folders) > 0 {
				keys(w, fyne.KeyDown)
			}
			b.Settle()
			shot(t, w, "folders-"+v.name)
			inspect(t, w, v.name)
			tabOrder(t, w, v.name)
			rings(t, w, v.name)
			press(t, w, "New folder...")
			shot(t, w, "folders-new-"+v.name)
			inspect(t, w, v.name)
			tabOrder(t, w, v.name)
			keys(w, fyne.KeyEscape)
			keys(w, fyne.KeyEscape)
			if len(w.layers) != 0 {
				t.Errorf("%d cards stay", len(w.layers))
			}
		})
	}
}
