package screen

import (
	"context"
	"os"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/store"
)

// opening is the store while it is open, with those who use it: the last to let go of one that was given up closes it.
type opening struct {
	store *store.Store
	users int
	over  bool
}

// use gives the open store until release is called; nil: it is not open, and problem says why.
func (d *Desk) use() (s *store.Store, release func(), problem *data.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.opening
	if o == nil {
		return nil, func() {}, d.problem
	}
	o.users++
	return o.store, func() {
		d.mu.Lock()
		o.users--
		last := o.over && o.users == 0
		d.mu.Unlock()
		if last {
			d.shut(o)
		}
	}, nil
}

// open opens the store if it is not open yet. The window may make what is missing where a person named the folder;
// the installed one is the service's to make. What was there once is never made anew: a disk may come back.
func (d *Desk) open(ctx context.Context) bool {
	d.mu.Lock()
	open, before := d.opening != nil, d.openings
	if d.leaving > 0 { // the file is looked at before it is opened, but only while nobody here has it open
		d.awaited = true
		open = true
	}
	d.mu.Unlock()
	if open {
		return false
	}
	create := before == 0 && (!d.o.Place.Installed || os.Geteuid() == 0)
	o := store.Options{Now: d.o.Now, Log: d.o.Log}
	s, err := house.Open(ctx, d.o.Place, create, o)
	if err != nil && create {
		// Keys and folders that cannot be made stop nobody from looking at a database that is there. Of one that is not, the
		// first error says more.
		if again, other := house.Open(ctx, d.o.Place, false, o); data.CodeOf(other) != data.CodeNotFound {
			s, err = again, other
		}
	}
	if err != nil && before > 0 && data.CodeOf(err) == data.CodeNotFound {
		err = d.vanished(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		d.problem = asError(err)
		return false
	}
	d.opening, d.problem = &opening{store: s}, nil
	d.openings++
	return true
}

func (d *Desk) vanished(err error) *data.Error {
	return &data.Error{
		Code: data.CodeNotFound, Err: err,
		Sentence: d.Say("The database in {{.Path}} is no longer there.", With("Path", d.o.Place.Data)),
		Next:     d.Say("Put it back, or connect the disk it lies on; this window then goes on by itself."),
	}
}

// giveUp lets go of a store that cannot be believed any more; the next open looks at what lies there now.
func (d *Desk) giveUp(s *store.Store, why *data.Error) {
	d.mu.Lock()
	o := d.opening
	if o == nil || o.store != s {
		d.mu.Unlock()
		return
	}
	d.opening, d.problem = nil, why
	o.over = true
	d.leaving++
	last := o.users == 0
	d.mu.Unlock()
	if last {
		d.shut(o)
	}
}

// doubt has a store in which work met damage opened anew, once: what is seen then is the whole of it, and a person is told
// on every screen, or the screens that meet the damage say so for themselves.
func (d *Desk) doubt(s *store.Store, why *data.Error) {
	d.mu.Lock()
	again := d.doubted
	d.doubted = true
	d.mu.Unlock()
	if !again {
		d.giveUp(s, why)
		d.Wake()
	}
}

func (d *Desk) shut(o *opening) {
	if err := o.store.Close(); err != nil {
		d.o.Log.Error("closing the database", "error", err)
	}
	d.mu.Lock()
	d.leaving--
	again := d.awaited
	d.awaited = false
	d.mu.Unlock()
	if again {
		d.Wake()
	}
}

// believe reports why a store must not be read or written any more, and has the desk look if so: SQLite itself goes on
// with a file that was removed, or that is of a newer program now, as if nothing were.
func (d *Desk) believe(ctx context.Context, s *store.Store) error {
	err := s.There()
	if err == nil {
		err = s.Known(ctx)
	}
	switch data.CodeOf(err) {
	case data.CodeNotFound:
		err = d.vanished(err)
	case data.CodeConflict, data.CodeNewer:
	default: // what else may be wrong, the work itself says
		return nil
	}
	d.Wake()
	return err
}

// lost reports whether a problem is one that opening anew may end.
func lost(p *data.Error) bool {
	if p == nil {
		return false
	}
	switch p.Code {
	case data.CodeNotFound, data.CodeConflict, data.CodeNewer, data.CodeDamaged, data.CodeNoAccess:
		return true
	default:
		return false
	}
}
