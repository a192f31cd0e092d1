package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"smtpgateway/service/gateway"
)

// takeLists is the command by which a service starts its own program, so that the memory a whole school needs is given back
// when it ends. It is not for people.
const takeLists = "take-lists"

func (a *app) takeListsCommand() *cobra.Command {
	return &cobra.Command{Use: takeLists, Short: "Take in what the service asks for", Hidden: true, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		roomy()
		// The service says when it is to end, not the key that ends both.
		return gateway.TakeLists(context.WithoutCancel(c.Context()), a.place(), a.In, a.Out, func() { os.Exit(exitSoftware) })
	}}
}
