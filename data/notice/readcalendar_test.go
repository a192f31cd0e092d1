package notice_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	_ "time/tzdata" // zones, also where the system has none

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

var (
	schoolYear = data.NewDate(2026, time.August, 1)
	yearEnd    = data.NewDate(2027, time.July, 31)
)

// ics is a calendar with events, given as their lines.
func ics(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n")
	for i, e := range events {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d@x\r\n%s\r\nEND:VEVENT\r\n", i, strings.ReplaceAll(e, "\n", "\r\n"))
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

func spans(all []data.Closed) string {
	var lines []string
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("%s..%s %s", c.First, c.Last, c.Name))
	}
	return strings.Join(lines, "\n")
}

func TestReadCalendar(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ promise, file, want string }{
		{"the end of a whole-day entry is not part of it", ics("DTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20270104\nSUMMARY:Christmas\\, and New Year"), "2026-12-21..2027-01-03 Christmas, and New Year"},
		{"an entry without an end is one day", ics("DTSTART;VALUE=DATE:20261221\nSUMMARY:Off"), "2026-12-21..2026-12-21 Off"},
		{"an entry that ends when it begins is one day", ics("DTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20261221\nSUMMARY:Off"), "2026-12-21..2026-12-21 Off"},
		{"a length will do for an end", ics("DTSTART;VALUE=DATE:20261221\nDURATION:P2W\nSUMMARY:Off"), "2026-12-21..2027-01-03 Off"},
		{"midnight to midnight is a whole day", ics("DTSTART:20261221T000000\nDTEND:20261222T000000\nSUMMARY:Off"), "2026-12-21..2026-12-21 Off"},
		{"a minute to midnight too", ics("DTSTART:20261221T000000\nDTEND:20261222T235900\nSUMMARY:Off"), "2026-12-21..2026-12-22 Off"},
		{"midnight of another zone is the place's own day", ics("DTSTART:20261220T230000Z\nDTEND:20261221T230000Z\nSUMMARY:Off"), "2026-12-21..2026-12-21 Off"},
		{"a named zone is asked", ics("DTSTART;TZID=America/New_York:20261220T180000\nDTEND;TZID=America/New_York:20261221T180000\nSUMMARY:Off"), "2026-12-21..2026-12-21 Off"},
		{"a zone nobody knows is the place's own", ics("DTSTART;TZID=W. Europe Standard Time:20261221T000000\nDTEND;TZID=W. Europe Standard Time:20261222T000000\nSUMMARY:Off"), "2026-12-21..2026-12-21 Off"},
		{"holidays that begin after school and end before it", ics("DTSTART:20261218T130000\nDTEND:20270104T080000\nSUMMARY:Off"), "2026-12-19..2027-01-03 Off"},
		{"a meeting closes no library", ics("DTSTART:20261221T190000\nDTEND:20261221T210000\nSUMMARY:Parents", "DTSTART;VALUE=DATE:20261222\nSUMMARY:Off"), "2026-12-22..2026-12-22 Off"},
		{"cancelled entries are left out", ics("DTSTART;VALUE=DATE:20261221\nSTATUS:CANCELLED\nSUMMARY:Not", "DTSTART;VALUE=DATE:20261222\nSUMMARY:Off"), "2026-12-22..2026-12-22 Off"},
		{"an entry repeats to the end of the days asked for", ics("DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;BYMONTH=6,7\nSUMMARY:Last Friday"), "2027-06-25..2027-06-25 Last Friday\n2027-07-30..2027-07-30 Last Friday"},
		{"a yearly entry of long ago comes round", ics("DTSTART;VALUE=DATE:19901003\nRRULE:FREQ=YEARLY\nSUMMARY:Unity"), "2026-10-03..2026-10-03 Unity"},
		{"as often as it says", ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:Off"), "2026-10-05..2026-10-05 Off\n2026-10-12..2026-10-12 Off"},
		{"until the day it says, that one included", ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=WEEKLY;UNTIL=20261012\nSUMMARY:Off"), "2026-10-05..2026-10-05 Off\n2026-10-12..2026-10-12 Off"},
		{"what ended before it began is left out", ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=WEEKLY;UNTIL=20261001\nSUMMARY:Never", "DTSTART;VALUE=DATE:20261006\nSUMMARY:Off"), "2026-10-06..2026-10-06 Off"},
		{"days on end are one span", ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=DAILY;COUNT=5\nSUMMARY:Off"), "2026-10-05..2026-10-09 Off"},
		{"except where it says so", ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE;VALUE=DATE:20261006,20261007\nSUMMARY:Off"), "2026-10-05..2026-10-05 Off\n2026-10-08..2026-10-09 Off"},
		{"and on other days besides", ics("DTSTART;VALUE=DATE:20261005\nRDATE;VALUE=DATE:20261020\nSUMMARY:Off"), "2026-10-05..2026-10-05 Off\n2026-10-20..2026-10-20 Off"},
		{
			"one of them that was moved is where it was moved to",
			strings.ReplaceAll(ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:Off", "DTSTART;VALUE=DATE:20261014\nRECURRENCE-ID;VALUE=DATE:20261012\nSUMMARY:Moved"), "UID:1@x", "UID:0@x"),
			"2026-10-05..2026-10-05 Off\n2026-10-14..2026-10-14 Moved",
		},
		{"what repeats keeps its days when the clocks change", ics("DTSTART;TZID=Europe/Berlin:20261019T000000\nDTEND;TZID=Europe/Berlin:20261020T000000\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Off"), "2026-10-19..2026-10-19 Off\n2026-10-26..2026-10-26 Off\n2026-11-02..2026-11-02 Off"},
		{"what lies outside the days asked for is left out", ics("DTSTART;VALUE=DATE:20250101\nSUMMARY:Old", "DTSTART;VALUE=DATE:20260720\nDTEND;VALUE=DATE:20260805\nSUMMARY:Summer"), "2026-07-20..2026-08-04 Summer"},
		{"spans may overlap", ics("DTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20270104\nSUMMARY:B", "DTSTART;VALUE=DATE:20261225\nSUMMARY:A"), "2026-12-21..2027-01-03 B\n2026-12-25..2026-12-25 A"},
		{"several calendars in one file", ics("DTSTART;VALUE=DATE:20261221\nSUMMARY:A") + ics("DTSTART;VALUE=DATE:20261222\nSUMMARY:B"), "2026-12-21..2026-12-21 A\n2026-12-22..2026-12-22 B"},
		{"a mark of encoding before it and line feeds alone", "\xef\xbb\xbf" + strings.ReplaceAll(ics("DTSTART;VALUE=DATE:20261221\nSUMMARY:A"), "\r\n", "\n"), "2026-12-21..2026-12-21 A"},

		{"openholidays as it is, with and without an end", "Id;Country;StartDate;EndDate;Type;RegionalScope;Name;Subdivisions;Comment\n1;DE;2026-10-19;2026-10-31;School;Regional;DE Herbstferien,EN Autumn holidays;BE;\n2;DE;2027-05-07;;School;Regional;DE Tag%2C der frei ist,EN Day off;BE;", "2026-10-19..2026-10-31 Herbstferien\n2027-05-07..2027-05-07 Tag, der frei ist"},
		{"a file for a whole country says where", "Id;Country;StartDate;EndDate;Type;Names;Subdivisions\n1;CH;2027-01-01;;Public;DE Neujahr,FR Nouvel an;\n2;CH;2027-01-06;;Public;DE Dreikönigstag,EN Epiphany;GR,TI", "2027-01-01..2027-01-01 Neujahr\n2027-01-06..2027-01-06 Dreikönigstag (GR, TI)"},
		{"the last day of lessons is one with lessons", "Id;StartDate;EndDate;Type;Name\n1;2027-07-01;;EndOfLessons;EN End\n2;2027-07-02;;School;EN Summer", "2027-07-02..2027-07-02 Summer"},
		{"first, last, name", "first,last,name\n2026-12-21,2027-01-03,\"Christmas, and more\"\n2027-02-01,,One day\n\n,,\n", "2026-12-21..2027-01-03 Christmas, and more\n2027-02-01..2027-02-01 One day"},
		{"without a header", "2026-12-21\t2027-01-03\tChristmas", "2026-12-21..2027-01-03 Christmas"},
		{"days with dots and in one piece", "von;bis;Bezeichnung\n21.12.2026;3.1.2027;Weihnachten\n20270201;20270202;Winter", "2026-12-21..2027-01-03 Weihnachten\n2027-02-01..2027-02-02 Winter"},
		{"the other days tell in which order they stand", "start,end,title\n03/04/2027,03/20/2027,Spring", "2027-03-04..2027-03-20 Spring"},
		{"letters of a French spreadsheet", "d\xe9but;fin;nom\n2026-12-21;2027-01-03;No\xebl", "2026-12-21..2027-01-03 Noël"},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			got, err := notice.ReadCalendarAt(`C:\lists\year.ics`, strings.NewReader(c.file), schoolYear, yearEnd, berlin)
			if err != nil || spans(got) != c.want {
				t.Fatalf("got %v\n%s\nwant\n%s", err, spans(got), c.want)
			}
			if slices.ContainsFunc(got, func(c data.Closed) bool { return c.Source != "year.ics" }) {
				t.Errorf("the source is %q", got[0].Source)
			}
		})
	}
}

func TestReadCalendarRefuses(t *testing.T) {
	whole := ics("DTSTART;VALUE=DATE:20261221\nSUMMARY:A")
	cases := []struct {
		promise, file string
		code          data.Code
		sentence      string
	}{
		{"an empty file", " \r\n", data.CodeUsage, "The calendar file is empty."},
		{"a file that ends in the middle", strings.TrimSuffix(whole, "END:VCALENDAR\r\n"), data.CodeUsage, "The calendar file ends in the middle."},
		{"a line that is none", strings.Replace(whole, "VERSION:2.0", "VERSION", 1), data.CodeUsage, "The calendar file is damaged."},
		{"a parameter that ends with its line", strings.Replace(whole, "VERSION:2.0", "VERSION;A=B", 1), data.CodeUsage, "The calendar file is damaged."},
		{"an end without a beginning", "BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR", data.CodeUsage, "The calendar file is damaged."},
		{"an address book", "BEGIN:VCARD\nFN:A\nEND:VCARD", data.CodeUsage, "The calendar file is damaged."},
		{"boxes without end", strings.Repeat("BEGIN:X\n", 1_000_000), data.CodeUsage, "The calendar file is damaged."},
		{"a line without end", "BEGIN:VCALENDAR\nX:" + strings.Repeat("y", 70_000) + "\nEND:VCALENDAR", data.CodeUsage, "The calendar file has a line longer than 65536 characters."},
		{"a line folded without end", "BEGIN:VCALENDAR\nX:" + strings.Repeat("y\n ", 70_000) + "\nEND:VCALENDAR", data.CodeUsage, "The calendar file has a line longer than 65536 characters."},
		{"a day that is none, naming the entry", ics("DTSTART;VALUE=DATE:20261341\nSUMMARY:Odd"), data.CodeUsage, `The entry "Odd" of the calendar cannot be read.`},
		{"an entry without a start", ics("SUMMARY:Odd"), data.CodeUsage, `The entry "Odd" of the calendar cannot be read.`},
		{"a rule that is none", ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=SOMETIMES\nSUMMARY:Odd"), data.CodeUsage, `The entry "Odd" of the calendar cannot be read.`},
		{"a rule with days that no year has", ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=YEARLY;BYEASTER=400\nSUMMARY:Odd"), data.CodeUsage, `The entry "Odd" of the calendar cannot be read.`},
		{"rules without a day by the hundred", ics(slices.Repeat([]string{"DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nSUMMARY:Odd"}, 100)...), data.CodeUsage, `The entry "Odd" of the calendar cannot be read.`},
		{"every second", ics("DTSTART;VALUE=DATE:20261005\nRRULE:FREQ=SECONDLY\nSUMMARY:Odd"), data.CodeUsage, `The entry "Odd" of the calendar cannot be read.`},
		{"the beginning of time", ics("DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY\nSUMMARY:Odd"), data.CodeUsage, `The entry "Odd" of the calendar cannot be read.`},
		{"every day since the year 1000", ics("DTSTART;VALUE=DATE:10000101\nRRULE:FREQ=DAILY\nSUMMARY:Odd"), data.CodeUsage, `The entry "Odd" of the calendar cannot be read.`},
		{"meetings only", ics("DTSTART:20261221T190000\nDTEND:20261221T210000\nSUMMARY:Parents"), data.CodeNotFound, "The calendar has no whole closed day between 2026-08-01 and 2027-07-31."},
		{"another year", ics("DTSTART;VALUE=DATE:20201221\nSUMMARY:Old"), data.CodeNotFound, "The calendar has no whole closed day between 2026-08-01 and 2027-07-31."},
		{"a picture", "GIF89a\x00\x01", data.CodeUsage, "This is no calendar file: it holds more than text."},
		{"a table without days", "name,class\nAnna,5b", data.CodeUsage, "The calendar table has no column with the first day."},
		{"a row whose day is none", "first,last,name\n2026-12-21,,A\n2026-02-30,,B", data.CodeUsage, `Row 3 of the calendar: "2026-02-30" is no day.`},
		{"a last day that is none", "first,last,name\n2026-12-21,soon,A", data.CodeUsage, `Row 2 of the calendar: "soon" is no day.`},
		{"a last day before the first", "first,last,name\n2026-12-21,2026-12-20,A", data.CodeUsage, "Row 2 of the calendar: the last day 2026-12-20 lies before the first day 2026-12-21."},
		{"a day that can be read in two ways", "first,last,name\n03/04/2027,,A", data.CodeUsage, `"03/04/2027" can be read as two different days.`},
		{"days in two orders", "first,last,name\n13/04/2027,,A\n04/13/2027,,B", data.CodeUsage, `The calendar table writes days in two orders: "04/13/2027" does not fit those before.`},
		{"more than 10 MB", strings.Repeat("x", 10<<20+1), data.CodeTooLarge, "The calendar file is larger than 10 MB."},
	}
	for _, c := range cases {
		t.Run(c.promise, func(t *testing.T) {
			got, err := notice.ReadCalendar("year.ics", strings.NewReader(c.file), schoolYear, yearEnd)
			e := data.AsError(err)
			if e == nil || e.Code != c.code || e.Sentence != c.sentence || e.Next == "" || got != nil {
				t.Errorf("%v, %v; want %s: %s", got, err, c.code, c.sentence)
			}
		})
	}
	t.Run("a disk that fails", func(t *testing.T) {
		_, err := notice.ReadCalendar("year.ics", iotest.ErrReader(errors.New("torn")), schoolYear, yearEnd)
		if data.CodeOf(err) != data.CodeNoAccess {
			t.Error(err)
		}
	})
}

func FuzzReadCalendar(f *testing.F) {
	f.Add(ics("DTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20270104\nRRULE:FREQ=WEEKLY;COUNT=2\nEXDATE:20261222\nSUMMARY:A"))
	f.Add(ics("DTSTART;TZID=Europe/Berlin:20261221T000000\nDURATION:P1D\nRDATE:20270101T000000"))
	f.Add(ics("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=-1MO,2TU;BYSETPOS=1;BYMONTHDAY=-3;BYMONTH=2;UNTIL=20270101"))
	f.Add(ics("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYWEEKNO=20,-1;BYYEARDAY=366;BYEASTER=1;WKST=SU"))
	f.Add("Id;Country;StartDate;EndDate;Type;Name\n1;DE;2026-10-19;2026-10-31;School;DE Herbst,EN Autumn")
	f.Add("first,last,name\n21/12/2026,1.1.2027,\"A\"\n")
	f.Fuzz(func(t *testing.T, file string) {
		got, err := notice.ReadCalendar("x", strings.NewReader(file), schoolYear, yearEnd)
		if err != nil {
			if e := data.AsError(err); e == nil || e.Sentence == "" || got != nil {
				t.Fatalf("%v with %v", err, got)
			}
			return
		}
		regional, err := notice.ReadRegions("x", strings.NewReader(file), schoolYear, yearEnd)
		if err != nil {
			t.Fatal(err)
		}
		for _, region := range regional.Regions() {
			own, err := regional.In(region)
			if err != nil && data.CodeOf(err) != data.CodeNotFound || len(own) > len(got) {
				t.Fatalf("%q: %v of %d, %v", region, own, len(got), err)
			}
		}
		for _, c := range got {
			if c.Last < c.First || c.Last < schoolYear || c.First > yearEnd || strings.ContainsAny(c.Name, "\r\n") {
				t.Fatalf("%+v", c)
			}
		}
	})
}
