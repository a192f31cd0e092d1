package ui

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"smtpgateway/app/screen/screentest"
)

func TestChooseFolderDead(t *testing.T) {
	waits := func(b *screentest.Bench, w *Window) {
		b.Until(func() bool { return strings.Contains(words(w), "Waiting for") })
	}
	t.Run("a folder that does not answer leaves the window to the person", func(t *testing.T) {
		dead := screentest.DeadFolder(t)
		b, w, top, taken := choosing(t, "alpha")
		path := find[*entry](w)[0]
		path.SetText(dead)
		press(t, w, "Go")
		waits(b, w)
		shot(t, w, "folders-dead")
		inspect(t, w, "dead")
		tabOrder(t, w, "dead")
		rings(t, w, "dead")
		press(t, w, "Stop waiting")
		if said := words(w); !strings.Contains(said, dead+" did not answer.") || !strings.Contains(said, "alpha") {
			t.Error(said)
		}
		press(t, w, "Go")
		waits(b, w)
		find[*table](w)[0].pick(0, false, false)
		press(t, w, "Use this folder")
		b.Settle()
		chose(t, w, *taken, top+"/alpha")
	})
	t.Run("and the question can be given up", func(t *testing.T) {
		dead := screentest.DeadFolder(t)
		b := screentest.New(t)
		b.Look()
		w := open(t, b)
		w.chooseFolder(dead, func(path string) { t.Errorf("chose %s", path) })
		waits(b, w)
		shot(t, w, "folders-dead-start")
		if slices.ContainsFunc(find[*button](w), func(x *button) bool { return x.text == "New folder..." && !x.Disabled() }) {
			t.Error("a folder could be made nowhere")
		}
		keys(w, fyne.KeyEscape)
		b.Settle()
		if len(w.layers) != 0 {
			t.Errorf("%d cards stay", len(w.layers))
		}
	})
}
