package main

import (
	"context"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/store"
	"smtpgateway/service/sendercheck"
)

// senderFlags are what the settings do not know about the sender.
type senderFlags struct {
	publicIP  string
	selectors []string
}

func (f *senderFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.publicIP, "public-ip", "", "internet address under which others see the school's own relay")
	c.Flags().StringSliceVar(&f.selectors, "selector", nil, "names of signing keys (DKIM selectors) to look for, too")
}

// question is the sender check of the settings with what the flags say.
func (f *senderFlags) question(set *data.Settings) (data.SenderQuestion, error) {
	q := data.QuestionOf(set)
	q.PublicIP, q.Selectors = strings.TrimSpace(f.publicIP), f.selectors
	if _, err := netip.ParseAddr(q.PublicIP); q.PublicIP != "" && err != nil {
		return q, &data.Error{Code: data.CodeUsage, Sentence: "\"" + data.Clean(f.publicIP, 60) + "\" is no internet address.", Next: "Write for example --public-ip 203.0.113.9."}
	}
	return q, nil
}

func (a *app) sendercheckCommand() *cobra.Command {
	var f senderFlags
	var from string
	c := &cobra.Command{
		Use: "sendercheck", Short: "Tell whether others will trust the library's mail: SPF, DKIM, DMARC, MX, PTR", Args: cobra.NoArgs,
		Long: "Reads the entries of the school's domain in DNS, says in words what they mean, and shows the records to publish.\n" +
			"With --received it reads what the server that received a test mail thought of it.",
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("received") {
				return a.senderReceived(from)
			}
			return a.senderCheck(c.Context(), &f)
		},
	}
	f.add(c)
	c.Flags().StringVar(&from, "received", "", "a received test mail (.eml, or its original pasted into a file); - is standard input")
	return c
}

func (a *app) senderCheck(ctx context.Context, f *senderFlags) error {
	return a.withStore(ctx, func(s *store.Store) error {
		set, _, _, err := readSettings(ctx, s)
		if err != nil {
			return err
		}
		q, err := f.question(&set)
		if err != nil {
			return err
		}
		if q.From == "" {
			return &data.Error{
				Code: data.CodeNotConfigured, Sentence: "There is no From address yet, so there is no sender to check.",
				Next: "Set it: smtp-gateway settings set from.address=library@school.org",
			}
		}
		r := sendercheck.New(a.Names).Check(ctx, q)
		if r.Finding == data.FindingBad {
			a.exit = exitNo
		}
		if a.json {
			return encode(a.Out, r)
		}
		for _, one := range r.Findings {
			a.sayFinding(one.Finding, one.Part.Title(), one.Sentence, one.Next, one.Raw)
		}
		if len(r.Publish) > 0 {
			a.sayf("\nRecords to publish:")
		}
		for _, p := range r.Publish {
			value := p.Value
			if value == "" {
				value = "(as shown there)"
			}
			a.sayf("\n  %s\n  %s %s %s", p.Why, p.Name, p.Type, value)
			for _, old := range p.Replaces {
				a.sayf("    in place of: %s", old)
			}
		}
		a.sayf("\n%s\n%s", r.Sentence, r.Next)
		return nil
	})
}

// sayFinding prints one finding with its mark in front.
func (a *app) sayFinding(f data.Finding, title, sentence, next string, raw []string) {
	mark := map[data.Finding]string{data.FindingGood: "ok  ", data.FindingLook: "look", data.FindingBad: "NO  ", data.FindingUnknown: "?   "}[f]
	a.sayf("%s %s\n     %s", mark, title, sentence)
	if next != "" {
		a.sayf("     -> %s", next)
	}
	for _, r := range raw {
		a.sayf("     %s", r)
	}
}

func (a *app) senderReceived(name string) error {
	in := a.In
	if name != "-" {
		file, err := openNamed(name)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	e := sendercheck.Received(in)
	if e.Finding == data.FindingBad || e.Finding == data.FindingUnknown {
		a.exit = exitNo
	}
	if a.json {
		return encode(a.Out, e)
	}
	if e.By != "" {
		a.sayf("%s says (%s):", e.By, e.Source)
	}
	for _, v := range e.Results {
		a.sayFinding(v.Finding, v.Part.Title(), v.Sentence, v.Next, nil)
	}
	a.sayf("%s", e.Sentence)
	if e.Next != "" {
		a.sayf("%s", e.Next)
	}
	for _, r := range e.Raw {
		a.sayf("\n%s", r)
	}
	return nil
}
