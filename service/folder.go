package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/control"
)

// folderUse lets the service's account reach the folder, then makes it the one that is watched.
func (a *app) folderUse(c *cobra.Command, args []string) error {
	path, err := filepath.Abs(args[0])
	if err != nil {
		return &data.Error{Code: data.CodeUsage, Sentence: "The folder cannot be named.", Next: "Give its whole path.", Err: err}
	}
	p := a.place()
	if err := p.CheckFolder(path); err != nil {
		return err
	}
	if p.Installed {
		if path, err = control.UseFolder(c.Context(), a.layout(), path); err != nil {
			return err
		}
	}
	return a.withStore(c.Context(), func(s *store.Store) error {
		return a.save(c.Context(), s, map[string]string{"folder": path})
	})
}
