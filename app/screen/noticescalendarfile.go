package screen

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/notice"
)

// calendarAhead and calendarBack are how many days of a calendar file are taken in.
const (
	calendarBack  = 60
	calendarAhead = 2 * 366
	spansShown    = 6
)

// CalendarFile is what was found in a calendar file.
type CalendarFile struct {
	Words   string   // how many spans, from when to when; or that a region must be chosen
	Spans   []string // the first of them, in words; none: nothing can be taken in yet
	File    string
	Regions []string // those to choose from; none: the file is for one
	closed  []data.Closed
	all     *notice.RegionalCalendar
}

// ReadCalendar looks into a calendar file; nothing is stored. found gets what is in it, failed why it cannot be read.
func (n *Notices) ReadCalendar(path string, found func(CalendarFile), failed func(words string)) {
	d := n.desk
	path = strings.TrimSpace(path)
	if !filepath.IsAbs(path) {
		failed(d.Say("Choose a file, or write its whole path."))
		return
	}
	today := d.today()
	Go(d, func(ctx context.Context) (*notice.RegionalCalendar, error) {
		return patient(ctx, func(context.Context) (*notice.RegionalCalendar, error) { // a share may not answer
			f, err := os.Open(path) //nolint:gosec // a person chose it
			if err != nil {
				return nil, err
			}
			defer func() { _ = f.Close() }()
			return notice.ReadRegions(filepath.Base(path), f, today-calendarBack, today+calendarAhead)
		})
	}, func(all *notice.RegionalCalendar, err error) {
		if err != nil {
			words := d.Say("The file {{.Path}} cannot be read.", With("Path", path))
			if e := data.AsError(err); e != nil {
				words = e.Error()
			}
			failed(words)
			return
		}
		c := CalendarFile{File: filepath.Base(path), all: all}
		if c.Regions = all.Regions(); len(c.Regions) > 1 {
			c.Words = d.Say("This calendar is for several regions. Choose yours.")
			found(c)
			return
		}
		c.Regions, c.closed = nil, all.Everywhere()
		found(n.describe(c))
	})
}

// InRegion is the file with the days of one of its regions only; those of the whole country are among them.
func (n *Notices) InRegion(c CalendarFile, region string) CalendarFile {
	if c.all == nil {
		return c
	}
	closed, err := c.all.In(region)
	c.closed = closed
	if err != nil {
		c.Words, c.Spans = asError(err).Error(), nil
		return c
	}
	return n.describe(c)
}

func (n *Notices) describe(c CalendarFile) CalendarFile {
	d := n.desk
	last := slices.MaxFunc(c.closed, func(a, b data.Closed) int { return int(a.Last - b.Last) }).Last
	with := With("N", len(c.closed), "From", d.Date(c.closed[0].First), "To", d.Date(last))
	c.Words = d.Say("{{.N}} times of closed days, from {{.From}} to {{.To}}.", with)
	if len(c.closed) == 1 {
		c.Words = d.Say("1 time of closed days, from {{.From}} to {{.To}}.", with)
	}
	c.Spans = nil
	for _, one := range c.closed[:min(len(c.closed), spansShown)] {
		c.Spans = append(c.Spans, strings.TrimSpace(n.Span(one)+"  "+one.Name))
	}
	if len(c.closed) > spansShown {
		c.Spans = append(c.Spans, d.Say("and {{.N}} more", With("N", len(c.closed)-spansShown)))
	}
	if slices.ContainsFunc(n.seen.closed, func(one data.Closed) bool { return one.Source == c.File }) {
		c.Words += " " + d.Say("They take the place of what came from a file of this name before.")
	}
	return c
}

// TakeCalendar stores what was found.
func (n *Notices) TakeCalendar(c CalendarFile) {
	if len(c.closed) == 0 {
		return // no region is chosen yet
	}
	n.do(n.desk.Say("Saving."), func(w *noticesWork) error { return w.store.ReplaceClosed(w.ctx, c.File, c.closed) }, func() {
		n.notice(n.desk.Say("The closed days of {{.File}} are taken in.", With("File", c.File)), nil)
	})
}
