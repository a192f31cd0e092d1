package lists

import (
	"context"
	"errors"
	"slices"

	"smtpgateway/data"
	"smtpgateway/data/mirror"
)

// Imports is what Standing needs of the database.
type Imports interface {
	lastImport

	Imports(ctx context.Context, limit int) ([]data.ImportRecord, error)
}

// Standing is how the folder stands, for who does not run the service.
type Standing struct {
	Held []Held // lists that wait for a person, the newest first
	Left int    // lists that were taken in and lie there as they came: the service may not rename them
}

// Stands looks at the folder without changing anything. Errors have data.CodeNoAccess.
func Stands(ctx context.Context, dir string, s Imports) (st Standing, err error) {
	m, err := mirror.Open(dir)
	if err != nil {
		return st, err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	done, err := s.Imports(ctx, 500)
	if err != nil {
		return st, err
	}
	err = m.Names(func(names []string) error {
		for _, name := range names {
			if h, ok := readHeld(m, name); ok {
				over, err := h.over(ctx, s)
				if err != nil {
					return err
				}
				if !over {
					st.Held = append(st.Held, h)
				}
			} else if candidate(name) && taken(m, name, done) {
				st.Left++
			}
		}
		return ctx.Err()
	})
	slices.SortFunc(st.Held, newerFirst)
	return st, err
}

// taken reports whether a file is one that the service took in. Its hash would say so for certain; nobody reads whole lists
// for a line of status.
func taken(m *mirror.Folder, name string, done []data.ImportRecord) bool {
	id, err := m.Look(name)
	return err == nil && id.Regular && slices.ContainsFunc(done, func(r data.ImportRecord) bool {
		return r.Origin != "" && endsWith(r.Origin, id.Seen())
	})
}

func endsWith(origin, seen string) bool {
	return len(origin) > len(seen) && origin[len(origin)-len(seen)-1:] == " "+seen
}
