package screen_test

import (
	"path/filepath"
	"strings"
	"testing"

	"smtpgateway/app/screen"
	"smtpgateway/app/screen/screentest"
	"smtpgateway/data"
)

// two gives two windows on one database, both of which have read it.
func two(t *testing.T) (b *screentest.Bench, s *screen.Settings, other *screentest.Bench, theirs *screen.Settings) {
	t.Helper()
	b, s = settings(t)
	other = screentest.NewAt(t, b.Place())
	other.Look()
	return b, s, other, screen.NewSettings(other.Desk)
}

func metWords(s *screen.Settings) string {
	var all []string
	for _, m := range s.Met() {
		all = append(all, m.Words)
	}
	return strings.Join(all, "; ")
}

func TestSaveConflict(t *testing.T) {
	t.Run("68 of two windows the second is told by name what changed, from what to what", func(t *testing.T) {
		b, s, other, theirs := two(t)
		s.Set("server1.port", "587")
		s.Set("from.name", "The Library")
		theirs.Set("server1.port", "25")
		theirs.Set("practice", "true")
		theirs.SetChoice("server1.security", 0)
		theirs.Save(nil)
		other.Settle()
		var a answers
		s.Save(a.then)
		b.Settle()
		saysAll(t, s.Said().Words, "Not saved: somebody else changed the settings meanwhile.")
		want := "Port: was 2525, now 25; Protection: was Not protected, now Protected from the start of the talk (STARTTLS, usual); Practice mode: was no, now yes"
		if got := metWords(s); got != want {
			t.Errorf("met %s", got)
		}
		if met := s.Met(); !met[0].Mine || met[1].Mine || !s.Said().Conflict || a != (answers{no: 1}) {
			t.Fatalf("%+v %+v %+v", met, s.Said(), a)
		}
		if s.Value("server1.port") != "587" || s.Value("from.name") != "The Library" || s.Value("practice") != "true" || storedValue(t, b, "server1.port") != "25" {
			t.Fatal("an edit was lost, or theirs")
		}
	})
	t.Run("68 mine can be kept, and only where both changed theirs goes", func(t *testing.T) {
		b, s, other, theirs := two(t)
		s.Set("server1.port", "587")
		theirs.Set("server1.port", "25")
		theirs.Set("from.name", "Theirs")
		theirs.Save(nil)
		other.Settle()
		s.Save(nil)
		b.Settle()
		s.KeepMine()
		b.Settle()
		if storedValue(t, b, "server1.port") == "25" || storedValue(t, b, "from.name") != "Theirs" || s.Dirty() || !s.Said().Good || len(s.Met()) != 0 {
			t.Fatalf("%+v", s.Said())
		}
	})
	t.Run("68 theirs can be taken, and what else is typed stays typed", func(t *testing.T) {
		b, s, other, theirs := two(t)
		s.Set("server1.port", "587")
		s.Set("from.name", "Mine")
		theirs.Set("server1.port", "25")
		theirs.Save(nil)
		other.Settle()
		s.Save(nil)
		b.Settle()
		s.TakeTheirs()
		if s.Value("server1.port") != "25" || s.Value("from.name") != "Mine" || !s.Dirty() || len(s.Met()) != 0 || s.Said().Conflict {
			t.Fatal(s.Value("server1.port"), s.Value("from.name"))
		}
		s.Save(nil)
		b.Settle()
		if storedValue(t, b, "server1.port") != "25" || storedValue(t, b, "from.name") != "Mine" {
			t.Fatal("not saved")
		}
	})
	t.Run("two windows that save the same are no conflict", func(t *testing.T) {
		b, s, other, theirs := two(t)
		s.Set("server1.port", "25")
		theirs.Set("server1.port", "25")
		theirs.Save(nil)
		other.Settle()
		var a answers
		s.Save(a.then)
		b.Settle()
		if !s.Said().Good || s.Dirty() || a != (answers{yes: 1}) {
			t.Fatalf("%+v %+v", s.Said(), a)
		}
	})
	t.Run("two windows that save at the very same time: one of them is told, neither is lost", func(t *testing.T) {
		b, s, other, theirs := two(t)
		s.Set("server1.port", "587")
		theirs.Set("from.name", "Theirs")
		s.Save(nil)
		theirs.Save(nil)
		b.Settle()
		other.Settle()
		if s.Said().Conflict == theirs.Said().Conflict {
			t.Fatalf("%+v %+v", s.Said(), theirs.Said())
		}
		s.KeepMine()
		theirs.KeepMine()
		b.Settle()
		other.Settle()
		if storedValue(t, b, "server1.port") == "2525" || storedValue(t, b, "from.name") != "Theirs" {
			t.Fatal("one was lost")
		}
	})
	t.Run("a password somebody else set is told without showing it", func(t *testing.T) {
		b, s := settings(t)
		b.Save(map[string]string{"server1.user": "lib", "server1.password": data.SealedPrefix + "one"})
		b.Look()
		s.Set("from.name", "Mine")
		b.Save(map[string]string{"server1.password": data.SealedPrefix + "two"})
		b.Look()
		if metWords(s) != "Password: changed" {
			t.Fatal(metWords(s))
		}
		b.Save(map[string]string{"server1.password": "", "server2.host": "b.test"})
		b.Look()
		if metWords(s) != "Password: was set, now not set; Mail server (SMTP) (server 2): was empty, now b.test" {
			t.Fatal(metWords(s))
		}
	})
	t.Run("while a person types, what is not typed over follows and the rest is told", func(t *testing.T) {
		b, s := settings(t)
		s.Set("server1.port", "587")
		b.Save(map[string]string{"server1.port": "25", "test_to": "new@school.test"})
		b.Look()
		if s.Value("test_to") != "new@school.test" || s.Value("server1.port") != "587" || metWords(s) != "Port: was 2525, now 25; Test to: was it@school.test, now new@school.test" {
			t.Fatal(s.Value("test_to"), s.Value("server1.port"), metWords(s))
		}
		s.KeepMine()
		if len(s.Met()) != 0 || s.Busy() {
			t.Fatal("still told, or saving already")
		}
		s.Save(nil)
		b.Settle()
		if storedValue(t, b, "server1.port") == "25" || storedValue(t, b, "test_to") != "new@school.test" {
			t.Fatal("not saved")
		}
	})
	t.Run("while nothing is typed, everything follows without a word", func(t *testing.T) {
		b, s := settings(t)
		b.Save(map[string]string{"server1.port": "25"})
		b.Look()
		if s.Value("server1.port") != "25" || len(s.Met()) != 0 || s.Dirty() {
			t.Fatal(s.Value("server1.port"), metWords(s))
		}
	})
	t.Run("what is read before a save and arrives after it changes nothing back", func(t *testing.T) {
		b, s := settings(t)
		b.LookOnce() // read, and not shown yet
		s.Set("server1.port", "25")
		s.Save(nil)
		b.Settle()
		if s.Value("server1.port") != "25" || len(s.Met()) != 0 {
			t.Fatal(s.Value("server1.port"), metWords(s))
		}
	})
	t.Run("64 a folder is stored whole and clean", func(t *testing.T) {
		b, s := settings(t)
		dir := filepath.Join(t.TempDir(), "a", "..", "mail")
		s.Set("folder", dir)
		s.Save(nil)
		b.Settle()
		if storedValue(t, b, "folder") != filepath.Clean(dir) {
			t.Fatal(storedValue(t, b, "folder"), s.Said())
		}
	})
}
