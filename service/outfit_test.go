package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"smtpgateway/data/store"
)

func TestOutfit(t *testing.T) {
	t.Run("names have commas between them and groups have spaces in them", func(t *testing.T) {
		got := outfit{users: ` SCHOOL\m.lee, SCHOOL\School Librarians,,`}.people()
		if want := []string{`SCHOOL\m.lee`, `SCHOOL\School Librarians`}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if got := (outfit{}).people(); len(got) != 0 {
			t.Errorf("nobody was asked for, but %q", got)
		}
	})
	var out bytes.Buffer
	a := &app{Streams: Streams{Out: &out}, dataDir: t.TempDir()}
	host := func() (host, limit string) {
		t.Helper()
		err := a.withStore(t.Context(), func(s *store.Store) error {
			set, _, _, err := readSettings(t.Context(), s)
			host, limit = set.Server1.Host, set.Values()["messages_each_check"]
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return host, limit
	}
	t.Run("settings of a file are taken in where there are none", func(t *testing.T) {
		err := a.firstSettings(t.Context(), map[string]string{"server1.host": "mail.school.example", "messages_each_check": "7", "server1.password": "secret", "no.such": "1"})
		if h, n := host(); err != nil || h != "mail.school.example" || n != "7" {
			t.Errorf("%q, %q, %v", h, n, err)
		}
		if said := out.String(); !strings.Contains(said, "server1.password: left out") || !strings.Contains(said, "no.such: left out") || strings.Contains(said, "secret") {
			t.Errorf("it says %q", said)
		}
	})
	t.Run("and left out where a school has some", func(t *testing.T) {
		err := a.firstSettings(t.Context(), map[string]string{"server1.host": "other.school.example"})
		if h, _ := host(); err != nil || h != "mail.school.example" {
			t.Errorf("%q, %v", h, err)
		}
	})
	t.Run("an upgrade goes on without a name and a file that are not there any more; a first installation does not", func(t *testing.T) {
		o := outfit{users: "nobody-of-that-name", settings: a.dataDir + "/no-such-file"}
		people, settings, err := a.check(t.Context(), o, false)
		if err != nil || len(people) != 0 || len(settings) != 0 {
			t.Errorf("%q, %q, %v", people, settings, err)
		}
		if _, _, err := a.check(t.Context(), o, true); err == nil {
			t.Error("the first installation went on")
		}
		if _, _, err := a.check(t.Context(), outfit{settings: o.settings}, true); err == nil {
			t.Error("the first installation went on without its settings")
		}
	})
}
