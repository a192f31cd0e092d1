package ui

import (
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
)

// open shows the window on b, in our theme, light, at 1100 by 700. The desk has not looked yet.
func open(t *testing.T, b *screentest.Bench) *Window {
	t.Helper()
	test.NewTempApp(t)
	win := test.NewWindow(nil) // not a temporary one: a test may close it
	w := New(b.Desk, win)
	w.appearance.SetTheme(screen.ThemeLight)
	w.setLook()
	win.Resize(fyne.NewSize(1100, 700))
	arrange(w)
	return w
}

// arrange lays out everything again, as the real driver does before each frame and the test canvas does not.
func arrange(w *Window) {
	for range 3 {
		for _, o := range layersOf(w) {
			walkTree(o, func(o fyne.CanvasObject) {
				switch x := o.(type) {
				case *fyne.Container:
					if x.Layout != nil {
						x.Layout.Layout(x.Objects, x.Size())
					}
				case fyne.Widget:
					test.WidgetRenderer(x).Layout(x.Size())
				}
			})
		}
	}
}

func layersOf(w *Window) []fyne.CanvasObject {
	return append([]fyne.CanvasObject{w.window.Canvas().Content()}, w.window.Canvas().Overlays().List()...)
}

// walkTree calls f for o and everything visible in it.
func walkTree(o fyne.CanvasObject, f func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	f(o)
	switch x := o.(type) {
	case *fyne.Container:
		for _, c := range x.Objects {
			walkTree(c, f)
		}
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(x).Objects() {
			walkTree(c, f)
		}
	}
}

// find gives everything visible of a type, in a *Window (the uppermost layer) or in an object.
func find[T any](in any) []T {
	o, ok := in.(fyne.CanvasObject)
	if w, is := in.(*Window); is {
		layers := layersOf(w)
		o, ok = layers[len(layers)-1], true
	}
	var out []T
	if ok {
		walkTree(o, func(o fyne.CanvasObject) {
			if x, ok := o.(T); ok {
				out = append(out, x)
			}
		})
	}
	return out
}

// press clicks the one button with this word in the uppermost layer.
func press(t *testing.T, w *Window, words string) {
	t.Helper()
	arrange(w)
	var found []*button
	for _, b := range find[*button](w) {
		if b.text == words {
			found = append(found, b)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d buttons say %q; shown: %s", len(found), words, shownWords(w))
	}
	if found[0].Disabled() {
		t.Fatalf("%q cannot be pressed", words)
	}
	test.Tap(found[0])
	arrange(w)
}

// typeIn replaces what stands in the field with this label.
func typeIn(t *testing.T, w *Window, label, words string) {
	t.Helper()
	arrange(w)
	var found []*entry
	for _, l := range layersOf(w) {
		walkTree(l, func(o fyne.CanvasObject) {
			c, ok := o.(*fyne.Container)
			if !ok {
				return
			}
			if _, is := c.Layout.(*fieldLayout); !is {
				return
			}
			if name, ok := c.Objects[0].(*text); ok && name.words == label {
				found = append(found, find[*entry](c.Objects[1])...)
			}
		})
	}
	if len(found) != 1 {
		t.Fatalf("%d fields are called %q; shown: %s", len(found), label, shownWords(w))
	}
	if found[0].Disabled() {
		t.Fatalf("%q cannot be changed", label)
	}
	w.window.Canvas().Focus(found[0])
	found[0].SetText("")
	test.Type(found[0], words)
	arrange(w)
}

// shownWords is all text that is shown, a line each.
func shownWords(w *Window) string {
	var out []string
	for _, l := range layersOf(w) {
		walkTree(l, func(o fyne.CanvasObject) {
			switch x := o.(type) {
			case *text:
				out = append(out, x.words)
			case *entry:
				out = append(out, x.Text)
			case *widget.RichText:
				// Inside a text or an entry.
			case *canvas.Text:
				out = append(out, x.Text)
			}
		})
	}
	return strings.Join(out, "\n")
}

// words is all text that is shown, a line each.
func words(w *Window) string {
	arrange(w)
	return shownWords(w)
}

// shot writes a picture of the window into the folder of SMTP_GATEWAY_SHOTS.
func shot(t *testing.T, w *Window, name string) {
	t.Helper()
	arrange(w)
	folder := os.Getenv("SMTP_GATEWAY_SHOTS")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

func TestKit(t *testing.T) {
	b := screentest.New(t)
	b.Look()
	w := open(t, b)
	pressed := ""
	typed := ""
	port := newField("Port", "", "Usually 587.", newEntry(func(s string) { typed = s }))
	port.setError("857 is no usual port.")
	port.offer("Did you mean 587?", func() { pressed = "offer" })
	security := newChoice([]string{"STARTTLS", "TLS from the first byte"}, nil)
	security.setIndex(0)
	rowsOf := [][]cell{}
	for range 500 {
		rowsOf = append(rowsOf, []cell{{text: "ann@school.test"}, {text: "Your book is due: a long title that does not fit into any column of this table whatever anybody does"}, {text: "waiting to be sent", mark: markWaiting}, {text: "sent", mark: markGood}})
	}
	table := newTable([]column{{"To", 180}, {"Subject", 0}, {"State", 170}, {"", 90}}, tableOptions{length: func() int { return len(rowsOf) }, row: func(i int) []cell { return rowsOf[i] }})
	w.holder.Objects = []fyne.CanvasObject{newPage("Kit", newButton("Right", nil),
		newCard("Server", newForm(newField("Server", "", "The name the school gave you.", newEntry(nil)), port, newField("Security", "", "", security), newField("Check every", "minutes", "How long to wait between two checks.", newEntry(nil)))),
		newCard("Table", table),
		newCard("Buttons", line(newPrimary("Save", func() { pressed = "Save" }), newButton("Test", nil), newDanger("Delete", nil), newLink("More", nil), newMark(markGood, "Running"), newCheck("Start with the computer", nil))),
	)}
	w.holder.Refresh()
	press(t, w, "Save")
	if pressed != "Save" {
		t.Errorf("a button that was pressed did nothing")
	}
	typeIn(t, w, "Port", "587")
	if typed != "587" {
		t.Errorf("the field has %q", typed)
	}
	press(t, w, "Did you mean 587?")
	if pressed != "offer" {
		t.Errorf("an offer that was taken did nothing")
	}
	if !strings.Contains(words(w), "Usually 587.") {
		t.Errorf("the hint is missing:\n%s", words(w))
	}
	shot(t, w, "kit")
	said := ""
	w.ask(question{title: "Delete 3 messages?", text: "They are not sent then.", yes: "Delete", danger: true, then: func() { said = "yes" }})
	shot(t, w, "ask")
	press(t, w, "Delete")
	if said != "yes" || len(w.layers) != 0 {
		t.Errorf("the answer is %q, %d dialogs stay", said, len(w.layers))
	}
}

func TestFlow(t *testing.T) {
	test.NewTempApp(t)
	a, b, c := newButton("Aaaaaaaaaa", nil), newButton("Bbbbbbbbbb", nil), newButton("Cccccccccc", nil)
	f := flow(a, b, c)
	f.Resize(fyne.NewSize(1000, 100))
	one := f.MinSize().Height
	f.Resize(fyne.NewSize(a.MinSize().Width*2.5, 100))
	t.Run("what does not fit goes on below", func(t *testing.T) {
		if c.Position().Y <= a.Position().Y || c.Position().X != 0 || b.Position().Y != a.Position().Y {
			t.Errorf("at %v, %v, %v", a.Position(), b.Position(), c.Position())
		}
	})
	t.Run("two lines are higher than one", func(t *testing.T) {
		if two := f.MinSize().Height; two <= one {
			t.Errorf("%v and %v", one, two)
		}
	})
}

func TestWidths(t *testing.T) {
	test.NewTempApp(t)
	tb := newTable([]column{{"State", 200}, {"To", 0}, {"Subject", 0}, {"Came in", 150}}, tableOptions{length: func() int { return 0 }, spare: []int{3}})
	for _, c := range []struct {
		name  string
		total float32
		want  []float32
	}{
		{"all stand where there is room", 900 + 2*cellPad, []float32{200, 275, 275, 150}},
		{"the spare one goes where there is not", 500 + 2*cellPad, []float32{200, 150, 150, 0}},
		{"no column is lost altogether", 100, []float32{200, 40, 40, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := tb.widths(c.total); !slices.Equal(got, c.want) {
				t.Errorf("%v, not %v", got, c.want)
			}
		})
	}
}
