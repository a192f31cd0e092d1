package screen_test

import (
	"os"
	"path/filepath"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
)

func TestLoadPreferences(t *testing.T) {
	usual := screen.DefaultPreferences()
	for name, c := range map[string]struct {
		content string
		want    screen.Preferences
	}{
		"what was chosen comes back":                   {`{"theme":"dark","scale":150,"width":1200,"height":800,"screen":"log"}`, screen.Preferences{Theme: "dark", Scale: 150, Width: 1200, Height: 800, Screen: "log"}},
		"a damaged file is the usual":                  {`{"theme":"dark","scale":`, usual},
		"an empty file is the usual":                   {``, usual},
		"a scale nobody offers is the usual one":       {`{"theme":"dark","scale":5000}`, screen.Preferences{Theme: "dark", Scale: 100, Width: usual.Width, Height: usual.Height}},
		"a theme nobody knows is the usual one":        {`{"theme":"pink","scale":125}`, screen.Preferences{Theme: "system", Scale: 125, Width: usual.Width, Height: usual.Height}},
		"a window nobody could find is the usual size": {`{"width":3,"height":2}`, usual},
		"a window larger than any wall is the usual":   {`{"width":1e30,"height":900}`, usual},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "window.json")
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := screen.LoadPreferences(path); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
	t.Run("no file and no path are the usual", func(t *testing.T) {
		if screen.LoadPreferences("") != usual || screen.LoadPreferences(filepath.Join(t.TempDir(), "no", "such")) != usual {
			t.Error("they are not")
		}
	})
}

func TestAppearance(t *testing.T) {
	bench := screentest.New(t)
	path := bench.PreferencesFile()
	a := screen.NewAppearance(bench.Desk)
	told := 0
	a.OnChange = func() { told++ }
	t.Run("choices are kept, the last one last", func(t *testing.T) {
		a.SetTheme(screen.ThemeLight)
		a.SetTheme(screen.ThemeDark)
		a.SetScale(150)
		a.SetScreen("queue")
		bench.Settle()
		if got := screen.LoadPreferences(path); got.Theme != "dark" || got.Scale != 150 || got.Screen != "queue" {
			t.Errorf("kept: %+v", got)
		}
		if told == 0 || a.Problem() != "" {
			t.Errorf("told %d times, %q", told, a.Problem())
		}
	})
	t.Run("another scale says when it takes effect", func(t *testing.T) {
		if a.Later() == "" {
			t.Error("it does not")
		}
		a.SetScale(100)
		if a.Later() != "" {
			t.Errorf("it still says %q", a.Later())
		}
		bench.Settle()
	})
	t.Run("the size is kept when the window goes", func(t *testing.T) {
		a.Leave(1300, 900)
		if got := screen.LoadPreferences(path); got.Width != 1300 || got.Height != 900 {
			t.Errorf("kept: %+v", got)
		}
	})
	t.Run("a choice that cannot be written says so", func(t *testing.T) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		a := screen.NewAppearance(bench.Desk)
		a.SetTheme(screen.ThemeDark)
		bench.Settle()
		if a.Problem() == "" || a.Preferences().Theme != screen.ThemeDark {
			t.Errorf("%q, theme %s", a.Problem(), a.Preferences().Theme)
		}
	})
}
