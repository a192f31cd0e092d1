package notice_test

import (
	"slices"
	"strings"
	"testing"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// country is a file as openholidays offers it for a whole one, with a city that has a day of its own.
const country = "Id;Country;StartDate;EndDate;Type;RegionalScope;Name;Subdivisions;Comment\n" +
	"1;CH;2027-01-01;;Public;National;DE Neujahr,FR Nouvel an;;\n" +
	"2;CH;2027-01-06;;Public;Regional;DE Dreikönigstag;GR,TI;\n" +
	"3;CH;2027-02-08;2027-02-20;School;Regional;DE Sportferien;BE;\n" +
	"4;CH;2027-03-01;;School;Local;DE Chalandamarz;GR-CH;\n" +
	"5;CH;2020-03-01;;School;Regional;DE Alt;ZH;\n"

func TestReadRegions(t *testing.T) {
	read := func(t *testing.T, file string) *notice.RegionalCalendar {
		t.Helper()
		c, err := notice.ReadRegions("ch.csv", strings.NewReader(file), schoolYear, yearEnd)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	t.Run("the regions of a file are told, each once", func(t *testing.T) {
		if got := strings.Join(read(t, country).Regions(), " "); got != "BE GR GR-CH TI ZH" {
			t.Error(got)
		}
	})
	for _, c := range []struct{ promise, region, want string }{
		{"a region has its own days and those of the whole country, and no name says where", "GR", "2027-01-01..2027-01-01 Neujahr\n2027-01-06..2027-01-06 Dreikönigstag"},
		{"it is found in small letters and with blanks", " be ", "2027-01-01..2027-01-01 Neujahr\n2027-02-08..2027-02-20 Sportferien"},
		{"a city has the days of its region too", "GR-CH", "2027-01-01..2027-01-01 Neujahr\n2027-01-06..2027-01-06 Dreikönigstag\n2027-03-01..2027-03-01 Chalandamarz"},
		{"a region with days of other years only has those of the country", "ZH", "2027-01-01..2027-01-01 Neujahr"},
	} {
		t.Run(c.promise, func(t *testing.T) {
			got, err := read(t, country).In(c.region)
			if err != nil || spans(got) != c.want {
				t.Errorf("%v\n%s\nwant\n%s", err, spans(got), c.want)
			}
			if slices.ContainsFunc(got, func(c data.Closed) bool { return c.Source != "ch.csv" }) {
				t.Error("the source is another")
			}
		})
	}
	t.Run("the end of a region's name will do", func(t *testing.T) {
		c := read(t, "first;last;name;region\n2027-01-06;;A;CH-GR\n2027-01-07;;B;CH-TI\n")
		if got, err := c.In("gr"); err != nil || spans(got) != "2027-01-06..2027-01-06 A" {
			t.Error(err, got)
		}
		if got, err := c.In("CH"); err == nil {
			t.Error(got)
		}
	})
	t.Run("a region that the file does not have is refused with those it has", func(t *testing.T) {
		for _, region := range []string{"XX", "", "-"} {
			got, err := read(t, country).In(region)
			if e := data.AsError(err); e == nil || e.Code != data.CodeBadList || e.Next != "Its regions are: BE, GR, GR-CH, TI, ZH." || got != nil {
				t.Errorf("%q: %v, %v", region, got, err)
			}
		}
	})
	t.Run("a region without a day in that time says so", func(t *testing.T) {
		got, err := read(t, strings.ReplaceAll(country, "National;DE Neujahr,FR Nouvel an;;", "Regional;DE Neujahr;TI;")).In("ZH")
		if data.CodeOf(err) != data.CodeNotFound || got != nil {
			t.Error(got, err)
		}
	})
	t.Run("a calendar without regions has none to choose", func(t *testing.T) {
		c := read(t, ics("DTSTART;VALUE=DATE:20261221\nSUMMARY:A"))
		_, err := c.In("GR")
		if e := data.AsError(err); len(c.Regions()) != 0 || e == nil || e.Next == "" || spans(c.Everywhere()) != "2026-12-21..2026-12-21 A" {
			t.Error(c.Regions(), err)
		}
	})
	t.Run("regions without end are refused", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("first;name;region\n2027-01-06;A;")
		for i := range 1001 {
			b.WriteString(strings.Repeat("x", i%30) + string(rune('a'+i/30%26)) + string(rune('a'+i/780)) + ",")
		}
		_, err := notice.ReadRegions("ch.csv", strings.NewReader(b.String()), schoolYear, yearEnd)
		if data.CodeOf(err) != data.CodeUsage {
			t.Error(err)
		}
	})
}
