// Package house is in charge of opening what lies at a place: the store, with folders and keys made where they are
// missing, and the seal for passwords that the service of that place can open. Service, command line and window open
// the same house by the same door.
package house

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/secret"
	"smtpgateway/data/store"
)

// Open opens the store of a place for any of the commands. With create it makes folders, keys and database where
// they are missing, as the first command on an empty folder does; without, a missing database is CodeNotFound.
func Open(ctx context.Context, p place.Place, create bool, o store.Options) (*store.Store, error) {
	o.Backups = p.Backups
	_, err := os.Stat(p.Database())
	switch {
	case err == nil:
		if create {
			// A database put back on another computer comes without keys.
			if _, err := os.Stat(p.Key); errors.Is(err, fs.ErrNotExist) {
				if err := p.Make(); err != nil {
					return nil, err
				}
			}
			if err := secret.Make(p.Key); err != nil {
				return nil, err
			}
			if err := p.Adopt(); err != nil {
				return nil, err
			}
		}
		return store.Open(ctx, p.Database(), o)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, &data.Error{Code: data.CodeNoAccess, Sentence: "The data folder " + p.Data + " cannot be opened.", Next: place.AccessHint, Err: err}
	case !create:
		return nil, &data.Error{Code: data.CodeNotFound, Sentence: "There is no database in " + p.Data + " yet.", Next: "Start the service once, or run a command with rights to create it."}
	}
	if err := p.Make(); err != nil {
		return nil, err
	}
	if err := secret.Make(p.Key); err != nil {
		return nil, err
	}
	s, err := store.Create(ctx, p.Database(), o)
	if err != nil {
		return nil, err
	}
	// Root on the command line must not leave files that the service's account cannot write.
	if err := p.Adopt(); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}
