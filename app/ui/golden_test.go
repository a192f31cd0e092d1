package ui

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
)

// goldenDay is what every clock shows in the goldens, so that they say the same on every day and in every place.
var goldenDay = time.Date(2026, 11, 24, 10, 42, 0, 0, time.UTC)

// goldenBench is a bench whose clocks stand and whose folders are called the same everywhere.
func goldenBench(t *testing.T) *screentest.Bench {
	t.Helper()
	at := place.At(filepath.Join(t.TempDir(), "data"))
	s, err := house.Open(t.Context(), at, true, store.Options{Now: func() time.Time { return goldenDay }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	at.Folder = "/srv/library/email"
	b := screentest.NewAt(t, at)
	b.Store = s
	b.SetClock(goldenDay)
	return b
}

// goldenBusy has one message of each kind and a service that works.
func goldenBusy(t *testing.T) *screentest.Bench {
	t.Helper()
	b := goldenBench(t)
	b.Configured()
	everyState(t)(b)
	db, err := sql.Open("sqlite", b.Place().Database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	morning := goldenDay.Add(-time.Hour).UnixMilli()
	for _, query := range []string{
		`UPDATE message SET queued_at = ?1 + id * 60000`,
		`UPDATE delivery SET changed_at = ?1 + id * 60000, due_at = ?1 + id * 60000`,
		`UPDATE history SET changed_at = ?1 + id * 60000, tried_at = ?1 + id * 60000`,
	} {
		if _, err := db.ExecContext(t.Context(), query, morning); err != nil {
			t.Fatal(err)
		}
	}
	err = b.Store.Beat(t.Context(), data.Heartbeat{Started: goldenDay.Add(-26 * time.Hour), LastCheck: goldenDay.Add(-time.Minute), NextCheck: goldenDay.Add(2 * time.Minute), Revision: 1, InForce: goldenDay.Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	b.Service.Set(screen.ServiceStatus{State: screen.ServiceRunning, Auto: true})
	return b
}

// goldenNotices has notices that go out, in practice.
func goldenNotices(t *testing.T) *screentest.Bench {
	t.Helper()
	b := goldenBusy(t)
	noticing(t, nil)(b)
	return b
}

// TestGolden compares what a few screens are made of, and where all of it stands, with what was written down when
// somebody had looked at them. With UPDATE_GOLDEN=1 it writes them down anew.
func TestGolden(t *testing.T) {
	for _, where := range []struct {
		lang string
		zone *time.Location
	}{{"en_US.UTF-8", time.UTC}, {"de_DE.UTF-8", time.FixedZone("far", 11*3600)}} {
		t.Run("in "+where.lang, func(t *testing.T) {
			t.Setenv("LANG", where.lang)
			was := time.Local
			time.Local = where.zone                //nolint:gosmopolitan // that nothing follows from it is what is tested
			t.Cleanup(func() { time.Local = was }) //nolint:gosmopolitan // as above
			screens(t)
		})
	}
}

func screens(t *testing.T) {
	t.Helper()
	for _, c := range []struct {
		name, place string
		bench       func(t *testing.T) *screentest.Bench
	}{
		{"overview-empty", "overview", goldenBench},
		{"overview-busy", "overview", goldenBusy},
		{"settings", "settings", goldenBusy},
		{"queue", "queue", goldenBusy},
		{"notices-empty", "notices", goldenBench},
		{"notices", "notices", goldenNotices},
		{"patrons-empty", "patrons", goldenBench},
		{"patrons", "patrons", func(t *testing.T) *screentest.Bench { t.Helper(); b := goldenBusy(t); smallSchool(b); return b }},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := c.bench(t)
			w := open(t, b)
			relook(b)
			w.show(c.place)
			relook(b)
			shot(t, w, "golden-"+c.name)
			golden(t, c.name, w.page(c.place).content())
		})
	}
	t.Run("patron", func(t *testing.T) {
		b := goldenBusy(t)
		smallSchool(b)
		w := open(t, b)
		relook(b)
		newPatronPanel(w, b.PatronByKey("1002"))
		relook(b)
		arrange(w)
		golden(t, "patron", w.layers[0].over)
	})
	t.Run("letters", func(t *testing.T) {
		b := goldenBusy(t)
		smallSchool(b)
		w := open(t, b)
		relook(b)
		w.show("letters")
		relook(b)
		golden(t, "letters", w.page("letters").content())
		press(t, w, "Make the list")
		relook(b)
		arrange(w)
		golden(t, "letters-list", w.page("letters").content())
		w.page("letters").(*lettersPage).turn(partTexts)
		relook(b)
		arrange(w)
		golden(t, "letters-texts", w.page("letters").content())
	})
	t.Run("question", func(t *testing.T) {
		w := open(t, goldenBench(t))
		w.ask(question{title: "Delete 3 messages?", text: "They are not sent then.", yes: "Delete", danger: true})
		arrange(w)
		golden(t, "question", w.layers[0].over)
	})
}

// golden compares the markup of o with what is kept in testdata.
func golden(t *testing.T, name string, o fyne.CanvasObject) {
	t.Helper()
	got := test.RenderObjectToMarkup(o)
	file := filepath.Join("testdata", name+".xml")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if at, was, is := firstOther(string(kept), got); at > 0 {
		t.Errorf("%s is not as it was, from line %d on:\n  was %s\n  is  %s\nIf that is meant: look at it (SMTP_GATEWAY_SHOTS=FOLDER), renew with\n  UPDATE_GOLDEN=1 go test -tags ci -run TestGolden ./app/ui\nand look at what changed in %s.", name, at, was, is, file)
	}
}

// firstOther is the first line in which two texts differ; 0: none.
func firstOther(a, b string) (line int, was, is string) {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(as), len(bs)) {
		was, is = "", ""
		if i < len(as) {
			was = strings.TrimSpace(as[i])
		}
		if i < len(bs) {
			is = strings.TrimSpace(bs[i])
		}
		if was != is {
			return i + 1, was, is
		}
	}
	return 0, "", ""
}
