// Command smtp-gateway is the service that carries a school library's mail to the school's mail server, and the
// command line to look after it. This package is flags, signals and exit codes; the work is done in gateway.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the build.
var version = "0.1.0"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	self, _ := os.Executable()
	code := Main(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Self: self})
	stop()
	os.Exit(code)
}
