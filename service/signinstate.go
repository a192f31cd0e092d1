package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/store"
	"smtpgateway/service/signin"
)

func (a *app) signinStatus() *cobra.Command {
	return &cobra.Command{Use: "status", Short: "Tell who is signed in, and whether it still holds", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		return a.withStore(c.Context(), func(s *store.Store) error {
			set, _, _, err := readSettings(c.Context(), s)
			if err != nil {
				return err
			}
			views, err := signInViews(c.Context(), s, &set)
			if err != nil {
				return err
			}
			for i := range views {
				if !views[i].OK {
					a.exit = exitNo
				}
			}
			if a.json {
				return encode(a.Out, map[string]any{"sign_ins": append([]signinView{}, views...)})
			}
			for i := range views {
				a.sayf("Server %d   %s", views[i].Server, views[i].Says)
				if views[i].Next != "" {
					a.sayf("           -> %s", views[i].Next)
				}
			}
			if len(views) == 0 {
				a.sayf("No mail server is signed in to with Google or Microsoft.")
			}
			return nil
		})
	}}
}

// signInViews are those of the servers that want one.
func signInViews(ctx context.Context, s *store.Store, set *data.Settings) ([]signinView, error) {
	var views []signinView
	for n := 1; n <= 2; n++ {
		v := *set.Server(n)
		if !v.Set() || v.SignIn == data.SignInNone {
			continue
		}
		in, there, err := s.SignIn(ctx, n)
		if err != nil {
			return nil, err
		}
		views = append(views, viewOfSignin(v, in, there))
	}
	return views, nil
}

func (a *app) signinForget() *cobra.Command {
	var server int
	var revoke bool
	c := &cobra.Command{Use: "forget", Short: "Forget a sign-in", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		if err := wrongServer(server); err != nil {
			return err
		}
		return a.withStore(c.Context(), func(s *store.Store) error {
			in, _, err := s.SignIn(c.Context(), server)
			if err != nil {
				return err
			}
			if revoke {
				if err := a.withdraw(c.Context(), s, in); err != nil {
					return err
				}
			}
			if err := s.DropSignIn(c.Context(), server); err != nil {
				return err
			}
			next := "Everything waits until somebody signs in again. Take the permission back at " + accountPage(in.Way) + " as well."
			if revoke {
				next = "Google was told that it holds no more, here and on other computers. Everything waits until somebody signs in again."
			}
			if a.json {
				return encode(a.Out, map[string]any{"server": server, "forgotten": true, "revoked": revoke, "next": next})
			}
			a.sayf("The sign-in of %s is forgotten. %s", data.ServerName(server), next)
			return nil
		})
	}}
	c.Flags().IntVar(&server, "server", 1, "of which mail server: 1 or 2")
	c.Flags().BoolVar(&revoke, "revoke", false, "Google only: take it back there, too, which ends it on every computer that is signed in with this account")
	return c
}

// withdraw takes a sign-in back at Google, for who may open it: the service's account and administrators.
func (a *app) withdraw(ctx context.Context, s *store.Store, in data.SignIn) error {
	if in.Way == data.SignInNone {
		return nil // DropSignIn says so
	}
	set, _, _, err := readSettings(ctx, s)
	if err != nil {
		return err
	}
	v := *set.Server(in.Server)
	if v.SignIn = in.Way; !signin.CanWithdraw(v) {
		return signin.New(signin.Options{}).Withdraw(ctx, v, set.ProxyURL, "")
	}
	refresh, err := house.OpenSignIn(a.place())(v, in.Sealed)
	if err == nil {
		v.ClientSecret, err = house.OpenClientSecret(a.place(), v)
	}
	if err != nil {
		return &data.Error{
			Code: data.CodeNoAccess, Sentence: "The sign-in can be opened by the service and by administrators only, and only with the settings it was made for.",
			Next: "Run this as an administrator; or leave --revoke out and take the permission back at " + accountPage(in.Way) + ". Nothing was forgotten yet.", Err: err,
		}
	}
	return signin.New(signin.Options{}).Withdraw(ctx, v, set.ProxyURL, refresh)
}

// accountPage is where a person takes back what was allowed.
func accountPage(way data.SignInWay) string {
	if way == data.SignInGoogle {
		return "myaccount.google.com/permissions"
	}
	return "myapps.microsoft.com"
}

func (a *app) signinGuide() *cobra.Command {
	var server int
	var itself bool
	c := &cobra.Command{
		Use: "guide google|microsoft", Short: "What IT does once at Google or Microsoft, step by step", Args: cobra.ExactArgs(1), ValidArgs: []string{"google", "microsoft"},
		RunE: func(c *cobra.Command, args []string) error {
			way := data.SignInWay(args[0])
			switch {
			case way != data.SignInGoogle && way != data.SignInMicrosoft || itself && way == data.SignInGoogle:
				return &data.Error{Code: data.CodeUsage, Sentence: "There are guides for google, microsoft, and microsoft --app.", Next: "Use one of these."}
			case itself:
				way = data.SignInMicrosoftApp
			}
			if err := wrongServer(server); err != nil {
				return err
			}
			return a.withStore(c.Context(), func(s *store.Store) error {
				set, _, _, err := readSettings(c.Context(), s)
				if err != nil {
					return err
				}
				v := *set.Server(server)
				v.SignIn = way
				return a.printGuide(signin.Guide(v))
			})
		},
	}
	c.Flags().IntVar(&server, "server", 1, "with the settings of which mail server: 1 or 2")
	c.Flags().BoolVar(&itself, "app", false, "microsoft without a person (SMTP.SendAsApp)")
	return c
}

func (a *app) printGuide(steps []signin.Step) error {
	if a.json {
		return encode(a.Out, map[string]any{"steps": steps})
	}
	for i, step := range steps {
		a.sayf("%2d  %s", i+1, step.Title)
		if step.Page != "" {
			a.sayf("    %s", step.Page)
		}
		a.sayf("    %s", step.Text)
		if len(step.Copy) > 0 {
			a.sayf("\n        %s\n", strings.Join(step.Copy, "\n        "))
		}
	}
	return nil
}
