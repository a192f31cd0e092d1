package data_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"smtpgateway/data"
)

func TestLibrarySettings(t *testing.T) {
	t.Run("the defaults are those of the tech note, and nothing leaves by itself", func(t *testing.T) {
		s := data.DefaultSettings()
		o := s.Overdue
		if o.Enabled || o.At != "06:30" || o.Stages != "-3,+1,+3" || o.CatchUpDays != 3 || o.Calendar != data.CalendarIgnore || o.FreshDays != 1 || o.Flood != 3 {
			t.Errorf("they are %+v", o)
		}
		if o.Disclosure != "" {
			t.Errorf("guardians are told %q though nobody chose", o.Disclosure)
		}
		if !s.PracticeLetters || s.Library.Language != "en" {
			t.Errorf("practice is %v, the language %q", s.PracticeLetters, s.Library.Language)
		}
	})
	t.Run("the library is open from Monday to Friday", func(t *testing.T) {
		days := data.DefaultSettings().Overdue.OpenDays
		for d := time.Sunday; d <= time.Saturday; d++ {
			if days[d] != (d != time.Sunday && d != time.Saturday) {
				t.Errorf("%s: %v", d, days[d])
			}
		}
	})
	t.Run("what is written reads back as it was", func(t *testing.T) {
		s := complete(t, map[string]string{
			"library.name": "Bücherei", "library.address": "1 School Lane\nTown", "library.signature": "Kind regards\nMs Lee", "library.language": "de",
			"overdue.enabled": "true", "overdue.at": "07:15", "overdue.stages": "+14:overdue-final:both,-3", "overdue.open_days": "sat,mon", "overdue.calendar": "count",
			"overdue.disclosure": "count", "overdue.approve": "true", "practice.letters": "false",
		})
		again, p := data.ParseSettings(s.Values())
		if p.Refused() || again != s {
			t.Fatalf("%+v became %+v (%v)", s, again, p)
		}
		if s.Overdue.Stages != "-3,+14:overdue-final:both" || s.Values()["overdue.open_days"] != "mon,sat" || !s.Overdue.OpenDays[time.Saturday] || s.Overdue.OpenDays[time.Tuesday] {
			t.Errorf("it became %+v", s.Overdue)
		}
		if all := s.Overdue.StageList(); len(all) != 2 || all[1].Audience != data.ToBoth {
			t.Errorf("the stages are %+v", all)
		}
	})
	t.Run("lines of an address end alike and have no blanks around them", func(t *testing.T) {
		if s := complete(t, map[string]string{"library.address": "\r\n1 School Lane\r\nTown\r\n\r\n"}); s.Library.Address != "1 School Lane\nTown" {
			t.Errorf("it is %q", s.Library.Address)
		}
	})
	refused := []struct{ promise, name, value string }{
		{"a day nobody knows is refused", "overdue.open_days", "mon,noday"},
		{"stages that are none are refused", "overdue.stages", "soon"},
		{"31 days made up for are refused", "overdue.catch_up_days", "31"},
		{"a calendar nobody knows is refused", "overdue.calendar", "never"},
		{"a disclosure nobody knows is refused", "overdue.disclosure", "everything"},
		{"a language nobody wrote is refused", "library.language", "tlh"},
		{"a time that is none is refused", "overdue.at", "24:00"},
		{"a signature longer than a page is refused", "library.signature", strings.Repeat("x", 1001)},
		{"an invisible character in a signature is refused", "library.signature", "Kind\x07regards"},
		{"a name of two lines is refused", "library.name", "A\nB"},
	}
	for _, c := range refused {
		t.Run(c.promise, func(t *testing.T) {
			_, p := data.ParseSettings(map[string]string{c.name: c.value})
			found := false
			for _, one := range p {
				found = found || one.Name == c.name && !one.Warning && one.Sentence != ""
			}
			if !found {
				t.Errorf("%v", p)
			}
		})
	}
	told := []struct {
		promise, name string
		values        map[string]string
		warning       bool
	}{
		{"automatic notices without a time are refused", "overdue.at", map[string]string{"overdue.enabled": "true", "overdue.at": ""}, false},
		{"automatic notices without a day are refused", "overdue.stages", map[string]string{"overdue.enabled": "true", "overdue.stages": ""}, false},
		{"practice without an address to practise on is warned of", "test_to", map[string]string{"overdue.enabled": "true", "test_to": ""}, true},
		{"guardians without a choice of what they are told are warned of", "overdue.disclosure", map[string]string{"overdue.enabled": "true", "overdue.stages": "+1::guardian"}, true},
	}
	for _, c := range told {
		t.Run(c.promise, func(t *testing.T) {
			values := map[string]string{"server1.host": "mail.school.org", "from.address": "library@school.org", "test_to": "me@school.org"}
			maps.Copy(values, c.values)
			find := func() bool {
				s, _ := data.ParseSettings(values)
				for _, one := range s.Check() {
					if one.Name == c.name && one.Warning == c.warning && one.Sentence != "" {
						return true
					}
				}
				return false
			}
			if !find() {
				t.Error("it is not")
			}
			values["overdue.enabled"] = "false"
			if find() {
				t.Error("it is, though automatic notices are off")
			}
		})
	}
}
