package screen_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
	"smtpgateway/data/place"
)

// lettersAt is a library of n people on a data folder, with the list of a free letter to all of them.
func lettersAt(t *testing.T, p place.Place, n int) (*screentest.Bench, *screen.Letters) {
	t.Helper()
	b := screentest.NewIn(t, p)
	b.SetClock(schoolMorning)
	b.Configured()
	b.Save(map[string]string{"practice.letters": "false"})
	people := make([]data.Patron, n)
	for i := range people {
		people[i] = data.Patron{Key: strconv.Itoa(i), Last: "P" + strconv.Itoa(i), Group: "7B", Email: "p" + strconv.Itoa(i) + "@school.test"}
	}
	b.People(people...)
	b.Look()
	l := lettersOf(t, b)
	pickLetter(t, l, "Free letter")
	l.SetText("[Greeting],\n\nthe library is closed on Friday.")
	made(t, b, l)
	return b, l
}

// queued counts the messages that wait.
func queuedLetters(t *testing.T, b *screentest.Bench) int {
	t.Helper()
	n, err := b.Store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return int(n[data.Waiting])
}

func plainWords(t *testing.T, words string) {
	t.Helper()
	if raw := screentest.Raw(words); len(raw) > 0 {
		t.Errorf("%q is for programmers: %s", raw, words)
	}
}

func TestLettersLocked(t *testing.T) {
	b, l := lettersAt(t, place.At(filepath.Join(t.TempDir(), "data")), 120)
	release := screentest.Lock(t, "TestFaultChild", b.Place().Database())
	t.Run("another program has the database: it is said, and nothing is queued", func(t *testing.T) {
		l.Queue(l.Plan())
		b.Settle()
		said, bad := l.Done()
		if !bad || !strings.Contains(said, "Nothing was queued.") || !strings.Contains(said, "in use") || queuedLetters(t, b) != 0 || l.CanUndo() {
			t.Errorf("%s; %d", said, queuedLetters(t, b))
		}
		plainWords(t, said)
	})
	t.Run("when it is free again the same list is queued, each letter once", func(t *testing.T) {
		release()
		l.Queue(l.Plan())
		b.Settle()
		if said, bad := l.Done(); bad || queuedLetters(t, b) != 120 {
			t.Error(said, queuedLetters(t, b))
		}
	})
}

func TestLettersDiskFull(t *testing.T) {
	t.Run("a disk that fills up while letters are queued: what is queued is said, and with room it goes on", func(t *testing.T) {
		const all = 2000
		disk := screentest.SmallDisk(t, 96)
		b, l := lettersAt(t, place.At(filepath.Join(disk.Dir, "data")), all)
		l.SetText("[Greeting],\n\n" + strings.Repeat("A long word of the library to everybody. ", 100))
		l.Back()
		made(t, b, l)
		disk.Fill(3 << 20)
		l.Queue(l.Plan())
		b.Settle()
		said, bad := l.Done()
		n := queuedLetters(t, b)
		if !bad || n >= all || !strings.Contains(said, "full") {
			t.Fatal(n, said)
		}
		plainWords(t, said)
		if mail, _ := l.Ticked(); mail != all-n {
			t.Errorf("%d are queued, and %d are still to be", n, mail)
		}
		disk.Clear()
		l.Queue(l.Plan())
		b.Settle()
		if said, bad := l.Done(); bad || queuedLetters(t, b) != all {
			t.Error(said, queuedLetters(t, b))
		}
	})
	t.Run("a file for the printer on a full disk is said, and no half of it stays", func(t *testing.T) {
		disk := screentest.SmallDisk(t, 1)
		b, l := lettersAt(t, place.At(filepath.Join(t.TempDir(), "data")), 300)
		disk.Fill(8192)
		p := l.Print()
		path := filepath.Join(disk.Dir, "letters.pdf")
		p.Write(path, false, false, screen.Asks{})
		b.Settle()
		said, failed := p.Said()
		if !failed || p.Written() != "" {
			t.Error(said)
		}
		plainWords(t, said)
		onlyFilm(t, disk.Dir)
	})
	t.Run("a folder nobody may write into is said", func(t *testing.T) {
		disk := screentest.SmallDisk(t, 1)
		b, l := lettersAt(t, place.At(filepath.Join(t.TempDir(), "data")), 3)
		disk.ReadOnly(true)
		p := l.Print()
		p.Write(filepath.Join(disk.Dir, "letters.pdf"), false, false, screen.Asks{})
		b.Settle()
		said, failed := p.Said()
		if _, err := os.Stat(filepath.Join(disk.Dir, "letters.pdf")); !failed || err == nil {
			t.Error(said)
		}
		plainWords(t, said)
	})
}
