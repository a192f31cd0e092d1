package main

import (
	"context"
	"net/netip"
	"sort"
	"strconv"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/sendercheck"
)

// suggestion is what `settings suggest --json` gives. The names are part of the interface.
type suggestion struct {
	Found    *data.FoundProvider `json:"found,omitempty"`
	Ports    *data.PortsLook     `json:"ports,omitempty"`
	Note     string              `json:"note,omitempty"`
	Settings map[string]string   `json:"settings"`

	each int // messages each check as they are set
}

func (a *app) settingsSuggest() *cobra.Command {
	var host, provider string
	var save bool
	c := &cobra.Command{
		Use: "suggest ADDRESS", Short: "Find out from the library's address which settings fit", Args: cobra.ExactArgs(1),
		Long: "Finds out who carries the mail of an address, from its domain and from DNS, and shows the settings that fit.\n" +
			"With --host it looks on which port that server answers, and how it is protected there. Nothing is sent.",
		RunE: func(c *cobra.Command, args []string) error {
			address, err := data.ParseAddress(args[0])
			if err != nil {
				return err
			}
			v := &suggestion{Settings: map[string]string{}}
			err = a.withStore(c.Context(), func(s *store.Store) error {
				set, _, _, err := readSettings(c.Context(), s)
				v.each = set.MessagesEachCheck
				return err
			})
			if err != nil {
				return err
			}
			if err := a.suggest(c.Context(), v, address, host, provider); err != nil {
				return err
			}
			if save && len(v.Settings) == 0 {
				return &data.Error{Code: data.CodeNotNow, Sentence: "Nothing that fits was found, so nothing was saved.", Next: "Name the server with --host, or the mail service with --provider."}
			}
			if !save {
				return a.saySuggestion(v)
			}
			user := v.Settings["server1.user"]
			if user != "" {
				delete(v.Settings, "server1.user") // a user without a password is refused
			}
			err = a.withStore(c.Context(), func(s *store.Store) error { return a.save(c.Context(), s, v.Settings) })
			if err == nil && user != "" {
				a.sayf("Now the login: smtp-gateway settings set server1.user=%s server1.password=-", user)
			}
			return err
		},
	}
	c.Flags().StringVar(&host, "host", "", "the mail server, if IT named one: its ports are looked at")
	c.Flags().StringVar(&provider, "provider", "", "the mail service, if you know it, such as school-relay or google-relay")
	c.Flags().BoolVar(&save, "save", false, "save the settings at once; the login is still to be entered")
	return c
}

func (a *app) suggest(ctx context.Context, v *suggestion, address data.Address, host, provider string) error {
	checker := sendercheck.New(a.Names)
	if host != "" {
		_, number := netip.ParseAddr(host)
		if _, err := data.CanonicalHost(host); err != nil && number != nil {
			return &data.Error{Code: data.CodeUsage, Sentence: "\"" + data.Clean(host, 80) + "\" is no name of a server: " + err.Error() + ".", Next: "Write for example --host mail.school.org."}
		}
		l := checker.Ports(ctx, host)
		v.Ports = &l
		if l.Best == 0 {
			a.exit = exitNo
			return nil
		}
		p, _ := data.ProviderForHost(host)
		p.Host, p.Port, p.Security = host, l.Best, l.Security
		p.Insecure = l.Security == data.SecurityNone
		v.fill(p, address)
		return nil
	}
	p, ok := data.ProviderByID(provider)
	switch {
	case provider != "" && !ok:
		return &data.Error{Code: data.CodeNotFound, Sentence: "There is no mail service \"" + data.Clean(provider, 60) + "\" here.", Next: "Use one of gmail, google-workspace, google-relay, microsoft-365, school-relay."}
	case provider == "":
		f := checker.FindProvider(ctx, address.String())
		v.Found = &f
		if !f.Known() {
			a.exit = exitNo
			return nil
		}
		p = f.Provider
	}
	v.fill(p, address)
	return nil
}

// fill puts in what the provider decides.
func (v *suggestion) fill(p data.Provider, address data.Address) {
	auth := data.AuthAuto
	if p.NoLogin {
		auth = data.AuthNone
	}
	v.Note = p.Note
	v.Settings = map[string]string{
		"from.address": address.String(), "server1.port": strconv.Itoa(p.Port), "server1.security": string(p.Security),
		"server1.allow_insecure": strconv.FormatBool(p.Insecure), "server1.auth": string(auth), "server1.user": p.User(address),
		"server1.recipients_per_day": strconv.Itoa(p.PerDay()), "server1.connections": strconv.Itoa(p.Connections()),
	}
	if p.Host != "" {
		v.Settings["server1.host"] = p.Host
	}
	if each := p.EachCheck(v.each); each != v.each {
		v.Settings["messages_each_check"] = strconv.Itoa(each)
	}
}

func (a *app) saySuggestion(v *suggestion) error {
	if a.json {
		return encode(a.Out, v)
	}
	if v.Found != nil {
		a.sayf("%s", v.Found.How)
	}
	if v.Ports != nil {
		for _, p := range v.Ports.Ports {
			a.sayf("  %s", p.Sentence)
		}
		a.sayf("%s", v.Ports.Sentence)
		if v.Ports.Next != "" {
			a.sayf("%s", v.Ports.Next)
		}
	}
	names := make([]string, 0, len(v.Settings))
	for name := range v.Settings {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		a.sayf("  %s=%s", name, v.Settings[name])
	}
	if v.Note != "" {
		a.sayf("%s", v.Note)
	}
	return nil
}
