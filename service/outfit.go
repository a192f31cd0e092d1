package main

import (
	"context"
	"strings"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/control"
)

// outfit is what install does beyond the service, for a computer that nobody sits at.
type outfit struct {
	users    string // who gets access, with commas between
	settings string // a file of settings for a gateway that has none yet
}

const installHelp = `Install the service, to be started by hand at first. Done again it repairs, and leaves data and startup as they are.

With --user somebody may work with it, as with access add; several names have commas between them. With --settings the
settings are read from a file of settings export, if there are none yet: what a school has changed since is never undone.
Passwords do not stand in such a file.`

func (o outfit) people() []string {
	var all []string
	for name := range strings.SplitSeq(o.users, ",") {
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// check looks at what is asked before anything is done. On a computer that has the service already, what is wrong is told and
// left out: an upgrade does not fail because somebody has left the school.
func (a *app) check(ctx context.Context, o outfit, fresh bool) (people []string, settings map[string]string, err error) {
	wrong := func(err error) error {
		if fresh {
			return err
		}
		a.sayf("Note  %s", strings.TrimSpace(err.Error()))
		return nil
	}
	for _, name := range o.people() {
		if err := control.CheckPerson(ctx, name); err == nil {
			people = append(people, name)
		} else if err := wrong(err); err != nil {
			return nil, nil, err
		}
	}
	if o.settings == "" {
		return people, nil, nil
	}
	settings, err = readImport(o.settings, a.In)
	if err != nil {
		return people, nil, wrong(err)
	}
	return people, settings, nil
}

// furnish does what was checked.
func (a *app) furnish(ctx context.Context, people []string, settings map[string]string) error {
	if furnishes {
		if err := a.withStore(ctx, func(*store.Store) error { return nil }); err != nil {
			a.sayf("Note  %s", strings.TrimSpace(err.Error()))
		}
	}
	if len(settings) > 0 {
		if err := a.firstSettings(ctx, settings); err != nil {
			return err
		}
	}
	for _, name := range people {
		text, err := control.AddAccess(ctx, a.layout(), name)
		if err != nil {
			return err
		}
		a.sayf("%s", text)
	}
	return nil
}

// firstSettings stores settings unless something is set already.
func (a *app) firstSettings(ctx context.Context, changes map[string]string) error {
	return a.withStore(ctx, func(s *store.Store) error {
		stored, _, err := s.Settings(ctx)
		if err != nil {
			return err
		}
		if len(stored) > 0 {
			a.sayf("Note  There are settings already; those of the file are left out.")
			return nil
		}
		for name := range changes {
			if f, ok := data.FieldByName(name); !ok || f.Kind == data.FieldPassword {
				a.sayf("Note  %s: left out.", data.Clean(name, 60))
				delete(changes, name)
			}
		}
		return a.save(ctx, s, changes)
	})
}
