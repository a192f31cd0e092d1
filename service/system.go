package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/place"
	"smtpgateway/service/control"
	"smtpgateway/service/gateway"
)

func (a *app) runCommand() *cobra.Command {
	return &cobra.Command{Use: "run", Short: "Run as the service; this is what the system's service manager starts", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		a.exit = control.Serve(place.WindowsService, a.serve)
		return nil
	}}
}

// serve is one life of the service. Whatever ends it by itself is told three times: by the exit code, to the service
// manager in words, and in the journal, for the store may be the broken part.
func (a *app) serve(ctx context.Context, host control.Host) control.Exit {
	p := a.place()
	log, closeLog := serviceLog(p, host)
	o := gateway.Options{Place: p, Version: version, Log: log}
	if a.Self != "" {
		o.Lists = []string{a.Self, "--data", p.Data, takeLists}
	}
	g := gateway.New(o)
	err := g.Open(ctx)
	if err == nil {
		err = errors.Join(g.Run(ctx, host), g.Close())
	}
	exit := control.Exit{Cause: control.Ended}
	if err != nil {
		what, next := data.Words(err)
		exit = control.Exit{Cause: control.CauseOf(string(data.CodeOf(err))), Reason: what + " " + next}
		log.Error("the service stopped by itself", "reason", exit.Reason, "error", err, "cause", errors.Unwrap(err))
	}
	_ = closeLog()
	return exit
}

func (a *app) installCommand() *cobra.Command {
	var o outfit
	c := &cobra.Command{Use: "install", Short: "Install the service, to be started by hand at first", Long: installHelp, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.install(c.Context(), o)
	}}
	c.Flags().StringVar(&o.users, "user", "", "who may work with it; commas between several")
	c.Flags().StringVar(&o.settings, "settings", "", "file of settings, for a gateway that has none yet")
	return c
}

func (a *app) install(ctx context.Context, o outfit) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if !a.place().Installed {
		return &data.Error{Code: data.CodeUsage, Sentence: "The service uses the data folder of this computer.", Next: "Install without --data."}
	}
	before, err := control.Query(ctx)
	if err != nil {
		return err
	}
	people, settings, err := a.check(ctx, o, !before.Installed)
	if err != nil {
		return err
	}
	_, empty := os.Stat(a.place().Database()) // a package has installed the service before anybody has set it up
	l := a.layout()
	l.Program = program
	notes, err := control.Install(ctx, l)
	if err != nil {
		return err
	}
	for _, n := range notes {
		a.sayf("Note  %s", n)
	}
	if err := a.furnish(ctx, people, settings); err != nil {
		return err
	}
	if before.Installed && empty == nil {
		a.sayf("Installed again; it starts as before.")
		return errors.Join(a.resume(ctx), a.done("installed"))
	}
	a.sayf("Installed; it starts by hand until you say otherwise.")
	a.sayf("Next: smtp-gateway settings set server1.host=... from.address=... test_to=..., then smtp-gateway start, then smtp-gateway test.")
	a.sayf("When the test is well: smtp-gateway startup auto.")
	return errors.Join(a.resume(ctx), a.done("installed"))
}

// layout is the place as the service manager needs to know it.
func (a *app) layout() control.Layout {
	p := a.place()
	return control.Layout{Data: p.Data, Key: p.Key, Logs: p.Logs, Folder: p.Folder, Service: serviceIdentity()}
}

// done answers where a program reads.
func (a *app) done(what string) error {
	if a.json {
		return encode(a.Out, map[string]string{"done": what})
	}
	return nil
}

// systemDo is a command that is one call to the service manager.
func (a *app) systemDo(name, short, said string, do func(context.Context) error) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if err := do(c.Context()); err != nil {
			return err
		}
		a.sayf("%s", said)
		return a.done(name)
	}}
}

func (a *app) uninstallCommand() *cobra.Command {
	return a.systemDo("uninstall", "Remove the service; messages and settings stay", "Removed. Messages, settings and the folder are still there.", control.Uninstall)
}

func (a *app) startCommand() *cobra.Command {
	return a.systemDo("start", "Start the service", "Started.", control.Start)
}

func (a *app) stopCommand() *cobra.Command {
	return a.systemDo("stop", "Stop the service", "Stopped.", control.Stop)
}

func (a *app) restartCommand() *cobra.Command {
	return a.systemDo("restart", "Stop and start the service", "Restarted.", control.Restart)
}

func (a *app) startupCommand() *cobra.Command {
	return &cobra.Command{Use: "startup auto|manual", Short: "Start with the computer, or by hand", Args: cobra.ExactArgs(1), ValidArgs: []string{"auto", "manual"}, RunE: func(c *cobra.Command, args []string) error {
		if args[0] != "auto" && args[0] != "manual" {
			return &data.Error{Code: data.CodeUsage, Sentence: "The service starts auto or manual.", Next: "Write startup auto or startup manual."}
		}
		if err := control.SetStartup(c.Context(), args[0] == "auto"); err != nil {
			return err
		}
		if args[0] == "auto" {
			a.sayf("The service now starts with the computer.")
		} else {
			a.sayf("The service now starts by hand.")
		}
		return a.done(args[0])
	}}
}

func (a *app) accessCommand() *cobra.Command {
	c := &cobra.Command{Use: "access", Short: "Who may work with the gateway without being an administrator", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(
		&cobra.Command{Use: "add USER", Short: "Let somebody work with it", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
			text, err := control.AddAccess(c.Context(), a.layout(), args[0])
			if err != nil {
				return err
			}
			a.sayf("%s", text)
			return a.done("added")
		}},
		&cobra.Command{Use: "remove USER", Short: "Take that away again", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
			text, err := control.RemoveAccess(c.Context(), a.layout(), args[0])
			if err != nil {
				return err
			}
			a.sayf("%s", text)
			return a.done("removed")
		}},
		&cobra.Command{Use: "list", Short: "Tell who may", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
			users, err := control.ListAccess(c.Context(), a.layout())
			if err != nil {
				return err
			}
			if a.json {
				return encode(a.Out, users)
			}
			if len(users) == 0 {
				a.sayf("Nobody but administrators.")
			}
			for _, u := range users {
				a.sayf("%s", u)
			}
			return nil
		}},
	)
	return c
}
