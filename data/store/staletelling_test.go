package store_test

import (
	"testing"

	"smtpgateway/data"
)

// toMother is a notice to a guardian that says so much.
func toMother(patron int, due data.Date, says data.Disclosure, loans ...string) data.Letter {
	n := notice(patron, due, loans...)
	n.Role, n.Disclosure, n.Message.Recipients = data.RoleGuardian, says, []string{"mother1@home.org"}
	for i := range n.Notices {
		n.Notices[i].Role = data.RoleGuardian
	}
	return n
}

func TestStaleTelling(t *testing.T) {
	disclose := func(l *library, how data.Disclosure) {
		l.t.Helper()
		_, err := l.SaveSettings(l.t.Context(), map[string]string{"overdue.disclosure": string(how)}, -1)
		ok(l.t, err)
	}
	rule := func(l *library, how data.Disclosure, excluded bool) {
		l.t.Helper()
		ok(l.t, l.SaveGroupRule(l.t.Context(), data.GroupRule{Group: " 9É ", Disclosure: how, Excluded: excluded}))
	}
	setting := func(how data.Disclosure) func(l *library) { return func(l *library) { disclose(l, how) } }
	grouped := func(how data.Disclosure, excluded bool) func(l *library) {
		return func(l *library) { rule(l, how, excluded) }
	}
	const none, less, nobody, off = "Guardians of this group are told nothing any more.", "Guardians of this group are told no titles any more.",
		"Nobody has chosen what guardians are told.", "Automatic notices were switched off for this group."
	for _, c := range []struct {
		promise string
		says    data.Disclosure // to the guardian; empty: it goes to the patron
		hand    bool            // a person sent it
		free    bool            // and it speaks of no loan
		change  func(l *library)
		cause   data.StaleCause
		why     string
	}{
		{"guardians of the group are told nothing any more", data.DiscloseTitles, false, false, grouped(data.DiscloseNothing, false), data.StaleTelling, none},
		{"only a number any more", data.DiscloseTitles, false, false, grouped(data.DiscloseCount, false), data.StaleTelling, less},
		{"one that says a number fits where a number is told", data.DiscloseCount, false, false, grouped(data.DiscloseCount, false), "", ""},
		{"and where titles may be told", data.DiscloseCount, false, false, grouped(data.DiscloseTitles, false), "", ""},
		{"the setting says nothing by now", data.DiscloseCount, false, false, setting(data.DiscloseNothing), data.StaleTelling, none},
		{"the setting says a number by now", data.DiscloseTitles, false, false, setting(data.DiscloseCount), data.StaleTelling, less},
		{"the choice was taken back", data.DiscloseTitles, false, false, setting(""), data.StaleTelling, nobody},
		{"a letter a person sent to a guardian", data.DiscloseTitles, true, false, setting(data.DiscloseNothing), data.StaleTelling, none},
		{"a letter of a person that names no loan may go where a number is told", data.DiscloseTitles, true, true, setting(data.DiscloseCount), "", ""},
		{"but not where nothing is", data.DiscloseTitles, true, true, setting(data.DiscloseNothing), data.StaleTelling, none},
		{"the patron's own notice is nobody else's", "", false, false, setting(data.DiscloseNothing), "", ""},
		{"the group gets no notices any more", "", false, false, grouped("", true), data.StalePatron, off},
		{"neither do its guardians", data.DiscloseTitles, false, false, grouped("", true), data.StalePatron, off},
		{"letters a person sends go to such a group all the same", "", true, false, grouped("", true), "", ""},
	} {
		t.Run(c.promise, func(t *testing.T) {
			l := newLibrary(t)
			disclose(l, data.DiscloseTitles)
			l.patron(1)
			l.exec(`UPDATE patron SET grp = '9é'`)
			l.loan("a", 1, l.today)
			letter := toMother(1, l.today, c.says, "a")
			if c.says == "" {
				letter = notice(1, l.today, "a")
			}
			if c.hand {
				letter.Run, letter.Notices, letter.Message.Class = 0, nil, data.ClassLetter
			}
			if c.free {
				letter.Loans = nil
			}
			l.post(letter)
			wantEqual(t, "stale before", len(l.stale()), 0)
			wantEqual(t, "looked", l.number(`SELECT looked = revision FROM library`), 1)
			c.change(l)
			all := l.stale()
			if c.cause == "" {
				wantEqual(t, "stale", len(all), 0)
				wantEqual(t, "looked", l.number(`SELECT looked = revision FROM library`), 1)
				return
			}
			if len(all) != 1 {
				t.Fatalf("%d letters are stale", len(all))
			}
			wantEqual(t, "cause", all[0].Cause, c.cause)
			wantEqual(t, "why", all[0].Why, c.why)
		})
	}
	t.Run("a setting about something else makes nobody look again", func(t *testing.T) {
		l := newLibrary(t)
		wantEqual(t, "stale", len(l.stale()), 0)
		_, err := l.SaveSettings(t.Context(), map[string]string{"overdue.flood": "5"}, -1)
		ok(t, err)
		wantEqual(t, "looked", l.number(`SELECT looked = revision FROM library`), 1)
	})
}
