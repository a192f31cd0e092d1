package main

import (
	"context"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/itsheet"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/sendercheck"
)

func (a *app) itsheetCommand() *cobra.Command {
	var f senderFlags
	var paper string
	var offline bool
	c := &cobra.Command{
		Use: "itsheet [FILE.pdf|FILE.txt|-]", Short: "Write the request for the IT department, filled in from the settings", Args: cobra.MaximumNArgs(1),
		Long: "Writes what the library asks of its IT department: server, firewall, volume, the sender check, the last error, and\nfields for the answer. It holds no password. Without a file it is printed as text.",
		RunE: func(c *cobra.Command, args []string) error {
			to := "-"
			if len(args) > 0 {
				to = args[0]
			}
			if paper != "A4" && paper != "Letter" {
				return &data.Error{Code: data.CodeUsage, Sentence: "There is no paper \"" + data.Clean(paper, 40) + "\".", Next: "Use A4 or Letter."}
			}
			sheet, err := a.itSheet(c.Context(), &f, offline)
			if err != nil {
				return err
			}
			return a.writeSheet(sheet, to, paper)
		},
	}
	f.add(c)
	c.Flags().StringVar(&paper, "paper", "A4", "A4 or Letter")
	c.Flags().BoolVar(&offline, "offline", false, "without a sender check, which asks DNS")
	return c
}

// itSheet fills the request in.
func (a *app) itSheet(ctx context.Context, f *senderFlags, offline bool) (*itsheet.Sheet, error) {
	facts := itsheet.Facts{Now: time.Now(), Version: version, PublicIP: strings.TrimSpace(f.publicIP)}
	facts.Computer, facts.Addresses, facts.System = place.Computer()
	var q data.SenderQuestion
	err := a.withStore(ctx, func(s *store.Store) error {
		var err error
		if facts.Settings, _, _, err = readSettings(ctx, s); err != nil {
			return err
		}
		if q, err = f.question(&facts.Settings); err != nil {
			return err
		}
		return facts.Gather(ctx, s)
	})
	if err != nil {
		return nil, err
	}
	if !offline {
		r := sendercheck.New(a.Names).Check(ctx, q)
		facts.Check = &r
	}
	sheet := itsheet.New(&facts)
	return &sheet, nil
}

// writeSheet writes the request as the name of the file says.
func (a *app) writeSheet(sheet *itsheet.Sheet, to, paper string) error {
	pdf := strings.EqualFold(filepath.Ext(to), ".pdf")
	switch {
	case to == "-" && a.json:
		return encode(a.Out, sheet)
	case to == "-":
		_, err := io.WriteString(a.Out, sheet.Text())
		return err
	}
	_, err := writeWhole(to, func(w io.Writer) (int, error) {
		if pdf {
			return 0, sheet.PDF(w, paper)
		}
		return io.WriteString(w, sheet.Text())
	})
	if err != nil {
		return err
	}
	if a.json {
		return encode(a.Out, map[string]any{"file": to})
	}
	a.sayf("The request is in %s. Give it to your IT department; it holds no password.", to)
	return nil
}
