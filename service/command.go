package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"smtpgateway/data"
	"smtpgateway/data/house"
	"smtpgateway/data/place"
	"smtpgateway/data/store"
	"smtpgateway/service/sendercheck"
)

// Streams is what a command reads and writes, and where it looks up names, so that tests run the real program in-process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Self     string              // path of this program, which the service starts for work that needs much memory; empty: it does it itself
	Names    sendercheck.Options // the zero value: as this computer does
}

// app is one run of the command line.
type app struct {
	Streams
	dataDir string
	json    bool
	exit    int           // of a command that worked but has a "no" to tell
	lines   *bufio.Reader // of In, while questions are asked
}

const exitHelp = `
Exit codes:
  0   done
  1   the answer is no: the test or probe failed, doctor or sendercheck found something
  64  wrong use of the command line
  65  a message, list or address is refused
  66  no such message, file, setting, patron or letter
  69  the service is needed and does not run
  70  something went wrong inside the program
  73  another service runs on the same data
  74  reading or writing failed, the database is damaged
  75  not now: disk full or database busy; try again
  77  no access
  78  the settings are missing, invalid, or the password cannot be opened`

// memoryGoal is when the collector begins to work harder: the program shares the computer with others.
const memoryGoal = 24 << 20

// Main runs one command line and gives its exit code.
func Main(ctx context.Context, args []string, s Streams) int {
	debug.SetMemoryLimit(memoryGoal)
	a := &app{Streams: s}
	root := &cobra.Command{
		Use:   "smtp-gateway",
		Short: "Carries the library's mail to the school's mail server",
		Long: "smtp-gateway carries the library's mail to the school's mail server, slowly, encrypted and from the right sender,\n" +
			"and tells what became of every message.\n" + exitHelp,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().StringVar(&a.dataDir, "data", "", "use this data folder instead of the installed one")
	root.PersistentFlags().BoolVar(&a.json, "json", false, "answer in JSON")
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &data.Error{Code: data.CodeUsage, Sentence: err.Error() + ".", Next: "See " + c.CommandPath() + " --help."}
	})
	root.AddCommand(
		a.runCommand(), a.onceCommand(), a.demoCommand(),
		a.installCommand(), a.uninstallCommand(), a.startCommand(), a.stopCommand(), a.restartCommand(),
		a.statusCommand(), a.startupCommand(), a.folderCommand(), a.accessCommand(),
		a.settingsCommand(), a.signinCommand(), a.testCommand(), a.probeCommand(),
		a.sendercheckCommand(), a.itsheetCommand(),
		a.patronsCommand(), a.loansCommand(), a.lettersCommand(), a.noticesCommand(),
		a.enqueueCommand(), a.queueCommand(), a.logCommand(), a.backupCommand(), a.doctorCommand(), a.takeListsCommand(),
	)
	root.AddCommand(a.packagingCommands()...)
	if c := a.setupCommand(); c != nil {
		root.AddCommand(c)
	}
	for _, c := range root.Commands() {
		usageErrors(c)
	}
	if err := root.ExecuteContext(ctx); err != nil {
		return a.fail(err)
	}
	return a.exit
}

// usageErrors makes a wrong number of arguments a usage error with a next step.
func usageErrors(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			err := check(c, args)
			if err == nil {
				return nil
			}
			sentence := err.Error() + "."
			if !strings.HasPrefix(sentence, "unknown command") {
				sentence = "This command is written so: " + strings.TrimSuffix(c.UseLine(), " [flags]") + "."
			}
			return &data.Error{Code: data.CodeUsage, Sentence: sentence, Next: "See " + c.CommandPath() + " --help.", Err: err}
		}
	}
	for _, sub := range c.Commands() {
		usageErrors(sub)
	}
}

func (a *app) place() place.Place { return place.Find(a.dataDir) }

// mayCreate: the first command on a folder of one's own makes everything; in the installed place only who may write
// beside it does, which is root or the service.
func (a *app) withStore(ctx context.Context, work func(*store.Store) error) (err error) {
	p := a.place()
	s, err := house.Open(ctx, p, !p.Installed || privileged(), store.Options{})
	if err != nil {
		return err
	}
	defer func() {
		if e := s.Close(); e != nil && err == nil {
			err = e
		}
	}()
	return work(s)
}

// sayf prints one line for a person, and nothing where a program reads.
func (a *app) sayf(format string, args ...any) {
	if !a.json {
		_, _ = io.WriteString(a.Out, inTerminal(fmt.Sprintf(format, args...), signinAny)+"\n")
	}
}
