// Package itsheet is in charge of the request a library hands to its IT department: what it needs so that mail can be sent,
// filled in from the settings, the last test and the sender check, as text and on paper. It holds no password and no token:
// it takes what it says by name, and those it does not take.
package itsheet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"smtpgateway/data"
)

// Facts are what the request is filled in from.
type Facts struct {
	Settings  data.Settings
	Now       time.Time
	Version   string   // of this program
	System    string   // the operating system, such as "Windows on amd64"
	Computer  string   // its name; empty: not known
	Addresses []string // of the computer in the school's network
	PublicIP  string   // under which others see it; empty: not known
	Patrons   int
	Usual     int64 // messages on a day on which some went; 0: none did yet
	Most      int64 // on the busiest day
	TestedOn  time.Time
	TestOK    bool
	TestSaid  string
	Servers   [2]data.ServerState
	Check     *data.SenderReport // nil: not made
}

// Source is what of the facts the store knows.
type Source interface {
	PatronCounts(ctx context.Context, today data.Date) (data.PatronCounts, error)
	Days(ctx context.Context, from time.Time, days int) ([]data.DayCount, error)
	LastTest(ctx context.Context) (at time.Time, ok bool, result string, err error)
	ServerStates(ctx context.Context) ([2]data.ServerState, error)
}

// lookBack is over how many days the volume is counted.
const lookBack = 90

// Gather adds to the facts what the store knows.
func (f *Facts) Gather(ctx context.Context, s Source) error {
	counts, err := s.PatronCounts(ctx, data.DateOf(f.Now))
	if err != nil {
		return err
	}
	f.Patrons = counts.Patrons
	days, err := s.Days(ctx, data.Midnight(f.Now, 1-lookBack), lookBack)
	if err != nil {
		return err
	}
	f.Usual, f.Most = volume(days)
	if f.TestedOn, f.TestOK, f.TestSaid, err = s.LastTest(ctx); err != nil {
		return err
	}
	f.Servers, err = s.ServerStates(ctx)
	return err
}

// volume is what goes on a day on which something does, and on the busiest.
func volume(days []data.DayCount) (usual, most int64) {
	var sum, n int64
	for _, d := range days {
		if all := d.Sent + d.Failed; all > 0 {
			sum, n, most = sum+all, n+1, max(most, all)
		}
	}
	if n > 0 {
		usual = (sum + n - 1) / n
	}
	return usual, most
}

// Sheet is the request, part by part.
type Sheet struct {
	Title string `json:"title"`
	Intro string `json:"intro"`
	Parts []Part `json:"parts"`
	Foot  string `json:"foot"`
}

// Part is one numbered part.
type Part struct {
	Title string `json:"title"`
	Lines []Line `json:"lines"`
}

// Line is one line of a part: a label and what is to say, one to fill in, or one to tick.
type Line struct {
	Label string   `json:"label,omitempty"`
	Text  string   `json:"text,omitempty"`
	Raw   []string `json:"raw,omitempty"`   // for machines, as it stands
	Blank bool     `json:"blank,omitempty"` // to be filled in by hand
	Bold  bool     `json:"bold,omitempty"`  // the label: this is what somebody must look at
	Tick  bool     `json:"tick,omitempty"`  // a box to tick stands before the text
}

func line(label, text string) Line { return Line{Label: label, Text: text} }
func tick(text string) Line        { return Line{Text: text, Tick: true} }
func blank(label string) Line      { return Line{Label: label, Blank: true} }
func lines(label string, all ...string) []Line {
	var out []Line
	for _, text := range all {
		out = append(out, line(label, text))
		label = ""
	}
	return out
}

// New fills the request in.
func New(f *Facts) Sheet {
	s := Sheet{
		Title: "Request to our IT department",
		Intro: "The library sends overdue notices, reminders and letters with the program SMTP Gateway. So that they arrive, we ask for what follows. " +
			"Please fill in part 9 and return it. No password stands on this sheet; please do not write one on it either.",
		Foot: fmt.Sprintf("Made by SMTP Gateway %s on %s", data.Clean(f.Version, 40), f.Now.Format("2 January 2006, 15:04")),
	}
	if name := clean(f.Settings.Library.Name); name != "" {
		s.Title += ": mail of " + name
	}
	for _, p := range []struct {
		title string
		lines []Line
	}{
		{"Who we are", f.who()},
		{"What we ask for", f.asked()},
		{"Firewall", f.firewall()},
		{"How much mail", f.howMuch()},
		{"At the mail service", f.atService()},
		{"Will our mail be trusted? (sender check)", f.trusted()},
		{"Returned mail", f.returned()},
		{"Last error", f.lastError()},
		{"Answer, to be returned to the library", f.answer()},
	} {
		s.Parts = append(s.Parts, Part{Title: p.title, Lines: p.lines})
	}
	return s
}

func clean(s string) string { return data.Clean(s, 320) }

// orNot is a text, or what stands there in its place.
func orNot(s, otherwise string) string {
	if s = clean(s); s == "" {
		return otherwise
	}
	return s
}

// server is the first mail server.
func (f *Facts) server() *data.Server { return &f.Settings.Server1 }

// provider is the mail service of the first server. False: a server of the school, or none yet.
func (f *Facts) provider() (data.Provider, bool) { return data.ProviderForHost(f.server().Host) }

func (f *Facts) who() []Line {
	set := &f.Settings
	library := strings.Join(join(clean(set.Library.Name), clean(strings.ReplaceAll(set.Library.Address, "\n", ", ")), clean(set.Library.Phone)), ", ")
	from := orNot(set.From.Address, "not chosen yet")
	if name := clean(set.From.Name); name != "" && set.From.Address != "" {
		from = fmt.Sprintf("%s <%s>", name, from)
	}
	all := []Line{
		line("Library", orNot(library, "(please see who gave you this sheet)")),
		line("From address", from),
		line("Answers go to", orNot(set.From.ReplyTo, "the From address")),
	}
	computer := strings.Join(join(clean(f.Computer), strings.Join(f.Addresses, ", ")), ", ")
	return append(all,
		line("Computer", orNot(computer, "not known")),
		line("Seen from outside as", orNot(f.PublicIP, "not known; please tell us (part 9)")),
		line("Program", "SMTP Gateway "+clean(f.Version)+", "+orNot(f.System, "system not known")),
	)
}

func join(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
