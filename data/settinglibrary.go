package data

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Languages are those letters are written in to begin with, the first is used where nobody said.
func Languages() []string { return []string{"en", "es", "fr", "de"} }

func libraryFields() []Field {
	return []Field{
		plainText("library.name", "Name of the library", "As letters and notices say it.", false, func(s *Settings) *string { return &s.Library.Name }),
		plainText("library.phone", "Telephone", "Where readers and parents can ask. Empty: letters name none.", false, func(s *Settings) *string { return &s.Library.Phone }),
		lines("library.address", "Postal address", "Stands on letters that are printed.", func(s *Settings) *string { return &s.Library.Address }),
		lines("library.signature", "Signature", "How letters and notices end, such as a greeting and a name. Empty: the name of the library.", func(s *Settings) *string { return &s.Library.Signature }),
		choice("library.language", "Language", "Of letters to people whose own language is not known.", "en", Languages(), false, func(s *Settings) *string { return &s.Library.Language }),
		folder("imports.folder", "Folder for lists", "Lists of patrons and loans put here are taken in by themselves, with the mapping saved for them. Empty: none are.", false, func(s *Settings) *string { return &s.ImportsFolder }),
		yesNoBy("practice.letters", "true", "Practice for letters", "Letters and notices go to the Test to address, with a note saying for whom they were, until you approve them for the first time.", func(s *Settings) *bool { return &s.PracticeLetters }),
	}
}

func overdueFields() []Field {
	o := func(s *Settings) *Overdue { return &s.Overdue }
	return []Field{
		yesNo("overdue.enabled", "Automatic notices", "Each day at the time below, patrons with something due soon or overdue get a notice by themselves.", func(s *Settings) *bool { return &o(s).Enabled }),
		clock("overdue.at", "Each day at", "When the loans are looked through, such as 06:30. If the computer is off then, it happens when it is on again.", "06:30", func(s *Settings) *string { return &o(s).At }),
		stages("overdue.stages", func(s *Settings) *string { return &o(s).Stages }),
		number("overdue.catch_up_days", "Make up for", "Notices of days on which the computer was off are sent later, if no more than so many days went by.", "days", "3", 0, 30, false, func(s *Settings) *int { return &o(s).CatchUpDays }),
		choice("overdue.calendar", "Closed days", "What week-ends and holidays mean.", CalendarIgnore, []string{CalendarIgnore, CalendarNext, CalendarCount}, false, func(s *Settings) *string { return &o(s).Calendar }),
		openDays("overdue.open_days", func(s *Settings) *OpenDays { return &o(s).OpenDays }),
		number("overdue.fresh_days", "Loans no older than", "Notices rest while the list of loans is older, so that nobody is told of a book that is back. Counted in open days.", "days", "1", 0, 60, false, func(s *Settings) *int { return &o(s).FreshDays }),
		choice("overdue.disclosure", "Guardians are told", "How much parents read of what their child has at home. The law differs from place to place: ask your school.", "", []string{"", string(DiscloseTitles), string(DiscloseCount), string(DiscloseNothing)}, false, func(s *Settings) *string { return (*string)(&o(s).Disclosure) }),
		yesNo("overdue.approve", "Ask before each run", "Automatic notices wait until you have looked at them.", func(s *Settings) *bool { return &o(s).Approve }),
		number("overdue.flood", "Ask when more than", "A run so many times as large as usual waits until you have looked at it. 0: never.", "times the usual", "3", 0, 100, false, func(s *Settings) *int { return &o(s).Flood }),
	}
}

// lines is a text of several lines, kept with \n between them and without blanks at its ends.
func lines(name, label, hint string, at func(*Settings) *string) Field {
	const most = 1000
	return Field{
		Name: name, Label: label, Hint: hint, Kind: FieldLines,
		parse: func(s *Settings, v string) *Problem {
			v = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(v))
			if len(v) > most {
				return &Problem{Sentence: fmt.Sprintf("It is longer than %d characters.", most)}
			}
			if !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
				return &Problem{Sentence: "It holds an invisible character."}
			}
			*at(s) = v
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

func yesNoBy(name, def, label, hint string, at func(*Settings) *bool) Field {
	f := yesNo(name, label, hint, at)
	f.Default = def
	return f
}

func stages(name string, at func(*Settings) *string) Field {
	return Field{
		Name: name, Label: "Notices", Kind: FieldText, Default: "-3,+1,+3",
		Hint: "How many days before (-) or after (+) the due date a notice goes out.",
		parse: func(s *Settings, v string) *Problem {
			all, err := ParseStages(v)
			if err != nil {
				return &Problem{Sentence: err.Error()}
			}
			*at(s) = FormatStages(all)
			return nil
		},
		format: func(s *Settings) string { return *at(s) },
	}
}

// weekdays are the words for the days of the week, Monday first.
var weekdays = []struct {
	word string
	day  time.Weekday
}{{"mon", time.Monday}, {"tue", time.Tuesday}, {"wed", time.Wednesday}, {"thu", time.Thursday}, {"fri", time.Friday}, {"sat", time.Saturday}, {"sun", time.Sunday}}

func openDays(name string, at func(*Settings) *OpenDays) Field {
	return Field{
		Name: name, Label: "Open on", Kind: FieldDays, Default: "mon,tue,wed,thu,fri",
		Hint: "The days of the week on which the library is open.",
		parse: func(s *Settings, v string) *Problem {
			var days OpenDays
			for word := range strings.SplitSeq(strings.ToLower(v), ",") {
				i := slices.IndexFunc(weekdays, func(w struct {
					word string
					day  time.Weekday
				}) bool {
					return w.word == strings.TrimSpace(word)
				})
				if i < 0 {
					return &Problem{Sentence: fmt.Sprintf("%q is no day. Write them as mon,tue,wed,thu,fri.", Clean(word, 20))}
				}
				days[weekdays[i].day] = true
			}
			*at(s) = days
			return nil
		},
		format: func(s *Settings) string {
			var words []string
			for _, w := range weekdays {
				if at(s)[w.day] {
					words = append(words, w.word)
				}
			}
			return strings.Join(words, ",")
		},
	}
}

// check looks at the notices together with the rest.
func (o *Overdue) check(s *Settings) Problems {
	var p Problems
	if s.PracticeLetters && o.Enabled && s.TestTo == "" {
		p = append(p, Problem{Name: "test_to", Sentence: "Automatic notices begin with practice, which needs an address to send them to.", Warning: true})
	}
	if o.Enabled && o.At == "" {
		p = append(p, Problem{Name: "overdue.at", Sentence: "Automatic notices need a time of day.", Suggest: "06:30"})
	}
	if o.Enabled && o.Stages == "" {
		p = append(p, Problem{Name: "overdue.stages", Sentence: "Automatic notices need at least one day.", Suggest: "-3,+1,+3"})
	}
	tells := slices.ContainsFunc(o.StageList(), func(st Stage) bool { return st.Audience != ToPatron })
	if o.Enabled && tells && o.Disclosure == "" {
		p = append(p, Problem{Name: "overdue.disclosure", Sentence: "Choose what guardians are told.", Warning: true})
	}
	return p
}
