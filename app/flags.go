package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"strings"

	"smtpgateway/data"
)

// The exit codes, as smtp-gateway has them.
const (
	exitOK       = 0
	exitUsage    = 64
	exitNoWindow = 69 // this computer can show no window: no display
)

const usage = `smtp-gateway-manager shows the library's mail and its settings in a window.

  smtp-gateway-manager [--data DIR] [--software]

  --data DIR   use this data folder instead of the installed one
  --software   draw the window without OpenGL: for graphics drivers that open
               a blank window, or none; where OpenGL is missing it is drawn
               like that by itself
  --version    tell the version
  --help       tell this

Exit codes:
  0   done, or the window that was already open is in front now
  64  wrong use of the command line
  69  this computer can show no window: no display

Everything the window does, smtp-gateway does on the command line: smtp-gateway --help`

// options are what the command line says.
type options struct {
	data     string
	software bool
	version  bool
	help     bool
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("smtp-gateway-manager", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.data, "data", "", "")
	flags.BoolVar(&o.software, "software", false, "")
	flags.BoolVar(&o.version, "version", false, "")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		o.help = true
		return o, nil
	}
	if err == nil && flags.NArg() > 0 {
		err = errors.New("unknown argument " + flags.Arg(0))
	}
	if err != nil {
		return o, &data.Error{Code: data.CodeUsage, Sentence: err.Error() + ".", Next: "See smtp-gateway-manager --help.", Err: err}
	}
	return o, nil
}

// complain tells what is wrong where errors are read.
func complain(err error) { tell(os.Stderr, "smtp-gateway-manager: "+strings.TrimSpace(err.Error())) }

// answer tells what was asked for.
func answer(text string) { tell(os.Stdout, text) }
