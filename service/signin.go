package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/store"
	"smtpgateway/service/signin"
)

// signinAsk is what one command line says about signing in.
type signinAsk struct {
	server       int
	way          data.SignInWay
	device, app  bool
	noBrowser    bool
	otherAccount bool
	given        map[string]*string // settings by the end of their name
	secret       string
}

// signinView is what signing in and its status give. The names are part of the interface.
type signinView struct {
	Server  int       `json:"server"`
	Way     string    `json:"way"`
	Mailbox string    `json:"mailbox"`        // the mail goes out as
	User    string    `json:"user,omitempty"` // who signed in
	OK      bool      `json:"ok"`
	Says    string    `json:"says"`
	Next    string    `json:"next,omitempty"`
	Scopes  []string  `json:"scopes,omitempty"`
	Missing []string  `json:"missing,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Renewed time.Time `json:"renewed,omitzero"`
	Until   time.Time `json:"until,omitzero"`
}

func viewOfSignin(v data.Server, in data.SignIn, there bool) signinView {
	says, next, ok := data.SignInState(v, in, there)
	next = inTerminal(next, signinLine(v))
	return signinView{
		Server: v.Number, Way: string(v.SignIn), Mailbox: v.User, User: in.User, OK: ok, Says: says, Next: next,
		Scopes: in.Scopes, At: in.At, Renewed: in.Renewed, Until: in.Until,
	}
}

func (a *app) signinCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "signin", Short: "Sign in with Google or Microsoft, instead of a password", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.signinWith(data.SignInGoogle, "Google"), a.signinWith(data.SignInMicrosoft, "Microsoft"), a.signinStatus(), a.signinForget(), a.signinGuide())
	return c
}

// signinWith is the command for one service.
func (a *app) signinWith(way data.SignInWay, name string) *cobra.Command {
	ask := signinAsk{way: way, given: make(map[string]*string)}
	c := &cobra.Command{
		Use: string(way), Short: "Sign in with " + name + " and keep it for the service", Args: cobra.NoArgs,
		Long: "Sign in with " + name + ". It opens the browser of this computer and prints the address as well. What is given here is saved in the\n" +
			"settings when the sign-in has worked; signin guide " + string(way) + " says where IT finds it.",
		RunE: func(c *cobra.Command, _ []string) error { return a.signinRun(c, &ask) },
	}
	f := c.Flags()
	f.IntVar(&ask.server, "server", 1, "for which mail server: 1 or 2")
	f.BoolVar(&ask.noBrowser, "no-browser", false, "only print the address")
	for field, help := range map[string]string{
		"user": "the mailbox that sends, its whole address", "client_id": "client ID of the school's app registration", "signin_address": "only for clouds of their own",
	} {
		ask.given[field] = f.String(strings.ReplaceAll(field, "_", "-"), "", help)
	}
	f.StringVar(&ask.secret, "secret", "", "client secret; - reads it from standard input, so that it stands in no history and no process list")
	if way == data.SignInMicrosoft {
		ask.given["tenant"] = f.String("tenant", "", "directory (tenant) ID of the school")
		f.BoolVar(&ask.device, "device", false, "with a code on any other device, where this computer has no browser")
		f.BoolVar(&ask.app, "app", false, "the program signs in as itself, without a person (SMTP.SendAsApp)")
		f.BoolVar(&ask.otherAccount, "other-account", false, "keep a sign-in of another account, which may send for the mailbox")
	}
	return c
}

// oneWay refuses two ways of signing in at once.
func (ask *signinAsk) oneWay() error {
	n := 0
	for _, chosen := range []bool{ask.device, ask.app, ask.noBrowser} {
		if chosen {
			n++
		}
	}
	if n > 1 {
		return &data.Error{Code: data.CodeUsage, Sentence: "--device, --app and --no-browser are three ways of signing in.", Next: "Use one of them."}
	}
	return nil
}

func wrongServer(n int) error {
	if n == 1 || n == 2 {
		return nil
	}
	return &data.Error{Code: data.CodeUsage, Sentence: "There are servers 1 and 2.", Next: "Use --server 1 or --server 2."}
}

func (a *app) signinRun(c *cobra.Command, ask *signinAsk) error {
	if err := cmp.Or(wrongServer(ask.server), ask.oneWay()); err != nil {
		return err
	}
	if ask.secret == "-" {
		line, err := bufio.NewReader(io.LimitReader(a.In, data.MaxPassword+2)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		ask.secret = strings.TrimRight(line, "\r\n")
	}
	return a.withStore(c.Context(), func(s *store.Store) error {
		set, _, _, err := readSettings(c.Context(), s)
		if err != nil {
			return err
		}
		changes := ask.changes(&set)
		next, err := a.wouldBe(set, changes)
		if err != nil {
			return err
		}
		v := *next.Server(ask.server)
		if v.ClientSecret, err = a.clientSecret(v, ask); err != nil {
			return err
		}
		grant, err := a.signinDo(c.Context(), v, next.ProxyURL, ask)
		if err != nil {
			return terminalError(err, signinLine(v))
		}
		return a.signinKeep(c.Context(), s, v, changes, grant)
	})
}

// changes are the settings that go with the sign-in: a server that has none yet gets that of the provider. A password is
// of no use any more.
func (ask *signinAsk) changes(set *data.Settings) map[string]string {
	v := set.Server(ask.server)
	pre := fmt.Sprintf("server%d.", ask.server)
	way := ask.way
	if ask.app {
		way = data.SignInMicrosoftApp
	}
	changes := map[string]string{pre + "signin": string(way)}
	for field, value := range ask.given {
		if *value != "" {
			changes[pre+field] = *value
		}
	}
	secret := data.ClientSecretField(ask.server)
	if ask.secret != "" {
		changes[secret] = ask.secret
	} else if v.ClientSealed != "" && way == data.SignInMicrosoft && ask.otherApp(v, way) {
		changes[secret] = "" // was another registration's, and a person needs none
	}
	if v.Sealed != "" {
		changes[data.PasswordField(ask.server)] = ""
	}
	if v.Auth != data.AuthAuto && v.Auth != data.AuthXOAUTH2 {
		changes[pre+"auth"] = string(data.AuthAuto)
	}
	if !v.Set() {
		for _, p := range data.ProvidersForSchool() {
			if p.SignIn == ask.way {
				changes[pre+"host"], changes[pre+"port"], changes[pre+"security"] = p.Host, fmt.Sprint(p.Port), string(p.Security)
				break
			}
		}
	}
	if user := *ask.given["user"]; user != "" && set.From.Address == "" {
		changes["from.address"] = user
	}
	return changes
}

// otherApp reports whether the sign-in is by another app registration than the settings have.
func (ask *signinAsk) otherApp(v *data.Server, way data.SignInWay) bool {
	after := *v
	after.SignIn = way
	for field, at := range map[string]*string{"tenant": &after.Tenant, "client_id": &after.ClientID, "signin_address": &after.SignInAddress} {
		if given, ok := ask.given[field]; ok && *given != "" {
			*at = *given
		}
	}
	return after.SignInFor() != v.SignInFor()
}

// wouldBe is the settings with changes, or the reason why they are refused: before anybody signs in for nothing.
func (a *app) wouldBe(set data.Settings, changes map[string]string) (data.Settings, error) {
	next, _, problems, err := set.Change(changes, house.Sealer(a.place()))
	if err != nil {
		return set, err
	}
	if problems.Wrong() {
		err := a.refuse(problems)
		if e, ok := errors.AsType[*data.Error](err); ok && strings.Contains(e.Sentence, "client_secret") {
			e.Next = "Give it with --secret -, which reads it from standard input. Nothing was saved."
		}
		return set, err
	}
	return next, nil
}

// clientSecret is the secret in the clear: as given now, else out of the settings where this account may open it.
func (a *app) clientSecret(v data.Server, ask *signinAsk) (data.Secret, error) {
	if ask.secret != "" || v.ClientSealed == "" {
		return data.Secret(ask.secret), nil
	}
	secret, err := house.OpenClientSecret(a.place(), v)
	if err != nil {
		return "", &data.Error{
			Code: data.CodeNoAccess, Sentence: "The client secret in the settings can be read by the service only.",
			Next: "Give it once more with --secret -, or run this as an administrator.", Err: err,
		}
	}
	return secret, nil
}

// signinDo lets the person, or the program, sign in.
func (a *app) signinDo(ctx context.Context, v data.Server, proxy string, ask *signinAsk) (signin.Grant, error) {
	p := signin.New(signin.Options{})
	var grant signin.Grant
	var err error
	switch {
	case ask.app:
		grant, err = p.App(ctx, v, proxy)
	case ask.device:
		grant, err = p.Device(ctx, v, proxy, func(code signin.DeviceCode) {
			a.promptf("Open %s on any device and type the code %s (until %s).", code.Address, code.Code, code.Until.Local().Format("15:04"))
		})
	default:
		grant, err = p.Browser(ctx, v, proxy, func(address string) error {
			a.promptf("Sign in with a browser on this computer. If none opens by itself, copy this address into one:\n\n%s\n", address)
			if !ask.noBrowser {
				_ = openBrowser(address) // the address is there to be copied
			}
			return nil
		})
	}
	if errors.Is(err, signin.ErrOtherAccount) && v.SignIn == data.SignInMicrosoft {
		if ask.otherAccount || a.talks() && a.agreed(grant.User, v.User) {
			return grant, nil
		}
		if e := data.AsError(err); e != nil {
			return grant, &data.Error{Code: e.Code, Sentence: e.Sentence, Next: e.Next + " If " + grant.User + " may send for that mailbox, add --other-account.", Err: err}
		}
	}
	return grant, err
}

// promptf says what a person has to do now. Where a program reads the answer, it stands apart from it.
func (a *app) promptf(format string, args ...any) {
	w := a.Out
	if a.json {
		w = a.Err
	}
	_, _ = fmt.Fprintf(w, format+"\n", args...)
}

func (a *app) agreed(user, mailbox string) bool {
	_, _ = fmt.Fprintf(a.Out, "%s signed in, and the mailbox is %s. May %s send for it, as for a shared mailbox? [y/N] ", user, mailbox, user)
	line, err := bufio.NewReader(io.LimitReader(a.In, 100)).ReadString('\n')
	return err == nil && strings.EqualFold(strings.TrimSpace(line), "y")
}

// signinKeep saves settings and sign-in, in this order: the sign-in is bound to the settings.
func (a *app) signinKeep(ctx context.Context, s *store.Store, v data.Server, changes map[string]string, grant signin.Grant) error {
	in, err := grant.SignIn(v, time.Now(), house.SealSignIn(a.place()))
	if err != nil {
		return err
	}
	stored, revision, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	set, _ := data.ParseSettings(stored)
	next, values, problems, err := set.Change(changes, house.Sealer(a.place()))
	if err != nil {
		return err
	}
	if now := next.Server(v.Number); problems.Wrong() || now.SignInBound() != in.Bound {
		return &data.Error{Code: data.CodeConflict, Sentence: "The settings were changed by somebody else during the sign-in, so it was not kept.", Next: "Look at them, then sign in again.", Err: problems}
	}
	if len(values) > 0 {
		if _, err := s.SaveSettings(ctx, values, revision); err != nil {
			return err
		}
	}
	if err := s.ReplaceSignIn(ctx, in); err != nil {
		return err
	}
	counts, err := s.Counts(ctx)
	if err != nil {
		return err
	}
	view := viewOfSignin(*next.Server(v.Number), in, true)
	view.Missing = grant.Missing
	view.Next = fmt.Sprintf("The service takes it over by itself; %d waiting messages go with the next checks. smtp-gateway test shows whether mail arrives.", counts[data.Waiting])
	if problems.Missing() {
		view.Next = "The settings are not complete yet: " + problems.Error()
	}
	if a.json {
		return encode(a.Out, view)
	}
	a.sayf("%s", view.Says)
	for _, m := range view.Missing {
		a.sayf("Note  Not seen among the permissions: %s.", m)
	}
	a.sayf("%s", view.Next)
	return nil
}
