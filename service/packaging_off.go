//go:build !packaging || !linux

package main

import "github.com/spf13/cobra"

// packagingCommands are none: only the program built for making packages has them.
func (*app) packagingCommands() []*cobra.Command { return nil }
