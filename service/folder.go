package main

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/control"
)

const folderHelp = `Let the service into another folder, and watch it.

The folder must be there and hold nothing else. On Linux the service sees only its own folders; this opens one more for
it. It is let in after a restart of the service.

With --imports it is the folder for lists: what the library system exports into it, patrons and loans, is taken in by
itself, once the first list of each kind was imported by hand. Lists that were taken in are renamed, and the last five of
each kind kept; a list in doubt is held as NAME.held with the reason beside it. Where the service may not write, each list
is taken in once all the same, but nothing is renamed. To stop it: smtp-gateway settings set imports.folder=`

func (a *app) folderCommand() *cobra.Command {
	c := &cobra.Command{Use: "folder", Short: "The folders that are watched", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	var lists bool
	use := &cobra.Command{Use: "use PATH", Short: "Let the service use another folder, and watch it", Long: folderHelp, Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		purpose := control.ForMail
		if lists {
			purpose = control.ForLists
		}
		return a.folderUse(c.Context(), purpose, args[0])
	}}
	use.Flags().BoolVar(&lists, "imports", false, "it is the folder for lists of patrons and loans (imports.folder), not the one for mail")
	c.AddCommand(use)
	return c
}

// folderUse lets the service's account reach the folder, then makes it the one that is watched.
func (a *app) folderUse(ctx context.Context, purpose control.Purpose, name string) error {
	path, err := filepath.Abs(name)
	if err != nil {
		return &data.Error{Code: data.CodeUsage, Sentence: "The folder cannot be named.", Next: "Give its whole path.", Err: err}
	}
	p := a.place()
	return a.withStore(ctx, func(s *store.Store) error {
		set, _, _, err := readSettings(ctx, s)
		if err != nil {
			return err
		}
		setting, other := "folder", set.ImportsFolder
		if purpose == control.ForLists {
			setting, other = "imports.folder", mailFolder(&set, p)
		}
		if err := p.CheckFolder(path); err != nil {
			return err
		}
		if same(path, other) {
			return &data.Error{Code: data.CodeBadSettings, Sentence: path + " is used already, for lists or for mail.", Next: "Choose a folder of its own: what lies in it is taken, and means something else."}
		}
		if p.Installed {
			if path, err = control.UseFolder(ctx, a.layout(), purpose, path); err != nil {
				return err
			}
		}
		return a.save(ctx, s, map[string]string{setting: path})
	})
}

// mailFolder is the folder for mail.
func mailFolder(set *data.Settings, p place.Place) string {
	if set.Folder != "" {
		return set.Folder
	}
	return p.Folder
}

// same reports whether two paths lead to one folder.
func same(a, b string) bool {
	if b == "" {
		return false
	}
	if actual, err := filepath.EvalSymlinks(a); err == nil {
		a = actual
	}
	if actual, err := filepath.EvalSymlinks(b); err == nil {
		b = actual
	}
	return filepath.Clean(a) == filepath.Clean(b)
}
