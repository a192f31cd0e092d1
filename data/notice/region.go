package notice

import (
	"fmt"
	"slices"
	"strings"

	"smtpgateway/data"
)

// Bounds of regions; the largest country of openholidays has some hundred.
const (
	maxRegions    = 1_000
	maxRegionName = 40 // characters
)

// RegionalCalendar is what a calendar file says, for each region of its country.
type RegionalCalendar struct{ spans closedSpans }

// Source is the name of the file, as Closed.Source has it.
func (c *RegionalCalendar) Source() string { return c.spans.source }

// Regions are those the file tells apart, as it writes them and in the order of their names: "BE", "GR", "GR-CH". With
// fewer than two there is nothing to choose.
func (c *RegionalCalendar) Regions() []string { return slices.Clone(c.spans.regions) }

// Everywhere is every span of the file. Where it tells regions apart, names say for which: "Epiphany (GR, TI)".
func (c *RegionalCalendar) Everywhere() []data.Closed {
	differ := slices.ContainsFunc(c.spans.all, func(s closedSpan) bool { return !slices.Equal(s.places, c.spans.all[0].places) })
	all := make([]data.Closed, 0, len(c.spans.all))
	for _, s := range c.spans.all {
		if differ && len(s.places) > 0 {
			s.Name = data.Clean(s.Name+" ("+strings.Join(s.places, ", ")+")", maxClosedName)
		}
		all = append(all, s.Closed)
	}
	return all
}

// In gives the spans that hold in a region: its own, those of the larger region it lies in, and those of the whole country.
// region is one of Regions in any letters, or its end: GR is found as CH-GR. One that the file does not have is a
// *data.Error with CodeBadList that lists those it has; CodeNotFound: the region has no closed day in that time.
func (c *RegionalCalendar) In(region string) ([]data.Closed, error) {
	known, ok := c.find(region)
	if !ok {
		return nil, c.Ask(fmt.Sprintf("The calendar has no region %q.", data.Clean(region, maxRegionName)))
	}
	var all []data.Closed
	for _, s := range c.spans.all {
		if len(s.places) == 0 || slices.ContainsFunc(s.places, func(p string) bool { return p == known || strings.HasPrefix(known, p+"-") }) {
			all = append(all, s.Closed)
		}
	}
	if len(all) == 0 {
		return nil, nothingClosed(c.spans.from, c.spans.to)
	}
	return all, nil
}

// Ask is the error, with CodeBadList, for a calendar of which no region of those it has was chosen; sentence is what is wrong.
func (c *RegionalCalendar) Ask(sentence string) *data.Error {
	if len(c.spans.regions) == 0 {
		return &data.Error{Code: data.CodeBadList, Sentence: sentence, Next: "It tells no regions apart: take it in without one."}
	}
	return &data.Error{Code: data.CodeBadList, Sentence: sentence, Next: "Its regions are: " + strings.Join(c.spans.regions, ", ") + "."}
}

func (c *RegionalCalendar) find(region string) (string, bool) {
	region = strings.TrimSpace(region)
	found, n := "", 0
	for _, r := range c.spans.regions {
		switch {
		case strings.EqualFold(r, region):
			return r, true
		case region != "" && strings.HasSuffix(strings.ToLower(r), "-"+strings.ToLower(region)):
			found, n = r, n+1
		}
	}
	return found, n == 1
}

// splitPlaces takes "GR,TI" apart.
func splitPlaces(s string) []string {
	var all []string
	for _, place := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
		if place = data.Clean(strings.TrimSpace(place), maxRegionName); place != "" {
			all = append(all, place)
		}
	}
	return all
}

// sortRegions keeps each region once.
func (s *closedSpans) sortRegions() error {
	slices.Sort(s.regions)
	if s.regions = slices.Compact(s.regions); len(s.regions) > maxRegions {
		return badCalendar(nil, "The calendar tells more than %d regions apart.", maxRegions)
	}
	return nil
}
