package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/service/control"
)

// furnishes: install makes folders and database, as the window of a person without rights cannot.
const furnishes = true

// setupCommand is what setup programs call around copying files. The rest is install's.
func (a *app) setupCommand() *cobra.Command {
	c := &cobra.Command{Use: "setup", Short: "What setup programs call", Hidden: true, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	var dir, purge string
	var anyway bool
	before := &cobra.Command{Use: "before", Short: "Close the window and stop the service, so that files can be replaced", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		dir, err := programFolder(dir)
		if err != nil {
			return err
		}
		return control.BeforeFiles(c.Context(), dir, anyway)
	}}
	before.Flags().StringVar(&dir, "dir", "", "where the programs are; otherwise where this one is")
	before.Flags().BoolVar(&anyway, "anyway", false, "go on when a window stays open")
	resume := &cobra.Command{Use: "resume", Short: "Start the service if it ran before", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.resume(c.Context())
	}}
	remove := &cobra.Command{Use: "remove", Short: "Close the window and remove the service", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		dir, err := programFolder("")
		if err != nil {
			return err
		}
		if err := control.BeforeFiles(c.Context(), dir, true); err != nil {
			return err
		}
		if err := control.Uninstall(c.Context()); err != nil && data.CodeOf(err) != data.CodeNotFound {
			return err
		}
		control.Forget()
		if purge == "" || purge == "0" {
			return a.done("removed")
		}
		if err := control.Purge(c.Context(), a.layout()); err != nil {
			return err
		}
		return a.done("purged")
	}}
	remove.Flags().StringVar(&purge, "purge", "", "1: remove messages, settings and keys too")
	c.AddCommand(before, resume, remove)
	return c
}

func programFolder(named string) (string, error) {
	if named != "" {
		return filepath.Abs(named)
	}
	program, err := os.Executable()
	return filepath.Dir(program), err
}

// serviceIdentity is what folders are opened to.
func serviceIdentity() string { return place.ServiceSID(place.WindowsService) }

// resume starts a service that setup stopped. One that cannot start is told: what setup did is done.
func (a *app) resume(ctx context.Context) error {
	started, err := control.Resume(ctx)
	if err != nil {
		var e *control.Error
		if !errors.As(err, &e) {
			return err
		}
		a.sayf("Note  %s", e.Error())
	} else if started {
		a.sayf("The service runs again.")
	}
	return nil
}
