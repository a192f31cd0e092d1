//go:build packaging

package main

import (
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"smtpgateway/service/control"
)

// packagingCommands writes what a package holds beside the programs, so that nothing of it is written down twice. A program
// with this command is built for making packages only and never shipped.
func (a *app) packagingCommands() []*cobra.Command {
	return []*cobra.Command{{Use: "packaging ROOT DAY", Hidden: true, Args: cobra.ExactArgs(2), RunE: func(c *cobra.Command, args []string) error {
		day, err := time.Parse(time.DateOnly, args[1])
		if err != nil {
			return err
		}
		for _, f := range control.Packaged(a.layout()) {
			path := filepath.Join(args[0], f.Path)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a folder of the system, to be read by all
				return err
			}
			if err := os.WriteFile(path, []byte(f.Text), 0o644); err != nil { //nolint:gosec // and files of it
				return err
			}
		}
		return words(c.Root(), args[0], day)
	}}}
}

// words writes the manual pages and what shells complete.
func words(root *cobra.Command, to string, day time.Time) error {
	root.DisableAutoGenTag = true // it would tell the day of the build
	share := filepath.Join(to, "usr/share")
	folders := map[string]func(path string) error{
		"man/man8": func(path string) error {
			return doc.GenManTree(root, &doc.GenManHeader{Section: "8", Date: &day, Source: "SMTP Gateway " + version, Manual: "SMTP Gateway"}, path)
		},
		"bash-completion/completions": func(path string) error {
			return root.GenBashCompletionFileV2(filepath.Join(path, root.Name()), true)
		},
		"zsh/vendor-completions": func(path string) error {
			return root.GenZshCompletionFile(filepath.Join(path, "_"+root.Name()))
		},
		"fish/vendor_completions.d": func(path string) error {
			return root.GenFishCompletionFile(filepath.Join(path, root.Name()+".fish"), true)
		},
	}
	for folder, write := range folders {
		path := filepath.Join(share, folder)
		if err := os.MkdirAll(path, 0o755); err != nil { //nolint:gosec // a folder of the system, to be read by all
			return err
		}
		if err := write(path); err != nil {
			return err
		}
	}
	return nil
}
