package main

import (
	"context"

	"github.com/spf13/cobra"
)

// furnishes: the service makes its folders itself when it starts.
const furnishes = false

// setupCommand: the packages bring the service without asking the program.
func (a *app) setupCommand() *cobra.Command { return nil }

// serviceIdentity: here the service has an account of its own.
func serviceIdentity() string { return "" }

func (a *app) resume(context.Context) error { return nil }
