package assets_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpgateway/assets"
	"smtpgateway/data"
)

// died is the year in which the author of a book in the sample school died; the fables and the Odyssey are older than such
// years.
var died = map[string]int{
	"Lewis Carroll": 1898, "Robert Louis Stevenson": 1894, "Kenneth Grahame": 1932, "Rudyard Kipling": 1936, "Frances Hodgson Burnett": 1924,
	"Anna Sewell": 1878, "Louisa May Alcott": 1888, "L. M. Montgomery": 1942, "Mark Twain": 1910, "L. Frank Baum": 1919, "E. Nesbit": 1924,
	"Oscar Wilde": 1900, "H. G. Wells": 1946, "Jonathan Swift": 1745, "Daniel Defoe": 1731, "Mary Shelley": 1851, "Jane Austen": 1817,
	"Charlotte Brontë": 1855, "Charles Dickens": 1870, "Arthur Conan Doyle": 1930, "Jules Verne": 1905, "Alexandre Dumas": 1870,
	"Hector Malot": 1907, "Comtesse de Ségur": 1874, "Wilhelm Busch": 1908, "Heinrich Hoffmann": 1894, "Johanna Spyri": 1901,
	"Jacob Grimm, Wilhelm Grimm": 1863, "Theodor Storm": 1888, "Miguel de Cervantes": 1616, "Horacio Quiroga": 1937,
	"Benito Pérez Galdós": 1920, "Carlo Collodi": 1890, "Hans Christian Andersen": 1875, "Charles Darwin": 1882, "Mary Mapes Dodge": 1905,
	"Susan Coolidge": 1905, "William Shakespeare": 1616, "Aesop": 1, "Homer": 1,
}

// table reads a list by its header.
func table(t *testing.T, list []byte) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(len(rows), err)
	}
	all := make([]map[string]string, 0, len(rows))
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		all = append(all, m)
	}
	return all
}

func TestSchool(t *testing.T) {
	today := time.Date(2026, 2, 27, 23, 30, 0, 0, time.FixedZone("east", 9*3600))
	people, books := assets.School(today)
	patrons, loans := table(t, people), table(t, books)
	t.Run("it is as large as a person can take in", func(t *testing.T) {
		if len(patrons) != 40 || len(loans) < 65 || len(loans) > 75 {
			t.Errorf("%d patrons, %d loans", len(patrons), len(loans))
		}
	})
	t.Run("everybody is somebody else, and everything lent is another copy", func(t *testing.T) {
		seen := map[string]bool{}
		for _, p := range patrons {
			for _, mark := range []string{p["cardnumber"], p["firstname"] + " " + p["surname"], p["email"]} {
				if mark != "" && seen[mark] {
					t.Errorf("%q is there twice", mark)
				}
				seen[mark] = true
			}
		}
		for _, l := range loans {
			if b := l["barcode"]; seen[b] || len(b) != 8 || b[0] != '0' {
				t.Errorf("barcode %q", b)
			}
			seen[l["barcode"]] = true
		}
	})
	t.Run("nobody is real", func(t *testing.T) {
		for _, p := range patrons {
			for s := range strings.SplitSeq(p["email"]+","+p["guardian_email"], ",") {
				if s = strings.TrimSpace(s); s == "" {
					continue
				}
				if a, err := data.ParseAddress(s); err != nil || a.Domain != "example.org" {
					t.Errorf("%s may be somebody's address: %v", s, err)
				}
			}
			if p["city"] != "Nowhere" || p["zipcode"] != "00000" {
				t.Errorf("%s lives in %s %s", p["cardnumber"], p["zipcode"], p["city"])
			}
		}
	})
	t.Run("the books are free for everybody", func(t *testing.T) {
		for _, l := range loans {
			if year := died[l["author"]]; year == 0 || year > 1955 {
				t.Errorf("%q by %q: %d", l["title"], l["author"], year)
			}
		}
	})
	t.Run("it shows what real lists bring", func(t *testing.T) { shows(t, patrons, loans) })
	t.Run("its days follow the day it is made on", func(t *testing.T) {
		due := map[string]int{}
		for _, l := range loans {
			d, err := time.Parse(time.DateOnly, l["duedate"])
			i, other := time.Parse(time.DateOnly, l["issuedate"])
			if err != nil || other != nil || !i.Before(d) {
				t.Fatalf("issued %s, due %s", l["issuedate"], l["duedate"])
			}
			due[l["duedate"]]++
		}
		for _, day := range []string{"2026-02-24", "2026-02-26", "2026-03-02"} { // the days of automatic notices
			if due[day] < 4 {
				t.Errorf("%d are due on %s", due[day], day)
			}
		}
		if bytes.Contains(books, []byte("TODAY")) {
			t.Error("a day was not filled in")
		}
	})
	t.Run("what one reader changes is not another's", func(t *testing.T) {
		people[0], books[0] = '!', '!'
		if p, l := assets.School(today); p[0] == '!' || l[0] == '!' {
			t.Error("it is")
		}
	})
}

// shows looks for one of every kind of person.
func shows(t *testing.T, patrons, loans []map[string]string) {
	t.Helper()
	groups, home, lent := map[string]int{}, map[string]int{}, map[string]int{}
	var mails, long, accents, fails, several, off int
	languages := map[string]bool{}
	for _, p := range patrons {
		groups[p["group"]]++
		home[p["guardian_email"]]++
		languages[p["lang"]] = true
		if name := p["firstname"] + p["surname"]; len(name) > 40 {
			long++
		} else if strings.ContainsFunc(name, func(r rune) bool { return r > '~' }) {
			accents++
		}
		if p["email"] == "" && p["guardian_email"] == "" {
			mails++
		}
		if strings.Contains(p["guardian_email"], ",") {
			several++
		}
		if p["email"] == assets.SchoolFails && strings.HasPrefix(p["email"], assets.DemoUnknown) {
			fails++
		}
		if p["auto_overdue"] == "no" {
			off++
		}
	}
	siblings := 0
	delete(home, "")
	for _, n := range home {
		siblings += n - 1
	}
	if len(groups) != 5 || groups["Staff"] == 0 || groups[assets.SchoolGroup] < 8 || !slices.ContainsFunc(patrons, func(p map[string]string) bool {
		return p["cardnumber"] == assets.SchoolHeld && p["group"] == assets.SchoolGroup
	}) {
		t.Errorf("groups %v", groups)
	}
	if fails != 1 || mails < 2 || several < 2 || siblings < 3 || long == 0 || accents < 5 || off == 0 || len(languages) != 4 {
		t.Errorf("%d fail, %d without address, %d several guardians, %d siblings, %d long, %d accents, %d off, languages %v", fails, mails, several, siblings, long, accents, off, languages)
	}
	for _, l := range loans {
		i := slices.IndexFunc(patrons, func(p map[string]string) bool { return p["cardnumber"] == l["cardnumber"] })
		if i < 0 || patrons[i]["surname"] != l["surname"] || patrons[i]["firstname"] != l["firstname"] {
			t.Errorf("%s is nobody's loan", l["barcode"])
		}
		lent[l["cardnumber"]]++
	}
	most := 0
	for _, n := range lent {
		most = max(most, n)
	}
	if most < 10 || len(lent) == len(patrons) {
		t.Errorf("the most one has is %d, and %d have something", most, len(lent))
	}
}
