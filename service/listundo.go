package main

import (
	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/store"
)

// undoCommand takes the last import of a kind back.
func (a *app) undoCommand(kind data.RosterKind) *cobra.Command {
	var addresses bool
	c := &cobra.Command{Use: "undo", Short: "Take the last import of " + string(kind) + " back", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		roomy()
		ctx := c.Context()
		if addresses {
			kind = data.RosterAddresses
		}
		return a.withStore(ctx, func(s *store.Store) error {
			r, err := s.UndoImport(ctx, kind)
			if err != nil {
				return err
			}
			if err := noteImport(ctx, s, "undone by a person", &r); err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, r)
			}
			a.sayf("The import of %s is undone: %s", data.Clean(r.File, 80), r.Counts())
			if r.Kept > 0 {
				a.sayf("%s, because something was done with them since.", countOf(r.Kept, "stays as it is", "stay as they are"))
			}
			return nil
		})
	}}
	if kind == data.RosterPatrons {
		c.Flags().BoolVar(&addresses, "addresses", false, "the last import of e-mail addresses")
	}
	return c
}

func (a *app) importsCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{Use: "imports", Short: "List what was imported, newest first", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if err := between(limit, 500); err != nil {
			return err
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			all, err := s.Imports(c.Context(), limit)
			if err != nil {
				return err
			}
			if a.json {
				if all == nil {
					all = []data.ImportRecord{}
				}
				return encode(a.Out, all)
			}
			if len(all) == 0 {
				a.sayf("Nothing was imported yet.")
				return nil
			}
			a.sayf("%s  %-9s  %s  %s", cut("WHEN", 21), "LIST OF", cut("FILE", 26), "WHAT")
			for i := range all {
				r := &all[i]
				words := r.Counts()
				switch {
				case !r.Undone.IsZero():
					words += " Undone " + when(r.Undone) + "."
				case r.Undoable:
					words += " Can be undone."
				}
				a.sayf("%s  %-9s  %s  %s", cut(when(r.At), 21), r.Kind, cut(r.File, 26), words)
			}
			return nil
		})
	}}
	c.Flags().IntVar(&limit, "limit", 20, "at most this many, 1 to 500")
	return c
}

func (a *app) mappingsCommand() *cobra.Command {
	c := &cobra.Command{Use: "mappings", Short: "List what is kept about the columns of lists", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.withStore(c.Context(), func(s *store.Store) error {
			all, err := s.Mappings(c.Context())
			if err != nil {
				return err
			}
			if a.json {
				if all == nil {
					all = []data.Mapping{}
				}
				return encode(a.Out, all)
			}
			if len(all) == 0 {
				a.sayf("No mapping is kept yet: add --save-mapping NAME to an import.")
				return nil
			}
			a.sayf("%s  %-9s  %-8s  %s", cut("NAME", 30), "LIST OF", "COLUMNS", "SAVED")
			for _, m := range all {
				a.sayf("%s  %-9s  %8d  %s", cut(m.Name, 30), m.Kind, len(m.Columns), when(m.Saved))
			}
			return nil
		})
	}}
	c.AddCommand(a.mappingsDelete())
	return c
}

func (a *app) mappingsDelete() *cobra.Command {
	var kind string
	c := &cobra.Command{Use: "delete NAME", Short: "Forget a mapping", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return a.withStore(c.Context(), func(s *store.Store) error {
			all, err := s.Mappings(c.Context())
			if err != nil {
				return err
			}
			var meant []data.Mapping
			for _, m := range all {
				if m.Name == args[0] && (kind == "" || string(m.Kind) == kind) {
					meant = append(meant, m)
				}
			}
			if len(meant) > 1 {
				return usage("There are several mappings of this name.", "Add --kind patrons, --kind loans or --kind addresses.")
			}
			if len(meant) == 0 {
				return &data.Error{Code: data.CodeNotFound, Sentence: "There is no mapping of this name.", Next: "smtp-gateway patrons mappings shows them."}
			}
			if err := s.DeleteMapping(c.Context(), meant[0].Name, meant[0].Kind); err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, map[string]any{"deleted": meant[0].Name, "kind": meant[0].Kind})
			}
			a.sayf("The mapping %q is forgotten.", meant[0].Name)
			return nil
		})
	}}
	c.Flags().StringVar(&kind, "kind", "", "of which lists, if several have this name: patrons, loans, addresses")
	return c
}
