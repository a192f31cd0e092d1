package screen

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"smtpgateway/data"
	"smtpgateway/data/roster"
	"smtpgateway/data/store"
)

// openedList is a file as it was understood.
type openedList struct {
	path    string
	options roster.Options
	told    *atomic.Pointer[func(done, total int64)] // who is told how far reading has come
	file    *roster.File
	look    roster.Look
	means   map[data.RosterKind]roster.Proposal
	fits    []data.Mapping // saved ones that fit, the best first
	rows    int            // below zero: not known yet
	dates   []data.DateQuestion
}

// rosterKinds are what a list may hold, in the order a person chooses from.
var rosterKinds = []data.RosterKind{data.RosterPatrons, data.RosterLoans, data.RosterAddresses}

// openFile finds out what a file is; search: saved answers may say how it is to be read.
func openFile(path string, o roster.Options, kept []data.Mapping, today data.Date, search bool) func(ctx context.Context) (*openedList, error) {
	return func(ctx context.Context) (*openedList, error) {
		l, err := openAs(path, o, kept, search) //nolint:contextcheck // opening cannot be stopped: who waits for it is patient
		if err != nil {
			return nil, err
		}
		m := l.begin(l.look.Kind)
		if len(l.fits) > 0 {
			m = l.fits[0]
		}
		l.count(ctx, m, today)
		return l, ctx.Err()
	}
}

func openAs(path string, o roster.Options, kept []data.Mapping, search bool) (*openedList, error) {
	l := &openedList{path: path, told: new(atomic.Pointer[func(done, total int64)]), means: map[data.RosterKind]roster.Proposal{}, rows: -1}
	if first := o.Progress; first != nil {
		l.told.Store(&first)
	}
	o.Progress = func(done, total int64) {
		if f := l.told.Load(); f != nil {
			(*f)(done, total)
		}
	}
	if err := l.open(o, kept, search); err != nil {
		return nil, err
	}
	l.look = l.file.Look()
	for _, kind := range rosterKinds {
		l.means[kind] = l.file.Propose(kind)
	}
	for _, m := range kept {
		if len(m.Columns) > 0 && len(l.file.Missing(m)) == 0 {
			l.fits = append(l.fits, m)
		}
	}
	slices.SortStableFunc(l.fits, func(a, b data.Mapping) int { return len(b.Columns) - len(a.Columns) })
	return l, nil
}

// open opens the file as it says itself, or as saved answers that fit say.
func (l *openedList) open(o roster.Options, kept []data.Mapping, search bool) (err error) {
	l.options = o
	if !search {
		l.file, err = roster.Open(l.path, o)
		return err
	}
	var m data.Mapping
	var fits bool
	if l.file, m, fits, err = roster.OpenSaved(l.path, o, kept); err == nil && fits {
		l.options.Encoding, l.options.Separator, l.options.HeaderRow = m.Encoding, m.Separator, m.HeaderRow
	}
	return err
}

// begin is what the columns are taken for, with every question answered as it is proposed.
func (l *openedList) begin(kind data.RosterKind) data.Mapping {
	p := l.means[kind]
	m := p.Mapping
	for _, q := range p.Questions {
		if len(q.Proposed) > 0 {
			m = roster.Answer(m, q, q.Proposed...)
		}
	}
	return m
}

// count finds out how many rows there are and which dates must be asked about. What goes wrong here goes wrong again when
// the list is read, and is said then.
func (l *openedList) count(ctx context.Context, m data.Mapping, today data.Date) {
	for range 2 {
		b, dates, err := l.file.Read(ctx, m, today)
		if err != nil {
			return
		}
		if b != nil {
			l.rows = b.Rows
			return
		}
		l.dates = dates
		for _, q := range dates { // either order gives the same number of rows
			m = roster.AnswerDate(m, q, q.Orders[0])
		}
	}
}

// open opens a file and shows what it is; search: saved answers may say how it is to be read.
func (im *Import) open(path string, o roster.Options, search bool) {
	today := im.desk.today()
	importWork(im, im.desk.Say("Reading the file."), func(ctx context.Context, s *store.Store, tell func(done, total int64)) (*openedList, error) {
		kept, err := s.Mappings(ctx)
		if err != nil {
			return nil, err
		}
		o.Progress = tell
		return patient(ctx, openFile(path, o, kept, today, search))
	}, func(l *openedList, err error) {
		if err != nil {
			im.fail(err)
			return
		}
		im.take(l)
		im.step = max(im.step, ImportLook)
	})
}

// take puts a file in place of the one before. What a person chose stays, if the columns are still the same.
func (im *Import) take(l *openedList) {
	same := im.list != nil && im.list.path == l.path && slices.Equal(im.list.look.Headers, l.look.Headers)
	im.list, im.stale, im.plan = l, false, nil
	if same {
		im.mapping.Encoding, im.mapping.Separator, im.mapping.HeaderRow = l.options.Encoding, l.options.Separator, l.options.HeaderRow
		im.dates = l.dates
		return
	}
	if len(l.fits) > 0 {
		im.use(l.fits[0])
		return
	}
	im.kind = l.look.Kind
	im.propose()
}

// propose begins with what the columns seem to mean.
func (im *Import) propose() {
	im.mapping = im.list.begin(im.kind)
	name := im.mapping.Name
	if isHeld(name) {
		name = name[:len(name)-len(heldEnd)]
	}
	if IsListName(name) { // a file's, for want of a better one
		name = strings.TrimSuffix(name, filepath.Ext(name))
	}
	im.used, im.name, im.answered, im.dates = "", name, map[string]bool{}, im.list.dates
	for _, q := range im.list.means[im.kind].Questions {
		im.answered[q.ID] = q.Many || len(q.Proposed) > 0
	}
	im.arrange()
}

// use begins with saved answers.
func (im *Import) use(m data.Mapping) {
	im.kind, im.mapping, im.used, im.name = m.Kind, m, m.Name, m.Name
	im.answered, im.dates = map[string]bool{}, nil
	im.arrange()
}
